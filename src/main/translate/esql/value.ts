// An ES|QL value as SQL: its type, and whether it may hold several values. One value is Nullable, NULL for none; several are an
// array, empty for none. Most functions take one value: several are null to them.
import { array, binary, call, column, type Expr, lambda, literal, type ParamValue, param } from "../../clickhouse/sql/ast.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import type { Tolerance } from "../types.ts";

export type EsqlType =
  | "null"
  | "boolean"
  | "integer"
  | "long"
  | "unsigned_long"
  | "double"
  | "keyword"
  | "text"
  | "date"
  | "date_nanos"
  | "ip"
  | "geo_point"
  | "_source"
  | "unsupported"
  | "date_period"
  | "time_duration";

/** A value that the query's text settles. */
export type Constant = boolean | bigint | number | string | null;

export interface Value {
  readonly type: EsqlType;
  readonly sql: Expr;
  /** True: `sql` is an array. */
  readonly many: boolean;
  readonly constant?: Constant;
  /** Elasticsearch's own number is not exact: by which rule the matcher may forgive it. */
  readonly noise?: Noise;
  /** The index's field that this is, unchanged. */
  readonly field?: Field;
  /** An amount of time: months and milliseconds. */
  readonly span?: { readonly months: number; readonly ms: number };
  /** Why the mirror has no such values, though Elasticsearch has. */
  readonly lacking?: string;
  /** Of an `unsupported` column: its types in the mappings. */
  readonly originalTypes?: readonly string[];
  /** Several values whose order Elasticsearch leaves open. */
  readonly unordered?: boolean;
}

export interface Noise {
  readonly rule: Tolerance["rule"];
  /** Bounds as SQL; null: a share of the value itself. */
  readonly bounds: { readonly low: Expr; readonly high: Expr } | null;
}

/** ClickHouse's type of one value. */
export const ELEMENTS: Readonly<Record<EsqlType, string>> = Object.freeze({
  null: "Int8",
  boolean: "UInt8",
  integer: "Int32",
  long: "Int64",
  unsigned_long: "UInt64",
  double: "Float64",
  keyword: "String",
  text: "String",
  date: "Int64",
  date_nanos: "Int64",
  ip: "IPv6",
  geo_point: "String",
  _source: "String",
  unsupported: "Int8",
  date_period: "Int64",
  time_duration: "Int64",
});

export const isText = (type: EsqlType): boolean => type === "keyword" || type === "text";
export const isWhole = (type: EsqlType): boolean => type === "integer" || type === "long" || type === "unsigned_long";
export const isNumeric = (type: EsqlType): boolean => isWhole(type) || type === "double";
export const isSpan = (type: EsqlType): boolean => type === "date_period" || type === "time_duration";

/** NULL of a type. */
export function nullOf(type: EsqlType): Value {
  return { type, sql: nothing(type), many: false, constant: null };
}

/** The SQL of NULL, typed. */
export function nothing(type: EsqlType): Expr {
  return call("CAST", literal(null), literal(`Nullable(${ELEMENTS[type]})`));
}

/** A value that the query itself tells. */
export function constantOf(type: EsqlType, constant: Constant): Value {
  if (constant === null) return nullOf(type);
  return { type, sql: param(ELEMENTS[type], paramOf(constant)), many: false, constant };
}

function paramOf(constant: Exclude<Constant, null>): ParamValue {
  return typeof constant === "boolean" ? (constant ? 1 : 0) : constant;
}

/** A single value's SQL: NULL for none, and for several. */
export function one(value: Value): Expr {
  if (!value.many) return value.sql;
  return call("if", binary(call("length", value.sql), "=", literal(1)), call("arrayElement", value.sql, literal(1)), literal(null));
}

/** The values as an array. */
export function all(value: Value): Expr {
  if (value.many) return value.sql;
  if (value.constant !== undefined && value.constant !== null) return array(value.sql);
  const present = call("arrayFilter", lambda(["x"], call("isNotNull", column("x"))), array(value.sql));
  return call("CAST", present, literal(`Array(${ELEMENTS[value.type]})`));
}

/** True or false, never NULL: whether the value is there. */
export function isPresent(value: Value): Expr {
  return value.many ? call("notEmpty", value.sql) : call("isNotNull", value.sql);
}

/** A single value. */
export function scalarValue(type: EsqlType, sql: Expr, from: readonly Value[] = []): Value {
  const noise = from.find((value) => value.noise !== undefined)?.noise;
  return { type, sql, many: false, ...(noise === undefined ? {} : { noise: { rule: noise.rule, bounds: null } }) };
}

/** Several values. */
export function manyValues(type: EsqlType, sql: Expr): Value {
  return { type, sql, many: true };
}
