// What an endpoint that ClickHouse answers takes and gives. One endpoint, one file, one line in table.ts.
import type { SearchPart } from "../../shared/exchange.ts";
import type { JsonObject, JsonValue } from "../../shared/json.ts";
import type { QueryResult } from "../clickhouse/query_result.ts";
import type { Printed } from "../clickhouse/sql/print.ts";
import type { RunOptions, SearchOutcome } from "../exchange/run_search.ts";
import type { SearchRequest } from "../exchange/search_request.ts";
import type { IndexDescription } from "../mirror/index_description.ts";
import type { IndexTable, Rejected } from "../translate/types.ts";
import type { Elsewhere } from "./elsewhere.ts";

/** A request that an endpoint is to answer. */
export interface Call {
  readonly method: string;
  /** The API's segment: `_search`, `_msearch`, … */
  readonly endpoint: string;
  /** Index expression, percent-decoded; "" when the path has none. */
  readonly index: string;
  /** The path's last variable segment: a document's id, a field pattern; "" without one. */
  readonly id: string;
  readonly params: ReadonlyMap<string, string>;
  /** The header `accept`; "" without it. */
  readonly accept: string;
  /** Content coding undone. */
  readonly body: string;
  /** Epoch ms that `now` means. */
  readonly now: number;
  /** Of several searches or documents, the positions of those that are Elasticsearch's by the mode of their index, and why. */
  readonly theirs: ReadonlyMap<number, string>;
  /** Asks Elasticsearch for a part; null where the whole is to be answered here. */
  readonly elsewhere: Elsewhere | null;
}

export interface IndexExpression {
  readonly expression: string;
  readonly params: ReadonlyMap<string, string>;
}

/** What the call can ask: the mirror and ClickHouse as they are once all writes before the request are in. */
export interface Backend {
  search(search: SearchRequest, options?: RunOptions): Promise<SearchOutcome>;
  /** Tables of an expression, all of them whole and caught up. */
  tables(expression: string, params: ReadonlyMap<string, string>): Promise<Found<readonly IndexTable[]>>;
  /** Indices of an expression as Elasticsearch describes them, mirrored or not. */
  indices(expression: string, params: ReadonlyMap<string, string>): Promise<Found<readonly IndexDescription[]>>;
  run(printed: Printed): Promise<QueryResult>;
  shapeOf(search: SearchRequest): string;
}

/** What was looked up, or why the request can't be answered from it. */
export type Found<T> = { readonly kind: "found"; readonly value: T } | Declined | RejectedCall;

/** The request is Elasticsearch's to answer, and why. */
export interface Declined {
  readonly kind: "declined";
  readonly verdict: "unsupported" | "not_compared" | "failed";
  readonly reason: string;
  /** Elasticsearch has never heard of what the request names: it is not asked either. @default false */
  readonly final?: boolean;
  /** Nothing is said of it: it never was ClickHouse's to answer. @default false */
  readonly quiet?: boolean;
  /** What was run and found out on the way. */
  readonly parts?: readonly SearchPart[];
}

/** Elasticsearch refuses such a request: so do we. */
export interface RejectedCall {
  readonly kind: "rejected";
  readonly error: Rejected;
  /** Names of the indices that were searched. */
  readonly indices?: readonly string[];
  readonly parts?: readonly SearchPart[];
}

export interface Answered {
  readonly kind: "answered";
  readonly status: number;
  /** JSON, or the text of a `_cat` answer. */
  readonly body: JsonValue | string;
  readonly type: "json" | "text";
  readonly parts?: readonly SearchPart[];
  /** The positions that Elasticsearch answered. @default none */
  readonly elsewhere?: ReadonlySet<number>;
}

export type EndpointAnswer = Answered | Declined | RejectedCall;

export interface Endpoint {
  /** `GET /{index}/_search`: `{index}` is an index expression, `{id}` any segment. */
  readonly paths: readonly string[];
  /** Which indices a call means, by the position of a search or document; `held`: what an id of before says. @default its index */
  asks?(call: Call): readonly IndexExpression[] | "held";
  answer(call: Call, backend: Backend): Promise<EndpointAnswer>;
}

export function json(body: JsonObject | readonly JsonValue[], parts: readonly SearchPart[] = [], status = 200): Answered {
  return { kind: "answered", status, body, type: "json", parts };
}

export function declined(verdict: Declined["verdict"], reason: string, parts: readonly SearchPart[] = []): Declined {
  return { kind: "declined", verdict, reason, parts };
}
