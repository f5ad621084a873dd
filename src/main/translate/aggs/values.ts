// What an aggregation takes of a document: the doc values of one field, as an array-valued expression.
import type { JsonValue } from "../../../shared/json.ts";
import { array, binary, call, column, type Expr, lambda, literal, param } from "../../clickhouse/sql/ast.ts";
import type { DocValue, Family, FieldType } from "../../elasticsearch/fields/field_type.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { fieldColumn } from "../field_column.ts";
import type { Grain } from "./grain.ts";
import type { Parameters } from "./parameters.ts";

export interface Values {
  readonly field: Field;
  readonly type: FieldType;
  /** `Array(element)`; empty where the document has none. */
  readonly expr: Expr;
  readonly element: string;
  readonly family: Family;
}

/** How `missing` is read, where it is not by the field alone. */
export type ReadMissing = (value: JsonValue, field: Field, type: FieldType) => Expr;

/** The values of `field`, with `missing` in their place; undefined when no index maps it. */
export function valuesOf(parameters: Parameters, context: Context, readMissing?: ReadMissing): Values | undefined {
  const path = parameters.field();
  const missing = parameters.value("missing");
  const pointer = parameters.pointer("field");
  const field = fieldOf(context, path, pointer);
  if (field === undefined) {
    if (missing !== undefined)
      throw new UnsupportedClause(parameters.pointer("missing"), `[${path}] is not mapped, so its type is a guess`);
    if (path.startsWith("_")) throw new UnsupportedClause(pointer, `the metadata field [${path}] has no column to aggregate`);
    return undefined;
  }
  const type = fieldType(field);
  if (type === undefined) throw new UnsupportedClause(pointer, `no doc values are mirrored for fields of type [${field.type}]`);
  refuseText(field, type);
  const expr = field.nested === null ? fieldColumn(field) : emptyArray(type.element);
  const own = { field, type, expr, element: type.element, family: type.family };
  if (missing === undefined) return own;
  // A double stands as it is written, beside values of less precision.
  const floating = type.family === "floating";
  const all = floating && type.element !== "Float64" ? mapped(expr, (x) => call("toFloat64", x)) : expr;
  const read = readMissing ?? ((value) => (floating ? doubleMissing(value) : missingValue(parameters, field, type, value, context.now)));
  const filled = call("if", call("empty", expr), array(read(missing, field, type)), all);
  return { ...own, expr: filled, element: floating ? "Float64" : type.element };
}

function doubleMissing(value: JsonValue): Expr {
  const number = Number(value);
  if (Number.isNaN(number)) throw new RejectedRequest("number_format_exception", `For input string: "${String(value)}"`);
  return param("Float64", number);
}

/** Values that a metric computes on: `Array(Float64)`, or `Array(Int64)` for whole numbers, dates and booleans. */
export function numbersOf(parameters: Parameters, context: Context): Values | undefined {
  const values = valuesOf(parameters, context);
  if (values === undefined) return undefined;
  if (!["integer", "floating", "boolean", "date"].includes(values.family)) throw refusedType(values, parameters);
  const element = values.family === "floating" ? "Float64" : "Int64";
  if (values.element === element) return values;
  return { ...values, element, expr: mapped(values.expr, (x) => call(`to${element}`, x)) };
}

export function refusedType(values: Pick<Values, "field">, parameters: Parameters): RejectedRequest {
  return new RejectedRequest(
    "illegal_argument_exception",
    `Field [${values.field.path}] of type [${values.field.type}] is not supported for aggregation [${parameters.node.type}]`,
  );
}

/** `arrayMap(x -> each(x), values)`. */
export function mapped(values: Expr, each: (x: Expr) => Expr): Expr {
  return call("arrayMap", lambda(["x"], each(column("x"))), values);
}

/** `arrayFilter(x -> keep(x), values)`. */
export function filtered(values: Expr, keep: (x: Expr) => Expr): Expr {
  return call("arrayFilter", lambda(["x"], keep(column("x"))), values);
}

/** The distinct values of an array, in order of first appearance. */
export const distinct = (values: Expr): Expr => call("arrayDistinct", values);

/** `[1]` where the condition holds, else `[]`. */
export const oneIf = (condition: Expr): Expr => call("if", condition, array(literal(1)), call("emptyArrayUInt8"));

/** A double as an Int64 that sorts as the doubles do, -0.0 before 0.0; the inverse is fromSortable(). */
export function sortable(value: Expr): Expr {
  const bits = call("reinterpretAsInt64", value);
  return call("if", binary(bits, "<", literal(0)), call("bitXor", bits, param("Int64", 0x7fffffffffffffffn)), bits);
}

/** An empty array of doc values. */
export function emptyArray(element: string): Expr {
  return call("CAST", array(), literal(`Array(${element})`));
}

/** A doc value as SQL. */
export function docValue(element: string, value: DocValue): Expr {
  if (typeof value === "object") throw new Error("a position is no scalar");
  return param(element, value);
}

function missingValue(parameters: Parameters, field: Field, type: FieldType, missing: JsonValue, now: number): Expr {
  const term = type.term(field, missing, now);
  switch (term.kind) {
    case "value":
      return docValue(type.element, term.value);
    case "range":
      return docValue(type.element, term.from);
    case "nothing":
      throw new UnsupportedClause(parameters.pointer("missing"), `[${field.path}] can't hold this value`);
    case "invalid":
      throw new RejectedRequest(term.errorType, term.reason);
  }
}

function refuseText(field: Field, type: FieldType): void {
  if (type.family !== "text") return;
  throw new RejectedRequest(
    "illegal_argument_exception",
    `Fielddata is disabled on [${field.path}] in [*]. Text fields are not optimised for operations that require per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead. Alternatively, set fielddata=true on [${field.path}] in order to load field data by uninverting the inverted index. Note that this can use significant memory.`,
  );
}

/** How many values the documents of a bucket have. */
export function valueNumber(grain: Grain, values: Values): Expr {
  return grain.aggregate("sum", [grain.document(call("length", values.expr))]);
}
