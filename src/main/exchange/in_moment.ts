// A captured search as it is asked of Elasticsearch at a moment that a point in time holds. Pure.
import { isNumber, isObject, type JsonObject, type JsonValue, jsonObject, member, parseObject, printJson } from "../../shared/json.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import { KEEP_ALIVE } from "./held_moments.ts";
import { paramsAgain } from "./params_again.ts";
import type { SearchRequest } from "./search_request.ts";

export interface InMoment {
  /** A `_count` is asked as a search for nothing but its total: Elasticsearch counts in no point in time. */
  readonly kind: "search" | "count";
  /** Path and query. */
  readonly target: string;
  readonly body: string;
}

/** What says where to search, which a point in time knows already. */
const OF_THE_INDICES: ReadonlySet<string> = new Set(
  "ignore_unavailable allow_no_indices expand_wildcards ignore_throttled preference ccs_minimize_roundtrips".split(" "),
);

/** A search. */
export function searchIn(search: SearchRequest, id: string): InMoment {
  const params = paramsOf(search);
  if (search.filter !== undefined && search.filter !== "") params.set("filter_path", `pit_id,${search.filter}`);
  return { kind: "search", target: targetOf(params), body: printJson(within(search.body, id)) };
}

/** A count. */
export function countIn(search: SearchRequest, id: string): InMoment {
  const body = jsonObject([...Object.entries<JsonValue>(within(search.body, id)), ["size", 0], ["track_total_hits", true]]);
  return { kind: "count", target: targetOf(paramsOf(search)), body: printJson(body) };
}

/** The answer of `_count` that a count's answer stands for; null where it has no total, or not of all shards. */
export function countOf(answer: Uint8Array): string | null {
  const body = parseObject(textOf(answer));
  const hits = body === null ? undefined : member(body, "hits");
  const total = isObject(hits) ? member(hits, "total") : undefined;
  const count = isObject(total) ? member(total, "value") : undefined;
  const shards = body === null ? undefined : member(body, "_shards");
  if (!isNumber(count) || !isObject(shards) || member(shards, "failed") !== 0) return null;
  return printJson({ count, _shards: shards });
}

function within(body: JsonObject, id: string): JsonObject {
  return jsonObject([...Object.entries<JsonValue>(body), ["pit", { id, keep_alive: KEEP_ALIVE }]]);
}

function paramsOf(search: SearchRequest): URLSearchParams {
  const params = paramsAgain(search.params);
  for (const name of OF_THE_INDICES) params.delete(name);
  return params;
}

function targetOf(params: URLSearchParams): string {
  return `/_search${params.size === 0 ? "" : `?${params}`}`;
}
