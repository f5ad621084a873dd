// Moments and spans of time that the query's text tells.

import { civilFromDays, DAY, daysFromCivil, daysInMonth } from "../../elasticsearch/date/civil.ts";
import { parseDate } from "../../elasticsearch/date/format.ts";
import { epochNanos } from "../../elasticsearch/date/instant.ts";

export interface Span {
  readonly type: "date_period" | "time_duration";
  readonly months: number;
  readonly ms: number;
}

const PERIODS: readonly (readonly [RegExp, number, number])[] = [
  [/^(days?|d)$/, 0, DAY],
  [/^(weeks?|w)$/, 0, 7 * DAY],
  [/^(months?|mo)$/, 1, 0],
  [/^(quarters?|q)$/, 3, 0],
  [/^(years?|yr|y)$/, 12, 0],
];
const DURATIONS: readonly (readonly [RegExp, number])[] = [
  [/^(milliseconds?|ms)$/, 1],
  [/^(seconds?|sec|s)$/, 1000],
  [/^(minutes?|min|m)$/, 60_000],
  [/^(hours?|h)$/, 3_600_000],
];

/** `3 hours`, `1 month`; undefined for no unit of time. */
export function spanOf(count: number, unit: string): Span | undefined {
  const period = PERIODS.find(([words]) => words.test(unit));
  if (period !== undefined) return { type: "date_period", months: period[1] * count, ms: period[2] * count };
  const duration = DURATIONS.find(([words]) => words.test(unit));
  return duration === undefined ? undefined : { type: "time_duration", months: 0, ms: duration[1] * count };
}

/** A span written as text: `"1 day"`. */
export function spanOfText(text: string): Span | undefined {
  const match = /^\s*(-?[0-9]+)\s+([a-z]+)\s*$/i.exec(text);
  return match === null ? undefined : spanOf(Number(match[1]), (match[2] ?? "").toLowerCase());
}

/** Epoch ms of an ISO text; null when Elasticsearch would not read it. */
export function millisecondsOf(text: string): bigint | null {
  const instant = parseDate(text, "strict_date_optional_time");
  return instant === null ? null : epochNanos(instant) / 1_000_000n - (epochNanos(instant) % 1_000_000n < 0n ? 1n : 0n);
}

/** Epoch ns of an ISO text. */
export function nanosecondsOf(text: string): bigint | null {
  const instant = parseDate(text, "strict_date_optional_time_nanos");
  return instant === null ? null : epochNanos(instant);
}

/** A moment so many months later: the day of the month stays, or is the month's last. */
export function plusMonths(ms: number, months: number): number {
  const days = Math.floor(ms / DAY);
  const { year, month, day } = civilFromDays(days);
  const all = year * 12 + month - 1 + months;
  const [inYear, inMonth] = [Math.floor(all / 12), (((all % 12) + 12) % 12) + 1];
  return daysFromCivil(inYear, inMonth, Math.min(day, daysInMonth(inYear, inMonth))) * DAY + (ms - days * DAY);
}
