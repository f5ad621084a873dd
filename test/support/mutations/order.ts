// What the request says of the order of two hits or two buckets, and of the end of a page: told apart from the matcher's own reading of it.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, numberAt, printJson } from "../../../src/shared/json.ts";

export type Order = "determined" | "tied" | "unknown";

/** What a sort value stands for. */
export interface Clause {
  readonly kind: "exact" | "score" | "distance" | "doc";
}

/** What each value of a hit's `sort` is. */
export function sortClauses(search: JsonObject): readonly Clause[] {
  const sort = member(search, "sort") ?? [];
  return (isArray(sort) ? sort : [sort]).map((clause): Clause => {
    const name = isObject(clause) ? Object.keys(clause)[0] : clause;
    if (name === "_score") return { kind: "score" };
    if (name === "_geo_distance") return { kind: "distance" };
    return name === "_doc" || name === "_shard_doc" ? { kind: "doc" } : { kind: "exact" };
  });
}

export function orderOfHits(search: JsonObject, a: JsonObject, b: JsonObject): Order {
  const clauses = sortClauses(search);
  const [left, right] = [member(a, "sort"), member(b, "sort")];
  if (clauses.length === 0) return apart({ kind: "score" }, member(a, "_score"), member(b, "_score"));
  if (!isArray(left) || !isArray(right)) return clauses.every(({ kind }) => kind === "doc") ? "tied" : "unknown";
  for (const [i, clause] of clauses.entries()) {
    const order = apart(clause, left[i], right[i]);
    if (order !== "tied") return order;
  }
  return "tied";
}

function apart({ kind }: Clause, a: JsonValue | undefined, b: JsonValue | undefined): Order {
  if (kind === "doc") return "tied";
  const [left, right] = [a, b].map((value) => printJson(value ?? null));
  if (left === right) return "tied";
  if (!isNumber(a) || !isNumber(b)) return "determined";
  if (Number(a) === Number(b)) return "unknown";
  return kind === "exact" || clearly(Number(a), Number(b)) ? "determined" : "unknown";
}

/** Further apart than any tolerance. */
function clearly(a: number, b: number): boolean {
  return Math.abs(a - b) > 1e-4 * Math.max(Math.abs(a), Math.abs(b));
}

/** Whether a list of hits ends amid others of the rank of its last. */
export function endOf(search: JsonObject, container: JsonObject, list: readonly JsonValue[]): "cut" | "whole" | "unknown" {
  const [size, from] = ["size", "from"].map((name) => member(search, name) ?? (name === "size" ? 10 : 0));
  const total = member(container, "total");
  if (!isNumber(size) || !isNumber(from) || Number(from) > 0) return "unknown";
  if (list.length < Number(size)) return "whole";
  const exact = isNumber(total) ? Number(total) : isObject(total) && member(total, "relation") === "eq" ? numberAt(total, "value") : null;
  return exact !== null && exact <= list.length ? "whole" : "cut";
}

const EXACT_METRICS: readonly string[] = ["min", "max", "value_count"];

export function orderOfBuckets(definition: JsonObject | null, a: JsonObject, b: JsonObject): Order {
  const clause = definition === null ? undefined : member(definition, typeOf(definition));
  const order = isObject(clause) ? member(clause, "order") : undefined;
  const [first, ...rest] = (isArray(order) ? order : [order]).flatMap((one) => (isObject(one) ? Object.keys(one) : []));
  if (first === undefined || (rest.length === 0 && ["_key", "_count", "_term"].includes(first))) return "determined";
  const metric = definition === null ? undefined : member(aggsOf(definition), first);
  if (rest.length > 0 || !isObject(metric)) return "unknown";
  const [left, right] = [a, b].map((bucket) => {
    const own = member(bucket, first);
    return isObject(own) ? numberAt(own, "value") : null;
  });
  if (left === undefined || left === null || right === undefined || right === null) return "unknown";
  if (left !== right) return clearly(left, right) ? "determined" : "unknown";
  return EXACT_METRICS.includes(typeOf(metric)) ? "determined" : "tied";
}

export function aggsOf(body: JsonObject): JsonObject {
  const aggs = member(body, "aggs") ?? member(body, "aggregations");
  return isObject(aggs) ? aggs : {};
}

export function typeOf(definition: JsonObject | null): string {
  return Object.keys(definition ?? {}).find((name) => !["aggs", "aggregations", "meta"].includes(name)) ?? "";
}
