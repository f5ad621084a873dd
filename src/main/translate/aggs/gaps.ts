// What pipelines do where a bucket has no value: `gap_policy`.
import { isObject, type JsonValue } from "../../../shared/json.ts";
import { formatDecimal, isDecimalFormat } from "../../elasticsearch/fields/decimal_format.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { bucketValue, notANumber, parsePath } from "./buckets_path.ts";
import { doubleOrNull } from "./cells.ts";
import type { Parameters } from "./parameters.ts";
import type { AggregationNode, Shaped, ShapedBucket } from "./types.ts";

export type GapPolicy = "skip" | "insert_zeros" | "keep_values";

/** Reads `gap_policy`. */
export function gapPolicy(parameters: Parameters, fallback: GapPolicy = "skip"): GapPolicy {
  const text = parameters.text("gap_policy");
  if (text === undefined) return fallback;
  if (text === "skip" || text === "insert_zeros" || text === "keep_values") return text;
  throw new RejectedRequest("parsing_exception", `Invalid gap policy: [${text}], accepted values: [insert_zeros, skip, keep_values]`);
}

/** The number at a path in a bucket, gaps filled by the policy: NaN for a gap that is skipped, or a metric that is not there. */
export function valueAt(bucket: ShapedBucket, path: string, policy: GapPolicy, node: AggregationNode): number {
  return presentValueAt(bucket, path, policy, node) ?? Number.NaN;
}

/** The same; null where the bucket lacks the metric altogether (a pipeline gave it none). */
export function presentValueAt(bucket: ShapedBucket, path: string, policy: GapPolicy, node: AggregationNode): number | null {
  const first = parsePath(path)[0]?.name;
  const known = path === "_count" || path === "_key" || bucket.children.some(([name]) => name === first || path.startsWith(name));
  if (!known) return null;
  const value = bucketValue(bucket, path, node.name);
  if (path === "_count") return value;
  if (path === "_key" && Number.isNaN(value)) throw notANumber(path);
  if (Number.isFinite(value) && (bucket.docCount > 0 || policy === "keep_values")) return value;
  return policy === "insert_zeros" ? 0 : Number.NaN;
}

/** The one path of `buckets_path`. */
export function onePath(parameters: Parameters): string {
  const value = parameters.value("buckets_path");
  // Of several the first one counts.
  const path = Array.isArray(value) ? value[0] : value;
  if (typeof path === "string") return path;
  const { name } = parameters.node;
  if (path === undefined) throw new RejectedRequest("parsing_exception", `Missing required field [buckets_path] for aggregation [${name}]`);
  throw new UnsupportedClause(parameters.pointer("buckets_path"), "a path that is no text is not translated");
}

/** `buckets_path` by variable: `{a: "x"}`, a list (`_value0` …) or one path (`_value`). */
export function pathsByName(parameters: Parameters): readonly (readonly [name: string, path: string])[] {
  const value: JsonValue | undefined = parameters.value("buckets_path");
  if (typeof value === "string") return [["_value", value]];
  if (Array.isArray(value)) return value.map((path, i) => [`_value${i}`, String(path)]);
  if (isObject(value)) return Object.entries(value).map(([name, path]) => [name, String(path)]);
  throw new RejectedRequest("illegal_argument_exception", "Required [buckets_path]");
}

/** Reads `format` of a pipeline: `value_as_string` beside its numbers. */
export function pipelineText(parameters: Parameters): (value: number) => string | undefined {
  const format = parameters.text("format");
  if (format === undefined) return () => undefined;
  if (!isDecimalFormat(format))
    throw new UnsupportedClause(parameters.pointer("format"), `the number format [${format}] is not translated`);
  return (value) => formatDecimal(value, format);
}

/** `{value}` with its text. */
export function simpleValue(value: number, text: (value: number) => string | undefined): Shaped {
  const json = doubleOrNull(value);
  const printed = json === null ? undefined : text(value);
  return { json: printed === undefined ? { value: json } : { value: json, value_as_string: printed }, tolerances: [] };
}

/** A bucket with one more sub-aggregation. */
export function withChild(bucket: ShapedBucket, name: string, shaped: Shaped): ShapedBucket {
  return { ...bucket, children: [...bucket.children, [name, shaped]] };
}
