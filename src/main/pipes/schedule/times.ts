// When runs are due: a schedule's words as times, and the times at which it is due. Pure but for the machine's time zone. Times of the
// day are those on the wall, so that a day in which the clocks change has each of them once; a time that such a day leaves out comes as
// much later as the clocks were put forward. Within a day, and of schedules without a time of the day, it is elapsed time that counts.
import type { Schedule } from "../../../shared/schedule.ts";

/** Of what runs are counted from. Durations in ms, times of the day in minutes. */
export type Times =
  | { readonly kind: "interval"; readonly every: number; readonly lasts: number | null }
  /** `to` null: no window. `every` null: one run a day, at `from`. */
  | {
      readonly kind: "daily";
      readonly from: number;
      readonly to: number | null;
      readonly every: number | null;
      readonly lasts: number | null;
    };

const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: DAY_MS };
const LONGEST_MS = 366 * DAY_MS;
/** Due times before that are counted no more. */
const MOST_DAYS_BACK = 400;

/** In words, what is wrong with it, where it is. */
export function timesOf(schedule: Schedule): Times | string {
  const lasts = durationOf("for", schedule.for);
  const every = durationOf("every", schedule.every);
  const at = timeOfDay("at", schedule.at);
  const from = timeOfDay("from", schedule.from);
  const to = timeOfDay("to", schedule.to);
  if (typeof lasts === "string") return lasts;
  if (typeof every === "string") return every;
  if (typeof at === "string") return at;
  if (typeof from === "string") return from;
  if (typeof to === "string") return to;
  if ((from === null) !== (to === null)) return '"from" and "to" go together.';
  if (at !== null && (every !== null || from !== null)) return '"at" is once a day: it goes with neither "every" nor "from" and "to".';
  if (from !== null && from === to) return '"from" and "to" are the same time; leave them out for the whole day.';
  if (at !== null) return { kind: "daily", from: at, to: null, every: null, lasts };
  if (from !== null) return { kind: "daily", from, to, every, lasts };
  if (every !== null) return { kind: "interval", every, lasts };
  return 'Say when: "every" (30m, 6h, 1d), "at" (02:30), or "from" and "to" (22:00, 06:00).';
}

/** How many, and the last of them, epoch ms; 0 where there is none. */
interface Due {
  readonly count: number;
  readonly last: number;
}

/** The due times after `after` up to `until`. `made`: where intervals are counted from. Epoch ms. */
export function dueBetween(times: Times, made: number, after: number, until: number): Due {
  if (until <= after) return NONE;
  if (times.kind === "interval") return onGrid(made, times.every, Number.POSITIVE_INFINITY, after, until);
  let due = NONE;
  const first = Math.max(after, until - MOST_DAYS_BACK * DAY_MS);
  for (const { opens, closes } of daysOf(times, first, until)) {
    const some = times.every === null ? single(opens, after, until) : onGrid(opens - times.every, times.every, closes, after, until);
    if (some.count > 0) due = { count: due.count + some.count, last: some.last };
  }
  return due;
}

/** The first due time after `after`. Epoch ms. */
export function dueAfter(times: Times, made: number, after: number): number {
  if (times.kind === "interval") return made + (Math.floor((after - made) / times.every) + 1) * times.every;
  for (const { opens, closes } of daysOf(times, after, after + 2 * DAY_MS)) {
    const { every } = times;
    const next = every === null || opens > after ? opens : opens + (Math.floor((after - opens) / every) + 1) * every;
    if (next > after && next < closes) return next;
  }
  return after + DAY_MS;
}

/** When a run that began at `began` for the due time `due` is to end; null: by itself. Epoch ms. */
export function endOf(times: Times, due: number, began: number): number | null {
  const over = times.lasts === null ? Number.POSITIVE_INFINITY : began + times.lasts;
  const day = times.kind === "daily" ? daysOf(times, due, due).find(({ opens, closes }) => opens <= due && due < closes) : undefined;
  const ends = Math.min(over, day?.closes ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(ends) ? ends : null;
}

const NONE: Due = Object.freeze({ count: 0, last: 0 });

function single(due: number, after: number, until: number): Due {
  return due > after && due <= until ? { count: 1, last: due } : NONE;
}

/** `start + every`, `start + 2 * every` … before `closes`. */
function onGrid(start: number, every: number, closes: number, after: number, until: number): Due {
  const before = Math.max(0, Math.floor((after - start) / every));
  const beforeClosing = Number.isFinite(closes) ? Math.ceil((closes - start) / every) - 1 : Number.POSITIVE_INFINITY;
  const last = Math.min(Math.floor((until - start) / every), beforeClosing);
  return last > before ? { count: last - before, last: start + last * every } : NONE;
}

/** The days whose windows may hold a time of the span; without a window a day has no end. */
function daysOf({ from, to }: Extract<Times, { kind: "daily" }>, start: number, end: number): readonly { opens: number; closes: number }[] {
  const days: { opens: number; closes: number }[] = [];
  const first = new Date(start);
  for (let day = -1; ; day += 1) {
    const on = (minutes: number, later = 0): number =>
      new Date(first.getFullYear(), first.getMonth(), first.getDate() + day + later, 0, minutes).getTime();
    const opens = on(from);
    if (opens > end && day >= 0) return days;
    days.push({ opens, closes: to === null ? Number.POSITIVE_INFINITY : on(to, to < from ? 1 : 0) });
  }
}

function durationOf(name: string, text: string | undefined): number | string | null {
  if (text === undefined) return null;
  const [, digits = "", unit = ""] = /^(\d{1,6})\s?([mhd])$/.exec(text) ?? [];
  const ms = Number(digits) * (UNITS[unit] ?? 0);
  if (ms > 0 && ms <= LONGEST_MS) return ms;
  return `"${name}" is "${text}"; it must be minutes, hours or days, like 30m, 6h or 1d, a year at most.`;
}

function timeOfDay(name: string, text: string | undefined): number | string | null {
  if (text === undefined) return null;
  const [, hours = "", minutes = ""] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hours !== "") return Number(hours) * 60 + Number(minutes);
  return `"${name}" is "${text}"; it must be a time of the day, like 02:30 or 22:00.`;
}
