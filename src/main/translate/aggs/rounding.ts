// Date intervals: in SQL for documents, and here for the buckets between them. Both floor the wall clock of the zone and
// turn it back into a moment by Elasticsearch's rules for clocks that were put forward or back. Keys are epoch ms.
import { binary, call, column, type Expr, lambda, literal, param } from "../../clickhouse/sql/ast.ts";
import { DAY } from "../../elasticsearch/date/civil.ts";
import { fixedOffset, type Zone } from "../../elasticsearch/date/zone.ts";
import type { DateSpan } from "../types.ts";
import { mapped } from "./values.ts";
import { floorLocal, floorLocalMs, type Interval, nextLocalMs, OUT_OF_CALENDAR, unitMs } from "./wall_clock.ts";
import { FIRST_MOMENT, LAST_MOMENT, type Period, type Periods, periodAt, periodsOf, periodsWithin } from "./zone_periods.ts";

export interface Rounding {
  readonly interval: Interval;
  readonly zone: Zone;
  readonly offset: number;
}

/** How a floored wall clock is resolved: to the start of a day, by a span of fixed length, or within the hour. */
type Kind = "midnight" | "span" | "hour";

function kindOf(interval: Interval): Kind {
  if (interval.kind === "fixed") return "span";
  return (unitMs(interval.unit) ?? DAY) < DAY ? "hour" : "midnight";
}

/** Keys of an array of moments (Array(Int64) in ms) that lie within `span`, where that is known. */
export function roundedKeys(values: Expr, { interval, zone, offset }: Rounding, span?: DateSpan): Expr {
  const shifted = offset === 0 ? values : mapped(values, (x) => binary(x, "-", literal(offset)));
  const moved = span === undefined ? undefined : { least: span.least - offset, greatest: span.greatest - offset };
  const keys = keysWithoutOffset(shifted, interval, zone, moved);
  return offset === 0 ? keys : mapped(keys, (x) => binary(x, "+", literal(offset)));
}

function keysWithoutOffset(values: Expr, interval: Interval, zone: Zone, span: DateSpan | undefined): Expr {
  const fixed = fixedOffset(zone);
  if (fixed === 0) return mapped(values, (x) => floorLocal(x, interval));
  if (fixed !== null) return mapped(values, (x) => binary(floorLocal(binary(x, "+", literal(fixed)), interval), "-", literal(fixed)));
  const few = periodsWithin(periodsOf(zone), span);
  if (span !== undefined && few !== undefined && few.starts.length <= FEW_PERIODS) return keysInFew(values, interval, zone, few, span);
  const periods = periodsOf(zone);
  const starts = param("Array(Int64)", periods.starts);
  const offset = (start: Expr): Expr => call("transform", start, starts, param("Array(Int64)", periods.offsets));
  const periodStarts = mapped(values, (x) => call("roundDown", x, starts));
  const floors = zip(["x", "s"], (x, s) => floorLocal(binary(x, "+", offset(s)), interval), values, periodStarts);
  const key = kindOf(interval) === "midnight" ? keyOfDay(interval, zone) : keyInPeriod(interval, zone, starts);
  return zip(["x", "r", "s"], (x, r, s) => within(x, key(r, s, offset(s))), values, floors, periodStarts);
}

/** More periods are looked up in arrays. */
const FEW_PERIODS = 8;

// Moments of a few months see one change of the clock or none: comparisons take a fraction of the time that searching all periods does.
function keysInFew(values: Expr, interval: Interval, zone: Zone, periods: Periods, span: DateSpan): Expr {
  const { starts, offsets } = periods;
  const chosen = (x: Expr, of: readonly number[]): Expr =>
    of
      .slice(0, -1)
      .reduceRight(
        (others, value, i) => call("if", binary(x, "<", literal(starts[i + 1] ?? 0)), literal(value), others),
        literal(of.at(-1) ?? 0),
      );
  if (kindOf(interval) === "midnight") {
    const [low, high] = [floorLocalMs(span.least + Math.min(...offsets), interval), span.greatest + Math.max(...offsets)];
    const odd = [...oddDays(interval, zone, starts)].filter(([local]) => local >= low && local <= high);
    return mapped(values, (x) => {
      const o = chosen(x, offsets);
      const r = floorLocal(binary(x, "+", o), interval);
      return odd.reduce<Expr>(
        (key, [local, moment]) => call("if", binary(r, "=", literal(local)), literal(moment), key),
        binary(r, "-", o),
      );
    });
  }
  const keys = keysBefore(interval, zone, starts);
  return mapped(values, (x) => {
    const o = chosen(x, offsets);
    const key = binary(floorLocal(binary(x, "+", o), interval), "-", o);
    return call("if", binary(key, ">=", chosen(x, starts)), key, chosen(x, keys));
  });
}

/** The key of wall clock `r`, floored from a moment in the period that starts at `s` with offset `o`. */
type KeyInSql = (r: Expr, s: Expr, o: Expr) => Expr;

// Wall clocks that a change of the clock skips, doubles or parts from their day are few: they carry their keys along.
function keyOfDay(interval: Interval, zone: Zone): KeyInSql {
  const keys = oddDays(interval, zone, periodsOf(zone).starts);
  const [locals, moments] = [param("Array(Int64)", [...keys.keys()]), param("Array(Int64)", [...keys.values()])];
  return (r, _, o) => (keys.size === 0 ? binary(r, "-", o) : call("transform", r, locals, moments, binary(r, "-", o)));
}

// Wall clock → key, around the changes of the clock that begin these periods.
function oddDays(interval: Interval, zone: Zone, starts: readonly number[]): ReadonlyMap<number, number> {
  const keys = new Map<number, number>();
  for (const at of starts) {
    const { offset: o, before: p } = periodAt(at, periodsOf(zone));
    const unit = interval.kind === "calendar" ? interval.unit : "day";
    for (let r = floorLocalMs(at + o, interval); r < at + Math.max(o, p); r = nextLocalMs(r, unit)) {
      const key = startOfDayMs(r, zone);
      if (key !== r - o) keys.set(r, key);
    }
  }
  return keys;
}

// What is floored to before its own period is floored to one wall clock alone: that before the period's start.
function keyInPeriod(interval: Interval, zone: Zone, starts: Expr): KeyInSql {
  const keys = keysBefore(interval, zone, periodsOf(zone).starts);
  return (r, s, o) =>
    call("if", binary(binary(r, "-", o), ">=", s), binary(r, "-", o), call("transform", s, starts, param("Array(Int64)", keys)));
}

function keysBefore(interval: Interval, zone: Zone, starts: readonly number[]): readonly number[] {
  return starts.map((at) => {
    const period = periodAt(at, periodsOf(zone));
    return resolveMs(floorLocalMs(at + period.offset, interval), period, interval, zone);
  });
}

function within(x: Expr, key: Expr): Expr {
  const inside = call("and", binary(x, ">=", literal(FIRST_MOMENT + 400 * DAY)), binary(x, "<", literal(LAST_MOMENT)));
  return call("if", inside, key, call("toInt64", literal(String(OUT_OF_CALENDAR))));
}

/** `arrayMap((names) -> each(…), arrays)`. */
function zip(names: readonly string[], each: (...items: readonly [Expr, Expr, Expr]) => Expr, ...arrays: readonly Expr[]): Expr {
  const [a, b, c] = [...names, "", ""].map((name) => column(name));
  if (a === undefined || b === undefined || c === undefined) throw new Error("zip takes two or three arrays");
  return call("arrayMap", lambda(names, each(a, b, c)), ...arrays);
}

/** The key of the bucket that a moment falls in. */
export function roundMs(ms: number, { interval, zone, offset }: Rounding): number {
  return roundPlain(ms - offset, interval, zone) + offset;
}

function roundPlain(ms: number, interval: Interval, zone: Zone): number {
  const fixed = fixedOffset(zone);
  if (fixed !== null) return floorLocalMs(ms + fixed, interval) - fixed;
  const period = periodAt(ms, periodsOf(zone));
  return resolveMs(floorLocalMs(ms + period.offset, interval), period, interval, zone);
}

function resolveMs(r: number, { start: s, offset: o, before: p }: Period, interval: Interval, zone: Zone): number {
  const kind = kindOf(interval);
  if (kind === "midnight") return startOfDayMs(r, zone);
  if (r >= s + o) return r - o;
  const floorBefore = floorLocalMs(s + p - 1, interval) - p;
  if (kind === "span") {
    if (o > p && r >= s + p) return s;
    const local = o > p ? r : floorBefore + p;
    return local - p >= periodAt(s - 1, periodsOf(zone)).start ? local - p : latestMomentMs(local, zone);
  }
  const size = interval.kind === "calendar" ? (unitMs(interval.unit) ?? DAY) : DAY;
  return o > p ? floorBefore : p - o >= size ? r - o : r - p;
}

function latestMomentMs(local: number, zone: Zone): number {
  const periods = periodsOf(zone);
  const around = [periodAt(local - DAY, periods).offset, periodAt(local + DAY, periods).offset];
  const [most, least] = [Math.max(...around), Math.min(...around)];
  const late = periodAt(local - least, periods);
  if (late.offset === least) return local - least;
  return periodAt(local - most, periods).offset === most ? local - most : late.start;
}

function startOfDayMs(local: number, zone: Zone): number {
  const fixed = fixedOffset(zone);
  if (fixed !== null) return local - fixed;
  const periods = periodsOf(zone);
  const around = [periodAt(local - DAY, periods).offset, periodAt(local + DAY, periods).offset];
  const [most, least] = [Math.max(...around), Math.min(...around)];
  if (periodAt(local - most, periods).offset === most) return local - most;
  const late = periodAt(local - least, periods);
  return late.offset === least ? local - least : late.start;
}

/** The key of the bucket after the one with this key. */
export function nextMs(key: number, rounding: Rounding): number {
  const { interval, zone, offset } = rounding;
  const at = key - offset;
  const kind = kindOf(interval);
  if (kind === "span") return nextSpan(at, interval.kind === "fixed" ? interval.ms : DAY, interval, zone) + offset;
  if (interval.kind === "calendar" && kind === "hour") {
    const size = unitMs(interval.unit) ?? DAY;
    const next = roundPlain(at + size, interval, zone);
    return (next > at ? next : roundPlain(at + 2 * size, interval, zone)) + offset;
  }
  const local = at + (fixedOffset(zone) ?? periodAt(at, periodsOf(zone)).offset);
  const unit = interval.kind === "calendar" ? interval.unit : "day";
  return startOfDayMs(nextLocalMs(floorLocalMs(local, interval), unit), zone) + offset;
}

// Spans are longer or shorter around a change of the clock: a guess, then halves of it, until nothing lies in between.
function nextSpan(at: number, size: number, interval: Interval, zone: Zone): number {
  const fixed = fixedOffset(zone);
  if (fixed !== null) return at + size;
  const first = roundPlain(at, interval, zone);
  let step = size;
  let from = first;
  for (let tries = 0; tries < 100; tries += 1) {
    from += step;
    const next = roundPlain(from, interval, zone);
    if (next <= first) {
      if (step < 0) step = -step / 2;
    } else if (roundPlain(next - 1, interval, zone) > first) {
      if (step > 0) step = -step / 2;
    } else return next;
  }
  return roundPlain(from, interval, zone);
}
