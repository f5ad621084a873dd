// Aggregations, walked along with the request: names, buckets in their order, numbers to the digit but for what is summed up.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, printJson } from "../../../src/shared/json.ts";
import { type Findings, namesOf } from "./findings.ts";
import { compareHits } from "./hits.ts";
import { metricsAgree, summingError } from "./metric.ts";
import { within } from "./number.ts";

export interface Around {
  readonly documents: readonly JsonObject[];
  readonly findings: Findings;
}

/** Compares what stands under `aggregations`, by the definitions of the request. */
export function compareAggregations(
  definitions: JsonObject,
  a: JsonValue | undefined,
  b: JsonValue | undefined,
  path: string,
  around: Around,
): void {
  for (const name of Object.keys(definitions)) {
    const [definition, left, right] = [member(definitions, name), inside(a, name), inside(b, name)];
    if (left === undefined && right === undefined) continue;
    if (!isObject(left) || !isObject(right)) {
      if (right === undefined) around.findings.drop(`${path}/${name}`);
      else around.findings.differ(`${path}/${name}`, left, right);
    } else if (isObject(definition)) compareOne(definition, left, right, `${path}/${name}`, around);
  }
}

function inside(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isObject(value) ? member(value, name) : undefined;
}

function compareOne(definition: JsonObject, a: JsonObject, b: JsonObject, path: string, around: Around): void {
  const type = Object.keys(definition).find((name) => !["aggs", "aggregations", "meta"].includes(name)) ?? "";
  const body = member(definition, type);
  const [buckets, others] = [member(a, "buckets"), member(b, "buckets")];
  const subs = subDefinitions(definition);
  if (buckets !== undefined || others !== undefined) compareBuckets(definition, body, buckets, others, `${path}/buckets`, around);
  else compareAggregations(subs, a, b, path, around);
  const [hits, otherHits] = [member(a, "hits"), member(b, "hits")];
  if (type === "top_hits" && isObject(hits) && isObject(otherHits)) {
    compareHits(isObject(body) ? body : {}, hits, otherHits, `${path}/hits`, around.findings);
  }
  const own = namesOf(a, b).filter(
    (name) => name !== "buckets" && !(type === "top_hits" && name === "hits") && member(subs, name) === undefined,
  );
  for (const name of own) {
    const [left, right] = [member(a, name), member(b, name)];
    const sum = { type, member: name, body: isObject(body) ? body : {}, documents: around.documents };
    if (!metricsAgree(sum, left, right, a, b)) around.findings.exact(`${path}/${name}`, left, right);
  }
}

function subDefinitions(definition: JsonObject): JsonObject {
  const subs = member(definition, "aggs") ?? member(definition, "aggregations");
  return isObject(subs) ? subs : {};
}

function compareBuckets(
  definition: JsonObject,
  body: JsonValue | undefined,
  a: JsonValue | undefined,
  b: JsonValue | undefined,
  path: string,
  around: Around,
): void {
  const { findings } = around;
  if (isArray(a) && isArray(b)) {
    if (a.length !== b.length) findings.differ(`${path}#length`, a.length, b.length);
    const twins = new Map(b.map((bucket) => [keyOf(bucket), bucket]));
    a.forEach((bucket, i) => {
      const there = b[i];
      if (there === undefined) return;
      const sameKey = keyOf(bucket) === keyOf(there);
      if (!sameKey && !orderedAlike(body, bucket, there, subDefinitions(definition), around.documents))
        findings.differ(`${path}/${i}/key`, inside(bucket, "key"), inside(there, "key"));
      const twin = sameKey ? there : twins.get(keyOf(bucket));
      if (twin !== undefined) compareBucket(definition, bucket, twin, `${path}/${i}`, around);
    });
  } else if (isObject(a) && isObject(b)) {
    for (const name of namesOf(a, b)) compareBucket(definition, member(a, name), member(b, name), `${path}/${name}`, around);
  } else if (b === undefined) findings.drop(path);
  else findings.differ(path, a, b);
}

function keyOf(bucket: JsonValue): string {
  return printJson([inside(bucket, "key") ?? null, inside(bucket, "key_as_string") ?? null]);
}

function compareBucket(definition: JsonObject, a: JsonValue | undefined, b: JsonValue | undefined, path: string, around: Around): void {
  if (b === undefined) {
    around.findings.drop(path);
    return;
  }
  const subs = subDefinitions(definition);
  for (const name of namesOf(a, b)) {
    const [left, right] = [inside(a, name), inside(b, name)];
    if (member(subs, name) !== undefined || (name === "score" && byLogarithms(definition) && nearly(left, right))) continue;
    around.findings.exact(`${path}/${name}`, left, right);
  }
  compareAggregations(subs, a, b, path, around);
}

/** Significance that is worked out by logarithms, whose last digit two libraries may round apart. */
function byLogarithms(definition: JsonObject): boolean {
  const body = member(definition, "significant_terms") ?? member(definition, "significant_text");
  return isObject(body) && (member(body, "gnd") !== undefined || member(body, "mutual_information") !== undefined);
}

function nearly(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return isNumber(a) && isNumber(b) && within(Number(a), Number(b), 1e-14);
}

/** True when two buckets are ordered by a metric that is the same in both, but for the noise of a sum. */
function orderedAlike(
  body: JsonValue | undefined,
  a: JsonValue,
  b: JsonValue,
  subs: JsonObject,
  documents: readonly JsonObject[],
): boolean {
  const order = inside(body, "order") ?? inside(body, "sort");
  const first = isArray(order) ? order[0] : order;
  const name = isObject(first) ? (Object.keys(first)[0] ?? "_count") : "_count";
  if (name.startsWith("_")) return false;
  const [metric = "", property = "value"] = name.split(/[.>]/);
  const [left, right] = [inside(inside(a, metric), property), inside(inside(b, metric), property)];
  if (!isNumber(left) || !isNumber(right)) return false;
  const noise = summingError(member(subs, metric), property, documents);
  return (noise > 0 && Math.abs(Number(left) - Number(right)) <= noise) || (left !== right && within(Number(left), Number(right), 1e-13));
}
