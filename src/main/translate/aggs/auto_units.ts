// The units of `auto_date_histogram`: how a wall clock is numbered by them, and when one starts.
import { binary, call, type Expr, literal, param } from "../../clickhouse/sql/ast.ts";
import { DAY, daysFromCivil } from "../../elasticsearch/date/civil.ts";
import { fixedOffset, type Zone } from "../../elasticsearch/date/zone.ts";
import { roundMs } from "./rounding.ts";
import { periodAt, periodsOf } from "./zone_periods.ts";

export interface Unit {
  readonly name: string;
  readonly letter: string;
  /** About how long one is, by Elasticsearch's own reckoning. */
  readonly ms: number;
  /** How many units one bucket may span. */
  readonly multiples: readonly number[];
  /** Number of the unit that a local moment lies in. */
  number(local: Expr): Expr;
  /** Local moment at which a unit starts. */
  start(number: number): number;
}

const fixed = (name: string, letter: string, ms: number, multiples: readonly number[]): Unit => ({
  name,
  letter,
  ms,
  multiples,
  number: (local) => call("toInt64", call("floor", binary(local, "/", literal(ms)))),
  start: (number) => number * ms,
});

const year = (local: Expr): Expr => call("toInt64", call("toYear", utc(local)));

export const UNITS: readonly Unit[] = [
  fixed("second", "s", 1000, [1, 5, 10, 30]),
  fixed("minute", "m", 60_000, [1, 5, 10, 30]),
  fixed("hour", "h", 3_600_000, [1, 3, 12]),
  fixed("day", "d", DAY, [1, 7]),
  {
    name: "month",
    letter: "M",
    ms: 30 * DAY,
    multiples: [1, 3],
    number: (local) => binary(binary(binary(year(local), "*", literal(12)), "+", call("toMonth", utc(local))), "-", literal(1)),
    start: (number) => daysFromCivil(Math.floor(number / 12), (((number % 12) + 12) % 12) + 1, 1) * DAY,
  },
  {
    name: "year",
    letter: "y",
    ms: 365 * DAY,
    multiples: [1, 5, 10, 20, 50, 100],
    number: year,
    start: (number) => daysFromCivil(number, 1, 1) * DAY,
  },
];

/** The wall clock of a moment, as epoch ms. */
export function localOf(x: Expr, zone: Zone): Expr {
  const offset = fixedOffset(zone);
  if (offset === 0) return x;
  if (offset !== null) return binary(x, "+", literal(offset));
  const periods = periodsOf(zone);
  const starts = param("Array(Int64)", periods.starts);
  return binary(x, "+", call("transform", call("roundDown", x, starts), starts, param("Array(Int64)", periods.offsets)));
}

/** True for short units where the clock was changed among them: days, months and years alone are numbered by their dates. */
export function fineAcrossChange(unit: Unit, first: number, last: number, zone: Zone): boolean {
  if (unit.ms >= DAY || fixedOffset(zone) !== null) return false;
  const periods = periodsOf(zone);
  const periodOf = (local: number) => periodAt(local - periodAt(local, periods).offset, periods);
  const [from, to] = [periodOf(unit.start(first) - DAY), periodOf(unit.start(last + 1) + DAY)];
  return from.start !== to.start;
}

/** The moment at which a unit starts that starts at this wall clock. */
export function momentOf(local: number, unit: Unit, zone: Zone): number {
  const offset = fixedOffset(zone);
  if (offset !== null) return local - offset;
  const periods = periodsOf(zone);
  if (unit.ms < DAY) return local - periodAt(local - periodAt(local, periods).offset, periods).offset;
  const midday = local + DAY / 2;
  return roundMs(midday - periodAt(midday, periods).offset, { interval: { kind: "calendar", unit: "day" }, zone, offset: 0 });
}

function utc(local: Expr): Expr {
  return call("fromUnixTimestamp64Milli", local, literal("UTC"));
}
