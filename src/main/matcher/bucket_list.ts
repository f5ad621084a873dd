// Buckets: named by their typed key; ranked by nothing but their own place, unless the request orders them by a metric
// that both engines only know within a tolerance.
import type { JsonObject, JsonValue } from "../../shared/json.ts";
import { isArray, isNumber, isObject, member, objectAt, pointerToken } from "../../shared/json.ts";
import type { Name, Named, Ranking } from "./keyed_list.ts";
import { keyText } from "./keyed_list.ts";
import { textOf } from "./leaves.ts";
import { typeOfAggregation } from "./role.ts";
import type { Tolerances } from "./tolerances.ts";

/** What a bucket is called; null when it has no key (anonymous filters): such lists go by position. */
export function nameOfBucket(bucket: JsonValue): Name | null {
  const key = isObject(bucket) ? member(bucket, "key") : undefined;
  if (key === undefined) return null;
  const text = keyText(key);
  return text === null ? null : { key: text, label: `key=${typeof key === "string" ? key : textOf(key)}` };
}

/** The order of buckets is determined to the last one: by count, then key. A metric's noise may swap neighbours. */
export function bucketRanking(
  definition: JsonObject | null,
  container: JsonObject,
  clickhouse: readonly Named[],
  at: { readonly position: string; readonly tolerances: Tolerances },
): Ranking {
  const metrics = orderingMetrics(definition);
  // Where every metric is exact, Elasticsearch puts those that are equal in the order of their keys.
  const open = metrics.some((metric) => !isExact(definition, metric));
  const positions = new Map(clickhouse.map((bucket, index) => [bucket.key, index]));
  const spanOf = (bucket: Named, metric: readonly string[]) => {
    const index = positions.get(bucket.key);
    const given =
      index === undefined ? undefined : at.tolerances.ofOrder.at(`${at.position}/${index}/${metric.map(pointerToken).join("/")}`);
    return given ?? spanAround(metricOf(bucket.value, metric), isExact(definition, metric) ? 0 : METRIC_NOISE);
  };
  const others = member(container, "sum_other_doc_count");
  return {
    same: (a, b) => open && metrics.every((metric) => overlap(spanOf(a, metric), spanOf(b, metric))),
    opensAmid: false,
    endsAmid: isNumber(others) && Number(others) > 0,
  };
}

interface Span {
  readonly low: number;
  readonly high: number;
}

const METRIC_NOISE = 1e-9;

function spanAround(value: number | null, share: number): Span | null {
  if (value === null) return null;
  const noise = Math.abs(value) * share;
  return { low: value - noise, high: value + noise };
}

const EXACT: ReadonlySet<string> = new Set(["min", "max", "value_count"]);

/** Whether a metric that buckets are ordered by is the same to the last digit on both sides: counts, minima and maxima are. */
function isExact(definition: JsonObject | null, path: readonly string[]): boolean {
  let at: JsonValue | undefined = definition ?? undefined;
  const [last, ...around] = path.toReversed();
  if (last === "doc_count") return true;
  for (const name of around.toReversed())
    at = objectAt(isObject(at) ? (member(at, "aggs") ?? member(at, "aggregations")) : undefined, name);
  const type = isObject(at) ? typeOfAggregation(at) : "";
  return EXACT.has(type) || (STATISTICS.has(type) && (EXACT.has(last ?? "") || last === "count"));
}

const STATISTICS: ReadonlySet<string> = new Set(["stats", "extended_stats"]);

function overlap(a: Span | null, b: Span | null): boolean {
  return a !== null && b !== null && a.low <= b.high && b.low <= a.high;
}

/** Paths of the metrics that a terms order names, as members of a bucket. Empty when it orders by count or key. */
function orderingMetrics(definition: JsonObject | null): readonly (readonly string[])[] {
  const clause =
    definition === null ? undefined : Object.values(definition).find((part) => isObject(part) && member(part, "order") !== undefined);
  const order = isObject(clause) ? member(clause, "order") : undefined;
  const clauses = isArray(order) ? order : order === undefined ? [] : [order];
  const names = clauses.flatMap((one) => (isObject(one) ? Object.keys(one) : []));
  const first = names.findIndex((name) => name === "_key" || name === "_term");
  const decisive = first < 0 ? names : names.slice(0, first);
  return decisive.some((name) => name !== "_count") ? decisive.map(metricPath) : [];
}

// `a>b.max` → a, b, max; `1` → 1, value; `_count` → doc_count.
function metricPath(name: string): readonly string[] {
  if (name === "_count") return ["doc_count"];
  const steps = name.split(">");
  const last = steps.pop() ?? "";
  const dot = last.indexOf(".");
  return dot < 0 ? [...steps, last, "value"] : [...steps, last.slice(0, dot), last.slice(dot + 1)];
}

function metricOf(bucket: JsonValue, path: readonly string[]): number | null {
  let at: JsonValue | undefined = bucket;
  for (const step of path) at = isObject(at) ? (member(at, step) ?? percentile(at, step)) : undefined;
  return isNumber(at) ? Number(at) : null;
}

// Percentiles keep theirs one level deeper, under names like "50.0".
function percentile(metric: JsonObject, name: string): JsonValue | undefined {
  const values = member(metric, "values");
  return isObject(values) ? (member(values, name) ?? member(values, `${name}.0`)) : undefined;
}
