// Range bounds of keywords, words, addresses, booleans and floating numbers: compared as the doc values are.
import { and, binary, call, type Expr, literal, or } from "../../clickhouse/sql/ast.ts";
import type { DocValue, FieldType } from "../../elasticsearch/fields/field_type.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import type { Context } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { termValue, valueParam } from "./field_values.ts";
import type { Bound, Conditions } from "./range.ts";

export function orderedBounds(field: Field, type: FieldType, bounds: readonly Bound[], pointer: string, context: Context): Conditions {
  const limits = bounds.map(({ op, value }) => {
    const term = termValue(asBound(field), value, pointer, context);
    if (term.kind === "value") return { op, limit: term.value };
    throw new RejectedRequest("query_shard_exception", `failed to create query: '${String(value)}' is not an IP string literal.`);
  });
  return (value) => limits.map(({ op, limit }) => compare(type, value, op, limit));
}

// A half float's values are halves, but a bound between two of them stays where it is: 7.24 is above 7.23828125.
function asBound(field: Field): Field {
  return field.type === "half_float" ? { ...field, type: "float" } : field;
}

// Elasticsearch orders -0.0 before 0.0; ClickHouse takes them for equal. It matters for bounds that are 0.
function compare(type: FieldType, value: Expr, op: Bound["op"], limit: DocValue): Expr {
  const plain = binary(value, op, valueParam(type, limit));
  if (type.family !== "floating" || limit !== 0) return plain;
  const negativeZero = Object.is(limit, -0);
  const sign = call(type.element === "Float32" ? "reinterpretAsInt32" : "reinterpretAsInt64", value);
  if (!negativeZero && op === ">=") return and([plain, binary(sign, ">=", literal(0))]);
  if (!negativeZero && op === "<") return or([plain, binary(sign, "<", literal(0))]);
  if (negativeZero && op === ">") return or([plain, binary(sign, "=", literal(0))]);
  if (negativeZero && op === "<=") return and([plain, binary(sign, "<", literal(0))]);
  return plain;
}
