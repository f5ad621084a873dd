// Functions of numbers. One value in, one value out; what is no finite number is null.
import { binary, call, type Expr, literal, param } from "../../../clickhouse/sql/ast.ts";
import { bind } from "../../../clickhouse/sql/bind.ts";
import { finite } from "../arithmetic.ts";
import { withoutSql } from "../scope.ts";
import { constantOf, ELEMENTS, isWhole, nullOf, one, scalarValue, type Value } from "../value.ts";
import { anyNull, argument, expect, type FunctionDefinition, scalar } from "./function.ts";

const double = (value: Value): Expr => call("toFloat64", one(value));

/** A function of one double. */
function ofDouble(compute: (x: Expr) => Expr): FunctionDefinition {
  return scalar(1, 1, (args, context) => {
    expect(args, ["numeric"], context);
    const x = argument(args, 0);
    return x.type === "null" ? nullOf("double") : scalarValue("double", finite(compute(double(x))), args);
  });
}

const named = (name: string): FunctionDefinition => ofDouble((x) => call(name, x));

/** Whole numbers stay as they are, also several. */
function towards(name: "floor" | "ceil"): FunctionDefinition {
  return scalar(1, 1, (args, context) => {
    expect(args, ["numeric"], context);
    const x = argument(args, 0);
    if (x.type === "null" || isWhole(x.type)) return x.type === "null" ? nullOf("double") : x;
    return scalarValue("double", call(name, one(x)), args);
  });
}

// Halves go away from zero.
const round = scalar(1, 2, (args, context) => {
  expect(args, ["numeric", "whole"], context);
  const [x, decimals] = [argument(args, 0), args[1]];
  if (anyNull(args)) return nullOf(x.type === "null" ? "double" : x.type);
  if (isWhole(x.type) && decimals === undefined) return x;
  if (decimals !== undefined && typeof decimals.constant !== "bigint") {
    throw withoutSql(context.node, "a number of decimals that differs from row to row has no SQL yet");
  }
  const places = decimals === undefined ? 0 : Number(decimals.constant);
  if (isWhole(x.type)) {
    return places >= 0 ? scalarValue(x.type, one(x), args) : roundedToTens(x, -places);
  }
  const scale = param("Float64", 10 ** places);
  const rounded = bind(["x"], [one(x)], (v = one(x)) => {
    const scaled = binary(call("abs", v), "*", scale);
    const up = binary(call("floor", binary(scaled, "+", literal(0.5))), "/", scale);
    return binary(up, "*", call("if", binary(v, ">=", literal(0)), literal(1), literal(-1)));
  });
  return scalarValue("double", finite(rounded), args);
});

// A number with no more digits than are rounded becomes 0, even 99 to hundreds.
function roundedToTens(x: Value, digits: number): Value {
  if (digits > 18) return scalarValue(x.type, binary(one(x), "*", literal(0)));
  const ten = call("toInt64", literal(String(10n ** BigInt(digits))));
  const sql = bind(["x"], [call("toInt64", one(x))], (v = one(x)) => {
    const rest = call("modulo", v, ten);
    const half = binary(call("intDiv", ten, literal(10)), "*", literal(5));
    const step = call("multiIf", binary(rest, ">=", half), literal(1), binary(rest, "<=", call("negate", half)), literal(-1), literal(0));
    const rounded = binary(binary(call("toInt128", call("intDiv", v, ten)), "+", step), "*", ten);
    return call("if", binary(call("abs", v), "<", ten), literal(0), rounded);
  });
  // What overflows comes round, as in Java.
  return scalarValue(x.type, call("CAST", sql, literal(`Nullable(${ELEMENTS[x.type]})`)), [x]);
}

const abs = scalar(1, 1, (args, context) => {
  expect(args, ["numeric"], context);
  const x = argument(args, 0);
  if (x.type === "null") return nullOf("double");
  if (x.type === "double" || x.type === "unsigned_long") return scalarValue(x.type, call("abs", one(x)), args);
  return scalarValue(x.type, call("CAST", call("abs", one(x)), literal(`Nullable(${ELEMENTS[x.type]})`)), args);
});

const signum = ofDouble((x) => bind(["v"], [x], (v = x) => call("if", binary(v, "=", literal(0)), v, call("toFloat64", call("sign", v)))));

const pow = scalar(2, 2, (args, context) => {
  expect(args, ["numeric"], context);
  if (anyNull(args)) return nullOf("double");
  return scalarValue("double", finite(call("pow", double(argument(args, 0)), double(argument(args, 1)))), args);
});

const hypot = scalar(2, 2, (args, context) => {
  expect(args, ["numeric"], context);
  if (anyNull(args)) return nullOf("double");
  return scalarValue("double", finite(call("hypot", double(argument(args, 0)), double(argument(args, 1)))), args);
});

const atan2 = scalar(2, 2, (args, context) => {
  expect(args, ["numeric"], context);
  if (anyNull(args)) return nullOf("double");
  return scalarValue("double", call("atan2", double(argument(args, 0)), double(argument(args, 1))), args);
});

// LOG(value) or LOG(base, value); of nothing below or at zero.
const log = scalar(1, 2, (args, context) => {
  expect(args, ["numeric"], context);
  if (anyNull(args)) return nullOf("double");
  const value = double(argument(args, args.length - 1));
  const logarithm = call("log", value);
  if (args.length === 1) return scalarValue("double", finite(logarithm), args);
  return scalarValue("double", finite(binary(logarithm, "/", call("log", double(argument(args, 0))))), args);
});

// Alone among these it gives infinity as it is.
const exp = scalar(1, 1, (args, context) => {
  expect(args, ["numeric"], context);
  return anyNull(args) ? nullOf("double") : scalarValue("double", call("exp", double(argument(args, 0))), args);
});

// The last digits of a power or a logarithm are the library's own.
function inexact(definition: FunctionDefinition): FunctionDefinition {
  if (definition.kind !== "scalar") return definition;
  const compile: typeof definition.compile = (args, context) => {
    const value = definition.compile(args, context);
    return value.noise === undefined && value.type === "double" ? { ...value, noise: { rule: "float_sum", bounds: null } } : value;
  };
  return { ...definition, compile };
}

export const MATH: Readonly<Record<string, FunctionDefinition>> = {
  abs,
  ceil: towards("ceil"),
  floor: towards("floor"),
  round,
  signum,
  sqrt: named("sqrt"),
  cbrt: inexact(named("cbrt")),
  exp: inexact(exp),
  pow: inexact(pow),
  hypot: inexact(hypot),
  log: inexact(log),
  log10: inexact(named("log10")),
  sin: inexact(named("sin")),
  cos: inexact(named("cos")),
  tan: inexact(named("tan")),
  asin: inexact(named("asin")),
  acos: inexact(named("acos")),
  atan: inexact(named("atan")),
  atan2: inexact(atan2),
  sinh: inexact(named("sinh")),
  cosh: inexact(named("cosh")),
  tanh: inexact(named("tanh")),
  pi: scalar(0, 0, () => constantOf("double", Math.PI)),
  e: scalar(0, 0, () => constantOf("double", Math.E)),
  tau: scalar(0, 0, () => constantOf("double", 2 * Math.PI)),
  to_degrees: inexact(ofDouble((x) => call("degrees", x))),
  to_radians: inexact(ofDouble((x) => call("radians", x))),
};
