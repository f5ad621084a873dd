// Runtime fields without a script: their values are what stands in `_source` at the field's path, read as the field's type. What the
// type can't read is left out, as Elasticsearch leaves it out; what only Java could tell makes the search unsupported.
import { and, binary, call, column, type Expr, lambda, literal, or, param } from "../../clickhouse/sql/ast.ts";
import { bind } from "../../clickhouse/sql/bind.ts";
import { DEFAULT_FORMAT } from "../../elasticsearch/date/format.ts";
import { rawValues } from "../source_path.ts";
import type { CompiledEmission } from "./compile.ts";
import { Machine, type Surroundings } from "./machine.ts";
import { sourceMoment } from "./source_moment.ts";
import { str, textOf } from "./text.ts";
import { leaf } from "./value.ts";

/** How a type reads one value. */
export interface Reading {
  /** NULL where the type leaves the value out. */
  readonly value: Expr;
  /** Where the reading would not be Elasticsearch's. */
  readonly unknown: Expr;
}

type Read = (value: Scalar, format: string) => Reading | null;

/** One value of the source: raw JSON, and its text as Java has it. */
interface Scalar {
  readonly raw: Expr;
  readonly type: Expr;
  readonly text: Expr;
}

const NOTHING = literal(null);
const NEVER = literal(0);
const fits = (text: Expr, pattern: string): Expr => call("match", text, str(pattern));
const isType = ({ type }: Scalar, name: string): Expr => binary(type, "=", literal(name));

const READINGS: Readonly<Record<string, { readonly element: string; readonly asText: boolean; readonly read: Read }>> = {
  keyword: { element: "String", asText: true, read: ({ text }) => ({ value: text, unknown: NEVER }) },
  long: { element: "Int64", asText: false, read: readLong },
  double: { element: "Float64", asText: false, read: readDouble },
  boolean: { element: "UInt8", asText: false, read: readBoolean },
  date: { element: "Int64", asText: true, read: ({ text }, format) => sourceMoment(text, format) },
  ip: { element: "IPv6", asText: false, read: readAddress },
};

// Ways through dotted names double with each name.
const MOST_NAMES = 6;
// Elasticsearch refuses more from a script, and lets some types keep the first ones.
const MOST_VALUES = 100;

/** The values of the field, sorted; a text says why there is no SQL. */
export function compileFromSource(path: string, type: string, format: string | undefined, around: Surroundings): CompiledEmission | string {
  const known = Object.hasOwn(READINGS, type) ? READINGS[type] : undefined;
  if (known === undefined) return `of type [${type}] is read from _source, which has no SQL yet`;
  if (path.split(".").length > MOST_NAMES) return "lies too deep in _source";
  if (around.context.tables.some(({ mapping }) => !mapping.sourceEnabled)) return "is read from _source, which is switched off";
  const scalar: Scalar = { raw: column("o"), type: column("#type"), text: column("#text") };
  const machine = new Machine(around);
  const { result: text, faults } = machine.apart(() => textIn(scalar, machine));
  const reading = known.read(scalar, format ?? DEFAULT_FORMAT);
  if (reading === null) return `is read from _source by the format [${format}], which has no SQL yet`;
  // The type and the text of each value are worked out once.
  const each = (body: Expr): Expr =>
    lambda(
      ["o"],
      bind(["#type"], [call("toString", call("JSONType", scalar.raw))], () => bind(["#text"], [text], () => body)),
    );
  const raw = rawValues(path);
  const some = (test: Expr): Expr => call("arrayExists", each(test), raw);
  const kept = call("arrayFilter", lambda(["v"], call("isNotNull", column("v"))), call("arrayMap", each(reading.value), raw));
  const values = call("arraySort", call("CAST", kept, literal(`Array(${known.element})`)));
  const odd = [
    call("not", call("isValidJSON", column("_source"))),
    some(or([call("startsWith", column("o"), literal("[")), reading.unknown, ...(known.asText ? faults.map(({ when }) => when) : [])])),
    binary(call("length", values), ">", literal(MOST_VALUES)),
    ...(known.asText ? [and([some(isType(scalar, "Int64")), rewritten(path)])] : []),
  ];
  const reason = `ClickHouse reads a value of [${path}] or its document otherwise than Java`;
  return { values, faults: [{ kind: "unknown", when: or(odd), reason }] };
}

// As Java has it: a number without an exponent or a fraction as it stands.
function textIn({ raw, type }: Scalar, machine: Machine): Expr {
  const isDouble = binary(type, "=", literal("Double"));
  const number = machine.under(isDouble, () => textOf(leaf("double", floatOf(raw)), machine));
  return call("multiIf", binary(type, "=", literal("String")), call("JSONExtractString", raw), isDouble, number, raw);
}

// ClickHouse writes 1.0, 1e3 and -0 anew as it takes the document apart: 1, 1000 and 0. To Java they are 1.0, 1000.0 and 0.
function rewritten(path: string): Expr {
  const name = (path.split(".").at(-1) ?? "").replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  const list = '(\\[([^\\]"]|"([^"\\\\]|\\\\.)*")*?)?';
  return fits(column("_source"), `[".]${name}"\\s*:\\s*${list}(-?[0-9]+(\\.0+([eE][-+]?[0-9]+)?|(\\.[0-9]+)?[eE][-+]?[0-9]+)|-0)`);
}

function readBoolean({ raw }: Scalar): Reading {
  const either = (word: string): Expr => call("has", param("Array(String)", [word, `"${word}"`]), raw);
  return { value: call("multiIf", either("true"), literal(1), either("false"), literal(0), NOTHING), unknown: NEVER };
}

const DECIMAL = "^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)$";

// Fractions are cut off; a number beyond the longs is left out.
function readLong(scalar: Scalar): Reading {
  const { raw, text } = scalar;
  const double = floatOf(raw);
  const edge = param("Float64", 2 ** 63);
  const within = binary(call("abs", double), "<", edge);
  const digits = call("extract", call("replaceRegexpOne", text, str("^[+]"), str("")), str("^-?[0-9]*"));
  const whole = call("if", call("has", param("Array(String)", ["", "-"]), digits), param("Int64", 0), longOf(digits));
  const value = call(
    "multiIf",
    isType(scalar, "Int64"),
    longOf(raw),
    isType(scalar, "Double"),
    call("if", within, call("toInt64", call("if", within, double, literal(0))), NOTHING),
    and([isType(scalar, "String"), fits(text, DECIMAL)]),
    whole,
    NOTHING,
  );
  const power = and([isType(scalar, "String"), fits(text, "^[-+]?[0-9.]+[eE][-+]?[0-9]+$")]);
  return { value, unknown: or([power, and([isType(scalar, "Double"), binary(call("abs", double), "=", edge)])]) };
}

function longOf(digits: Expr): Expr {
  return call("accurateCastOrNull", call("toInt256OrNull", call("substring", digits, literal(1), literal(60))), literal("Int64"));
}

const floatOf = (json: Expr): Expr => call("JSONExtract", json, literal("Float64"));

// As JSON writes a number: no plus, no leading zeros, digits on both sides of the point.
const SPELLINGS = [
  ["^[+]", ""],
  ["^(-?)[.]", "\\10."],
  ["^(-?)0+([0-9])", "\\1\\2"],
  ["^(-?[0-9]+)[.]$", "\\1"],
] as const;
const JAVA_NUMBER = "^[-+]?(([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?[dDfF]?|0[xX].*)$";

// Java trims a text, and takes a sign, a type's letter and hexadecimal numbers.
function readDouble(scalar: Scalar): Reading {
  const trimmed = call("replaceRegexpAll", scalar.text, str("^[\\x00-\\x20]+|[\\x00-\\x20]+$"), str(""));
  const bare = SPELLINGS.reduce((text, [from, to]) => call("replaceRegexpOne", text, str(from), str(to)), trimmed);
  const plain = and([fits(bare, "^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?$"), call("isValidJSON", bare)]);
  const value = (json: Expr): Expr => call("if", fits(json, "^-0([.]0+)?([eE].*)?$"), call("negate", param("Float64", 0)), floatOf(json));
  const isText = isType(scalar, "String");
  const isNumber = call("has", param("Array(String)", ["Int64", "UInt64", "Double"]), scalar.type);
  return {
    value: call("multiIf", isNumber, value(scalar.raw), and([isText, plain]), value(bare), NOTHING),
    unknown: and([isText, call("not", plain), fits(trimmed, JAVA_NUMBER)]),
  };
}

const ADDRESS = "^(0|[1-9][0-9]{0,2})([.](0|[1-9][0-9]{0,2})){3}$";

function readAddress(scalar: Scalar): Reading {
  const isText = isType(scalar, "String");
  const long = binary(call("position", scalar.text, literal(":")), ">", literal(0));
  const spelt = and([isText, or([fits(scalar.text, ADDRESS), long])]);
  return {
    value: call("if", spelt, call("toIPv6OrNull", scalar.text), NOTHING),
    unknown: and([isText, long, fits(scalar.text, "[^0-9a-fA-F:.]"), fits(scalar.text, "^[0-9a-fA-F:.]*%")]),
  };
}
