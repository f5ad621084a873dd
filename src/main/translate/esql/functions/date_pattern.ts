// Java's date patterns in SQL: those letters that people print days and hours with.
import { binary, call, type Expr, literal } from "../../../clickhouse/sql/ast.ts";
import { dateTime } from "../moments.ts";

const PIECE = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/g;

const padded = (value: Expr, width: number): Expr => call("leftPad", call("toString", value), literal(width), literal("0"));

const LETTERS: Readonly<Record<string, (date: Expr, ms: Expr) => Expr>> = {
  yyyy: (d) => padded(call("toYear", d), 4),
  uuuu: (d) => padded(call("toYear", d), 4),
  yy: (d) => padded(call("modulo", call("toYear", d), literal(100)), 2),
  MM: (d) => padded(call("toMonth", d), 2),
  M: (d) => call("toString", call("toMonth", d)),
  MMM: (d) => call("formatDateTime", d, literal("%b")),
  MMMM: (d) => call("formatDateTime", d, literal("%M")),
  dd: (d) => padded(call("toDayOfMonth", d), 2),
  d: (d) => call("toString", call("toDayOfMonth", d)),
  DDD: (d) => padded(call("toDayOfYear", d), 3),
  D: (d) => call("toString", call("toDayOfYear", d)),
  HH: (d) => padded(call("toHour", d), 2),
  H: (d) => call("toString", call("toHour", d)),
  mm: (d) => padded(call("toMinute", d), 2),
  m: (d) => call("toString", call("toMinute", d)),
  ss: (d) => padded(call("toSecond", d), 2),
  s: (d) => call("toString", call("toSecond", d)),
  SSS: (_, ms) => padded(call("positiveModulo", ms, literal(1000)), 3),
  hh: (d) => padded(hour12(d), 2),
  h: (d) => call("toString", hour12(d)),
  a: (d) => call("if", binary(call("toHour", d), "<", literal(12)), literal("AM"), literal("PM")),
  Q: (d) => call("toString", call("toQuarter", d)),
  Z: () => literal("+0000"),
  X: () => literal("Z"),
  XX: () => literal("Z"),
  XXX: () => literal("Z"),
  z: () => literal("Z"),
  E: (d) => call("formatDateTime", d, literal("%a")),
  EEE: (d) => call("formatDateTime", d, literal("%a")),
  EEEE: (d) => call("formatDateTime", d, literal("%W")),
};

const hour12 = (d: Expr): Expr => binary(call("modulo", binary(call("toHour", d), "+", literal(11)), literal(12)), "+", literal(1));

/** Elasticsearch's own names of formats. */
const NAMED: Readonly<Record<string, string>> = {
  iso8601: "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'",
  date_optional_time: "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'",
  date_time: "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'",
  date_time_no_millis: "yyyy-MM-dd'T'HH:mm:ss'Z'",
  date: "yyyy-MM-dd",
  year_month_day: "yyyy-MM-dd",
  year_month: "yyyy-MM",
  year: "yyyy",
  date_hour: "yyyy-MM-dd'T'HH",
  date_hour_minute: "yyyy-MM-dd'T'HH:mm",
  date_hour_minute_second: "yyyy-MM-dd'T'HH:mm:ss",
  hour_minute: "HH:mm",
  hour_minute_second: "HH:mm:ss",
  basic_date: "yyyyMMdd",
};

/** A moment (epoch ms, Nullable) printed by a pattern or a format's name, the first of several; null where it has no SQL. */
export function datePattern(format: string, ms: Expr): Expr | null {
  const [first = ""] = format.split("||");
  if (first === "epoch_millis") return call("toString", ms);
  const name = first.replace(/^strict_/, "");
  return printed((Object.hasOwn(NAMED, name) ? NAMED[name] : undefined) ?? first, ms);
}

function printed(pattern: string, ms: Expr): Expr | null {
  const pieces: Expr[] = [];
  const date = dateTime(ms);
  for (const match of pattern.matchAll(PIECE)) {
    const [text, quoted, letter] = match;
    if (quoted !== undefined) pieces.push(literal(quoted === "" ? "'" : quoted.replaceAll("''", "'")));
    else if (letter === undefined) pieces.push(literal(text));
    else {
      const print = Object.hasOwn(LETTERS, text) ? LETTERS[text] : undefined;
      if (print === undefined) return null;
      pieces.push(print(date, ms));
    }
  }
  // A text that is no piece at all: an open quote.
  if ([...pattern.matchAll(PIECE)].reduce((sum, [text]) => sum + text.length, 0) !== pattern.length) return null;
  if (pieces.length === 0) return null;
  const text = call("concat", ...pieces, literal(""));
  return pieces.every(({ kind }) => kind === "literal") ? call("if", call("isNull", ms), literal(null), text) : text;
}
