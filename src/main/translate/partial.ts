// What is left of a search once the clauses without SQL are taken out, as far as the rest means the same without them: an
// aggregation beside the others, what a hit shows, the hits beside the aggregations. For the inspector, never for a client.
import type { Unsupported } from "../../shared/exchange.ts";
import { isObject, type JsonObject, jsonObject, member } from "../../shared/json.ts";
import { translateSearch } from "./search.ts";
import type { SearchInput, Translation } from "./types.ts";

export interface Partial {
  /** All clauses without SQL: one that stood behind another is found once that one is out. */
  readonly unsupported: readonly Unsupported[];
  /** The rest; null when nothing can be taken out, or nothing is left. */
  readonly translation: Extract<Translation, { kind: "translated" }> | null;
}

/** Says only what hits show. */
const SHOWN = new Set(["highlight", "fields", "docvalue_fields", "script_fields", "stored_fields", "_source", "explain", "profile"]);
/** Says which hits are shown, in which order: the aggregations don't depend on it. */
const OF_HITS = new Set(["sort", "rescore", "collapse", "search_after"]);
const MOST_ROUNDS = 20;

/** Translates what is left of `input`, whose clauses `unsupported` have no SQL. */
export function translatePartially(input: SearchInput, unsupported: readonly Unsupported[]): Partial {
  const all = new Map(unsupported.map((clause) => [clause.pointer, clause]));
  let body: JsonObject | null = input.body;
  let found = unsupported;
  for (let round = 0; round < MOST_ROUNDS && input.endpoint === "search"; round += 1) {
    body = found.reduce<JsonObject | null>((rest, { pointer }) => rest && without(rest, pointer), body);
    if (body === null) break;
    const translation = translateSearch({ ...input, body });
    if (translation.kind === "translated") return { unsupported: [...all.values()], translation };
    if (translation.kind === "rejected") break;
    found = translation.unsupported;
    const before = all.size;
    for (const clause of found) all.set(clause.pointer, clause);
    if (all.size === before) break;
  }
  return { unsupported: [...all.values()], translation: null };
}

/** The body without what has the clause at `pointer`; null when the rest would mean something else. */
function without(body: JsonObject, pointer: string): JsonObject | null {
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const [key = ""] = steps;
  if (key === "aggs" || key === "aggregations") return withoutAggregation(body, steps);
  if (key === "suggest") return withoutSuggestion(body, steps);
  if (SHOWN.has(key)) return omit(body, key);
  if (!OF_HITS.has(key) || member(body, "aggs") === undefined) return null;
  return { ...[...OF_HITS].reduce(omit, body), size: 0 };
}

/** `steps`: aggs, name, aggs, name, …, kind. The innermost aggregation named is taken out, with all below it. */
function withoutAggregation(object: JsonObject, [key = "", name = "", ...rest]: readonly string[]): JsonObject | null {
  const aggs = member(object, key);
  const own = isObject(aggs) ? member(aggs, name) : undefined;
  if (!isObject(aggs) || !isObject(own)) return object;
  const deeper = (rest[0] === "aggs" || rest[0] === "aggregations") && rest.length > 1;
  const left = deeper ? withoutAggregation(own, rest) : null;
  const kept = left === null ? omit(aggs, name) : { ...aggs, [name]: left };
  return Object.keys(kept).length === 0 ? omit(object, key) : { ...object, [key]: kept };
}

// An empty `suggest` stays: without it a request for suggestions alone would look for hits.
function withoutSuggestion(body: JsonObject, [key = "", name = ""]: readonly string[]): JsonObject {
  const suggest = member(body, key);
  return isObject(suggest) ? { ...body, [key]: omit(suggest, name) } : body;
}

function omit(object: JsonObject, name: string): JsonObject {
  return jsonObject(Object.entries(object).filter(([own]) => own !== name));
}
