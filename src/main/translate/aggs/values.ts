// What an aggregation takes of a document: the doc values of one field, as an array-valued expression.
import { isNumber, type JsonValue, member } from "../../../shared/json.ts";
import { array, binary, call, column, type Expr, lambda, literal, param, tuple } from "../../clickhouse/sql/ast.ts";
import type { DocValue, Family, FieldType } from "../../elasticsearch/fields/field_type.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import { type Field, findField, parseMapping } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { fieldColumn } from "../field_column.ts";
import { byWords } from "../field_data.ts";
import { indexName } from "../source.ts";
import type { Grain } from "./grain.ts";
import { Parameters } from "./parameters.ts";
import { scriptValues } from "./script_values.ts";

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
  if (parameters.value("script") !== undefined) {
    const typed = path === "" ? unmappedValues("", unmappedType(parameters)) : valuesOf(withoutScript(parameters), context);
    if (typed === undefined)
      throw new UnsupportedClause(parameters.pointer("script"), `a script over [${path}], which no index maps, is not translated`);
    const made = scriptValues(parameters, typed, context);
    return missing === undefined ? made : filled(made, missing, parameters, context, readMissing);
  }
  if (path === "_index") return { ...unmappedValues(path, "keyword"), expr: array(indexName(context)) };
  const pointer = parameters.pointer("field");
  const mapped = fieldOf(context, path, pointer);
  const field = mapped === undefined ? undefined : byWords(mapped, pointer);
  // Mapped, but not in what is counted: a field of a nested object seen from outside, or of a document seen from inside one.
  const elsewhere = field === undefined ? findField(context.mapping, path) : undefined;
  if (elsewhere !== undefined && missing !== undefined) {
    return filled(unmappedValues(path, elsewhere.type), missing, parameters, context, readMissing);
  }
  if (field === undefined) {
    if (path.startsWith("_")) throw metaField(path, pointer);
    return missing === undefined
      ? undefined
      : filled(unmappedValues(path, unmappedType(parameters)), missing, parameters, context, readMissing);
  }
  const type = fieldType(field);
  if (type === undefined || type.family === "other")
    throw new UnsupportedClause(pointer, `no doc values are mirrored for fields of type [${field.type}]`);
  if (type.family === "range") return rangesOf(field, type, parameters);
  refuseText(field, type);
  const stored = { field, type, expr: fieldColumn(field), element: type.element, family: type.family };
  const own = field.type === "date_nanos" ? inMilliseconds(stored) : stored;
  return missing === undefined ? own : filled(own, missing, parameters, context, readMissing);
}

const OF_RANGES = new Set(["value_count", "cardinality", "missing"]);

// All ranges of a document are one value to Elasticsearch.
function rangesOf(field: Field, type: FieldType, parameters: Parameters): Values {
  const { type: kind } = parameters.node;
  if (kind === "terms") throw refusedType({ field }, parameters);
  if (!OF_RANGES.has(kind)) throw new UnsupportedClause(parameters.pointer("field"), `[${kind}] of ranges has no SQL`);
  if (parameters.value("missing") !== undefined)
    throw new UnsupportedClause(parameters.pointer("missing"), "a range in the place of none has no SQL");
  const all = call("toString", tuple(fieldColumn(field, "#from"), fieldColumn(field, "#to")));
  const none = call("emptyArrayString");
  const expr = call("if", call("empty", fieldColumn(field, "#from")), none, array(all));
  return { field, type, expr, element: "String", family: type.family };
}

// Aggregations see a date_nanos as a date, in milliseconds.
function inMilliseconds(values: Values): Values {
  const field = { ...values.field, type: "date" };
  const expr = mapped(values.expr, (x) => call("intDiv", x, literal(1_000_000)));
  return { ...values, field, type: fieldType(field) ?? values.type, expr };
}

/** `missing` in the place of no values. */
function filled(own: Values, missing: JsonValue, parameters: Parameters, context: Context, readMissing: ReadMissing | undefined): Values {
  const { field, type, expr } = own;
  // A double stands as it is written, beside values of less precision.
  const floating = type.family === "floating";
  const all = floating && type.element !== "Float64" ? mapped(expr, (x) => call("toFloat64", x)) : expr;
  const read = readMissing ?? ((value) => (floating ? doubleMissing(value) : missingValue(parameters, field, type, value, context.now)));
  const value = array(read(missing, field, type));
  return { ...own, expr: call("if", call("empty", expr), value, all), element: floating ? "Float64" : type.element };
}

// Which type Elasticsearch takes a field for that no index maps: `value_type`, else what the aggregation is made for.
const VALUE_TYPES: Readonly<Record<string, string>> = {
  string: "keyword",
  long: "long",
  boolean: "boolean",
  date: "date",
  ip: "ip",
  double: "double",
  number: "double",
  numeric: "double",
};
const KINDS: Readonly<Record<string, string>> = {
  terms: "keyword",
  rare_terms: "keyword",
  significant_terms: "keyword",
  multi_terms: "keyword",
  cardinality: "keyword",
  value_count: "keyword",
  missing: "keyword",
  date_histogram: "date",
  auto_date_histogram: "date",
  date_range: "date",
  ip_range: "ip",
  ip_prefix: "ip",
};

function unmappedType(parameters: Parameters): string {
  const { body, type } = parameters.node;
  const hint = member(body, "value_type") ?? null;
  const named = hint === null ? KINDS[type] : VALUE_TYPES[String(hint)];
  if (hint !== null && named === undefined) {
    throw new UnsupportedClause(parameters.pointer("value_type"), `[${String(hint)}] of a field that is not mapped is not translated`);
  }
  return named ?? "double";
}

function withoutScript(parameters: Parameters): Parameters {
  const { script: _, missing: __, ...body } = parameters.node.body;
  return new Parameters({ ...parameters.node, body });
}

/** A field of this type without any value. */
export function unmappedValues(path: string, typeName: string): Values {
  const field = parseMapping({ properties: { unmapped: { type: typeName } } }).fields.get("unmapped");
  const type = field === undefined ? undefined : fieldType(field);
  if (field === undefined || type === undefined) throw new Error(`[${typeName}] is no field type`);
  return { field: { ...field, path }, type, expr: emptyArray(type.element), element: type.element, family: type.family };
}

// Fields of Elasticsearch's own that it lets nobody aggregate, and those that it does.
function metaField(path: string, pointer: string): Error {
  if (path === "_id") {
    const reason =
      "Fielddata access on the _id field is disallowed, you can re-enable it by updating the dynamic cluster setting: indices.id_field_data.enabled";
    return new RejectedRequest("illegal_argument_exception", reason);
  }
  if (path === "_source" || path === "_routing" || path === "_field_names") {
    return new RejectedRequest("illegal_argument_exception", `Fielddata is not supported on field [${path}] of type [${path}]`);
  }
  return new UnsupportedClause(pointer, `the metadata field [${path}] has no column to aggregate`);
}

function doubleMissing(value: JsonValue): Expr {
  const number = Number(value);
  if (Number.isNaN(number)) throw new RejectedRequest("number_format_exception", `For input string: "${String(value)}"`);
  return param("Float64", number);
}

/** Values that a metric computes on: `Array(Float64)`, or `Array(Int64)` for whole numbers that fit, dates and booleans. */
export function numbersOf(parameters: Parameters, context: Context): Values | undefined {
  const values = valuesOf(parameters, context);
  if (values === undefined) return undefined;
  if (!["integer", "floating", "boolean", "date"].includes(values.family)) throw refusedType(values, parameters);
  const element = values.family === "floating" || values.element === "UInt64" ? "Float64" : "Int64";
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
  const bare = isNumber(missing) ? bareNumber(type, Number(missing)) : undefined;
  if (bare !== undefined) return docValue(type.element, bare);
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

// A number stands for itself, whatever a field's own values look like: 0 for false, milliseconds for a date of any format.
function bareNumber(type: FieldType, number: number): DocValue | undefined {
  if (type.family === "date") return BigInt(Math.trunc(number));
  return type.family === "boolean" && Number.isInteger(number) && number >= 0 && number < 256 ? number : undefined;
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
