// What a place makes of the value that a script returns: a boolean, a double, a text; and of what a runtime field emits.
import { binary, call, type Expr, literal, param, TRUE, tuple } from "../../clickhouse/sql/ast.ts";
import { truthOf } from "./evaluate.ts";
import type { Emission } from "./execute.ts";
import type { Machine } from "./machine.ts";
import { castNumber, isNumeric } from "./operators.ts";
import { str } from "./text.ts";
import { ScriptNotRead } from "./tree.ts";
import { type Leaf, leaf, NULL, type Value } from "./value.ts";

/** As the condition of a query. */
export function asBoolean(value: Value, machine: Machine): Leaf {
  return leaf("boolean", truthOf(value, machine));
}

/** As a double: a sort's key, a score. */
export function asDouble(value: Value, machine: Machine): Leaf {
  return single(value, machine, (one) => {
    if (isNumeric(one)) return leaf("double", castNumber(one, "double", machine));
    return refused(one, "double", machine, param("Float64", 0));
  });
}

/** As a text: a sort's key. */
export function asText(value: Value, machine: Machine): Leaf {
  return single(value, machine, (one) => (one.type === "String" ? one : refused(one, "String", machine, str(""))));
}

function single(value: Value, machine: Machine, each: (one: Leaf) => Leaf): Leaf {
  const result = machine.liftLeaf(value, each);
  if (result.kind !== "leaf") throw new ScriptNotRead("it returns values of several types");
  return result;
}

// A def of another type fails at run time, null too; what is known to be of another type does not compile at all.
function refused(one: Leaf, type: Leaf["type"], machine: Machine, instead: Expr): Leaf {
  if (!one.def && one.type !== "null") throw new ScriptNotRead(`a ${one.type} is no ${type}`);
  machine.throws(TRUE, `a ${one.type} is no ${type}`);
  return leaf(type, instead);
}

type Convert = (args: readonly Leaf[], machine: Machine) => Expr;

const CONVERSIONS: Readonly<Record<string, { readonly element: string; readonly arguments: number; readonly convert: Convert }>> = {
  long: { element: "Int64", arguments: 1, convert: ([one], machine) => whole(one, machine) },
  date: { element: "Int64", arguments: 1, convert: ([one], machine) => whole(one, machine) },
  double: { element: "Float64", arguments: 1, convert: ([one], machine) => asDouble(one ?? NULL, machine).expr },
  boolean: { element: "UInt8", arguments: 1, convert: ([one], machine) => truth(one, machine) },
  keyword: { element: "String", arguments: 1, convert: ([one], machine) => asText(one ?? NULL, machine).expr },
  ip: { element: "IPv6", arguments: 1, convert: ([one], machine) => address(one, machine) },
  geo_point: { element: "Tuple(Float64, Float64)", arguments: 2, convert: ([lat, lon], machine) => point(lat, lon, machine) },
};

/** How `emit` works in a runtime field of a type; undefined for a type that has no SQL. */
export function emissionOf(type: string): Emission | undefined {
  const known = Object.hasOwn(CONVERSIONS, type) ? CONVERSIONS[type] : undefined;
  if (known === undefined) return undefined;
  return {
    type: `Array(${known.element})`,
    add(emitted, args, machine) {
      if (args.length !== known.arguments) throw new ScriptNotRead(`emit takes ${known.arguments} value(s) for [${type}]`);
      return call("arrayPushBack", emitted, converted(args, known.convert, machine));
    },
  };
}

// Every type that an argument may have is converted apart.
function converted(args: readonly Value[], convert: Convert, machine: Machine): Expr {
  const [first, second] = args;
  const one = (leaves: readonly Leaf[]): Value => leaf("String", convert(leaves, machine));
  const made = machine.liftLeaf(first ?? NULL, (a) => (second === undefined ? one([a]) : machine.liftLeaf(second, (b) => one([a, b]))));
  if (made.kind !== "leaf") throw new ScriptNotRead("emit takes values of one type");
  return made.expr;
}

function whole(one: Leaf | undefined, machine: Machine): Expr {
  if (one === undefined) return param("Int64", 0);
  if (one.type === "int" || one.type === "long") return castNumber(one, "long", machine);
  return refused(one, "long", machine, param("Int64", 0)).expr;
}

function truth(one: Leaf | undefined, machine: Machine): Expr {
  if (one?.type === "boolean") return one.constant === undefined ? one.expr : param("UInt8", Number(one.constant));
  return refused(one ?? NULL, "boolean", machine, param("UInt8", 0)).expr;
}

function address(one: Leaf | undefined, machine: Machine): Expr {
  const none = call("toIPv6", str("::"));
  if (one?.type !== "String") {
    refused(one ?? NULL, "String", machine, str(""));
    return none;
  }
  const read = call("toIPv6OrNull", one.expr);
  machine.throws(call("isNull", read), "the text is no IP address");
  return call("ifNull", read, none);
}

const LAT_STEP = 180 / 2 ** 32;
const LON_STEP = 360 / 2 ** 32;

// Kept as a mapped point is: the lower corner of Lucene's cell.
function point(lat: Leaf | undefined, lon: Leaf | undefined, machine: Machine): Expr {
  const [y, x] = [asDouble(lat ?? NULL, machine).expr, asDouble(lon ?? NULL, machine).expr];
  const outside = call("not", call("and", binary(call("abs", y), "<=", literal(90)), binary(call("abs", x), "<=", literal(180))));
  machine.throws(outside, "the point is outside of the globe");
  const cell = (value: Expr, step: number): Expr =>
    binary(
      call("least", call("floor", binary(value, "/", param("Float64", step))), param("Float64", 2 ** 31 - 1)),
      "*",
      param("Float64", step),
    );
  return tuple(cell(y, LAT_STEP), cell(x, LON_STEP));
}
