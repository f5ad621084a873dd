// Long-running jobs as the window, the API and the terminal see them. Plain data.

export type PipeKind = "mirror" | "backfill" | "reconcile" | "replay";
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
  /** `mirror`, `replay`, `backfill-INDEX`, `reconcile-INDEX`. */
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
