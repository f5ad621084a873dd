// A differing search made small, and what today's translator makes of a search: plain data of the contract.
import type { Comparison, Difference, Unsupported, Verdict } from "./exchange.ts";

/** One search made small: the smallest request that was found to differ in the same way, with both answers to it. */
export interface ShrunkSearch {
  readonly index: string;
  /** Path and query that it is asked by. */
  readonly target: string;
  /** JSON text. */
  readonly request: string;
  readonly comparison: Comparison;
  /** JSON text; null when the answer was no JSON object, or is too large to keep. */
  readonly elasticsearch: string | null;
  /** JSON text; null when there is none, or it is too large to keep. */
  readonly clickhouse: string | null;
  /** False where time or the number of trials ended it before everything was tried. */
  readonly whole: boolean;
}

export interface ShrinkState {
  readonly state: "none" | "running" | "done" | "stopped" | "failed";
  /** Which of several searches in the exchange. */
  readonly position: number;
  /** Requests that both sides were asked. */
  readonly trials: number;
  /** Characters of the request: as it was, and of the smallest so far. */
  readonly before: number;
  readonly now: number;
  /** "" or why it failed. */
  readonly problem: string;
  /** null until it is done or stopped with something smaller. */
  readonly result: ShrunkSearch | null;
}

/** One search as it is judged now. */
export interface JudgedSearch {
  readonly position: number;
  readonly index: string;
  readonly verdict: Verdict;
  readonly reason: string;
  /** The first of them. */
  readonly differences: readonly Difference[];
  readonly differenceCount: number;
  readonly unsupported: readonly Unsupported[];
}

/** A request that was asked of both sides without being captured. */
export interface Judgement {
  /** Of Elasticsearch's answer. */
  readonly status: number;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly searches: readonly JudgedSearch[];
}
