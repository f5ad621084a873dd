// An index beside its table, as the window, the API and the terminal see it. Plain data.
import type { Mode } from "./mode.ts";
import type { RuleOrigin } from "./routing.ts";

export interface IndexInfo {
  readonly name: string;
  readonly mode: Mode;
  /** Whose rule gives it that mode. */
  readonly modeFrom: RuleOrigin;
  /** Primaries; null where Elasticsearch does not say. */
  readonly elasticsearch: { readonly docs: number | null; readonly bytes: number | null };
  /** null without a table. */
  readonly clickhouse: { readonly docs: number | null; readonly bytes: number | null };
  /** Elasticsearch's bytes for each byte of ClickHouse's; null where one of them is not known, or the table is not whole. */
  readonly ratio: number | null;
  /** Documents on their way to ClickHouse, those that wait in the journal included, and how long the oldest has been. */
  readonly lag: { readonly documents: number; readonly seconds: number };
  /** Documents that Elasticsearch has and that do not come by themselves. */
  readonly notMirrored: number;
  /** Why they don't, or why searches of it are not compared; "" when all is well. */
  readonly reason: string;
  /** The last backfill or reconciliation that ended since the start; null before one. */
  readonly reconciled: {
    /** ISO 8601. */
    readonly time: string;
    readonly kind: "backfill" | "reconcile";
    readonly ok: boolean;
    /** What it found and did, or why it failed. */
    readonly sentence: string;
  } | null;
}

/** One field of the mapping and the columns that hold its values. */
export interface FieldColumns {
  readonly field: string;
  readonly type: string;
  /** None where it is not mirrored. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Why Elasticsearch alone can answer for it; "" when ClickHouse can, too. */
  readonly reason: string;
}

export interface IndexDetail {
  readonly name: string;
  readonly shards: number;
  readonly database: string;
  readonly table: string;
  /** Why the index can't be mirrored; "" when it can. */
  readonly problem: string;
  readonly fields: readonly FieldColumns[];
}

/** When each side had one document, for the last ones of this run. */
export interface LedgerEntry {
  readonly shard: number;
  readonly seq_no: number;
  /** When Elasticsearch's answer was whole, ISO 8601. */
  readonly acknowledged: string;
  /** When ClickHouse had said that it has it. */
  readonly mirrored: string;
  /** Between the two. */
  readonly seconds: number;
}
