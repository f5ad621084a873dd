// The URL parameters of _search and _count: those that stand for a part of the body become that part.
import type { JsonObject, JsonValue } from "../../shared/json.ts";
import { RejectedRequest } from "./failure.ts";
import { booleanOption } from "./parameters.ts";

export interface Source {
  /** Members that override the body's. */
  readonly body: JsonObject;
  /** The query of `q`, or null. */
  readonly query: JsonValue | null;
  readonly totalAsNumber: boolean;
  /** `include_named_queries_score`. */
  readonly namesScored: boolean;
  /** `typed_keys`. */
  readonly typedKeys: boolean;
}

// How Elasticsearch finds the indices, where it runs the search, how it prints: the answer's content is the same.
const WITHOUT_EFFECT = new Set([
  "ignore_unavailable",
  "allow_no_indices",
  "expand_wildcards",
  "ignore_throttled",
  "batched_reduce_size",
  "request_cache",
  "max_concurrent_shard_requests",
  "pre_filter_shard_size",
  "ccs_minimize_roundtrips",
  "allow_partial_search_results",
  "enable_fields_emulation",
  "wait_for_completion_timeout",
  "keep_on_completion",
  "keep_alive",
  "timeout",
  "pretty",
  "human",
  "error_trace",
  "stats",
  "rest_total_hits_as_int",
  "include_named_queries_score",
]);

const QUERY_STRING = ["df", "default_operator", "analyze_wildcard", "lenient", "analyzer"] as const;
const LISTS = new Set(["stored_fields", "docvalue_fields"]);
const SCALARS = new Set(["from", "size", "version", "seq_no_primary_term", "track_scores", "track_total_hits", "explain"]);

/** Reads the URL's parameters; those without a meaning here are given to `refuse`. */
export function uriSource(
  params: ReadonlyMap<string, string>,
  endpoint: "search" | "count",
  refuse: (pointer: string, reason: string) => void,
): Source {
  const body: Record<string, JsonValue> = {};
  for (const [name, value] of params) {
    if (SCALARS.has(name)) body[name] = scalar(value);
    else if (LISTS.has(name)) body[name] = value.split(",");
    else if (name === "sort") body.sort = value.split(",").map(sortOf);
    else if (name === "typed_keys") continue;
    else if (name === "preference") checkPreference(value, refuse);
    else if (name === "search_type") checkSearchType(value, refuse);
    else if (name === "_source_exclude_vectors" && isOn(value)) refuse("?_source_exclude_vectors", "sources without their vectors");
    else if (!isKnown(name)) refuse(`?${name}`, `the URL parameter [${name}] of _${endpoint} has no SQL yet`);
  }
  const source = sourceFilter(params);
  if (source !== null) body._source = source;
  return {
    body,
    query: queryOf(params),
    totalAsNumber: totalsAreNumbers(params),
    namesScored: isOn(params.get("include_named_queries_score")),
    typedKeys: isOn(params.get("typed_keys")),
  };
}

/** `rest_total_hits_as_int`. Throws RejectedRequest for what is no boolean. */
export function totalsAreNumbers(params: ReadonlyMap<string, string>): boolean {
  const value = params.get("rest_total_hits_as_int");
  return value === "" || booleanOption({ value: value ?? false }, "value", false);
}

/** A search's body with what its URL says of it: the search that is asked. */
export function wholeBody(body: JsonObject, params: ReadonlyMap<string, string>, endpoint: "search" | "count"): JsonObject {
  const uri = uriSource(params, endpoint, () => {});
  return { ...body, ...uri.body, ...(uri.query === null ? {} : { query: uri.query }) };
}

// Which copies of a shard are asked changes nothing; which shards are asked does.
function checkPreference(value: string, refuse: (pointer: string, reason: string) => void): void {
  if (/^_(shards|only)/.test(value)) refuse("?preference", `the preference [${value}] leaves shards out`);
}

function checkSearchType(value: string, refuse: (pointer: string, reason: string) => void): void {
  if (value !== "query_then_fetch") refuse("?search_type", `scores of the search type [${value}] have no SQL yet`);
}

function isKnown(name: string): boolean {
  return WITHOUT_EFFECT.has(name) || name === "q" || name.startsWith("_source") || QUERY_STRING.some((known) => known === name);
}

function isOn(value: string | undefined): boolean {
  return value === "" || value === "true";
}

function scalar(value: string): JsonValue {
  if (value === "" || value === "true") return true;
  if (value === "false") return false;
  return /^-?[0-9]+$/.test(value) ? Number(value) : value;
}

function sortOf(text: string): JsonValue {
  const colon = text.lastIndexOf(":");
  if (colon < 0) return text;
  const order = text.slice(colon + 1);
  return order === "asc" || order === "desc" ? { [text.slice(0, colon)]: { order } } : text;
}

/** The `_source` that the URL stands for; null when it says nothing of it. */
export function sourceFilter(params: ReadonlyMap<string, string>): JsonValue | null {
  const plain = params.get("_source");
  const includes = params.get("_source_includes");
  const excludes = params.get("_source_excludes");
  if (plain === undefined && includes === undefined && excludes === undefined) return null;
  if (includes === undefined && excludes === undefined) {
    return plain === "true" || plain === "" ? true : plain === "false" ? false : (plain ?? "").split(",");
  }
  const listed = includes ?? (plain === undefined || plain === "true" || plain === "false" ? undefined : plain);
  return {
    ...(listed === undefined ? {} : { includes: listed.split(",") }),
    ...(excludes === undefined ? {} : { excludes: excludes.split(",") }),
  };
}

function queryOf(params: ReadonlyMap<string, string>): JsonValue | null {
  const q = params.get("q");
  if (q === undefined) {
    const orphan = QUERY_STRING.find((name) => params.has(name));
    if (orphan !== undefined)
      throw new RejectedRequest("illegal_argument_exception", `request contains unrecognized parameter: [${orphan}]`);
    return null;
  }
  const options = QUERY_STRING.flatMap((name): [string, JsonValue][] => {
    const value = params.get(name);
    return value === undefined ? [] : [[name === "df" ? "default_field" : name, name === "default_operator" ? value : scalar(value)]];
  });
  return { query_string: { query: q, ...Object.fromEntries(options) } };
}
