// Static methods and constants: Math, Integer, String, ZoneId, ChronoUnit, …
import { binary, call, type Expr, literal, param } from "../../clickhouse/sql/ast.ts";
import { unitMillis, unitsBetween } from "./calendar.ts";
import type { Machine } from "./machine.ts";
import { callMethod } from "./methods.ts";
import { castNumber, equal, isNumeric, wholeOf } from "./operators.ts";
import { parseDouble, parseWhole } from "./string_methods.ts";
import { textOf } from "./text.ts";
import { ScriptNotRead } from "./tree.ts";
import { constant, type Leaf, leaf, type Value } from "./value.ts";

export const CLASSES = new Set([
  "Math",
  "Integer",
  "Long",
  "Double",
  "Float",
  "String",
  "Boolean",
  "Objects",
  "ZoneId",
  "ZoneOffset",
  "ChronoUnit",
  "DateTimeFormatter",
  "TextStyle",
  "Locale",
  "Instant",
  "ZonedDateTime",
  "Collections",
  "DayOfWeek",
]);

const CONSTANTS: Readonly<Record<string, Leaf>> = {
  "Integer.MAX_VALUE": constant("int", 2 ** 31 - 1),
  "Integer.MIN_VALUE": constant("int", -(2 ** 31)),
  "Long.MAX_VALUE": constant("long", 2n ** 63n - 1n),
  "Long.MIN_VALUE": constant("long", -(2n ** 63n)),
  "Double.MAX_VALUE": constant("double", Number.MAX_VALUE),
  "Double.MIN_VALUE": constant("double", Number.MIN_VALUE),
  "Double.POSITIVE_INFINITY": constant("double", Number.POSITIVE_INFINITY),
  "Double.NEGATIVE_INFINITY": constant("double", Number.NEGATIVE_INFINITY),
  "Double.NaN": constant("double", Number.NaN),
  "Math.PI": constant("double", Math.PI),
  "Math.E": constant("double", Math.E),
};

/** `Integer.MAX_VALUE`; a further name of a class (`ChronoUnit.DAYS`) stays one. */
export function classMember(name: string, member: string): Value {
  const full = `${name}.${member}`;
  if (full === "ZoneOffset.UTC") return { kind: "zone", zone: "UTC" };
  if (full === "DateTimeFormatter.ISO_LOCAL_DATE") return { kind: "format", pattern: "yyyy-MM-dd" };
  return (Object.hasOwn(CONSTANTS, full) ? CONSTANTS[full] : undefined) ?? { kind: "class", name: full };
}

/** A static call. Throws ScriptNotRead for one that is not translated. */
export function callStatic(name: string, method: string, args: readonly Value[], machine: Machine): Value {
  if (name === "Math") return machine.liftLeaf(args[0] ?? constant("int", 0), (x) => math(method, x, args[1], machine));
  const [first, second] = args;
  if (method === "of" && name === "ZoneId" && first?.kind === "leaf" && typeof first.constant === "string") return zoneOf(first.constant);
  if (method === "ofPattern" && first?.kind === "leaf" && typeof first.constant === "string" && args.length === 1) {
    return { kind: "format", pattern: first.constant };
  }
  if (name.startsWith("ChronoUnit.") && method === "between" && first?.kind === "leaf" && second?.kind === "leaf") {
    return between(name.slice("ChronoUnit.".length), first, second);
  }
  if (first === undefined) throw notRead(name, method);
  return machine.liftLeaf(first, (x) => ofOne(name, method, x, second, machine));
}

function notRead(name: string, method: string): ScriptNotRead {
  return new ScriptNotRead(`[${name}.${method}] is not translated`);
}

function zoneOf(id: string): Value {
  if (id === "Z" || id === "UTC") return { kind: "zone", zone: "UTC" };
  if (!/^[A-Z][A-Za-z_]+\/[A-Z][A-Za-z_/+\-0-9]+$/.test(id)) throw new ScriptNotRead(`the time zone [${id}] is not translated`);
  return { kind: "zone", zone: id };
}

function between(unit: string, from: Leaf, to: Leaf): Leaf {
  const millis = unitMillis(unit);
  const moments = ["date", "instant"];
  const utc = (date: Leaf): boolean => (date.zone ?? "UTC") === "UTC";
  const plain = millis !== undefined && (millis < 86_400_000 || (utc(from) && utc(to)));
  if (!plain || !moments.includes(from.type) || !moments.includes(to.type)) throw notRead(`ChronoUnit.${unit}`, "between");
  return leaf("long", unitsBetween(from, to, millis));
}

function ofOne(name: string, method: string, x: Leaf, second: Value | undefined, machine: Machine): Value {
  const full = `${name}.${method}`;
  const text = x.type === "String";
  switch (full) {
    case "Integer.parseInt":
      if (!text) throw notRead(name, method);
      return parseWhole(x.expr, "int", machine);
    case "Long.parseLong":
      if (!text) throw notRead(name, method);
      return parseWhole(x.expr, "long", machine);
    case "Integer.valueOf":
      return text ? parseWhole(x.expr, "int", machine) : x.type === "int" ? x : fail(name, method);
    case "Long.valueOf":
      return text ? parseWhole(x.expr, "long", machine) : isNumeric(x) ? leaf("long", castNumber(x, "long", machine)) : fail(name, method);
    case "Double.parseDouble":
    case "Double.valueOf":
      return text ? parseDouble(x.expr, machine) : isNumeric(x) ? leaf("double", castNumber(x, "double", machine)) : fail(name, method);
    case "Boolean.parseBoolean":
      return leaf("boolean", binary(call("lower", x.expr), "=", literal("true")));
    case "String.valueOf":
    case "Integer.toString":
    case "Long.toString":
    case "Double.toString":
    case "Boolean.toString":
    case "Objects.toString":
      return leaf("String", textOf(x, machine));
    case "Objects.equals":
      return machine.liftLeaf(second ?? x, (y) => equal(x, y));
    case "Objects.isNull":
      return constant("boolean", x.type === "null");
    case "Objects.nonNull":
      return constant("boolean", x.type !== "null");
    case "Double.isNaN":
      return leaf("boolean", call("isNaN", castNumber(x, "double", machine)));
    case "String.join":
      return second === undefined ? fail(name, method) : machine.liftLeaf(second, (list) => callMethod(list, "join", [x], machine));
    case "Instant.ofEpochMilli":
      return leaf("instant", castNumber(x, "long", machine));
    case "ZonedDateTime.ofInstant":
      if (x.type !== "instant" || second?.kind !== "zone") throw notRead(name, method);
      return { ...x, type: "date", zone: second.zone };
    default:
      return fail(name, method);
  }
}

function fail(name: string, method: string): never {
  throw notRead(name, method);
}

const EXACT: Readonly<Record<string, string>> = {
  ceil: "ceil",
  floor: "floor",
  sqrt: "sqrt",
  log: "log",
  log10: "log10",
  rint: "roundBankers",
};
const ROUNDED: Readonly<Record<string, string>> = {
  exp: "exp",
  sin: "sin",
  cos: "cos",
  tan: "tan",
  asin: "asin",
  acos: "acos",
  atan: "atan",
  cbrt: "cbrt",
  log1p: "log1p",
  toRadians: "radians",
  toDegrees: "degrees",
  tanh: "tanh",
};

// In painless a call with arguments of its own types finds Java's overload for double only, but for round.
function math(method: string, x: Leaf, y: Value | undefined, machine: Machine): Value {
  if (!isNumeric(x)) return callMethod(x, `Math.${method}`, [], machine);
  const a = castNumber(x, "double", machine);
  const exact = Object.hasOwn(EXACT, method) ? EXACT[method] : undefined;
  if (exact !== undefined) return leaf("double", call(exact, a));
  const rounded = Object.hasOwn(ROUNDED, method) ? ROUNDED[method] : undefined;
  if (rounded !== undefined) {
    machine.inexact(`Math.${method}`);
    return leaf("double", call(rounded, a));
  }
  switch (method) {
    case "abs":
      return leaf("double", call("abs", a));
    case "signum":
      return leaf("double", call("if", binary(a, "=", literal(0)), a, call("toFloat64", call("sign", a))));
    case "round":
      return leaf("long", wholeOf(halfUp(a), "long", machine));
    default:
      if (y === undefined) throw notRead("Math", method);
      return machine.liftLeaf(y, (second) => mathOfTwo(method, a, second, machine));
  }
}

function halfUp(a: Expr): Expr {
  const floor = call("floor", a);
  return binary(floor, "+", binary(binary(a, "-", floor), ">=", literal(0.5)));
}

function mathOfTwo(method: string, a: Expr, second: Leaf, machine: Machine): Value {
  if (!isNumeric(second)) return callMethod(second, `Math.${method}`, [], machine);
  const b = castNumber(second, "double", machine);
  if (method === "max" || method === "min") {
    const better = call(method === "max" ? "greatest" : "least", a, b);
    return leaf("double", call("if", call("or", call("isNaN", a), call("isNaN", b)), param("Float64", Number.NaN), better));
  }
  if (method === "pow") {
    const power = typeof second.constant === "number" ? second.constant : Number.NaN;
    if (power === 2) return leaf("double", binary(a, "*", a));
    machine.inexact("Math.pow");
    return leaf("double", call("pow", a, b));
  }
  if (method === "hypot" || method === "atan2") {
    machine.inexact(`Math.${method}`);
    return leaf("double", call(method, a, b));
  }
  throw notRead("Math", method);
}
