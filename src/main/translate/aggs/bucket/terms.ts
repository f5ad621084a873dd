// `terms`: a bucket for each distinct value, the largest first.
import { call, isTrue } from "../../../clickhouse/sql/ast.ts";
import { findField } from "../../../elasticsearch/mapping.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { formatOf } from "../format.ts";
import { includeKeys } from "../include.ts";
import { type KeyForm, termKeys } from "../keys.ts";
import { Parameters } from "../parameters.ts";
import { NO_TERMS, readLimits, refuseNestedError, termBuckets } from "../term_buckets.ts";
import type { AggregationNode, Buckets, MultiBucketDefinition, Surroundings } from "../types.ts";
import { refusedType, valuesOf } from "../values.ts";
import { checkZeroTerms, withZeroTerms } from "../zero_terms.ts";

export const terms: MultiBucketDefinition = { kind: "multi", compile: compileTerms };

function compileTerms(node: AggregationNode, context: Context, surroundings: Surroundings): Buckets {
  const { nested, where } = surroundings;
  const parameters = new Parameters(node);
  const form = keysOf(parameters, context);
  const limits = readLimits(parameters, 0);
  const hint = parameters.text("execution_hint");
  parameters.ignore("value_type");
  parameters.done();
  refuseNestedError(limits, nested, parameters, context);
  if (limits.minDocCount === 0) checkZeroTerms(limits, parameters, context, surroundings);
  if (form === undefined) return { ...NO_TERMS, keys: call("emptyArrayUInt8") };
  if (hint !== undefined && hint !== "map" && hint !== "global_ordinals" && form.ordinals === true) {
    throw new RejectedRequest(
      "illegal_argument_exception",
      `Unknown \`execution_hint\`: [${hint}], expected any of [map, global_ordinals]`,
    );
  }
  // Over all documents of an index, outside any other bucket, a shard sends every ordinal that it knows (tried on 9.4.3).
  const buckets = termBuckets(form, limits, !nested && where.every(isTrue) && form.ordinals === true && hint !== "map");
  return limits.minDocCount === 0 ? withZeroTerms(buckets, form, limits, context) : buckets;
}

function keysOf(parameters: Parameters, context: Context): KeyForm | undefined {
  const include = parameters.value("include");
  const exclude = parameters.value("exclude");
  const values = valuesOf(parameters, context);
  if (values === undefined) {
    parameters.ignore("format");
    return undefined;
  }
  if (values.family === "geo_point" || values.family === "other") throw refusedType(values, parameters);
  refuseTextMissing(values.family, parameters, context);
  return includeKeys(termKeys(values, formatOf(parameters, values), undefined), values, { include, exclude }, parameters);
}

// Shards that do not know the field's type read `missing` as a text: their buckets are no numbers.
function refuseTextMissing(family: string, parameters: Parameters, context: Context): void {
  const { field: path, missing, value_type, valueType } = parameters.node.body;
  if (family === "keyword" || family === "text" || missing === undefined || typeof path !== "string") return;
  if (value_type !== undefined || valueType !== undefined) return;
  const lacking = context.tables.find(({ mapping }) => findField(mapping, path) === undefined);
  if (lacking === undefined || parameters.node.body.script !== undefined) return;
  throw new UnsupportedClause(parameters.pointer("missing"), `[${path}] is not mapped in [${lacking.index}], which reads it as a text`);
}
