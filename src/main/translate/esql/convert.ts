// TO_… and `::`: a value as another type. Several values are turned one by one; what can't be read is null.

import { binary, call, column, type Expr, lambda, literal } from "../../clickhouse/sql/ast.ts";
import { bind } from "../../clickhouse/sql/bind.ts";
import { finite } from "./arithmetic.ts";
import { millisecondsOf, nanosecondsOf, spanOfText } from "./dates.ts";
import { eachValue } from "./expression.ts";
import { isoText } from "./moments.ts";
import { refused, type Scope, textAt, withoutSql } from "./scope.ts";
import type { Place } from "./tree.ts";
import { constantOf, ELEMENTS, type EsqlType, isText, isWhole, nullOf, type Value } from "./value.ts";

const TYPES: Readonly<Record<string, EsqlType>> = {
  string: "keyword",
  keyword: "keyword",
  integer: "integer",
  int: "integer",
  long: "long",
  double: "double",
  dbl: "double",
  boolean: "boolean",
  bool: "boolean",
  datetime: "date",
  date: "date",
  date_nanos: "date_nanos",
  ip: "ip",
  unsigned_long: "unsigned_long",
  ul: "unsigned_long",
  date_period: "date_period",
  dateperiod: "date_period",
  time_duration: "time_duration",
  timeduration: "time_duration",
};

/** The type that `::name` or `TO_NAME` asks for. */
export function convertFunction(name: string, place: Place, scope: Scope): EsqlType {
  const type = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  if (type !== undefined) return type;
  if (
    /^(version|geo_point|geo_shape|cartesian_point|cartesian_shape|geohash|geotile|geohex|aggregate_metric_double|dense_vector)$/.test(name)
  ) {
    throw withoutSql(place, `converting to ${name} has no SQL yet`);
  }
  throw refused(scope, place, `Unsupported conversion to type [${name.toUpperCase()}]`);
}

/** The value as another type. */
export function convert(value: Value, type: EsqlType, place: Place, scope: Scope): Value {
  if (value.type === type) return value;
  if (value.type === "null") return nullOf(type);
  if (type === "date_period" || type === "time_duration") return spanValue(value, type, place, scope);
  if (value.type === "geo_point" || value.type === "_source") throw withoutSql(place, `a ${value.type} has no SQL here yet`);
  if (typeof value.constant === "string") {
    const folded = folding(value.constant, type);
    if (folded !== undefined) return folded === null ? nullOf(type) : constantOf(type, folded);
  }
  const turn = conversion(value.type, type);
  if (turn === undefined) {
    throw refused(scope, place, `argument of [${textAt(scope, place)}] can't be converted from [${value.type}] to [${type}]`);
  }
  if (turn === null) throw withoutSql(place, `converting ${value.type} to ${type} has no SQL yet`);
  const turned = eachValue(value, type, turn);
  if (!turned.many) return turned;
  // A value that can't be turned is left out.
  const present = call("arrayFilter", lambda(["x"], call("isNotNull", column("x"))), turned.sql);
  return { ...turned, sql: call("CAST", present, literal(`Array(${ELEMENTS[type]})`)) };
}

function spanValue(value: Value, type: "date_period" | "time_duration", place: Place, scope: Scope): Value {
  if (typeof value.constant !== "string") throw refused(scope, place, `argument of [${textAt(scope, place)}] must be a constant`);
  const span = spanOfText(value.constant);
  if (span === undefined || span.type !== type)
    throw refused(scope, place, `Cannot convert string [${value.constant}] to [${type.toUpperCase()}]`);
  return { type, sql: literal(null), many: false, span };
}

/** A text of the query, read now: null where it can't be; undefined where ClickHouse reads it. */
function folding(text: string, type: EsqlType): bigint | null | undefined {
  if (type === "date") return millisecondsOf(text);
  return type === "date_nanos" ? nanosecondsOf(text) : undefined;
}

type Turn = (x: Expr) => Expr;

/** How a type becomes another; undefined: Elasticsearch refuses it, null: no SQL. */
function conversion(from: EsqlType, to: EsqlType): Turn | undefined | null {
  if (isText(from)) return fromText(to);
  switch (to) {
    case "keyword":
      return toText(from);
    case "boolean":
      return isWhole(from) || from === "double" ? (x) => binary(x, "!=", literal(0)) : undefined;
    case "double":
      return from === "ip" ? undefined : from === "date_nanos" ? null : (x) => call("toFloat64", x);
    case "integer":
    case "long":
      if (from === "ip" || (from === "date_nanos" && to === "integer")) return undefined;
      return from === "double" ? (x) => roundedAs(x, to) : (x) => call("accurateCastOrNull", x, literal(ELEMENTS[to]));
    case "unsigned_long":
      return from === "ip" ? undefined : from === "double" ? null : (x) => call("accurateCastOrNull", x, literal("UInt64"));
    case "date":
      if (from === "boolean" || from === "ip") return undefined;
      if (from === "date_nanos") return (x) => call("intDiv", x, literal(1_000_000));
      return from === "double" ? (x) => roundedAs(x, "long") : (x) => call("accurateCastOrNull", x, literal("Int64"));
    case "date_nanos":
      if (from === "date") return (x) => binary(x, "*", literal(1_000_000));
      return from === "long" ? (x) => x : undefined;
    default:
      return undefined;
  }
}

// Math.round: halves go up.
function roundedAs(x: Expr, type: "integer" | "long"): Expr {
  return call("accurateCastOrNull", call("floor", binary(x, "+", literal(0.5))), literal(ELEMENTS[type]));
}

function fromText(to: EsqlType): Turn | undefined | null {
  switch (to) {
    case "keyword":
    case "text":
      return (x) => x;
    case "boolean":
      return (x) => binary(call("lower", x), "=", literal("true"));
    case "double":
      return (x) => finite(call("toFloat64OrNull", x));
    case "integer":
    case "long":
      return (x) =>
        call("coalesce", call(to === "integer" ? "toInt32OrNull" : "toInt64OrNull", x), roundedAs(call("toFloat64OrNull", x), to));
    case "ip":
      return (x) => call("toIPv6OrNull", x);
    case "date":
      return dateOfText;
    case "date_nanos":
    case "unsigned_long":
      return null;
    default:
      return undefined;
  }
}

const ISO_TEXT =
  "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3])(:[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,9})?)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?)?)?$";

// An ISO text is filled up and read; its day may still be one that the month lacks.
/** The moment of an ISO text, in ms; null where it is none. */
export function dateOfText(x: Expr): Expr {
  return bind(["t"], [x], (t = x) => {
    const part = (pattern: string): Expr => call("extract", t, literal(pattern));
    const whole = (pattern: string, otherwise: number): Expr => call("ifNull", call("toInt64OrNull", part(pattern)), literal(otherwise));
    const day = call("makeDate32", whole("^([0-9]{4})", 1970), whole("^[0-9]{4}-([0-9]{2})", 1), whole("^[0-9]{4}-[0-9]{2}-([0-9]{2})", 1));
    const clock = (index: number): Expr => whole(`T(?:[0-9]{2}:){${index}}([0-9]{2})`, 0);
    const fraction = call("toInt64", call("substring", call("concat", part("[.,]([0-9]+)"), literal("000")), literal(1), literal(3)));
    const sign = call("if", binary(part("T.*([+-])"), "=", literal("-")), literal(-1), literal(1));
    const offset = binary(
      sign,
      "*",
      binary(binary(whole("T.*[+-]([0-9]{2})", 0), "*", literal(60)), "+", whole("T.*[+-][0-9]{2}:?([0-9]{2})$", 0)),
    );
    const minutes = binary(binary(binary(clock(0), "*", literal(60)), "+", clock(1)), "-", offset);
    const seconds = binary(binary(minutes, "*", literal(60)), "+", clock(2));
    const days = call("toInt64", call("toInt32", day));
    const ms = binary(binary(days, "*", literal(86_400_000)), "+", binary(binary(seconds, "*", literal(1000)), "+", fraction));
    const valid = binary(call("toDayOfMonth", day), "=", whole("^[0-9]{4}-[0-9]{2}-([0-9]{2})", 1));
    return call("if", call("and", call("match", t, literal(ISO_TEXT)), valid), ms, literal(null));
  });
}

function toText(from: EsqlType): Turn | undefined | null {
  switch (from) {
    case "integer":
    case "long":
    case "unsigned_long":
      return (x) => call("toString", x);
    case "double":
      return javaText;
    case "boolean":
      return (x) => call("if", call("isNull", x), literal(null), call("if", x, literal("true"), literal("false")));
    case "date":
      return isoText;
    case "ip":
      return (x) => call("replaceRegexpOne", call("toString", x), literal("^::ffff:([0-9]+[.])"), literal("\\1"));
    case "date_nanos":
      return null;
    default:
      return undefined;
  }
}

// Double.toString: 10.0, 1.5E10, 1.0E-5.
function javaText(x: Expr): Expr {
  return bind(["d"], [x], (d = x) => {
    const text = call("toString", call("abs", d));
    const plain = call("if", binary(call("position", text, literal(".")), "=", literal(0)), call("concat", text, literal(".0")), text);
    const scaled = bind(["p"], [text], (p = text) => scientific(p));
    const inside = call("and", binary(call("abs", d), ">=", literal(0.001)), binary(call("abs", d), "<", literal(10_000_000)));
    const body = call("if", call("or", inside, binary(d, "=", literal(0))), plain, scaled);
    const sign = call("if", call("startsWith", call("toString", d), literal("-")), literal("-"), literal(""));
    return call("if", call("isNull", d), literal(null), call("concat", sign, body));
  });
}

// ClickHouse's text of a double below 0.001 or from 10,000,000 on, with or without an exponent, as Java writes it.
function scientific(text: Expr): Expr {
  const mantissa = call("extract", text, literal("^([^e]*)"));
  const exponent = call(
    "ifNull",
    call("toInt64OrNull", call("replaceOne", call("extract", text, literal("e(.*)$")), literal("+"), literal(""))),
    literal(0),
  );
  const whole = call("extract", mantissa, literal("^([0-9]+)"));
  const digits = call("replaceRegexpOne", call("replaceOne", mantissa, literal("."), literal("")), literal("^0+"), literal(""));
  const zeros = call("length", call("extract", mantissa, literal("^0[.](0*)")));
  const power = call(
    "if",
    binary(whole, "=", literal("0")),
    call("negate", binary(call("toInt64", zeros), "+", literal(1))),
    binary(call("toInt64", call("length", whole)), "-", literal(1)),
  );
  const rest = call("replaceRegexpOne", call("substring", digits, literal(2)), literal("0+$"), literal(""));
  return call(
    "concat",
    call("substring", digits, literal(1), literal(1)),
    literal("."),
    call("if", binary(rest, "=", literal("")), literal("0"), rest),
    literal("E"),
    call("toString", binary(exponent, "+", power)),
  );
}
