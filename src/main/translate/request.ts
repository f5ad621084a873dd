// A search request read: body and URL parameters become one description. A key that has no meaning here is unsupported at
// its own pointer; URL parameters are pointed at as `?name`.
import { childPointer, isNumber, isObject, type JsonObject, type JsonValue, member, printJson } from "../../shared/json.ts";
import { RejectedRequest } from "./failure.ts";
import { booleanOption, numberOption, scalarText } from "./parameters.ts";
import { resultWindowOf, type SearchInput } from "./types.ts";
import { type Source, uriSource } from "./uri.ts";

export interface SearchRequest {
  readonly endpoint: "search" | "count";
  readonly query: JsonValue;
  readonly queryPointer: string;
  readonly postFilter: JsonValue | null;
  readonly aggs: JsonObject | null;
  readonly aggsPointer: string;
  readonly from: number;
  readonly size: number;
  /** Up to how many hits are counted; null: none are. Infinity: all. */
  readonly totalUpTo: number | null;
  /** `rest_total_hits_as_int`: the total is a bare number. */
  readonly totalAsNumber: boolean;
  /** `matched_queries` tell the score of each name. */
  readonly namesScored: boolean;
  /** `typed_keys`: names of aggregations say what they are. */
  readonly typedKeys: boolean;
  /** Body with URL parameters laid over it: what a hit shows, by Elasticsearch's own names. */
  readonly body: JsonObject;
}

type Refuse = (pointer: string, reason: string) => void;

export const READ_ELSEWHERE: ReadonlySet<string> = new Set([
  "query",
  "aggs",
  "aggregations",
  "from",
  "size",
  "sort",
  "_source",
  "fields",
  "docvalue_fields",
  "stored_fields",
  "track_total_hits",
  "track_scores",
  "version",
  "seq_no_primary_term",
  "highlight",
  "search_after",
  "post_filter",
  "collapse",
  "script_fields",
  "runtime_mappings",
  "min_score",
  "rescore",
  "indices_boost",
  "suggest",
]);

// Change nothing in the answer: limits that were not hit (Elasticsearch says so by `timed_out` and `terminated_early`, and such
// an answer is no measure), names for statistics, what only matters to Elasticsearch, and what it tells of its own work.
export const WITHOUT_EFFECT: ReadonlySet<string> = new Set(["timeout", "stats", "ext", "terminate_after", "explain", "profile"]);

export const WITHOUT_SQL: ReadonlySet<string> = new Set(["knn", "pit", "slice", "retriever", "rank", "sub_searches"]);

const SCALARS: ReadonlySet<string> = new Set([
  "from",
  "size",
  "timeout",
  "terminate_after",
  "min_score",
  "version",
  "seq_no_primary_term",
  "explain",
  "track_scores",
  "track_total_hits",
  "profile",
]);

// How Elasticsearch's parser names what it came upon.
function tokenName(value: JsonValue): string {
  if (value === null) return "VALUE_NULL";
  if (typeof value === "boolean") return "VALUE_BOOLEAN";
  if (typeof value === "string") return "VALUE_STRING";
  return isNumber(value) ? "VALUE_NUMBER" : isObject(value) ? "START_OBJECT" : "START_ARRAY";
}

/** Reads a request. Keys without SQL are given to `refuse`, one by one; what Elasticsearch itself refuses is thrown. */
export function readRequest(input: SearchInput, refuse: Refuse): SearchRequest {
  const uri = uriSource(input.params, input.endpoint, refuse);
  const body: JsonObject = { ...input.body, ...uri.body };
  for (const [name, value] of Object.entries(input.body)) checkKey(name, value, input.endpoint, refuse);
  for (const name of ["explain", "profile"]) booleanOption(body, name, false);
  const aggs = readAggs(body);
  const count = input.endpoint === "count";
  return {
    endpoint: input.endpoint,
    ...readQuery(body, uri),
    postFilter: member(body, "post_filter") ?? null,
    aggs: count ? null : aggs,
    aggsPointer: member(body, "aggs") === undefined ? "/aggregations" : "/aggs",
    ...readWindow(body, resultWindowOf(input.tables)),
    ...(count ? { totalUpTo: Number.POSITIVE_INFINITY, totalAsNumber: false } : readTotal(body, uri.totalAsNumber)),
    namesScored: uri.namesScored,
    typedKeys: uri.typedKeys,
    body,
  };
}

function checkKey(name: string, value: JsonValue, endpoint: string, refuse: Refuse): void {
  const pointer = childPointer("", name);
  if (endpoint === "count" && name !== "query") {
    throw new RejectedRequest("parsing_exception", `request does not support [${name}]`);
  }
  if (SCALARS.has(name) && (isObject(value) || Array.isArray(value))) throw unknownKey(name, value);
  if (READ_ELSEWHERE.has(name) || WITHOUT_EFFECT.has(name)) return;
  if (!WITHOUT_SQL.has(name)) throw unknownKey(name, value);
  refuse(pointer, `[${name}] has no SQL yet`);
}

function unknownKey(name: string, value: JsonValue): RejectedRequest {
  return new RejectedRequest("parsing_exception", `Unknown key for a ${tokenName(value)} in [${name}].`);
}

function readQuery(body: JsonObject, uri: Source): Pick<SearchRequest, "query" | "queryPointer"> {
  if (uri.query !== null) return { query: uri.query, queryPointer: "?q" };
  return { query: member(body, "query") ?? { match_all: {} }, queryPointer: "/query" };
}

function readAggs(body: JsonObject): JsonObject | null {
  const aggs = member(body, "aggs") ?? member(body, "aggregations");
  if (aggs === undefined || aggs === null) return null;
  if (!isObject(aggs)) throw new RejectedRequest("parsing_exception", "Unknown key for a value in [aggs].");
  return Object.keys(aggs).length === 0 ? null : aggs;
}

function readWindow(body: JsonObject, most: number): Pick<SearchRequest, "from" | "size"> {
  const from = numberOption(body, "from", 0);
  const size = numberOption(body, "size", 10);
  if (size < 0) throw new RejectedRequest("illegal_argument_exception", `[size] parameter cannot be negative, found [${size}]`);
  if (from < 0) throw new RejectedRequest("illegal_argument_exception", `[from] parameter cannot be negative but was [${from}]`);
  if (from + size > most) {
    throw new RejectedRequest(
      "illegal_argument_exception",
      `Result window is too large, from + size must be less than or equal to: [${most}] but was [${from + size}]. See the scroll api for a more efficient way to request large data sets. This limit can be set by changing the [index.max_result_window] index level setting.`,
    );
  }
  return { from, size };
}

function readTotal(body: JsonObject, asNumber: boolean): Pick<SearchRequest, "totalUpTo" | "totalAsNumber"> {
  const upTo = totalUpTo(member(body, "track_total_hits") ?? (asNumber ? true : 10_000));
  if (asNumber && upTo !== null && Number.isFinite(upTo)) {
    throw new RejectedRequest(
      "illegal_argument_exception",
      `[rest_total_hits_as_int] cannot be used if the tracking of total hits is not accurate, got ${upTo}`,
    );
  }
  return { totalUpTo: upTo, totalAsNumber: asNumber };
}

function totalUpTo(value: JsonValue): number | null {
  if (value === true || value === "true") return Number.POSITIVE_INFINITY;
  if (value === false || value === "false") return null;
  const number = Math.trunc(Number(scalarText(value)));
  if (Number.isNaN(number)) throw new RejectedRequest("number_format_exception", `For input string: ${printJson(value)}`);
  if (number === -1) return null;
  if (number < -1) {
    throw new RejectedRequest("illegal_argument_exception", `[track_total_hits] parameter must be positive or equals to -1, got ${number}`);
  }
  return number === 2_147_483_647 ? Number.POSITIVE_INFINITY : number;
}
