// The document that a script looks at: `doc['x']`, `field('x')`, and what the values of a field are in painless.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member, RawNumber } from "../../../shared/json.ts";
import { array, binary, call, column, type Expr, lambda, literal, param, TRUE, tuple } from "../../clickhouse/sql/ast.ts";
import type { FieldType } from "../../elasticsearch/fields/field_type.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import { type Field, findField } from "../../elasticsearch/mapping.ts";
import { type Context, faultsOf, quietFieldOf } from "../context.ts";
import { fieldColumn } from "../field_column.ts";
import { INDEX_COLUMN } from "../source.ts";
import type { Machine } from "./machine.ts";
import { ScriptNotRead } from "./tree.ts";
import { constant, type Leaf, type LeafType, leaf, NULL, type Value } from "./value.ts";

const ELEMENTS: Readonly<Record<string, LeafType>> = {
  long: "long",
  integer: "long",
  short: "long",
  byte: "long",
  double: "double",
  float: "double",
  half_float: "double",
  scaled_float: "double",
  boolean: "boolean",
  keyword: "String",
  constant_keyword: "String",
  wildcard: "String",
  date: "date",
  date_nanos: "date",
  ip: "String",
  geo_point: "point",
};

/** The doc values of a field; the null value (and a fault) where no index maps it. */
export function docField(path: string, machine: Machine): Leaf {
  const { context, pointer } = machine.around;
  if (path === "_index") throw new ScriptNotRead("doc['_index'] is not translated");
  const field = quietFieldOf(context, path, pointer);
  for (const { kind, when, reason } of faultsOf(context, path, pointer)) {
    if (kind === "throws") machine.throws(when, reason);
    else machine.unknown(when, reason);
  }
  if (field === undefined) {
    if (findField(context.mapping, path) !== undefined) throw new ScriptNotRead(`[${path}] is inside a nested object`);
    if (path.startsWith("_")) throw new ScriptNotRead(`doc['${path}'] is not translated`);
    machine.throws(TRUE, `No field found for [${path}] in mapping`);
    return NULL;
  }
  machine.throws(lackingIn(context, path), `No field found for [${path}] in mapping`);
  if (fieldType(field)?.family === "text") {
    machine.throws(TRUE, `Fielddata is disabled on [${path}]`);
    return NULL;
  }
  return valuesOf(field);
}

/** The values of a mapped field as a list of painless values. */
export function valuesOf(field: Field, values: Expr = fieldColumn(field)): Leaf {
  const type = fieldType(field);
  const element = Object.hasOwn(ELEMENTS, field.type) ? ELEMENTS[field.type] : undefined;
  if (type === undefined || element === undefined) throw new ScriptNotRead(`values of type [${field.type}] are not translated`);
  const unit = field.type === "date_nanos" ? { unit: "ns" as const } : {};
  return { kind: "leaf", type: "list", expr: convertedValues(field, type, values), def: true, element, field, ...unit };
}

function convertedValues(field: Field, type: FieldType, values: Expr): Expr {
  const each = (name: string): Expr => call("arrayMap", lambda(["value"], call(name, column("value"))), values);
  if (type.family === "integer" && type.element !== "Int64") return each("toInt64");
  if (type.family === "floating" && type.element !== "Float64") return each("toFloat64");
  if (type.family === "ip") {
    const text = call("replaceRegexpOne", call("toString", column("value")), literal("^::ffff:([0-9]+[.])"), literal("\\1"));
    return call("arrayMap", lambda(["value"], text), values);
  }
  if (field.type !== "geo_point") return values;
  // Points are kept in the order of their text; scripts see Lucene's: by latitude, then longitude from 0 eastwards round.
  const [lat, lon] = [literal(1), literal(2)].map((at) => call("tupleElement", column("value"), at));
  if (lat === undefined || lon === undefined) return values;
  return call("arraySort", lambda(["value"], tuple(lat, binary(lon, "<", literal(0)), lon)), values);
}

// True for documents of the indices that do not map the field.
function lackingIn(context: Context, path: string): Expr {
  const lacking = context.tables.filter(({ mapping }) => findField(mapping, path) === undefined).map(({ index }) => index);
  return lacking.length === 0 ? literal(0) : call("has", param("Array(String)", lacking), column(INDEX_COLUMN));
}

/** `doc.containsKey`. */
export function isMapped(path: string, machine: Machine): Leaf {
  const { context, pointer } = machine.around;
  if (quietFieldOf(context, path, pointer) === undefined) {
    if (path.startsWith("_")) throw new ScriptNotRead(`containsKey('${path}') is not translated`);
    return constant("boolean", false);
  }
  const lacking = lackingIn(context, path);
  if (lacking.kind === "literal") return constant("boolean", true);
  return leaf("boolean", call("not", lacking));
}

/** A value of `params`. */
export function paramValue(value: JsonValue): Value {
  if (value === null) return NULL;
  if (typeof value === "string") return constant("String", value, true);
  if (typeof value === "boolean") return constant("boolean", value, true);
  if (isNumber(value)) return numberParam(value);
  if (isArray(value)) return listParam(value);
  if (isObject(value)) return { kind: "params", values: value };
  throw new ScriptNotRead("a parameter of this kind is not translated");
}

function numberParam(value: number | RawNumber): Leaf {
  const text = value instanceof RawNumber ? value.text : String(value);
  if (!/^-?\d+$/.test(text)) return constant("double", Number(text), true);
  const whole = BigInt(text);
  if (BigInt.asIntN(32, whole) === whole) return constant("int", Number(whole), true);
  if (BigInt.asIntN(64, whole) !== whole) throw new ScriptNotRead(`the parameter ${text} is too large for a long`);
  return constant("long", whole, true);
}

function listParam(values: readonly JsonValue[]): Leaf {
  const items = values.map(paramValue);
  const leaves = items.flatMap((item) => (item.kind === "leaf" ? [item] : []));
  return listOfLeaves(leaves.length === items.length ? leaves : []);
}

/** A list whose items all have one type. */
export function listOfLeaves(items: readonly Leaf[]): Leaf {
  const [first] = items;
  if (first === undefined) throw new ScriptNotRead("an empty or mixed list is not translated");
  if (items.some(({ type }) => type !== first.type)) throw new ScriptNotRead("a list of several types is not translated");
  const unit = first.unit === undefined ? {} : { unit: first.unit };
  return { kind: "leaf", type: "list", expr: array(...items.map(({ expr }) => expr)), def: true, element: first.type, ...unit };
}

/** A parameter by its name; null where there is none. */
export function paramOf(values: JsonObject, name: string): Value {
  if (name === "_source" || name === "_fields") throw new ScriptNotRead(`params.${name} is not translated`);
  return paramValue(member(values, name) ?? null);
}

/** The item of a list at a position counted from 1. */
export function itemOf(list: Leaf, at: Expr): Leaf {
  const unit = list.unit === undefined ? {} : { unit: list.unit };
  const zone = list.zone === undefined ? {} : { zone: list.zone };
  return { ...leaf(list.element ?? "String", call("arrayElement", list.expr, at), true), ...unit, ...zone };
}
