// What a pipe of kind `generate` runs: documents of a kind, or what a user asks of them.
import type { ElasticsearchClient } from "../../elasticsearch/client.ts";
import type { Target } from "./target.ts";

export interface GeneratorPlan extends Target {
  readonly seed: number;
  /** Documents or requests a second on average; null: as many as are taken. */
  readonly rate: number | null;
  /** How many in all; null: until it is stopped. */
  readonly documents: number | null;
  /** How many of them are of the past, and how long that was, ms. */
  readonly past: number;
  readonly span: number;
  /** When the past ended: the first start, epoch ms. */
  readonly begun: number;
}

export interface GeneratorRun {
  readonly client: ElasticsearchClient;
  readonly signal: AbortSignal;
  /** How many were made by earlier runs. */
  readonly made: number;
  /** How many are made by now, and how many of this run were refused. */
  onProgress(made: number, refused: number): void;
  /** What it waits for; "" when it goes on. */
  problem(message: string): void;
}

export interface Made {
  /** By this run and those before. */
  readonly made: number;
  /** Of this run. */
  readonly refused: number;
}

export interface Generator {
  readonly name: string;
  /** What it makes, in a sentence. */
  readonly title: string;
  /** Where it writes to, or what it asks, unless an index is named. */
  readonly index: string;
  /** Unless they are asked for otherwise. */
  readonly rate: number;
  readonly past: number;
  readonly unit: "documents" | "requests";
  /** Resolves when all is made or the signal came. Throws where nothing at all is taken, with the reason. */
  run(plan: GeneratorPlan, run: GeneratorRun): Promise<Made>;
}
