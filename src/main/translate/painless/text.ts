// Values as Java prints them.
import { and, binary, call, column, type Expr, lambda, literal, or, param } from "../../clickhouse/sql/ast.ts";
import { bind } from "../../clickhouse/sql/bind.ts";
import { isoText } from "./calendar.ts";
import type { Machine } from "./machine.ts";
import { ScriptNotRead } from "./tree.ts";
import { chosen, type Leaf } from "./value.ts";

export const str = (text: string): Expr => param("String", text);
const cat = (...parts: readonly Expr[]): Expr => call("concat", ...parts);

/** `body` with `name` standing for `value`, which is computed once. */
export function named(value: Expr, name: string, body: (value: Expr) => Expr): Expr {
  if (value.kind === "column" || value.kind === "param") return body(value);
  return bind([name], [value], (bound = value) => body(bound));
}

/** What String.valueOf makes of a value. */
export function textOf(value: Leaf, machine: Machine): Expr {
  switch (value.type) {
    case "String":
    case "char":
      return value.expr;
    case "int":
    case "long":
      return call("toString", value.expr);
    case "float":
    case "double":
      machine.unknown(tiny(value), "the text of the least numbers is another in Java");
      return javaNumber(value.expr, machine);
    case "boolean":
      return chosen(value.expr, str("true"), str("false"));
    case "null":
      return str("null");
    case "date":
      return isoText(value, machine);
    case "point":
      return cat(
        javaNumber(call("tupleElement", value.expr, literal(1)), machine),
        str(", "),
        javaNumber(call("tupleElement", value.expr, literal(2)), machine),
      );
    case "weekday":
    case "month":
      return enumName(value);
    case "list":
      return listText(value, machine);
    case "instant":
      throw new ScriptNotRead("the text of an Instant is not translated");
  }
}

// Java writes two digits where one would do.
function tiny(value: Leaf): Expr {
  const size = call("abs", value.expr);
  const least = value.type === "double" ? [binary(size, "!=", LEAST)] : [];
  return and([binary(size, ">", literal(0)), binary(size, "<", param("Float64", value.type === "double" ? 1e-321 : 1e-43)), ...least]);
}

const LEAST = param("Float64", Number.MIN_VALUE);

function listText(list: Leaf, machine: Machine): Expr {
  const name = machine.fresh();
  const item: Leaf = { ...list, type: list.element ?? "String", expr: column(name) };
  const { result } = machine.apart(() => textOf(item, machine));
  return cat(str("["), call("arrayStringConcat", call("arrayMap", lambda([name], result), list.expr), str(", ")), str("]"));
}

const DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];
const MONTHS = ["JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"];

/** The name of a day of the week or of a month, from its number. */
export function enumName(value: Leaf, each: (name: string) => string = (name) => name): Expr {
  return call("arrayElement", param("Array(String)", (value.type === "month" ? MONTHS : DAYS).map(each)), value.expr);
}

// Java writes 1.0E10 from 10^7 and 1.0E-4 below 10^-3; ClickHouse writes the same digits otherwise.
function javaNumber(value: Expr, machine: Machine): Expr {
  return named(value, machine.fresh(), (x) => {
    const size = call("abs", x);
    const plain = or([binary(x, "=", literal(0)), and([binary(size, ">=", literal(0.001)), binary(size, "<", literal(1e7))])]);
    const text = call("toString", x);
    const decimal = call("if", binary(call("position", text, str(".")), ">", literal(0)), text, cat(text, str(".0")));
    const sign = chosen(binary(x, "<", literal(0)), str("-"), str(""));
    const odd = call(
      "multiIf",
      call("isNaN", x),
      str("NaN"),
      call("isInfinite", x),
      cat(sign, str("Infinity")),
      plain,
      decimal,
      cat(sign, str("4.9E-324")),
    );
    return call(
      "if",
      or([call("isNaN", x), call("isInfinite", x), plain, binary(size, "=", LEAST)]),
      odd,
      cat(sign, scientific(call("toString", size), machine)),
    );
  });
}

// From "12345678.5", "1e21", "1.5e-7" or "0.00012": the first digit, the others, the exponent.
function scientific(text: Expr, machine: Machine): Expr {
  return named(text, machine.fresh(), (whole) => {
    const part = (pattern: string): Expr => call("extract", whole, str(pattern));
    const integer = part("^([0-9]+)");
    const digits = cat(integer, part("\\.([0-9]+)"));
    const written = call("toInt32OrZero", call("replaceAll", part("e([-+]?[0-9]+)"), str("+"), str("")));
    return named(digits, machine.fresh(), (all) => {
      const zeros = call("length", call("extract", all, str("^(0*)")));
      const significant = call("replaceRegexpAll", all, str("^0+|0+$"), str(""));
      const rest = call("substring", significant, literal(2));
      const exponent = binary(binary(binary(written, "+", call("length", integer)), "-", literal(1)), "-", zeros);
      const tail = call("if", call("empty", rest), str("0"), rest);
      return cat(call("substring", significant, literal(1), literal(1)), str("."), tail, str("E"), call("toString", exponent));
    });
  });
}
