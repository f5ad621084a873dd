// `typed_keys`: each aggregation's name in the answer says what it is: `sterms#colors`. The client libraries of typed languages ask
// for it. Names of inner classes are those of Elasticsearch 9.4.
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject, member } from "../../../shared/json.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import { type Context, fieldOf } from "../context.ts";
import { UnsupportedClause } from "../failure.ts";
import type { Tolerance } from "../types.ts";
import type { AggregationNode } from "./types.ts";

const SIMPLE_VALUE = new Set(["avg_bucket", "sum_bucket", "cumulative_sum", "serial_diff", "bucket_script", "moving_fn", "normalize"]);
/** Kinds whose type in the answer is named by the field's values: keyword, whole numbers, doubles, no field. */
const BY_VALUES: Readonly<Record<string, readonly [string, string, string, string]>> = {
  terms: ["sterms", "lterms", "dterms", "umterms"],
  significant_terms: ["sigsterms", "siglterms", "siglterms", "umsigterms"],
  rare_terms: ["srareterms", "lrareterms", "lrareterms", "umrareterms"],
};

/** What stands before `#` for one aggregation. */
function prefixOf({ type, body, pointer }: AggregationNode, context: Context): string {
  const byValues = Object.hasOwn(BY_VALUES, type) ? BY_VALUES[type] : undefined;
  if (byValues !== undefined) return byValues[valuesOf(body, pointer, context)] ?? type;
  if (SIMPLE_VALUE.has(type)) return "simple_value";
  if (type === "min_bucket" || type === "max_bucket") return "bucket_metric_value";
  if (type === "percentiles" || type === "percentile_ranks") return `${member(body, "hdr") === undefined ? "tdigest" : "hdr"}_${type}`;
  if (type === "significant_text") return "sigsterms";
  if (type === "cumulative_cardinality") return "simple_long_value";
  return type === "diversified_sampler" ? "sampler" : type;
}

function valuesOf(body: JsonObject, pointer: string, context: Context): number {
  const path = member(body, "field");
  if (
    member(body, "script") !== undefined ||
    typeof path !== "string" ||
    path.startsWith("_") ||
    member(body, "value_type") !== undefined
  ) {
    throw new UnsupportedClause("?typed_keys", `what the values of ${pointer} are called is not known here`);
  }
  const field = fieldOf(context, path, pointer);
  const family = field === undefined ? undefined : fieldType(field)?.family;
  if (family === undefined) return 3;
  if (family === "floating") return 2;
  return family === "integer" || family === "date" || family === "boolean" ? 1 : 0;
}

interface Named {
  readonly typed: string;
  readonly children: Names;
}

type Names = ReadonlyMap<string, Named>;

/** The names of a tree as `typed_keys` has them. Throws UnsupportedClause where the type of values is not known. */
export function typedNames(nodes: readonly AggregationNode[], context: Context): Names {
  return new Map(
    nodes.map((node) => [node.name, { typed: `${prefixOf(node, context)}#${node.name}`, children: typedNames(node.children, context) }]),
  );
}

/** An `aggregations` object, a bucket or a single-bucket aggregation, renamed all the way down. */
export function renamed(json: JsonObject, names: Names): JsonObject {
  return jsonObject(
    Object.entries(json).map(([name, value]) => {
      const own = names.get(name);
      return own === undefined || !isObject(value) ? [name, value] : [own.typed, renamedAggregation(value, own.children)];
    }),
  );
}

function renamedAggregation(json: JsonObject, names: Names): JsonObject {
  const buckets = member(json, "buckets");
  if (isArray(buckets))
    return jsonObject(
      replaced(
        json,
        "buckets",
        buckets.map((bucket) => (isObject(bucket) ? renamed(bucket, names) : bucket)),
      ),
    );
  if (!isObject(buckets)) return renamed(json, names);
  const keyed = Object.entries(buckets).map(([key, bucket]) => [key, isObject(bucket) ? renamed(bucket, names) : bucket] as const);
  return jsonObject(replaced(json, "buckets", jsonObject(keyed)));
}

function replaced(json: JsonObject, name: string, by: JsonValue): readonly (readonly [string, JsonValue])[] {
  return Object.entries(json).map(([key, value]) => [key, key === name ? by : value]);
}

/** The pointer of a tolerance, by the new names. */
export function renamedTolerance(tolerance: Tolerance, names: Names): Tolerance {
  const [root = "", ...steps] = tolerance.pointer.split("/");
  let at = names;
  const path = steps.map((step) => {
    const own = at.get(step.replaceAll("~1", "/").replaceAll("~0", "~"));
    if (own === undefined) return step;
    at = own.children;
    return own.typed.slice(0, own.typed.indexOf("#") + 1) + step;
  });
  return { ...tolerance, pointer: [root, ...path].join("/") };
}
