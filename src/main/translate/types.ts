// What the translator takes and gives. Pure data: no I/O, no clock; "now" is an argument.
import type { Unsupported } from "../../shared/exchange.ts";
import type { JsonObject, JsonValue } from "../../shared/json.ts";
import type { TableRows, Tolerance } from "../../shared/leeway.ts";
import type { Query } from "../clickhouse/sql/ast.ts";
import type { Mapping } from "../elasticsearch/mapping.ts";
import type { Sharding } from "../elasticsearch/routing.ts";
import type { LookedUp } from "./lookups.ts";
import type { WordCounts } from "./query/likeness/counts.ts";

export type { TableRows, Tolerance } from "../../shared/leeway.ts";

/** Epoch ms, both included. */
export interface DateSpan {
  readonly least: number;
  readonly greatest: number;
}

/** One mirrored index. */
export interface IndexTable extends Sharding {
  readonly index: string;
  readonly database: string;
  readonly table: string;
  readonly mapping: Mapping;
  /** True once a document was overwritten or deleted: read with FINAL. */
  readonly final: boolean;
  /** Columns whose lists hold no more than one value in any document → true where every document has one. Absent: nobody knows. */
  readonly single?: ReadonlyMap<string, boolean>;
  /** Columns of dates → between which moments the dates of all documents lie. Absent, or one that is not here: nobody knows. */
  readonly dates?: ReadonlyMap<string, DateSpan>;
  /** Its `index.max_result_window`. @default 10,000 */
  readonly resultWindow?: number;
  /** Only changes up to these numbers, by shard, are to be seen; a shard that is not here is empty. Absent: all. */
  readonly asOf?: ReadonlyMap<number, number>;
}

/** What `index.max_result_window` is where nobody set it. */
export const RESULT_WINDOW = 10_000;

/** The least of several indices: each refuses for itself. */
export function resultWindowOf(tables: readonly IndexTable[]): number {
  return tables.length === 0 ? RESULT_WINDOW : Math.min(...tables.map(({ resultWindow = RESULT_WINDOW }) => resultWindow));
}

/** Columns that every mirror table has beside its fields. Document order within a shard is `_seq_no`. */
export const META_COLUMNS = Object.freeze({
  id: "_id", // String
  source: "_source", // String, the bytes as sent
  routing: "_routing", // String, '' when none
  shard: "_shard", // UInt16
  seqNo: "_seq_no", // Int64
  primaryTerm: "_primary_term", // UInt32
  version: "_version", // Int64
  deleted: "_deleted", // UInt8
});

export interface SearchInput {
  /** `search` or `count` (an `_msearch` item or an `_async_search` is a `search`). */
  readonly endpoint: "search" | "count";
  readonly body: JsonObject;
  /** URL parameters: `size`, `q`, `track_total_hits`, `rest_total_hits_as_int`, `filter_path`, … */
  readonly params: ReadonlyMap<string, string>;
  /** Indices that the expression resolves to, sorted by name. Empty: Elasticsearch found none. */
  readonly tables: readonly IndexTable[];
  /** Epoch ms that `now` in date math means: when Elasticsearch got the request. */
  readonly now: number;
  /** Documents that `terms` clauses take their values from. @default none */
  readonly lookedUp?: LookedUp;
  /** How many documents have the words that `more_like_this` clauses may look for. @default not known */
  readonly wordCounts?: WordCounts;
}

/** A cell as ClickHouse's JSONCompact gives it, read losslessly. */
export type Row = Readonly<Record<string, JsonValue>>;
export type StatementRows = ReadonlyMap<string, readonly Row[]>;

export interface Statement {
  /** Unique in the translation: `count`, `hits`, `aggs 2>3`. */
  readonly name: string;
  readonly query: Query;
}

export interface Answer {
  /** In Elasticsearch's shape; `took` and `_shards` are set by the caller. */
  readonly body: JsonObject;
  readonly tolerances: readonly Tolerance[];
  /** Of an answer in rows (ES|QL): what the query leaves open about them. */
  readonly table?: TableRows;
}

/** Elasticsearch rejects such a request: its status and error type. */
export interface Rejected {
  readonly status: number;
  readonly errorType: string;
  readonly reason: string;
}

export type Translation =
  | { readonly kind: "translated"; readonly statements: readonly Statement[]; shape(rows: StatementRows): Answer }
  | { readonly kind: "unsupported"; readonly unsupported: readonly Unsupported[] }
  | { readonly kind: "rejected"; readonly error: Rejected };
