// Expressions: tree in, typed SQL out. Throws RejectedRequest where Elasticsearch's verifier would, UnsupportedClause where there
// is no exact SQL.
import { and, binary, call, column, type Expr, lambda, literal, marked, not, or, param } from "../../clickhouse/sql/ast.ts";
import { translateRegexp } from "../query/regexp_syntax.ts";
import { arithmetic } from "./arithmetic.ts";
import { COMPARISONS, checkListed, comparable, compare, comparedByLucene, isZero } from "./comparison.ts";
import { convert, convertFunction } from "./convert.ts";
import { spanOf } from "./dates.ts";
import { FUNCTIONS } from "./functions/index.ts";
import { functionReason } from "./functions/without_sql.ts";
import { pointerTo } from "./pointer.ts";
import { misbuilt, refused, type Scope, textAt, withoutSql } from "./scope.ts";
import { searchFunction } from "./search.ts";
import type { BinaryName, Expression, Literal } from "./tree.ts";
import {
  constantOf,
  ELEMENTS,
  type EsqlType,
  isNumeric,
  isPresent,
  isText,
  manyValues,
  nothing,
  nullOf,
  one,
  scalarValue,
  type Value,
} from "./value.ts";
import { wildcardSource } from "./wildcard.ts";

const NO_OPTIONS: ReadonlyMap<string, Literal> = new Map();

/** The value of an expression. */
export function analyze(node: Expression, within: Scope): Value {
  const scope = withinOf(node, within);
  switch (node.kind) {
    case "literal":
      return literalValue(node.value);
    case "list":
      return listValue(node, scope);
    case "span": {
      const span = spanOf(node.count, node.unit);
      if (span === undefined) throw refused(scope, node, `Unexpected temporal unit: '${node.unit}'`);
      return { type: span.type, sql: literal(null), many: false, span };
    }
    case "name":
      return named(node, scope);
    case "call":
      return functionValue(node, scope);
    case "cast":
      checkUnion(node.item, node, scope);
      return convert(analyze(node.item, scope), convertFunction(node.type, node, scope), node, scope);
    case "binary":
      return binaryValue(node, scope);
    case "not": {
      const item = condition(node.item, scope, "[NOT]");
      return scalarValue("boolean", not(item));
    }
    case "negative":
      return negative(node, scope);
    case "is_null": {
      const item = analyze(node.item, scope);
      if (item.type === "geo_point" || item.type === "_source") return presence(item, node, node.negated);
      const present = isPresent(item);
      return scalarValue("boolean", node.negated ? present : not(present));
    }
    case "in":
      return inList(node, scope);
    case "like":
    case "rlike":
      return pattern(node, scope);
    case "match":
      return searchFunction("match", [node.item, node.query], node, scope, NO_OPTIONS);
  }
}

// Full text search stands alone, or below AND, OR and NOT.
function withinOf(node: Expression, scope: Scope): Scope {
  const connects = node.kind === "not" || node.kind === "match" || (node.kind === "binary" && (node.op === "and" || node.op === "or"));
  if (connects || scope.search.kind !== "documents" || (node.kind === "call" && FUNCTIONS.get(node.name.toLowerCase())?.kind === "search"))
    return scope;
  return { ...scope, search: { ...scope.search, nested: true } };
}

/** A boolean expression's SQL, NULL where it is neither true nor false; marked with its place. */
export function condition(node: Expression, scope: Scope, where: string): Expr {
  const value = analyze(node, scope);
  if (value.type !== "boolean" && value.type !== "null") {
    throw refused(scope, node, `${where} expects a boolean but was [${textAt(scope, node)}] of type [${value.type}]`);
  }
  return marked(pointerTo(node), value.type === "null" ? nothing("boolean") : one(value));
}

function literalValue(value: Literal): Value {
  return value.type === "null" ? nullOf("null") : constantOf(value.type, value.value);
}

function listValue(node: Extract<Expression, { kind: "list" }>, scope: Scope): Value {
  const types = new Set(node.items.map(({ type }) => type));
  const type = [...types].reduce((a, b) => widest(a, b) ?? "null");
  if (type === "null") throw withoutSql(node, `a list of several types: ${textAt(scope, node)}`);
  const items = node.items.map((item) => (item.type === "null" ? 0 : typeof item.value === "boolean" ? Number(item.value) : item.value));
  if (types.has("null")) throw withoutSql(node, "null in a list has no SQL");
  return manyValues(type, param(`Array(${ELEMENTS[type]})`, type === "double" ? items.map(Number) : items));
}

function widest(a: Literal["type"], b: Literal["type"]): Literal["type"] | null {
  if (a === b) return a;
  const order: readonly string[] = ["integer", "long", "double"];
  const [x, y] = [order.indexOf(a), order.indexOf(b)];
  return x < 0 || y < 0 ? null : x > y ? a : b;
}

function named(node: Extract<Expression, { kind: "name" }>, scope: Scope): Value {
  const found = scope.attributes.find(({ name }) => name === node.name);
  if (found === undefined) throw refused(scope, node, `Unknown column [${node.name}]`);
  if (found.value.type === "unsupported") {
    throw refused(scope, node, `Cannot use field [${node.name}] with unsupported type`);
  }
  if (found.value.lacking !== undefined) throw withoutSql(node, found.value.lacking);
  return found.value;
}

// Only a conversion may use a field that the indices map as several types.
function checkUnion(item: Expression | undefined, node: Expression, scope: Scope): void {
  const found = item?.kind === "name" ? scope.attributes.find(({ name }) => name === item.name) : undefined;
  if ((found?.value.originalTypes?.length ?? 0) > 1) throw withoutSql(node, "a field of several types has no SQL yet");
}

function functionValue(node: Extract<Expression, { kind: "call" }>, scope: Scope): Value {
  const name = node.name.toLowerCase();
  const reason = functionReason(name);
  if (reason !== undefined) throw withoutSql(node, reason);
  const definition = FUNCTIONS.get(name);
  if (definition === undefined) throw refused(scope, node, `Unknown function [${node.name}]`);
  if (node.options !== null && definition.kind !== "search") throw withoutSql(node, "options of this function have no SQL yet");
  if (isGrouping(name) && !scope.grouping) {
    throw refused(scope, node, `cannot use grouping function [${textAt(scope, node)}] outside of a STATS command`);
  }
  if (name.startsWith("to_")) checkUnion(node.args[0], node, scope);
  const [least, most] = definition.arguments;
  if (node.args.length < least || node.args.length > most || node.star) {
    throw misbuilt(scope, node, `error building [${name}]: expects ${least} arguments`);
  }
  if (definition.kind === "search") return searchFunction(name, node.args, node, scope, node.options ?? NO_OPTIONS);
  return definition.compile(
    node.args.map((arg) => analyze(arg, scope)),
    { node, scope, analyze: (arg) => analyze(arg, scope) },
  );
}

const isGrouping = (name: string): boolean => name === "bucket" || name === "bin";

function binaryValue(node: Extract<Expression, { kind: "binary" }>, scope: Scope): Value {
  const { op } = node;
  if (op === "and" || op === "or") {
    return logical(op, sameOperator(node, op), scope);
  }
  const left = analyze(node.left, scope);
  const right = analyze(node.right, scope);
  if (COMPARISONS[op] === undefined) return arithmetic(op, left, right, node, scope);
  return compare(op, left, right, node, scope);
}

// A column of several values beside AND or OR makes null of both sides, whatever the other says.
function logical(op: "and" | "or", nodes: readonly Expression[], scope: Scope): Value {
  const joined = op === "and" ? and : or;
  const items = nodes.map((item) => ({ sql: condition(item, scope, `[${op.toUpperCase()}]`), several: several(item, scope) }));
  if (items.every((item) => item.several === null)) return scalarValue("boolean", joined(items.map(({ sql }) => sql)));
  const [first, ...rest] = items;
  if (first === undefined) return nullOf("boolean");
  const all = rest.reduce((left, right) => {
    const unclear = [left.several, right.several].filter((test) => test !== null);
    const both = joined([left.sql, right.sql]);
    return { sql: unclear.length === 0 ? both : call("if", or(unclear), literal(null), both), several: null };
  }, first);
  return scalarValue("boolean", all.sql);
}

/** Whether a column has several values in a row; null for what never has. */
function several(node: Expression, scope: Scope): Expr | null {
  const value = node.kind === "name" ? named(node, scope) : null;
  return value?.many ? binary(call("length", value.sql), ">", literal(1)) : null;
}

/** `a and b and c` as one list: a query of hundreds of clauses would be as deep otherwise. */
export function sameOperator(node: Expression, op: BinaryName): readonly Expression[] {
  const items: Expression[] = [];
  let at = node;
  while (at.kind === "binary" && at.op === op) {
    items.unshift(at.right);
    at = at.left;
  }
  return [at, ...items];
}

function negative(node: Extract<Expression, { kind: "negative" }>, scope: Scope): Value {
  const item = analyze(node.item, scope);
  if (item.type === "null") return item;
  if (!isNumeric(item.type) || item.type === "unsigned_long") {
    if (item.span !== undefined) return { ...item, span: { months: -item.span.months, ms: -item.span.ms } };
    throw refused(
      scope,
      node,
      `argument of [${textAt(scope, node)}] must be [numeric, date_period or time_duration], found value [${textAt(scope, node.item)}] type [${item.type}]`,
    );
  }
  if (item.type === "double") return scalarValue("double", call("negate", one(item)), [item]);
  return arithmetic("-", constantOf(item.type, 0n), item, node, scope);
}

function inList(node: Extract<Expression, { kind: "in" }>, scope: Scope): Value {
  const item = analyze(node.item, scope);
  const pairs = node.list.map((each) => comparable(item, analyze(each, scope), node, scope));
  for (const [a, b] of pairs) checkListed(a, b, node, scope);
  const equal = pairs.map(([a, b]) => {
    if (a.type === "null" || b.type === "null") return nothing("boolean");
    return isZero(a, b) && scope.byLucene === "yes" ? comparedByLucene("=", a, b, node, scope).sql : binary(one(a), "=", one(b));
  });
  const found = marked(pointerTo(node), or(equal));
  return scalarValue("boolean", node.negated ? not(found) : found, [item]);
}

function pattern(node: Extract<Expression, { kind: "like" | "rlike" }>, scope: Scope): Value {
  const item = analyze(node.item, scope);
  if (item.type === "null") return nullOf("boolean");
  if (!isText(item.type))
    throw refused(
      scope,
      node,
      `argument of [${textAt(scope, node)}] must be [string], found value [${textAt(scope, node.item)}] type [${item.type}]`,
    );
  const text = one(item);
  const matches = node.patterns.map((each) => {
    const source = node.kind === "like" ? wildcardSource(each) : translateRegexp(each, false);
    if (source === null) throw withoutSql(node, `the regular expression [${each}] has no equal in ClickHouse`);
    return call("match", text, param("String", `^(?s:${source})$`));
  });
  const found = marked(pointerTo(node), or(matches));
  return scalarValue("boolean", node.negated ? not(found) : found);
}

function presence(item: Value, node: Expression, wanted: boolean): Value {
  // Within a SELECT around the documents the field's own column is out of reach.
  if (item.field === undefined || item.sql.kind !== "column" || item.sql.name !== "_source")
    throw withoutSql(node, `whether a [${item.type}] is null has no SQL here`);
  const present = call("notEmpty", column(item.field.column));
  return scalarValue("boolean", wanted ? present : not(present));
}

/** Each of the values turned into another: `arrayMap`, or the one value. */
export function eachValue(value: Value, type: EsqlType, turn: (x: Expr) => Expr): Value {
  if (!value.many) return scalarValue(type, turn(value.sql), [value]);
  return manyValues(type, call("arrayMap", lambda(["x"], turn(column("x"))), value.sql));
}
