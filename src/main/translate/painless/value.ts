// What an expression of a script is worth, as SQL: a value of one Java type, a choice between values of several (painless's `def`),
// or a thing that has no SQL itself (doc, params, a class, a pattern).

import type { JsonObject } from "../../../shared/json.ts";
import { and as allOf, or as anyOf, call, type Expr, FALSE, isTrue, literal, not, param, TRUE } from "../../clickhouse/sql/ast.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import type { Expression } from "./tree.ts";

export type LeafType =
  | "boolean"
  | "int"
  | "long"
  | "float"
  | "double"
  | "char"
  | "String"
  | "null"
  | "date"
  | "instant"
  | "weekday"
  | "month"
  | "point"
  | "list";

export interface Leaf {
  readonly kind: "leaf";
  readonly type: LeafType;
  readonly expr: Expr;
  /** Painless knows its type only at run time. */
  readonly def: boolean;
  /** Of dates: the zone that they are read in. */
  readonly zone?: string;
  /** Of dates, and lists of them: what is counted since 1970; `ms` unless said. */
  readonly unit?: "ms" | "ns";
  /** Of lists: the type of an item. */
  readonly element?: LeafType;
  /** Of lists: an array of Java's, which is one value. */
  readonly javaArray?: true;
  /** Of the doc values of a field: they have `value`, and may be empty. */
  readonly field?: Field | null;
  /** Known while compiling. */
  readonly constant?: string | number | bigint | boolean;
}

export type Value =
  | Leaf
  | { readonly kind: "choice"; readonly test: Expr; readonly yes: Value; readonly no: Value }
  | { readonly kind: "doc" }
  | { readonly kind: "class"; readonly name: string }
  | { readonly kind: "params"; readonly values: JsonObject }
  /** `field('x')`: its values, and whether the mapping has it. */
  | { readonly kind: "field"; readonly path: string }
  | { readonly kind: "zone"; readonly zone: string }
  | { readonly kind: "regex"; readonly pattern: string; readonly lines?: boolean; readonly text?: Leaf }
  | { readonly kind: "format"; readonly pattern: string }
  | { readonly kind: "lambda"; readonly names: readonly string[]; readonly body: Expression }
  /** What grok and dissect find: by name. */
  | { readonly kind: "found"; readonly values: ReadonlyMap<string, Leaf> }
  | { readonly kind: "void" };

export const NULL: Leaf = Object.freeze({ kind: "leaf", type: "null", expr: literal(0), def: true });

export const SQL_TYPES: Readonly<Record<LeafType, string>> = {
  boolean: "UInt8",
  int: "Int32",
  long: "Int64",
  float: "Float32",
  double: "Float64",
  char: "String",
  String: "String",
  null: "UInt8",
  date: "Int64",
  instant: "Int64",
  weekday: "Int32",
  month: "Int32",
  point: "Tuple(Float64, Float64)",
  list: "Array(String)",
};

/** A value of one type. */
export function leaf(type: LeafType, expr: Expr, def = false): Leaf {
  return { kind: "leaf", type, expr, def };
}

/** A constant of a script. */
export function constant(type: LeafType, value: string | number | bigint | boolean, def = false): Leaf {
  const plain = typeof value === "boolean" ? Number(value) : value;
  const expr = type === "boolean" ? literal(Number(value)) : param(SQL_TYPES[type], plain);
  return { kind: "leaf", type, expr, def, constant: value };
}

export const isFalse = (expr: Expr): boolean => (expr.kind === "marked" ? isFalse(expr.item) : expr.kind === "literal" && expr.value === 0);

/** AND without what always holds. */
export function both(...items: readonly Expr[]): Expr {
  if (items.some(isFalse)) return FALSE;
  return allOf(items.filter((item) => !isTrue(item)));
}

/** OR without what never holds. */
export function either(...items: readonly Expr[]): Expr {
  if (items.some(isTrue)) return TRUE;
  return anyOf(items.filter((item) => !isFalse(item)));
}

export function negated(item: Expr): Expr {
  if (isTrue(item)) return FALSE;
  if (isFalse(item)) return TRUE;
  return item.kind === "not" ? item.item : not(item);
}

/** `test ? yes : no` of one SQL type. */
export function chosen(test: Expr, yes: Expr, no: Expr): Expr {
  if (isTrue(test) || yes === no) return yes;
  return isFalse(test) ? no : call("if", test, yes, no);
}

/** One value where `test` holds, another elsewhere; one type where they have the same. */
export function merge(test: Expr, yes: Value, no: Value): Value {
  if (isTrue(test) || yes === no) return yes;
  if (isFalse(test)) return no;
  if (yes.kind !== "leaf" || no.kind !== "leaf" || !alike(yes, no)) return { kind: "choice", test, yes, no };
  const { constant: _, ...rest } = yes;
  return { ...rest, expr: chosen(test, yes.expr, no.expr), def: yes.def || no.def };
}

function alike(a: Leaf, b: Leaf): boolean {
  return a.type === b.type && a.zone === b.zone && a.unit === b.unit && a.element === b.element && a.field === b.field;
}
