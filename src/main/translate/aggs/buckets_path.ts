// Paths into aggregations: `order` of terms while compiling, `buckets_path` of pipelines in the shaped answer.
import { isNumber, isObject, type JsonValue, member } from "../../../shared/json.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import type { AggregationNode, NamedShape, Shaped, ShapedBucket } from "./types.ts";

export interface Step {
  readonly name: string;
  /** `avg` of `stats.avg`, `99.0` of `p[99.0]`. */
  readonly property: string | undefined;
}

/** `a>b.c` → steps; only the last may carry a property. */
export function parsePath(path: string): readonly Step[] {
  const tokens = path.replaceAll("]._count", "]>_count").split(">");
  return tokens.map((token, i) => {
    const bracket = /^([^[]+)\[(.+)\]$/.exec(token);
    if (bracket !== null) return { name: bracket[1] ?? "", property: (bracket[2] ?? "").replace(/^'(.*)'$/, "$1") };
    const dot = token.lastIndexOf(".");
    if (i < tokens.length - 1 || dot <= 0) return { name: token, property: undefined };
    return { name: token.slice(0, dot), property: token.slice(dot + 1) };
  });
}

/** The number at `path` in a bucket: `_count`, `_key`, a metric below it. NaN where the metric has no value. */
export function bucketValue(bucket: ShapedBucket, path: string, aggregation: string): number {
  if (path === "_count") return bucket.docCount;
  if (path === "_key") return bucket.position;
  return valueIn(bucket.children, parsePath(path), path, aggregation);
}

/** The number at the end of `steps` among sibling aggregations. */
export function valueIn(children: readonly NamedShape[], steps: readonly Step[], path: string, aggregation: string): number {
  const [step, ...rest] = steps;
  if (step === undefined) throw noSuchPath(path, aggregation);
  // A name may itself hold a dot: the whole wins over name and property.
  const whole = step.property === undefined ? undefined : children.find(([name]) => name === `${step.name}.${step.property}`);
  const shaped = (whole ?? children.find(([name]) => name === step.name))?.[1];
  if (shaped === undefined) throw noSuchPath(path, aggregation);
  if (rest.length === 0) return metricValue(shaped, whole === undefined ? step.property : undefined, path, aggregation);
  if (shaped.children !== undefined) {
    if (rest.length === 1 && rest[0]?.name === "_count") return Number(member(shaped.json, "doc_count") ?? 0);
    return valueIn(shaped.children, rest, path, aggregation);
  }
  const bucket = shaped.buckets?.find((each) => each.name === step.property);
  if (bucket !== undefined) {
    return rest.length === 1 && rest[0]?.name === "_count" ? bucket.docCount : valueIn(bucket.children, rest, path, aggregation);
  }
  // A bucket that is not there is a gap; all of them together are no number.
  if (shaped.buckets !== undefined && step.property !== undefined) return Number.NaN;
  if (shaped.buckets !== undefined) throw notANumber(step.name);
  throw noSuchPath(path, aggregation);
}

/** What Elasticsearch says to a path that ends at buckets, or at a key that is text. */
export function notANumber(name: string): RejectedRequest {
  return new RejectedRequest(
    "illegal_argument_exception",
    `buckets_path must reference either a number value or a single value numeric metric aggregation, got: [Bucket] at aggregation [${name}]`,
  );
}

/** What Elasticsearch says to a path that leads to another kind of metric. */
export function notOfKind(wanted: string, { name, type }: AggregationNode): RejectedRequest {
  return new RejectedRequest(
    "illegal_argument_exception",
    `buckets_path must reference a ${wanted} aggregation, got: [${type}] at aggregation [${name}]`,
  );
}

export function noSuchPath(path: string, aggregation: string): RejectedRequest {
  return new RejectedRequest(
    "action_request_validation_exception",
    `Validation Failed: 1: No aggregation found for path [${path}] in [${aggregation}];`,
  );
}

function metricValue(shaped: Shaped, property: string | undefined, path: string, aggregation: string): number {
  if (shaped.children !== undefined && (property === undefined || property === "_count")) {
    return Number(member(shaped.json, "doc_count") ?? 0);
  }
  if (shaped.buckets !== undefined) {
    if (property === "_bucket_count") return shaped.buckets.length;
    const bucket = shaped.buckets.find((each) => each.name === property);
    if (bucket !== undefined) return bucket.docCount;
  }
  const values = member(shaped.json, "values");
  const named = property === undefined ? "value" : property;
  const found =
    isObject(values) && property !== undefined
      ? percentile(values, property)
      : property === "value"
        ? member(shaped.json, "value")
        : (boundOf(shaped, named) ?? member(shaped.json, named));
  if (found === undefined && isObject(values)) {
    throw new UnsupportedClause("/aggs", `[${path}] of [${aggregation}] is a percentile that the request does not show`);
  }
  // Found out only while reducing: the aggregation is there, its member is not.
  if (found === undefined) {
    throw new RejectedRequest("search_phase_execution_exception", `No member found for path [${path}] in [${aggregation}]`);
  }
  return found === null ? (shaped.absent?.[named] ?? Number.NaN) : numberOf(found);
}

/** `std_upper` and its like are printed as an object of bounds. */
function boundOf(shaped: Shaped, name: string): JsonValue | undefined {
  const bounds = name.startsWith("std_") ? member(shaped.json, "std_deviation_bounds") : undefined;
  return isObject(bounds) ? member(bounds, name.slice("std_".length)) : undefined;
}

function percentile(values: Readonly<Record<string, JsonValue>>, property: string): JsonValue | undefined {
  const wanted = Number(property);
  return Object.entries(values).find(([name]) => Number(name) === wanted)?.[1];
}

function numberOf(value: JsonValue): number {
  if (isNumber(value)) return Number(value);
  if (value === "Infinity") return Number.POSITIVE_INFINITY;
  if (value === "-Infinity") return Number.NEGATIVE_INFINITY;
  return Number.NaN;
}
