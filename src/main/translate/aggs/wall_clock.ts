// Units and intervals of time on a wall clock that knows no zones: epoch ms of the local time.
import { binary, call, type Expr, literal } from "../../clickhouse/sql/ast.ts";
import { civilFromDays, DAY, daysFromCivil } from "../../elasticsearch/date/civil.ts";

export type CalendarUnit = "second" | "minute" | "hour" | "day" | "week" | "month" | "quarter" | "year";

export type Interval = { readonly kind: "fixed"; readonly ms: number } | { readonly kind: "calendar"; readonly unit: CalendarUnit };

/** The key of a moment that ClickHouse's calendar can't place (before 1900, after 2299): no bucket of any answer. */
export const OUT_OF_CALENDAR = -9223372036854775808n;

const CALENDAR_FIRST = -2_208_988_800_000;
const CALENDAR_LAST = 10_413_792_000_000;
const WEEK = 7 * DAY;
/** 1970-01-05 was a Monday. */
const MONDAY = 4 * DAY;

const UNIT_MS: Readonly<Partial<Record<CalendarUnit, number>>> = { second: 1000, minute: 60_000, hour: 3_600_000, day: DAY, week: WEEK };

/** Length of a unit; undefined for those of varying length. */
export function unitMs(unit: CalendarUnit): number | undefined {
  return UNIT_MS[unit];
}

/** The start of the interval that a local time lies in, in SQL. */
export function floorLocal(x: Expr, interval: Interval): Expr {
  const size = interval.kind === "fixed" ? interval.ms : UNIT_MS[interval.unit];
  if (size === 1) return x;
  const modulo = (value: Expr, by: number): Expr => call("positiveModulo", value, literal(by));
  if (interval.kind === "calendar" && interval.unit === "week") return binary(x, "-", modulo(binary(x, "-", literal(MONDAY)), WEEK));
  if (size !== undefined) return binary(x, "-", modulo(x, size));
  const inside = call("and", binary(x, ">=", literal(CALENDAR_FIRST)), binary(x, "<", literal(CALENDAR_LAST)));
  return call(
    "if",
    inside,
    startOfMonths(x, interval.kind === "calendar" ? interval.unit : "year"),
    call("toInt64", literal(String(OUT_OF_CALENDAR))),
  );
}

function startOfMonths(x: Expr, unit: CalendarUnit): Expr {
  const day = call("fromUnixTimestamp64Milli", x, literal("UTC"));
  const month = call("toMonth", day);
  const quarter = binary(binary(call("intDiv", binary(month, "-", literal(1)), literal(3)), "*", literal(3)), "+", literal(1));
  const first = unit === "year" ? literal(1) : unit === "quarter" ? quarter : month;
  const zero = literal(0);
  return call(
    "toUnixTimestamp64Milli",
    call("makeDateTime64", call("toYear", day), first, literal(1), zero, zero, zero, zero, literal(3), literal("UTC")),
  );
}

/** The same here. */
export function floorLocalMs(local: number, interval: Interval): number {
  const size = interval.kind === "fixed" ? interval.ms : UNIT_MS[interval.unit];
  if (interval.kind === "calendar" && interval.unit === "week") return Math.floor((local - MONDAY) / WEEK) * WEEK + MONDAY;
  if (size !== undefined) return Math.floor(local / size) * size;
  const { year, month } = civilFromDays(Math.floor(local / DAY));
  const unit = interval.kind === "calendar" ? interval.unit : "year";
  const first = unit === "year" ? 1 : unit === "quarter" ? Math.floor((month - 1) / 3) * 3 + 1 : month;
  return daysFromCivil(year, first, 1) * DAY;
}

/** The start of the unit after the one that starts at `local`. */
export function nextLocalMs(local: number, unit: CalendarUnit): number {
  const size = UNIT_MS[unit];
  if (size !== undefined) return local + size;
  const { year, month } = civilFromDays(Math.floor(local / DAY));
  const months = year * 12 + month - 1 + (unit === "year" ? 12 : unit === "quarter" ? 3 : 1);
  return daysFromCivil(Math.floor(months / 12), (months % 12) + 1, 1) * DAY;
}
