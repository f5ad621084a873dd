// Hits: named by index, _id and nested offset, ranked by their sort values or, where the request has no sort, by score.
import type { JsonObject, JsonValue } from "../../shared/json.ts";
import { isArray, isNumber, isObject, member, numberAt } from "../../shared/json.ts";
import type { Name, Named, NameOf, Ranking } from "./keyed_list.ts";
import { keyText } from "./keyed_list.ts";
import { relativeDistance } from "./number.ts";
import type { SortClause } from "./role.ts";
import { sortClauses } from "./role.ts";

/** Scores are sums of 32-bit floats in an order of Lucene's own. */
export const SCORE_TOLERANCE = 1e-5;
/** Lucene's sine comes from a table (SloppyMath). */
export const DISTANCE_TOLERANCE = 1e-9;

const DEFAULT_SIZE = 10;

/** How the hits of two answers are called. An _id that one answer has from several indices is called with its index. */
export function hitNaming(elasticsearch: readonly JsonValue[], clickhouse: readonly JsonValue[]): NameOf {
  const shared = new Set([...sharedIds(elasticsearch), ...sharedIds(clickhouse)]);
  // A filter_path may have taken the index away; a hit that lacks it alone is no hit.
  const indexed = elasticsearch.every((hit) => isObject(hit) && typeof member(hit, "_index") === "string");
  return (hit) => nameOfHit(hit, shared, indexed);
}

function sharedIds(hits: readonly JsonValue[]): ReadonlySet<string> {
  const indexOf = new Map<string, string>();
  const shared = new Set<string>();
  for (const hit of hits) {
    if (!isObject(hit)) continue;
    const id = textMember(hit, "_id");
    const index = textMember(hit, "_index");
    if ((indexOf.get(id) ?? index) !== index) shared.add(id);
    indexOf.set(id, index);
  }
  return shared;
}

function nameOfHit(hit: JsonValue, shared: ReadonlySet<string>, indexed: boolean): Name | null {
  if (!isObject(hit) || (indexed && typeof member(hit, "_index") !== "string")) return null;
  const id = textMember(hit, "_id");
  const index = textMember(hit, "_index");
  const nested = member(hit, "_nested");
  const nestedKey = nested === undefined ? "" : keyText(nested);
  if (nestedKey === null || (typeof member(hit, "_id") !== "string" && nested === undefined)) return null;
  const parts = [
    ...(shared.has(id) ? [`_index=${index}`] : []),
    ...(nested === undefined ? [] : [`_nested=${placeText(nested)}`]),
    `_id=${id}`,
  ];
  const label = parts.join(",");
  return { key: `${index}\u0000${id}\u0000${nestedKey}`, label };
}

/** `items.3` for the fourth object of `items`, `items.3.parts.0` for the first of its parts. */
function placeText(nested: JsonValue): string {
  const steps: string[] = [];
  for (let at: JsonValue | undefined = nested; isObject(at); at = member(at, "_nested"))
    steps.push(textMember(at, "field"), String(member(at, "offset")));
  return steps.join(".");
}

function textMember(hit: JsonObject, name: string): string {
  const value = member(hit, name);
  return typeof value === "string" ? value : "";
}

/** What puts one hit before another. `container` is Elasticsearch's `{total, hits}`. `scoresOpen`: scores rank nothing. */
export function hitRanking(search: JsonObject, container: JsonObject, hits: readonly Named[], scoresOpen: boolean): Ranking {
  const clauses = sortClauses(search);
  const same = clauses.length === 0 ? sameScore : (a: Named, b: Named) => sameSortValues(clauses, a, b);
  const start = amountOf(member(search, "from"), 0);
  const size = amountOf(member(search, "size"), DEFAULT_SIZE);
  const total = totalOf(container);
  return {
    same: scoresOpen && (clauses.length === 0 || clauses.includes("_score")) ? () => true : same,
    opensAmid: start > 0,
    // A page that is not full is the last one.
    endsAmid: hits.length >= size && (total === null || total > start + hits.length),
  };
}

// Elasticsearch reads a number's text, too.
function amountOf(value: JsonValue | undefined, otherwise: number): number {
  const amount = typeof value === "string" || isNumber(value) ? Number(value) : Number.NaN;
  return Number.isNaN(amount) ? otherwise : amount;
}

// null: not told, or a lower bound only.
function totalOf(container: JsonObject): number | null {
  const total = member(container, "total");
  if (isNumber(total)) return Number(total);
  if (!isObject(total) || member(total, "relation") !== "eq") return null;
  return numberAt(total, "value");
}

// Hits that show sort values are ordered by them, though the request does not tell how.
function sameScore(a: Named, b: Named): boolean {
  if (!isObject(a.value) || !isObject(b.value)) return false;
  const [left, right] = [member(a.value, "sort"), member(b.value, "sort")];
  if (left !== undefined && right !== undefined && keyText(left) !== keyText(right)) return false;
  return near(member(a.value, "_score"), member(b.value, "_score"), SCORE_TOLERANCE);
}

function sameSortValues(clauses: readonly SortClause[], a: Named, b: Named): boolean {
  const left = isObject(a.value) ? member(a.value, "sort") : undefined;
  const right = isObject(b.value) ? member(b.value, "sort") : undefined;
  if (!isArray(left) || !isArray(right)) return clauses.every((clause) => clause === "_doc");
  return clauses.every((clause, index) => sameSortValue(clause, left[index], right[index]));
}

function sameSortValue(clause: SortClause, a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  switch (clause) {
    case "_doc":
      return true;
    case "_score":
      return near(a, b, SCORE_TOLERANCE);
    case "_geo_distance":
      return near(a, b, DISTANCE_TOLERANCE);
    case "field":
      return a !== undefined && b !== undefined && keyText(a) === keyText(b);
  }
}

function near(a: JsonValue | undefined, b: JsonValue | undefined, tolerance: number): boolean {
  if (isNumber(a) && isNumber(b)) return relativeDistance(Number(a), Number(b)) <= tolerance;
  return a !== undefined && a === b;
}
