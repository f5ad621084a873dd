// The intervals of date_histogram as text: `calendar_interval` (1d, month), `fixed_interval` (90m), `offset` (+6h).
import { RejectedRequest } from "../failure.ts";
import type { CalendarUnit, Interval } from "./wall_clock.ts";

const CALENDAR: ReadonlyMap<string, CalendarUnit> = new Map([
  ["1s", "second"],
  ["second", "second"],
  ["1m", "minute"],
  ["minute", "minute"],
  ["1h", "hour"],
  ["hour", "hour"],
  ["1d", "day"],
  ["day", "day"],
  ["1w", "week"],
  ["week", "week"],
  ["1M", "month"],
  ["month", "month"],
  ["1q", "quarter"],
  ["quarter", "quarter"],
  ["1y", "year"],
  ["year", "year"],
]);

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The unit that a text names; undefined when it is none. */
export const calendarUnit = (text: string): CalendarUnit | undefined => CALENDAR.get(text);

export function calendarInterval(text: string): Interval {
  const unit = calendarUnit(text);
  if (unit !== undefined) return { kind: "calendar", unit };
  throw new RejectedRequest("x_content_parse_exception", `The supplied interval [${text}] could not be parsed as a calendar interval.`);
}

export function fixedInterval(text: string): Interval {
  const ms = durationMs(text);
  if (ms !== undefined && ms < 1) throw new RejectedRequest("illegal_argument_exception", "Zero or negative time interval not supported");
  if (ms === undefined) {
    throw new RejectedRequest(
      "x_content_parse_exception",
      `failed to parse setting [date_histogram.fixedInterval] with value [${text}] as a time value: unit is missing or unrecognized`,
    );
  }
  return { kind: "fixed", ms };
}

/** `90m`, `+6h`, `-1d` in ms; undefined when it is none. */
export function durationMs(text: string): number | undefined {
  const match = /^([+-]?)(\d+)(ms|s|m|h|d)$/.exec(text.trim());
  const unit = UNITS[match?.[3] ?? ""];
  if (match === null || unit === undefined) return undefined;
  return Number(match[2]) * unit * (match[1] === "-" ? -1 : 1);
}
