// Hits, one by one in their order; only where the request leaves the order of equals open may they stand otherwise.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, printJson } from "../../../src/shared/json.ts";
import { type Findings, namesOf } from "./findings.ts";
import { within } from "./number.ts";

/** Relevance is added up in 32-bit floats. */
const SCORE = 1e-6;
/** Sines come from a table: 10 cm in 1000 km. */
const DISTANCE = 1e-7;

export function compareHits(search: JsonObject, a: JsonObject, b: JsonObject, path: string, findings: Findings): void {
  compareTotal(search, member(a, "total"), member(b, "total"), `${path}/total`, findings);
  const [left, right] = [listOf(member(a, "hits")), listOf(member(b, "hits"))];
  // Without hits: null, or 0.0 where Elasticsearch asked no shard at all.
  const nothing = left.length === 0 && right.length === 0 && [a, b].every((side) => Number(member(side, "max_score") ?? 0) === 0);
  if (!nothing) compareScore(member(a, "max_score"), member(b, "max_score"), `${path}/max_score`, findings);
  if (member(b, "hits") === undefined) findings.drop(`${path}/hits`);
  if (left.length !== right.length) findings.differ(`${path}/hits#length`, left.length, right.length);
  const clauses = clausesOf(search);
  const byKey = new Map(right.map((hit) => [keyOf(hit), hit]));
  left.forEach((hit, i) => {
    const there = right[i];
    if (there === undefined) return;
    if (!sameRank(clauses, hit, there)) findings.differ(`${path}/hits/${i}/rank`, rankOf(hit), rankOf(there));
    const twin = byKey.get(keyOf(hit));
    if (twin !== undefined) compareHit(search, hit, twin, `${path}/hits/${i}`, findings);
    else if (!touchesEdge(clauses, left, i)) findings.differ(`${path}/hits/${i}`, keyOf(hit), keyOf(there));
  });
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return isArray(value) ? value.filter(isObject) : [];
}

function keyOf(hit: JsonObject): string {
  return printJson([member(hit, "_index") ?? null, member(hit, "_id") ?? null, member(hit, "_nested") ?? null]);
}

/** True when everything from this hit to an end of the page ranks alike: the page's edge cuts through equals. */
function touchesEdge(clauses: readonly string[], hits: readonly JsonObject[], at: number): boolean {
  const hit = hits[at];
  const [first, last] = [hits[0], hits.at(-1)];
  return (
    hit !== undefined && ((last !== undefined && sameRank(clauses, hit, last)) || (first !== undefined && sameRank(clauses, hit, first)))
  );
}

function compareTotal(search: JsonObject, a: JsonValue | undefined, b: JsonValue | undefined, path: string, findings: Findings): void {
  const open = isObject(a) && isObject(b) && member(a, "relation") === "gte" && member(search, "track_total_hits") !== true;
  // Not asked for, and nothing found: Elasticsearch gives it where it asked no shard at all.
  const untracked = ["false", "-1"].includes(String(member(search, "track_total_hits")));
  if (b === undefined && untracked && isObject(a) && Number(member(a, "value")) === 0) return;
  if (open && Number(member(b, "value")) >= Number(member(a, "value"))) return;
  findings.exact(path, a, b);
}

function compareScore(a: JsonValue | undefined, b: JsonValue | undefined, path: string, findings: Findings): void {
  if (isNumber(a) && isNumber(b) && within(Number(a), Number(b), SCORE)) return;
  findings.exact(path, a, b);
}

function compareHit(search: JsonObject, a: JsonObject, b: JsonObject, path: string, findings: Findings): void {
  const clauses = clausesOf(search);
  for (const name of namesOf(a, b)) {
    const [left, right] = [member(a, name), member(b, name)];
    if (right === undefined) findings.drop(`${path}/${name}`);
    else if (name === "_score") compareScore(left, right, `${path}/_score`, findings);
    else if (name === "inner_hits") compareInner(search, left, right, `${path}/inner_hits`, findings);
    else if (name === "sort") {
      if (!sameRank(clauses, a, b)) findings.differ(`${path}/sort`, left, right);
    } else findings.exact(`${path}/${name}`, left, right);
  }
}

function compareInner(search: JsonObject, a: JsonValue | undefined, b: JsonValue | undefined, path: string, findings: Findings): void {
  for (const name of namesOf(a, b)) {
    const [left, right] = [a, b].map((all) => {
      const inner = isObject(all) ? member(all, name) : undefined;
      return isObject(inner) ? member(inner, "hits") : undefined;
    });
    if (isObject(left) && isObject(right)) compareHits(innerSearch(search, name), left, right, `${path}/${name}`, findings);
    else findings.drop(`${path}/${name}`);
  }
}

/** What each sort value is: a field, the score, a distance, or the order of writing. */
function clausesOf(search: JsonObject): readonly string[] {
  const sort = member(search, "sort");
  if (sort === undefined || sort === null) return [];
  return (isArray(sort) ? sort : [sort]).map((clause) => (isObject(clause) ? (Object.keys(clause)[0] ?? "") : String(clause)));
}

function rankOf(hit: JsonObject): JsonValue {
  return member(hit, "sort") ?? member(hit, "_score") ?? null;
}

function sameRank(clauses: readonly string[], a: JsonObject, b: JsonObject): boolean {
  const [left, right] = [member(a, "sort"), member(b, "sort")];
  if (clauses.length === 0) return sameValue("_score", member(a, "_score"), member(b, "_score"));
  if (!isArray(left) || !isArray(right)) return left === right;
  return clauses.every((clause, i) => sameValue(clause, left[i], right[i]));
}

function sameValue(clause: string, a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (clause === "_doc" || clause === "_shard_doc") return true;
  const share = clause === "_score" ? SCORE : clause === "_geo_distance" ? DISTANCE : 0;
  if (share > 0 && isNumber(a) && isNumber(b)) return within(Number(a), Number(b), share);
  return printJson(a ?? null) === printJson(b ?? null) || (isNumber(a) && isNumber(b) && Object.is(Number(a), Number(b)) && !whole(a, b));
}

function whole(...numbers: readonly JsonValue[]): boolean {
  return numbers.every((number) => /^-?\d+$/.test(String(number)));
}

/** What asked for inner hits of this name: where it says how they are sorted. */
function innerSearch(value: JsonValue, name: string): JsonObject {
  if (isArray(value)) return value.map((item) => innerSearch(item, name)).find((found) => Object.keys(found).length > 0) ?? {};
  if (!isObject(value)) return {};
  const own = member(value, "inner_hits");
  const path = member(value, "path");
  if (isObject(own) && (member(own, "name") ?? path) === name) return own;
  return innerSearch(Object.values(value), name);
}
