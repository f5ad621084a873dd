// + - * / %: by Elasticsearch's types. Whole numbers that overflow, and anything over 0, are null; so are infinities.
import { binary, call, type Expr, literal } from "../../clickhouse/sql/ast.ts";
import { bind } from "../../clickhouse/sql/bind.ts";
import { readAs } from "./comparison.ts";
import { plusMonths } from "./dates.ts";
import { refused, type Scope, textAt, withoutSql } from "./scope.ts";
import type { BinaryName, Expression } from "./tree.ts";
import { constantOf, ELEMENTS, type EsqlType, isNumeric, isSpan, nullOf, one, scalarValue, type Value } from "./value.ts";

type Operator = "+" | "-" | "*" | "/" | "%";

/** Arithmetic of numbers, or of dates and spans of time. */
export function arithmetic(name: BinaryName, left: Value, right: Value, node: Expression, scope: Scope): Value {
  const op = operatorOf(name);
  const a = isSpan(right.type) || right.type === "date" ? readAs(left, isSpan(right.type) ? "date" : right.type, node, scope) : left;
  const b = isSpan(left.type) || left.type === "date" ? readAs(right, left.type === "date" ? "time_duration" : "date", node, scope) : right;
  if (isSpan(a.type) || isSpan(b.type)) return dateArithmetic(op, a, b, node, scope);
  if (a.type === "null" || b.type === "null") {
    const other = a.type === "null" ? b.type : a.type;
    if (other !== "null" && !isNumeric(other)) throw wrongType(node, scope, b);
    return nullOf(other);
  }
  if (!isNumeric(a.type)) throw wrongType(node, scope, a);
  if (!isNumeric(b.type)) throw wrongType(node, scope, b);
  const type = commonNumber(a.type, b.type);
  if (type === "unsigned_long") {
    if (a.type !== b.type) throw refused(scope, node, "[unsigned_long] can only be operated on together with another [unsigned_long]");
    throw withoutSql(node, "arithmetic of unsigned_long has no SQL yet");
  }
  // ClickHouse's remainder of doubles is another in the last digits.
  if (type === "double" && op === "%") throw withoutSql(node, "the remainder of doubles has no SQL");
  if (type === "double") return scalarValue("double", finite(binary(call("toFloat64", one(a)), op, call("toFloat64", one(b)))), [a, b]);
  return scalarValue(type, whole(op, one(a), one(b), type), [a, b]);
}

function operatorOf(name: BinaryName): Operator {
  if (name === "+" || name === "-" || name === "*" || name === "/" || name === "%") return name;
  throw new Error(`no arithmetic: ${name}`);
}

function wrongType(node: Expression, scope: Scope, value: Value) {
  return refused(scope, node, `argument of [${textAt(scope, node)}] must be [numeric], found type [${value.type}]`);
}

/** The type that both numbers are widened to. */
export function commonNumber(a: EsqlType, b: EsqlType): EsqlType {
  if (a === "double" || b === "double") return "double";
  if (a === "unsigned_long" || b === "unsigned_long") return "unsigned_long";
  return a === "long" || b === "long" ? "long" : "integer";
}

/** A double, or NULL where it is none: infinite or not a number. */
export function finite(x: Expr): Expr {
  return call("ifNotFinite", x, literal(null));
}

function whole(op: Operator, a: Expr, b: Expr, type: EsqlType): Expr {
  const wide = type === "long" ? "toInt128" : "toInt64";
  if (op === "/") return call("accurateCastOrNull", call("intDivOrNull", call(wide, a), call(wide, b)), literal(ELEMENTS[type]));
  if (op === "%") return call("accurateCastOrNull", call("moduloOrNull", call(wide, a), call(wide, b)), literal(ELEMENTS[type]));
  return call("accurateCastOrNull", binary(call(wide, a), op, call(wide, b)), literal(ELEMENTS[type]));
}

const LEAST_DATE = -2_208_988_800_000;
const GREATEST_DATE = 10_413_792_000_000;

function dateArithmetic(op: Operator, a: Value, b: Value, node: Expression, scope: Scope): Value {
  if (op !== "+" && op !== "-") throw wrongType(node, scope, b);
  const [date, amount] = a.span === undefined ? [a, b] : [b, a];
  if (amount.span === undefined || (op === "-" && a.span !== undefined && b.span === undefined)) throw wrongType(node, scope, b);
  const sign = op === "-" ? -1 : 1;
  if (date.span !== undefined) {
    if (a.type !== b.type) throw wrongType(node, scope, b);
    const other = b.span ?? { months: 0, ms: 0 };
    const own = a.span ?? { months: 0, ms: 0 };
    return { ...a, span: { months: own.months + sign * other.months, ms: own.ms + sign * other.ms } };
  }
  if (date.type === "null") return nullOf("date");
  if (date.type === "date_nanos") throw withoutSql(node, "arithmetic of nanoseconds has no SQL yet");
  if (date.type !== "date") throw wrongType(node, scope, date);
  const { months, ms } = amount.span;
  if (typeof date.constant === "bigint") return constantOf("date", BigInt(plusMonths(Number(date.constant), sign * months) + sign * ms));
  const moved = months === 0 ? one(date) : movedByMonths(one(date), sign * months);
  return scalarValue("date", ms === 0 ? moved : binary(moved, "+", literal(sign * ms)), [date]);
}

function movedByMonths(date: Expr, months: number): Expr {
  return bind(["d"], [date], (d = date) => {
    const outside = call("or", binary(d, "<", literal(LEAST_DATE)), binary(d, ">=", literal(GREATEST_DATE)));
    const day = call("fromUnixTimestamp64Milli", call("assumeNotNull", d), literal("UTC"));
    const moved = call("toUnixTimestamp64Milli", call("addMonths", day, literal(months)));
    return call(
      "if",
      call("isNull", d),
      literal(null),
      call("plus", moved, call("throwIf", call("ifNull", outside, literal(0)), literal("a date outside of ClickHouse's calendar"))),
    );
  });
}
