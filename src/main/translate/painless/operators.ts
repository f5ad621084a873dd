// Java's operators: numbers are promoted int < long < float < double, whole numbers wrap and divide towards zero, + joins text.
import { and, binary, call, type Expr, FALSE, literal, not, param, TRUE } from "../../clickhouse/sql/ast.ts";
import { compareMoments } from "./calendar.ts";
import type { Machine } from "./machine.ts";
import { textOf } from "./text.ts";
import { type NumberType, ScriptNotRead } from "./tree.ts";
import { chosen, constant, either, isFalse, type Leaf, leaf, NULL, negated, SQL_TYPES, type Value } from "./value.ts";

const ORDER: readonly NumberType[] = ["int", "long", "float", "double"];
const RANKS: ReadonlyMap<string, number> = new Map(ORDER.map((type, rank) => [type, rank]));

export function isNumeric(value: Leaf): boolean {
  return RANKS.has(value.type);
}

function promoted(left: Leaf, right: Leaf): NumberType {
  return ORDER[Math.max(...[left, right].map(({ type }) => RANKS.get(type) ?? -1))] ?? "double";
}

/** A number as another number type, as Java casts: towards zero, past the end the nearest. */
export function castNumber(value: Leaf, to: NumberType, machine: Machine): Expr {
  const { type, expr } = value;
  if (type === to) return expr;
  if (value.constant !== undefined && (to === "double" || to === "long")) {
    const number = Number(value.constant);
    if (to === "double") return param("Float64", number);
    if (Number.isSafeInteger(number)) return param("Int64", BigInt(number));
  }
  if (to === "double" || to === "float" || type === "int" || type === "long") return call(`to${SQL_TYPES[to]}`, expr);
  return wholeOf(expr, to === "int" ? "int" : "long", machine);
}

/** A double as int or long: NaN is 0, what is too large the largest. */
export function wholeOf(expr: Expr, to: "int" | "long", _machine: Machine): Expr {
  const [low, high] = to === "int" ? [-(2n ** 31n), 2n ** 31n - 1n] : [-(2n ** 63n), 2n ** 63n - 1n];
  const type = SQL_TYPES[to];
  const above = binary(expr, ">=", param("Float64", Number(high)));
  const below = binary(expr, "<=", param("Float64", Number(low)));
  const inside = call("if", either(call("isNaN", expr), above, below), param("Float64", 0), call("toFloat64", expr));
  return call("multiIf", call("isNaN", expr), param(type, 0), above, param(type, high), below, param(type, low), call(`to${type}`, inside));
}

/** A binary operator on two values. */
export function operate(op: string, left: Value, right: Value, machine: Machine): Value {
  return machine.liftLeaf(left, (a) => machine.liftLeaf(right, (b) => operateLeaves(op, a, b, machine)));
}

function operateLeaves(op: string, a: Leaf, b: Leaf, machine: Machine): Value {
  if (op === "==" || op === "===") return equal(a, b);
  if (op === "!=" || op === "!==") {
    const same = equal(a, b);
    return { ...leaf("boolean", negated(same.expr)) };
  }
  if (op === "+" && (a.type === "String" || b.type === "String")) {
    return leaf("String", call("concat", textOf(a, machine), textOf(b, machine)));
  }
  if (a.type === "null" || b.type === "null") {
    machine.throws(TRUE, "null stands in a computation");
    return NULL;
  }
  if (!isNumeric(a) || !isNumeric(b)) {
    if (a.type === "boolean" && b.type === "boolean" && (op === "&" || op === "|" || op === "^")) {
      return leaf("boolean", call({ "&": "and", "|": "or", "^": "xor" }[op] ?? "and", a.expr, b.expr));
    }
    throw new ScriptNotRead(`[${op}] of ${a.type} and ${b.type} is not translated`);
  }
  if (["<", "<=", ">", ">="].includes(op)) return leaf("boolean", compared(a, op, b));
  return arithmetic(op, a, b, machine);
}

/** `==` of painless: by value, whatever the number type. */
export function equal(a: Leaf, b: Leaf): Leaf {
  if (a.type === "null" || b.type === "null") return constant("boolean", a.type === b.type);
  if (isNumeric(a) && isNumeric(b)) return leaf("boolean", compared(a, "=", b));
  if (a.type === b.type && a.type !== "list" && a.type !== "point") {
    if (a.type !== "date") return leaf("boolean", binary(a.expr, "=", b.expr));
    if (a.zone === b.zone) return leaf("boolean", compareMoments(a, "=", b));
  }
  // A keyword is never a number, and def compares them all the same.
  if ((a.def || b.def) && a.type !== b.type && !isListLike(a) && !isListLike(b) && a.type !== "char" && b.type !== "char") {
    return leaf("boolean", FALSE);
  }
  throw new ScriptNotRead(`comparing ${a.type} with ${b.type} is not translated`);
}

const isListLike = (value: Leaf): boolean => value.type === "list" || value.type === "point" || value.type === "date";

function compared(a: Leaf, op: string, b: Leaf): Expr {
  const type = promoted(a, b);
  const sql = op === "==" ? "=" : op;
  if (sql !== "=" && sql !== "<" && sql !== "<=" && sql !== ">" && sql !== ">=") throw new ScriptNotRead(`[${op}] is not translated`);
  return binary(floatOrSame(a, type), sql, floatOrSame(b, type));
}

function floatOrSame(value: Leaf, type: NumberType): Expr {
  if (type === "int" || type === "long") return value.expr;
  if (typeof value.constant === "number" || typeof value.constant === "bigint") {
    return param(SQL_TYPES[type], type === "float" ? Math.fround(Number(value.constant)) : Number(value.constant));
  }
  return value.type === type ? value.expr : call(`to${SQL_TYPES[type]}`, value.expr);
}

function arithmetic(op: string, a: Leaf, b: Leaf, machine: Machine): Value {
  const type = promoted(a, b);
  const def = a.def || b.def;
  if (type === "int" || type === "long") return { ...leaf(type, wholeArithmetic(op, a, b, type, machine)), def };
  const [x, y] = [floatOrSame(a, type), floatOrSame(b, type)];
  if (op !== "+" && op !== "-" && op !== "*" && op !== "/" && op !== "%") throw new ScriptNotRead(`[${op}] of ${type} is not translated`);
  if (op === "%" && typeof a.constant === "number" && typeof b.constant === "number") return constant(type, a.constant % b.constant, def);
  if (op === "%") return { ...leaf(type, remainder(x, y, type, machine)), def };
  const result = binary(x, op, y);
  return { ...leaf(type, type === "float" ? call("toFloat32", result) : result), def };
}

// ClickHouse's remainder of doubles is rounded; that of whole numbers is exact. The sign is the dividend's, of a zero too.
function remainder(x: Expr, y: Expr, type: NumberType, machine: Machine): Expr {
  const whole = (value: Expr): Expr =>
    and([binary(call("trunc", value), "=", value), binary(call("abs", value), "<", param("Float64", 2 ** 53))]);
  const exact = and([whole(x), whole(y), binary(y, "!=", literal(0))]);
  machine.unknown(not(exact), "the remainder of numbers with fractions is rounded in ClickHouse");
  const int = (value: Expr): Expr => call("toInt64", call("if", exact, value, literal(1)));
  const result = call("toFloat64", call("modulo", int(x), int(y)));
  const signed = call("if", binary(result, "=", literal(0)), binary(x, "*", param("Float64", 0)), result);
  return type === "float" ? call("toFloat32", signed) : signed;
}

function wholeArithmetic(op: string, a: Leaf, b: Leaf, type: "int" | "long", machine: Machine): Expr {
  // ClickHouse computes with 64 bits at least; the cast wraps as Java does.
  const wrap = (expr: Expr): Expr => (type === "int" ? call("toInt32", expr) : call("toInt64", expr));
  switch (op) {
    case "+":
    case "-":
    case "*":
      return wrap(binary(a.expr, op, b.expr));
    case "/":
    case "%":
      return divided(op, a, b, type, machine);
    case "<<":
    case ">>":
      throw new ScriptNotRead(`[${op}] is not translated`);
    case "&":
      return wrap(call("bitAnd", a.expr, b.expr));
    case "|":
      return wrap(call("bitOr", a.expr, b.expr));
    case "^":
      return wrap(call("bitXor", a.expr, b.expr));
    default:
      throw new ScriptNotRead(`[${op}] is not translated`);
  }
}

// ClickHouse refuses a division by 0 and one of the least number by -1; both are computed apart.
function divided(op: "/" | "%", a: Leaf, b: Leaf, type: "int" | "long", machine: Machine): Expr {
  const by = (expr: Expr): Expr => call(op === "/" ? "intDiv" : "modulo", a.expr, expr);
  const wrap = (expr: Expr): Expr => call(type === "int" ? "toInt32" : "toInt64", expr);
  const known = b.constant === undefined ? undefined : Number(b.constant);
  if (known !== undefined && known !== 0 && known !== -1) return wrap(by(b.expr));
  const zero = known === undefined ? binary(b.expr, "=", literal(0)) : known === 0 ? TRUE : FALSE;
  machine.throws(zero, "/ by zero");
  const minus = known === undefined ? binary(b.expr, "=", literal(-1)) : known === -1 ? TRUE : FALSE;
  const special = either(zero, minus);
  const plain = by(chosen(special, literal(1), b.expr));
  const bySmall = op === "/" ? wrap(call("negate", a.expr)) : wrap(literal(0));
  return isFalse(special) ? wrap(plain) : call("if", minus, bySmall, wrap(plain));
}

/** `-x`, `~x`. */
export function negate(op: "-" | "~", value: Value, machine: Machine): Value {
  return machine.liftLeaf(value, (one) => {
    if (!isNumeric(one)) throw new ScriptNotRead(`[${op}] of ${one.type} is not translated`);
    if (op === "~") throw new ScriptNotRead("[~] is not translated");
    if (typeof one.constant === "number" && one.type !== "long") {
      const number = one.type === "int" ? -one.constant | 0 : -one.constant;
      return constant(one.type, number, one.def);
    }
    if (typeof one.constant === "bigint") return constant(one.type, BigInt.asIntN(64, -one.constant), one.def);
    return { ...leaf(one.type, call("negate", one.expr)), def: one.def };
  });
}
