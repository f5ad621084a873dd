// Where a metric's number may differ: sums of doubles depend on the order of adding, estimates on hashes. Bounds are worked
// out from the documents themselves.
import { isArray, isNumber, isObject, type JsonNumber, type JsonObject, type JsonValue, member } from "../../../src/shared/json.ts";
import { magnitudeOf } from "./field_numbers.ts";
import { doublesApart, within } from "./number.ts";

export interface Metric {
  readonly type: string;
  /** The name right under the aggregation's answer. */
  readonly member: string;
  readonly body: JsonObject;
  readonly documents: readonly JsonObject[];
}

const FEW = 8;
const EPSILON = 2 ** -52;
const CANCELLED = 0.05;
const SUMS: ReadonlySet<string> = new Set([
  "avg/value",
  "sum/value",
  "stats/sum",
  "stats/avg",
  "extended_stats/sum",
  "extended_stats/avg",
  "weighted_avg/value",
]);
const PIPELINES = /^(derivative|cumulative_sum|moving_fn|serial_diff|bucket_script|.*_bucket)$/;
const SQUARES = /^(sum_of_squares|variance|std_deviation)/;

/** True when two members of a metric differ by no more than adding up and estimating explains; false: compare them exactly. */
export function metricsAgree(
  metric: Metric,
  a: JsonValue | undefined,
  b: JsonValue | undefined,
  left: JsonObject,
  right: JsonObject,
): boolean {
  if (metric.member.endsWith("_as_string")) return textOfAgreeing(metric, left, right);
  // Not keyed: a list of key and value.
  if (isArray(a) && isArray(b)) return a.length === b.length && a.every((item, i) => metricsAgree(metric, item, b[i], left, right));
  if (isObject(a) && isObject(b)) {
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && names.every((name) => leavesAgree(metric, a[name], member(b, name), a, b, name));
  }
  return isNumber(a) && isNumber(b) && numbersAgree(metric, a, b);
}

function leavesAgree(
  metric: Metric,
  a: JsonValue | undefined,
  b: JsonValue | undefined,
  left: JsonObject,
  right: JsonObject,
  name: string,
): boolean {
  if (name.endsWith("_as_string")) return a === b || textOfAgreeing({ ...metric, member: name }, left, right);
  if (isNumber(a) && isNumber(b)) return Object.is(Number(a), Number(b)) || numbersAgree(metric, a, b);
  return a === b;
}

/** The text of a number that itself is not the same but agrees. */
function textOfAgreeing(metric: Metric, left: JsonObject, right: JsonObject): boolean {
  const name = metric.member.replace(/_as_string$/, "");
  const [a, b] = [member(left, name), member(right, name)];
  return isNumber(a) && isNumber(b) && Number(a) !== Number(b) && numbersAgree({ ...metric, member: name }, a, b);
}

function numbersAgree(metric: Metric, first: JsonNumber, second: JsonNumber): boolean {
  const [a, b] = [Number(first), Number(second)];
  const { type, body } = metric;
  if (type === "weighted_avg" && weightsCancel(metric)) return within(a, b, CANCELLED);
  if (SUMS.has(`${type}/${metric.member}`)) return doublesApart(a, b) <= FEW || Math.abs(a - b) <= sumError(metric);
  if (type === "extended_stats" && SQUARES.test(metric.member)) return squaresAgree(metric, a, b);
  if (type === "cardinality") return b >= 300 && b - a >= 0 && b - a <= 2 && body.precision_threshold === undefined;
  if (type === "percentiles" || type === "percentile_ranks") return within(a, b, 1e-12);
  if (type === "geo_centroid") return Math.abs(a - b) < 1e-9;
  return PIPELINES.test(type) && within(a, b, 1e-10);
}

/** How far a sum or mean that buckets are ordered by may be off: 0 where sums are exact, or for any other metric. */
export function summingError(definition: JsonValue | undefined, property: string, documents: readonly JsonObject[]): number {
  const type = isObject(definition) ? (Object.keys(definition)[0] ?? "") : "";
  const body = isObject(definition) ? member(definition, type) : undefined;
  if (!isObject(body) || !SUMS.has(`${type}/${property}`)) return 0;
  const { count, largest } = magnitudeOf(documents, String(member(body, "field")));
  return count * largest < 2 ** 53 ? 0 : sumError({ type, member: property, body, documents });
}

/** What rounding may add up to: each addition errs by half a unit in the last place of the largest partial sum. */
function sumError({ type, member: name, body, documents }: Metric): number {
  const value = body.value;
  const field = type === "weighted_avg" && isObject(value) ? member(value, "field") : member(body, "field");
  const { count, largest } = magnitudeOf(documents, String(field));
  const whole = count * largest * EPSILON * 4;
  return name === "avg" || type === "avg" ? whole / Math.max(1, Math.sqrt(count)) : whole;
}

/** Weights of both signs, so large that a sum of them is rounded: what is left of the largest may be little more than rounding. */
function weightsCancel({ body, documents }: Metric): boolean {
  const weight = member(body, "weight");
  const { count, largest, signs } = magnitudeOf(documents, String(isObject(weight) ? member(weight, "field") : ""));
  return signs === 2 && count * largest >= 2 ** 53;
}

function squaresAgree({ body, documents, member: name }: Metric, a: number, b: number): boolean {
  if (within(a, b, 1e-9)) return true;
  const { count, largest } = magnitudeOf(documents, String(body.field));
  const squares = count * largest * largest * EPSILON * 4;
  return name.startsWith("std_deviation") ? Math.abs(a - b) <= Math.sqrt(squares) * 4 : Math.abs(a - b) <= squares;
}
