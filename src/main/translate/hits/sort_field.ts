// Sorting by a field: which of its values stands for the document, what a document without one sorts as.
import { childPointer, isNumber, type JsonObject, type JsonValue, member, printJson } from "../../../shared/json.ts";
import { array, binary, call, column, type Expr, lambda, literal, type ParamValue, param } from "../../clickhouse/sql/ast.ts";
import type { DocValue, FieldType } from "../../elasticsearch/fields/field_type.ts";
import { keyField } from "../../elasticsearch/fields/flattened.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import { doubleJson, floatJson } from "../../elasticsearch/fields/number_text.ts";
import { type Field, findField } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { fieldColumn } from "../field_column.ts";
import { byWords } from "../field_data.ts";
import { singlesOf } from "../source.ts";
import { asNumericType } from "./numeric_type.ts";
import { checkSortOptions, descending, FIELD_SORT_OPTIONS, type SortKey, type SortPart } from "./sort.ts";
import { numberCell } from "./sort_cell.ts";
import { mixedKey } from "./sort_mixed.ts";
import { nestedField } from "./sort_nested.ts";

/** How doc values of a type are compared: ClickHouse type of a value, and the sentinels of a missing one. */
interface SortType {
  readonly element: string;
  readonly highest: DocValue | null;
  readonly lowest: DocValue | null;
}

const LONG: SortType = { element: "Int64", highest: 2n ** 63n - 1n, lowest: -(2n ** 63n) };
const INTEGER: SortType = { element: "Int64", highest: 2n ** 31n - 1n, lowest: -(2n ** 31n) };
const SORT_TYPES: Readonly<Record<string, SortType>> = {
  long: LONG,
  date: LONG,
  boolean: LONG,
  date_nanos: { ...LONG, lowest: 0n },
  integer: INTEGER,
  short: INTEGER,
  byte: INTEGER,
  token_count: INTEGER,
  unsigned_long: { element: "UInt64", highest: 2n ** 64n - 1n, lowest: 0n },
  scaled_float: { element: "Float64", highest: Number.POSITIVE_INFINITY, lowest: Number.NEGATIVE_INFINITY },
  double: { element: "Float64", highest: Number.POSITIVE_INFINITY, lowest: Number.NEGATIVE_INFINITY },
  float: { element: "Float32", highest: Number.POSITIVE_INFINITY, lowest: Number.NEGATIVE_INFINITY },
  half_float: { element: "Float32", highest: Number.POSITIVE_INFINITY, lowest: Number.NEGATIVE_INFINITY },
  keyword: { element: "String", highest: null, lowest: null },
  flattened: { element: "String", highest: null, lowest: null },
  wildcard: { element: "String", highest: null, lowest: null },
  constant_keyword: { element: "String", highest: null, lowest: null },
  ip: { element: "IPv6", highest: null, lowest: null },
};

export function fieldKey(path: string, body: JsonObject, pointer: string, context: Context): SortKey {
  checkSortOptions(body, FIELD_SORT_OPTIONS);
  return (
    mixedKey(path, body, pointer, context, (own, options) => plainKey(path, options, pointer, own)) ??
    plainKey(path, body, pointer, context)
  );
}

function plainKey(path: string, options: JsonObject, pointer: string, context: Context): SortKey {
  const desc = descending(options, pointer, "asc");
  const own = sortedField(path, options, pointer, context);
  const field = own === undefined ? undefined : asNumericType(byWords(own, pointer), options, pointer);
  const typeName = field?.type ?? String(member(options, "unmapped_type"));
  const type = Object.hasOwn(SORT_TYPES, typeName) ? SORT_TYPES[typeName] : undefined;
  if (type === undefined) throw notSortable(path, typeName, field, pointer);
  if (field === undefined) refuseFormat(typeName, options);
  const missing = missingValue(field, type, options, desc, pointer);
  const stored = field === undefined || isElsewhere(path, options, context, pointer) ? noValues(type) : valuesIn(field, options, desc);
  const values = missing.text === undefined ? stored : call("if", call("empty", stored), array(param(type.element, missing.text)), stored);
  const parts = missing.value === null ? textParts(values, field, type, missing.first, desc, options) : [];
  const numeric =
    missing.value === null ? null : numericValue(values, field, type, missing.value, desc, withSingles(options, stored, context), pointer);
  const value = numeric ?? parts[1]?.expr ?? literal(0);
  return {
    kind: "field",
    parts: numeric === null ? parts : numericParts(numeric, field, type, missing.value, desc),
    value: missing.value === null ? call("arraySlice", call("array", value), literal(1), call("notEmpty", values)) : value,
    present: (cell) => present(cell, field, typeName, options),
  };
}

const COMPUTED = new Set(["sum", "avg", "median"]);

// Where no document has more than one value Elasticsearch takes it as it stands: -0.0 stays.
function withSingles(options: JsonObject, stored: Expr, context: Context): JsonObject {
  const single = stored.kind === "column" && singlesOf(context).has(stored.name);
  return single && COMPUTED.has(modeOf(options, false)) ? { ...options, mode: "min" } : options;
}

function noValues(type: SortType): Expr {
  return call("defaultValueOfTypeName", literal(`Array(${type.element})`));
}

// Values of several objects are sorted for their extremes; sums take them as they come.
function valuesIn(field: Field, options: JsonObject, desc: boolean): Expr {
  if (member(options, "nested") === undefined) return fieldColumn(field);
  const mode = modeOf(options, desc);
  if (mode === "median") throw new RejectedRequest("illegal_argument_exception", "Unsupported sort mode: MEDIAN");
  return mode === "min" || mode === "max" ? call("arraySort", fieldColumn(field)) : fieldColumn(field);
}

// Mapped, but not in the documents or objects that are sorted: they all lack it.
function isElsewhere(path: string, options: JsonObject, context: Context, pointer: string): boolean {
  return seenField(path, options, context, pointer) === undefined;
}

function seenField(path: string, options: JsonObject, context: Context, pointer: string): Field | undefined {
  const nested = member(options, "nested") ?? null;
  return nested === null ? fieldOf(context, path, pointer) : nestedField(path, nested, childPointer(pointer, "nested"), context);
}

function sortedField(path: string, options: JsonObject, pointer: string, context: Context): Field | undefined {
  const mapped = findField(context.mapping, path);
  const field = seenField(path, options, context, pointer) ?? mapped;
  if (
    field === mapped &&
    mapped !== undefined &&
    mapped.nested !== null &&
    member(options, "nested") === undefined &&
    context.scope === undefined
  ) {
    throw new RejectedRequest("query_shard_exception", `it is mandatory to set the [nested] context on the nested sort field: [${path}].`);
  }
  const lacking = context.tables.filter((table) => (findField(table.mapping, path) ?? keyField(table.mapping, path)) === undefined);
  if (member(options, "unmapped_type") !== undefined || lacking.length === 0) return field;
  const reason = `No mapping found for [${path}] in order to sort on`;
  if (lacking.length === context.tables.length) throw new RejectedRequest("query_shard_exception", reason);
  throw new UnsupportedClause(
    pointer,
    `[${path}] is not mapped in [${lacking[0]?.index}]: Elasticsearch answers from the other indices only`,
  );
}

const WITHOUT_FORMAT = new Set(["boolean", "keyword", "ip"]);

// A field that no index maps has only its type to print by.
function refuseFormat(type: string, options: JsonObject): void {
  if (member(options, "format") === undefined || !WITHOUT_FORMAT.has(type)) return;
  throw new RejectedRequest("illegal_argument_exception", `Field [__anonymous_] of type [${type}] does not support custom formats`);
}

function notSortable(path: string, type: string, field: Field | undefined, pointer: string): Error {
  if (type !== "text" || member(field?.params ?? {}, "fielddata") === true) {
    return new UnsupportedClause(pointer, `sorting by a field of type [${type}] has no SQL yet`);
  }
  return new RejectedRequest(
    "illegal_argument_exception",
    `Fielddata is disabled on [${path}]. Text fields are not optimised for operations that require per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead. Alternatively, set fielddata=true on [${path}] in order to load field data by uninverting the inverted index. Note that this can use significant memory.`,
  );
}

interface Missing {
  /** What a document without values sorts as; null: apart from all others (keyword, ip). */
  readonly value: DocValue | null;
  readonly first: boolean;
  /** The text that stands for missing values (keyword, ip). */
  readonly text?: string;
}

function missingValue(field: Field | undefined, type: SortType, options: JsonObject, desc: boolean, pointer: string): Missing {
  const asked = member(options, "missing") ?? "_last";
  const first = asked === "_first";
  if (first || asked === "_last") return { value: first === desc ? type.highest : type.lowest, first };
  if (field === undefined) throw new UnsupportedClause(childPointer(pointer, "missing"), "a value for missing ones needs a mapped field");
  if (type.element === "IPv6") {
    throw new UnsupportedClause(childPointer(pointer, "missing"), "Elasticsearch fails where it prints such an address");
  }
  if (type.highest === null) return { value: null, first: false, text: String(literalValue(field, asked)) };
  return { value: literalValue(field, asked), first: false };
}

// A value of search_after or missing, as a doc value. A number for a date or a boolean is the doc value itself, whatever the field's format;
// text is read by the format, and a rounded date is its first moment.
function literalValue(field: Field, value: JsonValue): DocValue {
  if (isNumber(value) && (typeOf(field).family === "date" || field.type === "boolean")) return BigInt(Math.trunc(Number(value)));
  // Not rounded as stored values are: it may lie between two of them.
  if (isNumber(value) && field.type === "scaled_float") return Number(value);
  const term = typeOf(field).term(field, value);
  switch (term.kind) {
    case "value":
      return term.value;
    case "range":
      return term.from;
    case "nothing":
      throw new RejectedRequest("illegal_argument_exception", `Failed to parse search_after value for field [${field.path}].`);
    case "invalid":
      throw new RejectedRequest(term.errorType, term.reason);
    default:
      return term satisfies never;
  }
}

function typeOf(field: Field): FieldType {
  const type = fieldType(field);
  if (type === undefined) throw new Error(`no field type ${field.type}`);
  return type;
}

function modeOf(options: JsonObject, desc: boolean): string {
  const mode = member(options, "mode");
  return typeof mode === "string" ? mode.toLowerCase() : desc ? "max" : "min";
}

// Arrays are kept sorted: the least value is the first.
function extreme(values: Expr, mode: string): Expr | undefined {
  if (mode === "min") return call("arrayElement", values, literal(1));
  return mode === "max" ? call("arrayElement", values, literal(-1)) : undefined;
}

function textParts(
  values: Expr,
  field: Field | undefined,
  type: SortType,
  first: boolean,
  desc: boolean,
  options: JsonObject,
): readonly SortPart[] {
  const expr = extreme(values, modeOf(options, desc));
  if (expr === undefined) {
    throw new RejectedRequest("query_shard_exception", "we only support AVG, MEDIAN and SUM on number based fields");
  }
  const bound = (value: JsonValue) => (field === undefined || value === null ? "" : String(literalValue(field, value)));
  const none = type.element === "IPv6" ? "::" : "";
  return [
    { expr: call("empty", values), desc: first, after: (value) => literal(value === null ? 1 : 0) },
    { expr, desc, after: (value) => param(type.element, value === null ? none : bound(value)) },
  ];
}

function numericValue(
  values: Expr,
  field: Field | undefined,
  type: SortType,
  missing: DocValue,
  desc: boolean,
  options: JsonObject,
  pointer: string,
): Expr {
  const absent = sortParam(type, missing);
  if (field === undefined) return absent;
  const mode = modeOf(options, desc);
  const picked = extreme(values, mode) ?? computed(values, type, mode);
  if (picked === undefined) throw new UnsupportedClause(childPointer(pointer, "mode"), `no SQL for mode ${printJson(mode)}`);
  return call("if", call("empty", values), absent, type.element === "Int64" ? call("toInt64", picked) : picked);
}

// Elasticsearch adds from the least value up, one by one, and rounds the mean of integers half up.
function computed(values: Expr, type: SortType, mode: string): Expr | undefined {
  // Elasticsearch adds what it stores: unsigned longs moved down by 2^63.
  if (type.element === "UInt64") return undefined;
  const count = call("length", values);
  if (type.element === "Int64") {
    if (mode === "sum") return call("arraySum", values);
    if (mode === "avg") return half(binary(call("toFloat64", call("arraySum", values)), "/", count), values);
    return mode === "median"
      ? median(values, (a, b) => half(binary(binary(call("toFloat64", a), "+", b), "/", literal(2)), values))
      : undefined;
  }
  const sum = call(
    "arrayFold",
    lambda(["sum", "value"], binary(column("sum"), "+", call("toFloat64", column("value")))),
    values,
    call("toFloat64", literal(0)),
  );
  const narrow = (expr: Expr) => (type.element === "Float32" ? call("toFloat32", expr) : expr);
  if (mode === "sum") return narrow(sum);
  if (mode === "avg") return narrow(binary(sum, "/", count));
  return mode === "median" ? median(values, (a, b) => narrow(binary(binary(call("toFloat64", a), "+", b), "/", literal(2)))) : undefined;
}

function half(mean: Expr, values: Expr): Expr {
  const single = binary(call("length", values), "=", literal(1));
  return call("if", single, call("arrayElement", values, literal(1)), rounded(mean));
}

// As Java rounds: halves go up, nothing is lost above 2^52, and what is too large is the largest.
function rounded(mean: Expr): Expr {
  const floor = call("floor", mean);
  const whole = binary(floor, "+", call("toFloat64", binary(binary(mean, "-", floor), ">=", literal(0.5))));
  return call("if", binary(whole, ">=", param("Float64", 2 ** 63)), param("Int64", 0x7fffffffffffffffn), call("toInt64", whole));
}

function median(values: Expr, middle: (a: Expr, b: Expr) => Expr): Expr {
  const at = (offset: number) =>
    call("arrayElement", values, binary(call("intDiv", binary(call("length", values), "+", literal(1)), literal(2)), "+", literal(offset)));
  const even = binary(binary(call("length", values), "%", literal(2)), "=", literal(0));
  return call("if", even, middle(at(0), at(1)), at(0));
}

function sortParam(type: SortType, value: DocValue): Expr {
  return param(type.element, typeof value === "object" ? [...value] : (value satisfies ParamValue));
}

// Elasticsearch tells -0.0 from 0.0; ClickHouse's comparison does not.
function numericParts(expr: Expr, field: Field | undefined, type: SortType, missing: DocValue | null, desc: boolean): readonly SortPart[] {
  const bound = (value: JsonValue): DocValue => {
    if (value === null || value === "Infinity" || value === "-Infinity" || field === undefined) {
      return value === "Infinity" ? Number.POSITIVE_INFINITY : value === "-Infinity" ? Number.NEGATIVE_INFINITY : (missing ?? 0);
    }
    return literalValue(field, value);
  };
  const main: SortPart = { expr, desc, after: (value) => sortParam(type, bound(value)) };
  if (type.element === "Int64" || type.element === "UInt64" || field === undefined) return [main];
  const sign = (of: Expr) => binary(call(type.element === "Float32" ? "reinterpretAsInt32" : "reinterpretAsInt64", of), ">=", literal(0));
  return [main, { expr: sign(expr), desc, after: (value) => sign(sortParam(type, bound(value))) }];
}

function present(cell: JsonValue, field: Field | undefined, type: string, options: JsonObject): JsonValue {
  if (Array.isArray(cell)) return present(cell[0] ?? null, field, type, options);
  if (cell === null) return null;
  if (type === "double" || type === "scaled_float") return doubleJson(numberCell(cell));
  if (type === "float" || type === "half_float") return floatJson(Math.fround(numberCell(cell)));
  const format = member(options, "format");
  if ((type === "date" || type === "date_nanos") && typeof format === "string") {
    const value = BigInt(String(cell));
    return field === undefined || value === LONG.highest || value === LONG.lowest ? null : typeOf(field).format(field, value, format);
  }
  if (type === "ip") return String(cell).replace(/^::ffff:(?=\d+\.)/, "");
  return cell;
}
