// Parts of dates, through ClickHouse's calendar: it reaches from 1900 to 2299, and a document outside is a fault.
import { and, binary, call, type Expr, literal, or, param } from "../../clickhouse/sql/ast.ts";
import type { Machine } from "./machine.ts";
import { chosen, type Leaf, leaf } from "./value.ts";

const FIRST = -2_208_988_800_000n;
const LAST = 10_413_792_000_000n;
const DAY = 86_400_000;

/** Milliseconds since 1970 of a date. */
export function millisOf(date: Leaf): Expr {
  return date.unit === "ns" ? floorDiv(date.expr, 1_000_000) : date.expr;
}

/** Whole units, rounded towards the past. */
export function floorDiv(value: Expr, by: number): Expr {
  return call("intDiv", binary(value, "-", call("positiveModulo", value, param("Int64", by))), param("Int64", by));
}

/** The date for ClickHouse's own functions, in its zone. */
export function calendar(date: Leaf, machine: Machine): Expr {
  const ms = millisOf(date);
  const outside = or([binary(ms, "<", param("Int64", FIRST + BigInt(DAY))), binary(ms, ">=", param("Int64", LAST - BigInt(DAY)))]);
  machine.unknown(outside, "a date before 1900 or after 2299 is outside ClickHouse's calendar");
  return call("fromUnixTimestamp64Milli", chosen(outside, param("Int64", 0), ms), literal(date.zone ?? "UTC"));
}

const PARTS: Readonly<Record<string, string>> = {
  year: "toYear",
  monthValue: "toMonth",
  dayOfMonth: "toDayOfMonth",
  dayOfYear: "toDayOfYear",
  hour: "toHour",
  minute: "toMinute",
  second: "toSecond",
};

/** A part of a date as an int; undefined where there is none of that name. */
export function datePart(date: Leaf, name: string, machine: Machine): Leaf | undefined {
  const ofCalendar = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (ofCalendar !== undefined) return leaf("int", call("toInt32", call(ofCalendar, calendar(date, machine))));
  if (name === "nano") return leaf("int", nanos(date));
  if (name === "month") return leaf("month", call("toInt32", call("toMonth", calendar(date, machine))));
  if (name === "dayOfWeek" || name === "dayOfWeekEnum")
    return leaf("weekday", call("toInt32", call("toDayOfWeek", calendar(date, machine))));
  return undefined;
}

function nanos(date: Leaf): Expr {
  if (date.unit === "ns") return call("toInt32", call("positiveModulo", date.expr, param("Int64", 1_000_000_000)));
  return call("toInt32", binary(call("positiveModulo", date.expr, param("Int64", 1000)), "*", literal(1_000_000)));
}

/** Whole seconds since 1970. */
export function epochSecond(date: Leaf): Expr {
  return floorDiv(millisOf(date), 1000);
}

/** ZonedDateTime.toString: seconds only where there are some, fractions by threes. */
export function isoText(date: Leaf, machine: Machine): Expr {
  const moment = calendar(date, machine);
  const fraction = nanos(date);
  const minutes = formatted(moment, "%Y-%m-%dT%H:%i");
  const none = binary(fraction, "=", literal(0));
  const padded = call("leftPad", call("toString", fraction), literal(9), literal("0"));
  const digits = call(
    "multiIf",
    binary(binary(fraction, "%", literal(1_000_000)), "=", literal(0)),
    call("substring", padded, literal(1), literal(3)),
    binary(binary(fraction, "%", literal(1000)), "=", literal(0)),
    call("substring", padded, literal(1), literal(6)),
    padded,
  );
  const seconds = formatted(moment, ":%S");
  const tail = call(
    "multiIf",
    and([none, binary(call("toSecond", moment), "=", literal(0))]),
    literal(""),
    none,
    seconds,
    call("concat", seconds, literal("."), digits),
  );
  return call("concat", minutes, tail, ...zoneText(date, moment));
}

function zoneText(date: Leaf, moment: Expr): readonly Expr[] {
  const zone = date.zone ?? "UTC";
  if (zone === "UTC") return [literal("Z")];
  return [offsetText(moment), literal(`[${zone}]`)];
}

/** `+01:00`, or Z. */
export function offsetText(moment: Expr): Expr {
  const offset = call("timeZoneOffset", moment);
  const minutes = call("intDiv", call("abs", offset), literal(60));
  const pad = (value: Expr): Expr => call("leftPad", call("toString", value), literal(2), literal("0"));
  return call(
    "if",
    binary(offset, "=", literal(0)),
    literal("Z"),
    call(
      "concat",
      chosen(binary(offset, "<", literal(0)), literal("-"), literal("+")),
      pad(call("intDiv", minutes, literal(60))),
      literal(":"),
      pad(binary(minutes, "%", literal(60))),
    ),
  );
}

const formatted = (moment: Expr, pattern: string): Expr => call("formatDateTime", moment, literal(pattern));

const LETTERS: Readonly<Record<string, string>> = {
  yyyy: "%Y",
  uuuu: "%Y",
  MM: "%m",
  dd: "%d",
  HH: "%H",
  mm: "%i",
  ss: "%S",
  MMM: "%b",
  MMMM: "%M",
  EEE: "%a",
  EEEE: "%W",
  DDD: "%j",
};

/** The text of a date by a DateTimeFormatter pattern; undefined for letters without an exact SQL. */
export function patternText(date: Leaf, pattern: string, machine: Machine): Expr | undefined {
  let format = "";
  for (const [part, quoted] of pattern.matchAll(/'([^']*)'|[A-Za-z]+|[^A-Za-z']+|'/g)) {
    if (part === "'") return undefined;
    const letters = /^[A-Za-z]/.test(part) ? (Object.hasOwn(LETTERS, part) ? LETTERS[part] : undefined) : undefined;
    if (letters === undefined && /^[A-Za-z]/.test(part)) return undefined;
    format += letters ?? (quoted ?? part).replaceAll("%", "%%");
  }
  return formatted(calendar(date, machine), format);
}

const FIXED: Readonly<Record<string, number>> = {
  MILLIS: 1,
  SECONDS: 1000,
  MINUTES: 60_000,
  HOURS: 3_600_000,
  HALF_DAYS: 12 * 3_600_000,
  DAYS: DAY,
  WEEKS: 7 * DAY,
};

/** Milliseconds of a ChronoUnit whose length is fixed in UTC. */
export function unitMillis(unit: string): number | undefined {
  return Object.hasOwn(FIXED, unit) ? FIXED[unit] : undefined;
}

/** Whole units between two dates, cut towards zero. */
export function unitsBetween(from: Leaf, to: Leaf, millis: number): Expr {
  if (from.unit === to.unit) {
    const unit = from.unit === "ns" ? millis * 1_000_000 : millis;
    return call("intDiv", binary(to.expr, "-", from.expr), param("Int64", BigInt(unit)));
  }
  const ns = (date: Leaf): Expr =>
    date.unit === "ns" ? call("toInt128", date.expr) : binary(call("toInt128", date.expr), "*", param("Int64", 1_000_000));
  return call("toInt64", call("intDiv", binary(ns(to), "-", ns(from)), param("Int64", BigInt(millis) * 1_000_000n)));
}

/** A date moved by fixed units; days and more only in UTC. */
export function moved(date: Leaf, amount: Expr, millis: number): Leaf {
  const unit = BigInt(millis) * (date.unit === "ns" ? 1_000_000n : 1n);
  return { ...date, expr: binary(date.expr, "+", binary(call("toInt64", amount), "*", param("Int64", unit))) };
}

/** A date moved by whole months: the day is cut to the month's length. */
export function movedMonths(date: Leaf, months: Expr, machine: Machine): Leaf {
  const moment = calendar(date, machine);
  const later = call("toUnixTimestamp64Milli", call("addMonths", moment, months));
  return { ...date, expr: date.unit === "ns" ? binary(binary(later, "*", param("Int64", 1_000_000)), "+", sub(date)) : later };
}

const sub = (date: Leaf): Expr => call("positiveModulo", date.expr, param("Int64", 1_000_000));

/** -1, 0 or 1-like comparisons of two moments. */
export function compareMoments(a: Leaf, op: "<" | ">" | "=", b: Leaf): Expr {
  if ((a.unit ?? "ms") === (b.unit ?? "ms")) return binary(a.expr, op, b.expr);
  const ns = (date: Leaf): Expr =>
    date.unit === "ns" ? call("toInt128", date.expr) : binary(call("toInt128", date.expr), "*", param("Int64", 1_000_000));
  return binary(ns(a), op, ns(b));
}

/** Cut to a fixed unit, in UTC. */
export function truncated(date: Leaf, millis: number): Leaf {
  const unit = BigInt(millis) * (date.unit === "ns" ? 1_000_000n : 1n);
  return { ...date, expr: binary(date.expr, "-", call("positiveModulo", date.expr, param("Int64", unit))) };
}
