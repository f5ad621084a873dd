// Date intervals: in SQL for documents, and here for the buckets between them. Both floor the wall clock of the zone and
// turn it back into a moment. Keys are epoch ms.
import { binary, call, column, type Expr, lambda, literal } from "../../clickhouse/sql/ast.ts";
import { civilFromDays, DAY, daysFromCivil } from "../../elasticsearch/date/civil.ts";
import { fixedOffset, instantOfLocal, type Zone, zoneOffset } from "../../elasticsearch/date/zone.ts";
import { mapped } from "./values.ts";

export type CalendarUnit = "second" | "minute" | "hour" | "day" | "week" | "month" | "quarter" | "year";

export type Interval = { readonly kind: "fixed"; readonly ms: number } | { readonly kind: "calendar"; readonly unit: CalendarUnit };

export interface Rounding {
  readonly interval: Interval;
  readonly zone: Zone;
  readonly offset: number;
}

/** The key of a moment that ClickHouse's calendar can't place (before 1900, after 2299): no bucket of any answer. */
export const OUT_OF_CALENDAR = -9223372036854775808n;

const CALENDAR_FIRST = -2_208_988_800_000;
const CALENDAR_LAST = 10_413_792_000_000;
const WEEK = 7 * DAY;
/** 1970-01-05 was a Monday. */
const MONDAY = 4 * DAY;

const FIXED_UNITS: Readonly<Partial<Record<CalendarUnit, number>>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY,
  week: WEEK,
};

/** Keys of an array of moments (Array(Int64) in ms). */
export function roundedKeys(values: Expr, rounding: Rounding): Expr {
  const { offset } = rounding;
  const shifted = (x: Expr): Expr => (offset === 0 ? x : binary(x, "-", literal(offset)));
  const back = (x: Expr): Expr => (offset === 0 ? x : binary(x, "+", literal(offset)));
  const fixed = fixedOffset(rounding.zone);
  if (fixed !== null) {
    const local = (x: Expr): Expr => (fixed === 0 ? shifted(x) : binary(shifted(x), "+", literal(fixed)));
    return mapped(values, (x) =>
      back(fixed === 0 ? floorLocal(local(x), rounding.interval) : binary(floorLocal(local(x), rounding.interval), "-", literal(fixed))),
    );
  }
  // Three maps, each over the one before: wall clock, its floor, the moment that the floor names.
  const locals = mapped(values, (x) => local(shifted(x), rounding.zone));
  const subDay = isSubDayCalendar(rounding.interval);
  if (subDay) {
    const keys = mapped(values, (x) => binary(shifted(x), "-", modulo(local(shifted(x), rounding.zone), subDay)));
    return guarded(offset === 0 ? keys : mapped(keys, back), values);
  }
  const floors = mapped(locals, (x) => floorLocal(x, rounding.interval));
  return guarded(
    mapped(floors, (x) => back(binary(x, "-", offsetAt(binary(x, "-", offsetAt(x, rounding.zone)), rounding.zone)))),
    values,
  );
}

// A zone's rules are only known within ClickHouse's calendar.
function guarded(keys: Expr, values: Expr): Expr {
  const inside = (x: Expr): Expr =>
    call("and", binary(x, ">=", literal(CALENDAR_FIRST + DAY)), binary(x, "<", literal(CALENDAR_LAST - DAY)));
  return call(
    "arrayMap",
    lambda(["key", "x"], call("if", inside(column("x")), column("key"), call("toInt64", literal(String(OUT_OF_CALENDAR))))),
    keys,
    values,
  );
}

function isSubDayCalendar(interval: Interval): number {
  if (interval.kind === "fixed") return 0;
  const size = FIXED_UNITS[interval.unit] ?? 0;
  return size < DAY ? size : 0;
}

function local(x: Expr, zone: Zone): Expr {
  return binary(x, "+", offsetAt(x, zone));
}

function offsetAt(x: Expr, zone: Zone): Expr {
  return binary(call("timezoneOffset", call("fromUnixTimestamp64Milli", x, literal(zone))), "*", literal(1000));
}

function modulo(x: Expr, size: number): Expr {
  return call("positiveModulo", x, literal(size));
}

function floorLocal(x: Expr, interval: Interval): Expr {
  const size = interval.kind === "fixed" ? interval.ms : FIXED_UNITS[interval.unit];
  if (size === 1) return x;
  if (interval.kind === "calendar" && interval.unit === "week") return binary(x, "-", modulo(binary(x, "-", literal(MONDAY)), WEEK));
  if (size !== undefined) return binary(x, "-", modulo(x, size));
  const day = call("fromUnixTimestamp64Milli", x, literal("UTC"));
  const month = interval.kind === "calendar" && interval.unit !== "year" ? call("toMonth", day) : literal(1);
  const first =
    interval.kind === "calendar" && interval.unit === "quarter"
      ? binary(binary(call("intDiv", binary(month, "-", literal(1)), literal(3)), "*", literal(3)), "+", literal(1))
      : month;
  const start = call(
    "makeDateTime64",
    call("toYear", day),
    first,
    literal(1),
    literal(0),
    literal(0),
    literal(0),
    literal(0),
    literal(3),
    literal("UTC"),
  );
  const inside = call("and", binary(x, ">=", literal(CALENDAR_FIRST)), binary(x, "<", literal(CALENDAR_LAST)));
  return call("if", inside, call("toUnixTimestamp64Milli", start), call("toInt64", literal(String(OUT_OF_CALENDAR))));
}

/** The key of the bucket that a moment falls in. */
export function roundMs(ms: number, rounding: Rounding): number {
  const { interval, zone, offset } = rounding;
  const at = ms - offset;
  const shift = zoneOffset(at, zone);
  const floor = floorLocalMs(at + shift, interval);
  if (isSubDayCalendar(interval) > 0) return floor - shift + offset;
  const fixed = fixedOffset(zone);
  if (fixed !== null) return floor - fixed + offset;
  return floor - zoneOffset(floor - zoneOffset(floor, zone), zone) + offset;
}

/** The key of the bucket after the one with this key. */
export function nextMs(key: number, rounding: Rounding): number {
  const { interval, zone, offset } = rounding;
  const at = key - offset;
  const subDay = isSubDayCalendar(interval);
  if (subDay > 0) return at + subDay + offset;
  const local = at + zoneOffset(at, zone);
  const next = interval.kind === "fixed" ? local + interval.ms : nextLocalMs(local, interval.unit);
  return instantOfLocal(next, zone) + offset;
}

function floorLocalMs(local: number, interval: Interval): number {
  const size = interval.kind === "fixed" ? interval.ms : FIXED_UNITS[interval.unit];
  if (interval.kind === "calendar" && interval.unit === "week") return Math.floor((local - MONDAY) / WEEK) * WEEK + MONDAY;
  if (size !== undefined) return Math.floor(local / size) * size;
  const { year, month } = civilFromDays(Math.floor(local / DAY));
  const unit = interval.kind === "calendar" ? interval.unit : "year";
  const first = unit === "year" ? 1 : unit === "quarter" ? Math.floor((month - 1) / 3) * 3 + 1 : month;
  return daysFromCivil(year, first, 1) * DAY;
}

function nextLocalMs(local: number, unit: CalendarUnit): number {
  const size = FIXED_UNITS[unit];
  if (size !== undefined) return local + size;
  const { year, month } = civilFromDays(Math.floor(local / DAY));
  const months = year * 12 + month - 1 + (unit === "year" ? 12 : unit === "quarter" ? 3 : 1);
  return daysFromCivil(Math.floor(months / 12), (months % 12) + 1, 1) * DAY;
}
