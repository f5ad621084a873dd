// Long-running jobs as the window, the API and the terminal see them. Plain data.

export type PipeKind = "mirror" | "backfill" | "reconcile" | "replay" | "generate";
/** `stopped`: it ended, was stopped, or has not begun. `kept-back`: it would run by itself, were that not switched off. */
export type PipeState = "running" | "stopped" | "kept-back" | "failed";

export interface PipeProgress {
  readonly done: number;
  /** null while it is not known. */
  readonly total: number | null;
  readonly unit: "documents" | "writes" | "requests";
  /** Of the documents that were copied; null where that means nothing. */
  readonly bytes: number | null;
  /** null while it can't be told. */
  readonly secondsLeft: number | null;
  /** From the second on, both sides are looked at once more to see that they agree; null where that means nothing. */
  readonly pass: number | null;
}

/** What a backfill or a reconciliation found and did, in documents. */
export interface PipeReport {
  readonly compared: number;
  readonly missing: number;
  readonly surplus: number;
  readonly stale: number;
  readonly written: number;
  readonly deleted: number;
  readonly ms: number;
}

export interface PipeInfo {
  /** `mirror`, `replay`, `backfill-INDEX`, `reconcile-INDEX`, `generate-KIND`. */
  readonly id: string;
  readonly kind: PipeKind;
  readonly title: string;
  /** null where it is no single index's. */
  readonly index: string | null;
  readonly state: PipeState;
  /** Most documents a second; null: as many as come. */
  readonly rate: number | null;
  /** It starts by itself when Parallax does. */
  readonly autorun: boolean;
  /** ISO 8601; null before the first run. */
  readonly started: string | null;
  /** ISO 8601; null while it runs. */
  readonly ended: string | null;
  readonly progress: PipeProgress | null;
  /** What the last run did, in a sentence; "" while it runs or when it failed. */
  readonly result: string;
  /** Why the last run failed, or what keeps this one waiting; "" when all is well. */
  readonly lastError: string;
  readonly report: PipeReport | null;
}

/** What can be generated. */
export interface GeneratorInfo {
  readonly kind: string;
  /** What it makes, in a sentence. */
  readonly title: string;
  /** Where it writes to, or what it asks, unless an index is named. */
  readonly index: string;
  /** Documents or requests a second, unless they are asked for otherwise. */
  readonly rate: number;
  /** How many of them are of the past. */
  readonly past: number;
  readonly unit: "documents" | "requests";
}

/** What to generate. */
export interface GenerateRequest {
  readonly kind: string;
  readonly index?: string;
  /** As a data stream, where Elasticsearch has them. @default true for the kind's own index where that has the name of one */
  readonly stream?: boolean;
  /** The same seed makes the same documents. @default 1 */
  readonly seed?: number;
  /** Documents or requests a second on average; 0: as many as are taken. @default that of the kind */
  readonly rate?: number;
  /** How many in all. @default until it is stopped */
  readonly documents?: number;
  /** How many of them are of the past, and are made at once. @default that of the kind */
  readonly past?: number;
  /** How long the past was. @default 24 */
  readonly spanHours?: number;
}
