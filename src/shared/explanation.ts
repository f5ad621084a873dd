// Why the answers of one search differ at one place: the cause, in one sentence, with the documents that make it. Plain data.
import type { Comparison, Difference, SqlParameter, SqlSpan } from "./exchange.ts";
import type { LedgerEntry } from "./index_info.ts";

export type Cause =
  | "missing document"
  | "late mirror"
  | "surplus document"
  | "mapping conflict"
  | "tie"
  | "precision"
  | "time zone"
  | "translation"
  | "changed since"
  | "refresh pending"
  | "noise"
  /** It can't be told: `sentence` says why. */
  | "unknown";

/** A document that counts on one side only, or with another value. */
export interface ExplainedDocument {
  readonly index: string;
  readonly id: string;
  /** Where the choice of the place finds it. */
  readonly found: "elasticsearch" | "clickhouse" | "both";
  /** Its values that count, or its `_seq_no` where the versions differ: JSON text; null where that side does not have it. */
  readonly elasticsearch: string | null;
  readonly clickhouse: string | null;
  /** When each side had it; null where this run did not mirror it. */
  readonly ledger: LedgerEntry | null;
}

/** What was asked of each side for the documents behind the place. */
export interface DrillDown {
  readonly elasticsearch: { readonly target: string; readonly body: string };
  readonly clickhouse: { readonly sql: string; readonly params: readonly SqlParameter[] } | null;
}

export interface Explanation {
  /** Which search of the exchange. */
  readonly position: number;
  readonly path: string;
  /** null: the path is one that a rule excuses, or one that does not differ. */
  readonly difference: Difference | null;
  /** JSON pointer of the clause or aggregation that the path belongs to. */
  readonly pointer: string;
  /** Its SQL: statement by name, and where in it. */
  readonly sql: { readonly statement: string; readonly span: SqlSpan } | null;
  readonly cause: Cause;
  readonly sentence: string;
  /** What was found, in the order in which it was looked for. */
  readonly evidence: readonly string[];
  /** What it is not. */
  readonly excluded: readonly string[];
  readonly action: string;
  /** The first 20. */
  readonly documents: readonly ExplainedDocument[];
  readonly documentCount: number;
  /** Documents that the choice finds on each side; null where it was not asked. */
  readonly chosen: { readonly elasticsearch: number; readonly clickhouse: number } | null;
  /** null where no choice of documents stands for the place. */
  readonly queries: DrillDown | null;
}

/** Rules about how an answer was made explain nothing. */
const HOUSEKEEPING: readonly string[] = ["envelope", "error_text"];

/** The places that can be explained, with the rule that excuses one: what differs first. */
export function explainablePaths({ differences, rules }: Comparison): readonly { readonly path: string; readonly rule: string | null }[] {
  const excused = rules.filter(({ rule }) => !HOUSEKEEPING.includes(rule));
  return [
    ...differences.map(({ path }) => ({ path, rule: null })),
    ...excused.flatMap(({ rule, paths }) => paths.map((path) => ({ path, rule }))),
  ];
}
