// What a part of an Elasticsearch answer means, told from its name, its shape and the request's clause it answers.
// A name alone is not enough: an aggregation may be called `hits`, a document may hold a field `buckets`.
import type { JsonObject, JsonValue } from "../../shared/json.ts";
import { isArray, isObject, member } from "../../shared/json.ts";
import { DEFAULT_INNER_SIZE, innerSearch } from "./inner_search.ts";

export type Role =
  /** The whole answer to this search body. */
  | { readonly kind: "root"; readonly request: JsonObject }
  /** What an answer says of itself, not of the data. */
  | { readonly kind: "envelope" }
  /** `{total, max_score, hits}`; `search` has the sort, from and size that it answers. */
  | { readonly kind: "hits"; readonly search: JsonObject }
  | { readonly kind: "hit_list"; readonly search: JsonObject }
  | { readonly kind: "hit"; readonly search: JsonObject }
  | { readonly kind: "total"; readonly search: JsonObject }
  | { readonly kind: "score" }
  | { readonly kind: "sort_values"; readonly clauses: readonly SortClause[] }
  | { readonly kind: "sort_value"; readonly clause: SortClause }
  /** `inner_hits` of a hit of this search: one answer by name. */
  | { readonly kind: "inner_hits"; readonly search: JsonObject }
  /** One of them: `{hits: {total, hits}}`. */
  | { readonly kind: "inner_answer"; readonly search: JsonObject }
  /** `matched_queries`: a list of names, or an object with their scores. */
  | { readonly kind: "names" }
  | { readonly kind: "aggregations"; readonly definitions: JsonObject }
  /** One aggregation's answer, or one bucket: both hold sub-aggregations by name. `definition` is null when the request has none. */
  | { readonly kind: "aggregation"; readonly definition: JsonObject | null }
  | { readonly kind: "bucket_list"; readonly definition: JsonObject | null }
  /** A number of the aggregation itself: `type` is the aggregation's, `member` the name right under it. */
  | { readonly kind: "metric"; readonly type: string; readonly member: string }
  /** A row of an ES|QL answer, or a cell of it: its order may be open. */
  | { readonly kind: "table_row" }
  /** Prose and causes of an error whose status and type agree. */
  | { readonly kind: "error_detail" }
  | { readonly kind: "plain" };

/** What a sort value stands for, by its clause. */
export type SortClause = "_score" | "_doc" | "_geo_distance" | "field";

const PLAIN: Role = Object.freeze({ kind: "plain" });
const ENVELOPE: Role = Object.freeze({ kind: "envelope" });
const SCORE: Role = Object.freeze({ kind: "score" });
const NAMES: Role = Object.freeze({ kind: "names" });
const NOTHING: JsonObject = Object.freeze({});

/** Members of an answer that tell of its making: time, shards, handles. */
export const ENVELOPE_MEMBERS: ReadonlySet<string> = new Set([
  "took",
  "_shards",
  "_clusters",
  "timed_out",
  "terminated_early",
  "num_reduce_phases",
  "pit_id",
  "_scroll_id",
  "profile",
  "status",
  "id",
  "is_partial",
  "is_running",
  "start_time_in_millis",
  "expiration_time_in_millis",
  "completion_time_in_millis",
  "documents_found",
  "values_loaded",
]);

/** Members of a hit that `explain` adds: Elasticsearch alone can say how it came by a score, and on which node. */
const OF_EXPLAIN = new Set(["_explanation", "_shard", "_node"]);

/** The role of `name` inside something of this role, given the value there. */
export function roleOfMember(role: Role, name: string, value: JsonValue | undefined): Role {
  switch (role.kind) {
    case "root":
      return roleInAnswer(role.request, name);
    case "envelope":
      return ENVELOPE;
    case "hits":
      if (name === "hits") return { kind: "hit_list", search: role.search };
      if (name === "total") return { kind: "total", search: role.search };
      return name === "max_score" ? SCORE : PLAIN;
    case "total":
      return role;
    case "hit":
      if (name === "_score") return SCORE;
      if (name === "sort") return { kind: "sort_values", clauses: sortClauses(role.search) };
      if (name === "matched_queries") return NAMES;
      if (OF_EXPLAIN.has(name)) return ENVELOPE;
      return name === "inner_hits" ? { kind: "inner_hits", search: role.search } : PLAIN;
    case "names":
      return SCORE;
    case "inner_hits":
      return { kind: "inner_answer", search: innerSearch(role.search, name) };
    case "inner_answer":
      return name === "hits" ? { kind: "hits", search: role.search } : PLAIN;
    case "aggregations":
      return { kind: "aggregation", definition: definitionOf(role.definitions, name) };
    case "aggregation":
      return roleInAggregation(role.definition, name, value);
    case "metric":
    case "error_detail":
      return role;
    case "bucket_list":
      return { kind: "aggregation", definition: role.definition };
    case "hit_list":
    case "score":
    case "sort_values":
    case "sort_value":
    case "table_row":
    case "plain":
      return PLAIN;
  }
}

/** The role of the element at `index` of an array of this role. */
export function roleOfElement(role: Role, index: number): Role {
  switch (role.kind) {
    case "hit_list":
      return { kind: "hit", search: role.search };
    case "bucket_list":
      return { kind: "aggregation", definition: role.definition };
    case "sort_values":
      return { kind: "sort_value", clause: role.clauses[index] ?? "field" };
    case "metric":
    case "envelope":
    case "error_detail":
      return role;
    default:
      return PLAIN;
  }
}

function roleInAnswer(request: JsonObject, name: string): Role {
  if (ENVELOPE_MEMBERS.has(name)) return ENVELOPE;
  if (name === "hits") return { kind: "hits", search: request };
  return name === "aggregations" ? { kind: "aggregations", definitions: subDefinitions(request) } : PLAIN;
}

function roleInAggregation(definition: JsonObject | null, name: string, value: JsonValue | undefined): Role {
  const sub = definition === null ? null : definitionOf(subDefinitions(definition), name);
  if (sub !== null) return { kind: "aggregation", definition: sub };
  if (name === "buckets" && typeof value === "object") return { kind: "bucket_list", definition };
  if (name === "hits" && isObject(value) && isArray(member(value, "hits"))) return { kind: "hits", search: topHits(definition) };
  if (definition === null) return isObject(value) ? { kind: "aggregation", definition: null } : PLAIN;
  return { kind: "metric", type: typeOfAggregation(definition), member: name };
}

function topHits(definition: JsonObject | null): JsonObject {
  const clause = definition === null ? undefined : member(definition, "top_hits");
  return isObject(clause) ? { size: DEFAULT_INNER_SIZE, ...clause } : NOTHING;
}

/** `aggs` or `aggregations` of a search body or of an aggregation; empty when there is none. */
function subDefinitions(body: JsonObject): JsonObject {
  const definitions = member(body, "aggs") ?? member(body, "aggregations");
  return isObject(definitions) ? definitions : NOTHING;
}

/** An aggregation's clause by the name in the answer, which `typed_keys` prefixes: `sterms#2`. */
function definitionOf(definitions: JsonObject, name: string): JsonObject | null {
  const definition = member(definitions, name) ?? member(definitions, name.slice(name.indexOf("#") + 1));
  return isObject(definition) ? definition : null;
}

/** `terms`, `avg`, …; "" when the clause names none. */
export function typeOfAggregation(definition: JsonObject): string {
  return Object.keys(definition).find((name) => name !== "aggs" && name !== "aggregations" && name !== "meta") ?? "";
}

/** What each sort value of a hit stands for. Empty: the hits are ordered by score. */
export function sortClauses(search: JsonObject): readonly SortClause[] {
  const sort = member(search, "sort");
  if (sort === undefined || sort === null) return [];
  const clauses = (isArray(sort) ? sort : [sort]).map(sortClause);
  // A point in time adds a tie-break of its own.
  return member(search, "pit") === undefined || clauses.includes("_doc") ? clauses : [...clauses, "_doc"];
}

function sortClause(clause: JsonValue): SortClause {
  const name = typeof clause === "string" ? clause.replace(/:(asc|desc)$/, "") : isObject(clause) ? Object.keys(clause)[0] : "";
  if (name === "_score" || name === "_geo_distance" || name === "_doc") return name;
  return name === "_shard_doc" ? "_doc" : "field";
}
