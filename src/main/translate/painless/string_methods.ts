// java.lang.String in SQL. Java counts UTF-16 units: a text with letters beyond U+FFFF is a fault where a position counts.
import { and, binary, call, type Expr, literal, or, param } from "../../clickhouse/sql/ast.ts";
import type { Machine } from "./machine.ts";
import { str, textOf } from "./text.ts";
import { ScriptNotRead } from "./tree.ts";
import { chosen, type Leaf, leaf } from "./value.ts";

type Method = (self: Expr, args: readonly Leaf[], machine: Machine) => Leaf;

const truth = (expr: Expr): Leaf => leaf("boolean", expr);
const int = (expr: Expr): Leaf => leaf("int", call("toInt32", expr));
const text = (expr: Expr): Leaf => leaf("String", expr);

function astral(value: Expr): Expr {
  return call("match", value, str("[\\x{10000}-\\x{10FFFF}]"));
}

function countable(value: Expr, machine: Machine): Expr {
  machine.unknown(astral(value), "a text with letters of two UTF-16 units is not counted by ClickHouse as Java does");
  return value;
}

function foldable(value: Expr, machine: Machine): Expr {
  machine.unknown(
    call(
      "match",
      value,
      str("[İıßΣŉǰſ\\x{0345}\\x{0370}-\\x{03FF}\\x{0530}-\\x{2FFF}\\x{A640}-\\x{ABFF}\\x{FB00}-\\x{FB4F}\\x{10000}-\\x{1EFFF}]"),
    ),
    "Java folds the case of these letters by rules of its own",
  );
  return value;
}

function stringArg(args: readonly Leaf[], at: number, machine: Machine): Expr {
  const arg = args[at];
  if (arg === undefined) throw new ScriptNotRead("a method of String lacks an argument");
  if (arg.type === "null") {
    machine.throws(literal(1), "null is no text");
    return str("");
  }
  if (arg.type !== "String" && arg.type !== "char") throw new ScriptNotRead(`a ${arg.type} is no text`);
  return arg.expr;
}

function intArg(args: readonly Leaf[], at: number): Expr {
  const arg = args[at];
  if (arg?.type !== "int") throw new ScriptNotRead("a method of String takes an int here");
  return arg.expr;
}

const METHODS: Readonly<Record<string, Method>> = {
  length: (self) => int(binary(call("lengthUTF8", self), "+", call("length", call("extractAll", self, str("[\\x{10000}-\\x{10FFFF}]"))))),
  isEmpty: (self) => truth(call("empty", self)),
  toString: (self: Expr) => text(self),
  substring: (self, args, machine) => {
    const whole = countable(self, machine);
    const length = call("lengthUTF8", whole);
    const from = intArg(args, 0);
    const to = args.length > 1 ? intArg(args, 1) : length;
    const wrong = or([binary(from, "<", literal(0)), binary(to, ">", length), binary(from, ">", to)]);
    machine.throws(wrong, "the range is out of the text's bounds");
    const start = chosen(wrong, literal(0), from);
    return text(call("substringUTF8", whole, binary(start, "+", literal(1)), chosen(wrong, literal(0), binary(to, "-", start))));
  },
  charAt: (self, args, machine) => {
    const whole = countable(self, machine);
    const at = intArg(args, 0);
    const wrong = or([binary(at, "<", literal(0)), binary(at, ">=", call("lengthUTF8", whole))]);
    machine.throws(wrong, "the position is out of the text's bounds");
    return leaf("char", call("substringUTF8", whole, binary(chosen(wrong, literal(0), at), "+", literal(1)), literal(1)));
  },
  indexOf: (self, args, machine) => {
    if (args.length > 1) throw new ScriptNotRead("indexOf from a position is not translated");
    return int(binary(call("positionUTF8", countable(self, machine), stringArg(args, 0, machine)), "-", literal(1)));
  },
  lastIndexOf: (self, args, machine) => {
    if (args.length > 1) throw new ScriptNotRead("lastIndexOf from a position is not translated");
    const whole = countable(self, machine);
    const sought = stringArg(args, 0, machine);
    const found = call("positionUTF8", call("reverseUTF8", whole), call("reverseUTF8", sought));
    const at = binary(binary(binary(call("lengthUTF8", whole), "-", found), "-", call("lengthUTF8", sought)), "+", literal(1));
    return int(call("if", binary(found, "=", literal(0)), literal(-1), at));
  },
  contains: (self, args, machine) => truth(binary(call("position", self, stringArg(args, 0, machine)), ">", literal(0))),
  startsWith: (self, args, machine) => truth(call("startsWith", self, stringArg(args, 0, machine))),
  endsWith: (self, args, machine) => truth(call("endsWith", self, stringArg(args, 0, machine))),
  toLowerCase: (self, _args, machine) => text(call("lowerUTF8", foldable(self, machine))),
  toUpperCase: (self, _args, machine) => text(call("upperUTF8", foldable(self, machine))),
  trim: (self) => text(call("replaceRegexpAll", self, str("^[\\x00-\\x20]+|[\\x00-\\x20]+$"), str(""))),
  concat: (self, args, machine) => text(call("concat", self, stringArg(args, 0, machine))),
  replace: (self, args, machine) => {
    const [from, to] = [stringArg(args, 0, machine), stringArg(args, 1, machine)];
    machine.unknown(call("empty", from), "replacing an empty text is not translated");
    return text(call("replaceAll", self, from, to));
  },
  equals: (self, args) => {
    const [other] = args;
    if (other === undefined) throw new ScriptNotRead("equals takes a value");
    return truth(other.type === "String" ? binary(self, "=", other.expr) : literal(0));
  },
  equalsIgnoreCase: (self, args, machine) => {
    const other = stringArg(args, 0, machine);
    return truth(binary(call("lowerUTF8", foldable(self, machine)), "=", call("lowerUTF8", foldable(other, machine))));
  },
  splitOnToken: (self, args, machine) => {
    if (args.length > 1) throw new ScriptNotRead("splitOnToken with a limit is not translated");
    const token = args[0]?.constant;
    if (typeof token !== "string" || token === "") throw new ScriptNotRead("splitOnToken takes a constant text");
    return { ...leaf("list", call("splitByString", stringArg(args, 0, machine), self)), element: "String", javaArray: true };
  },
};

/** A method of a text; undefined where there is none of that name. */
export function stringMethod(self: Leaf, name: string, args: readonly Leaf[], machine: Machine): Leaf | undefined {
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  return method?.(self.type === "String" ? self.expr : textOf(self, machine), args, machine);
}

/** Text → int or long; anything but an optional sign and digits in range throws. */
export function parseWhole(value: Expr, to: "int" | "long", machine: Machine): Leaf {
  const type = to === "int" ? "Int32" : "Int64";
  const bare = call("replaceRegexpOne", value, str("^[+]"), str(""));
  const parsed = call(`to${type}OrNull`, bare);
  const wrong = or([call("not", call("match", value, str("^[-+]?[0-9]+$"))), call("isNull", parsed)]);
  machine.throws(wrong, "the text is no number");
  return leaf(to, call("ifNull", parsed, param(type, 0)));
}

/** Text → double. Written plainly and with few digits it is exact; anything else is unknown. */
export function parseDouble(value: Expr, machine: Machine): Leaf {
  const simple = and([call("match", value, str("^[-+]?[0-9]{1,15}([.][0-9]{1,15})?$")), binary(call("length", value), "<=", literal(16))]);
  machine.unknown(call("not", simple), "the text is no plain number of up to 15 digits");
  return leaf("double", call("toFloat64OrZero", value));
}
