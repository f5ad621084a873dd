// What a reconciliation is asked, how far it is, and what it found.

export interface ReconcileOptions {
  readonly signal?: AbortSignal;
  /** Most documents that are read from Elasticsearch in a second. @default as many as come */
  readonly documentsPerSecond?: number;
  /** Compares `_id`, routing, version and primary term of every document too, not only the sequence numbers. @default false */
  readonly exact?: boolean;
  readonly onProgress?: (progress: ReconcileProgress) => void;
  /** Resolves when the writes that are open by now are in ClickHouse, or it is no use to wait longer: less is repaired in vain. */
  readonly settled?: () => Promise<void>;
}

export interface ReconcileProgress {
  /** 1 is the comparison that repairs; each further one looks whether both sides agree now. */
  readonly pass: number;
  /** Documents of Elasticsearch that were compared in this pass, and repaired where they differed. */
  readonly documents: number;
  /** Documents that Elasticsearch has. */
  readonly expected: number;
  /** Bytes of the documents that were copied. */
  readonly bytes: number;
  /** Ranges of sequence numbers that differed and are repaired, and how many of them were found so far. */
  readonly rangesDone: number;
  readonly ranges: number;
  /** null while it can't be told. */
  readonly secondsLeft: number | null;
}

export interface ReconcileReport {
  /** Documents of Elasticsearch that were compared. */
  readonly compared: number;
  /** Documents that ClickHouse lacked. */
  readonly missing: number;
  /** Documents that only ClickHouse had. */
  readonly surplus: number;
  /** Documents that ClickHouse had in another version. */
  readonly stale: number;
  /** Documents written to ClickHouse. */
  readonly written: number;
  /** Documents of ClickHouse that were deleted, and rows of it that were removed. */
  readonly deleted: number;
  /** Ranges of sequence numbers that differed. */
  readonly ranges: number;
  readonly ms: number;
}

export const NOTHING_COMPARED: ReconcileReport = Object.freeze({
  compared: 0,
  missing: 0,
  surplus: 0,
  stale: 0,
  written: 0,
  deleted: 0,
  ranges: 0,
  ms: 0,
});

export type Reconciliation =
  /** Both sides have the same documents. */
  | { readonly kind: "equal"; readonly report: ReconcileReport }
  /** They still differ, or something kept it from going on: what was repaired stays. `again`: it may go on later. */
  | { readonly kind: "failed"; readonly reason: string; readonly again: boolean; readonly report: ReconcileReport }
  | { readonly kind: "cancelled"; readonly report: ReconcileReport }
  /** The index can't be mirrored. */
  | { readonly kind: "refused"; readonly reason: string };
