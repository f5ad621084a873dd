// Java's date patterns in SQL: those letters that people print days and hours with.
import { call, type Expr, literal } from "../../../clickhouse/sql/ast.ts";
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
  E: (d) => call("formatDateTime", d, literal("%a")),
  EEE: (d) => call("formatDateTime", d, literal("%a")),
  EEEE: (d) => call("formatDateTime", d, literal("%W")),
};

/** A moment (epoch ms, Nullable) printed by a pattern; null where a letter has no SQL. */
export function datePattern(pattern: string, ms: Expr): Expr | null {
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
  return pieces.length === 0 ? null : call("concat", ...pieces, literal(""));
}
