// What date text says, and the moment that it means.
import { DAY, daysFromCivil, daysInMonth, firstWeek, isLeapYear } from "./civil.ts";
import { instantOfLocal, type Zone } from "./zone.ts";

/** A moment: whole milliseconds since 1970 (an exact integer) and the nanoseconds within that millisecond, 0–999999. */
export interface Instant {
  readonly ms: number;
  readonly nanos: number;
}

/** The fields that a text gave; an absent one takes its default. */
export interface DateParts {
  /** Seconds or milliseconds since 1970 were given: nothing else counts. */
  epoch?: Instant;
  year?: number;
  month?: number;
  day?: number;
  dayOfYear?: number;
  weekYear?: number;
  week?: number;
  weekDay?: number;
  hour?: number;
  minute?: number;
  second?: number;
  nano?: number;
  zone?: Zone;
}

export interface ResolveOptions {
  /** Absent time fields are 23:59:59.999999999 instead of 0 (absent month and day are 1 all the same). */
  readonly roundUp?: boolean;
  /** For text that names no zone. */
  readonly zone?: Zone;
}

/** Epoch nanoseconds, as `date_nanos` stores them. */
export function epochNanos(instant: Instant): bigint {
  return BigInt(instant.ms) * 1_000_000n + BigInt(instant.nanos);
}

/** The moment of epoch nanoseconds. */
export function instantOfNanos(nanos: bigint): Instant {
  const rest = ((nanos % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return { ms: Number((nanos - rest) / 1_000_000n), nanos: Number(rest) };
}

/** The moment that the parts mean; null where there is no such day or time. */
export function resolve(parts: DateParts, options: ResolveOptions): Instant | null {
  if (parts.epoch !== undefined) return parts.epoch;
  const days = resolveDay(parts);
  const last = options.roundUp === true;
  const { hour = last ? 23 : 0, minute = last ? 59 : 0, second = last ? 59 : 0, nano = last ? 999_999_999 : 0 } = parts;
  if (days === null || hour > 23 || minute > 59 || second > 59) return null;
  const millis = Math.floor(nano / 1_000_000);
  const local = days * DAY + ((hour * 60 + minute) * 60 + second) * 1000 + millis;
  // Text without a zone is UTC first and keeps its wall clock in the request's zone, with UTC's offset where that is possible.
  const ms = parts.zone === undefined ? instantOfLocal(local, options.zone ?? "Z", 0) : instantOfLocal(local, parts.zone);
  return Number.isSafeInteger(ms) ? { ms, nanos: nano - millis * 1_000_000 } : null;
}

function resolveDay(parts: DateParts): number | null {
  if (parts.weekYear !== undefined) {
    const { week = 1, weekDay = 1 } = parts;
    if (week < 1 || week > 53 || weekDay < 1 || weekDay > 7) return null;
    return firstWeek(parts.weekYear) + (week - 1) * 7 + weekDay - 1;
  }
  const { year = 1970 } = parts;
  if (parts.dayOfYear !== undefined) {
    const length = isLeapYear(year) ? 366 : 365;
    return parts.dayOfYear < 1 || parts.dayOfYear > length ? null : daysFromCivil(year, 1, 1) + parts.dayOfYear - 1;
  }
  const { month = 1, day = 1 } = parts;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return daysFromCivil(year, month, day);
}
