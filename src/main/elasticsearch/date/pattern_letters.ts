// The letters of date patterns: what a run of each reads and writes. Java's DateTimeFormatter in strict mode, and for the named
// formats four letters of our own meaning: `f`, a fraction of 1–9 digits with its point (written with 3; `ff` takes a comma too,
// `fff` writes up to 9), `o`, any offset or zone (written `+02:00` or `Z`), and `Y`, `w`, `e` of the ISO week.
import { civilFromDays, dayOfWeek, daysFromCivil, firstWeek } from "./civil.ts";
import type { DateParts } from "./instant.ts";
import { parseZone, type Zone } from "./zone.ts";

/** A wall clock, taken apart for printing. */
export interface Clock {
  readonly days: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nano: number;
  readonly offset: number;
  readonly zone: Zone;
}

export interface Letter {
  /** Regular expression source of the digits or text, for a run of so many letters; null when there is none. */
  source(count: number): string | null;
  read(parts: DateParts, text: string, count: number): void;
  write(clock: Clock, count: number): string;
}

const MONTHS = "January February March April May June July August September October November December".split(" ");
const WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(" ");

type NumberPart = Exclude<keyof DateParts, "epoch" | "zone">;

function padded(value: number, count: number): string {
  return `${value < 0 ? "-" : ""}${String(Math.abs(value)).padStart(count, "0")}`;
}

function numeric(part: NumberPart, get: (clock: Clock) => number, adjust: (value: number) => number = (value) => value): Letter {
  return {
    source: (count) => (count === 1 ? "\\d{1,2}" : count === 2 ? "\\d{2}" : null),
    read: (parts, text) => {
      parts[part] = adjust(Number(text));
    },
    write: (clock, count) => padded(get(clock), count),
  };
}

function yearLetter(part: "year" | "weekYear", get: (clock: Clock) => number, minus = "-?"): Letter {
  return {
    source: (count) =>
      count === 2 ? "\\d{2}" : count < 4 ? `${minus}\\d{1,9}` : `${minus}\\d{${count}}|[+${minus[0] ?? ""}]\\d{${count + 1},9}`,
    read: (parts, text, count) => {
      parts[part] = count === 2 ? 2000 + Number(text) : Number(text);
    },
    write(clock, count) {
      const year = get(clock);
      if (count === 2) return padded(((year % 100) + 100) % 100, 2);
      return count >= 4 && year >= 10 ** count ? `+${year}` : padded(year, count);
    },
  };
}

const month: Letter = {
  ...numeric("month", (clock) => clock.month),
  source: (count) => (count === 1 ? "\\d{1,2}" : count === 2 ? "\\d{2}" : count > 4 ? null : names(MONTHS, count)),
  read: (parts, text, count) => {
    parts.month = count < 3 ? Number(text) : MONTHS.findIndex((name) => name.startsWith(text)) + 1;
  },
  write: (clock, count) => (count < 3 ? padded(clock.month, count) : shorten(MONTHS[clock.month - 1], count)),
};

const weekday: Letter = {
  source: (count) => (count > 4 ? null : names(WEEKDAYS, count)),
  read: () => undefined,
  write: (clock, count) => shorten(WEEKDAYS[dayOfWeek(clock.days) - 1], count),
};

function names(all: readonly string[], count: number): string {
  return all.map((name) => shorten(name, count)).join("|");
}

function shorten(name = "", count: number): string {
  return count === 4 ? name : name.slice(0, 3);
}

const half: Letter = {
  source: () => "AM|PM",
  read: (parts, text) => {
    parts.hour = ((parts.hour ?? 0) % 12) + (text === "PM" ? 12 : 0);
  },
  write: (clock) => (clock.hour < 12 ? "AM" : "PM"),
};

const fixedFraction: Letter = {
  source: (count) => (count > 9 ? null : `\\d{${count}}`),
  read: (parts, text) => {
    parts.nano = Number(text.padEnd(9, "0"));
  },
  write: (clock, count) => padded(clock.nano, 9).slice(0, count),
};

const fraction: Letter = {
  source: (count) => (count === 1 ? "\\.\\d{1,9}" : "[.,]\\d{1,9}"),
  read: (parts, text) => {
    parts.nano = Number(text.slice(1).padEnd(9, "0"));
  },
  write: (clock, count) => `.${count < 3 ? padded(clock.nano, 9).slice(0, 3) : padded(clock.nano, 9).replace(/0{1,6}$/, "")}`,
};

const dayOfYear: Letter = {
  source: (count) => (count === 1 ? "\\d{1,3}" : count === 3 ? "\\d{3}" : null),
  read: (parts, text) => {
    parts.dayOfYear = Number(text);
  },
  write: (clock, count) => padded(clock.days - daysFromCivil(clock.year, 1, 1) + 1, count),
};

function readZone(parts: DateParts, text: string): void {
  const zone = parseZone(text);
  if (zone === null) parts.hour = 99;
  else parts.zone = zone;
}

// The shapes of an offset by the number of letters: X +02 or +0530, XX +0200, XXX +02:00; `Z` prints what UTC is called.
function offset(utc: readonly string[], sources: readonly string[], sign: (minutes: number, count: number) => string): Letter {
  return {
    source: (count) => sources[count - 1] ?? null,
    read: readZone,
    write(clock, count) {
      const minutes = Math.trunc(clock.offset / 60_000);
      return minutes === 0 ? (utc[count - 1] ?? "Z") : sign(minutes, count);
    },
  };
}

function signed(minutes: number, colon: boolean, dropZeroMinutes: boolean): string {
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 && dropZeroMinutes ? "" : `${colon ? ":" : ""}${padded(size % 60, 2)}`;
  return `${minutes < 0 ? "-" : "+"}${padded(Math.floor(size / 60), 2)}${rest}`;
}

const OFFSETS = ["[+-]\\d{2}(?:\\d{2})?", "[+-]\\d{4}", "[+-]\\d{2}:\\d{2}"];
const isoOffset = (minutes: number, count: number): string => signed(minutes, count === 3, count === 1);

const zoneId: Letter = {
  source: (count) => (count === 2 ? "[A-Za-z][A-Za-z0-9~/._+-]*|[+-]\\d{2}:?\\d{2}" : null),
  read: readZone,
  write: (clock) => clock.zone,
};

const anyOffset: Letter = {
  source: () => "[A-Za-z][A-Za-z0-9~/._+-]*|[+-]\\d{2}(?::?\\d{2}){0,2}",
  read: readZone,
  write: (clock) => (Math.trunc(clock.offset / 60_000) === 0 ? "Z" : signed(Math.trunc(clock.offset / 60_000), true, false)),
};

function weekOf(clock: Clock): readonly [year: number, week: number] {
  const thursday = clock.days - dayOfWeek(clock.days) + 4;
  const { year } = civilFromDays(thursday);
  return [year, Math.floor((thursday - firstWeek(year)) / 7) + 1];
}

/** Letters that every pattern may use. */
export const LETTERS: Readonly<Record<string, Letter>> = Object.freeze({
  u: yearLetter("year", (clock) => clock.year),
  // A year of its era: never negative.
  y: yearLetter("year", (clock) => (clock.year > 0 ? clock.year : 1 - clock.year), ""),
  M: month,
  L: month,
  d: numeric("day", (clock) => clock.day),
  D: dayOfYear,
  E: weekday,
  H: numeric("hour", (clock) => clock.hour),
  h: numeric("hour", (clock) => clock.hour % 12 || 12),
  K: numeric("hour", (clock) => clock.hour % 12),
  k: numeric(
    "hour",
    (clock) => clock.hour || 24,
    (value) => value % 24,
  ),
  m: numeric("minute", (clock) => clock.minute),
  s: numeric("second", (clock) => clock.second),
  S: fixedFraction,
  a: half,
  X: offset(
    [],
    OFFSETS.map((source) => `${source}|Z`),
    isoOffset,
  ),
  x: offset(["+00", "+0000", "+00:00"], OFFSETS, isoOffset),
  Z: offset(["+0000", "+0000", "+0000"], ["[+-]\\d{4}", "[+-]\\d{4}", "[+-]\\d{4}"], (minutes) => signed(minutes, false, false)),
  V: zoneId,
});

/** Letters of the named formats only: in a mapping's own pattern they mean something else, or depend on a locale. */
export const NAMED_LETTERS: Readonly<Record<string, Letter>> = Object.freeze({
  ...LETTERS,
  f: fraction,
  o: anyOffset,
  Y: yearLetter("weekYear", (clock) => weekOf(clock)[0]),
  w: numeric("week", (clock) => weekOf(clock)[1]),
  e: numeric("weekDay", (clock) => dayOfWeek(clock.days)),
});
