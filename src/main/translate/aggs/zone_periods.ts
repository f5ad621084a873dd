// A time zone as the periods between its changes of clock, as far as documents usually reach. The SQL carries them along:
// ClickHouse's own zones know other rules in places (offsets of 14 hours and more come out wrong).
import { type Zone, zoneOffset } from "../../elasticsearch/date/zone.ts";
import type { DateSpan } from "../types.ts";

/** 1950 to 2050: moments outside are not rounded in zones that change their clocks. */
export const FIRST_MOMENT = -631_152_000_000;
export const LAST_MOMENT = 2_524_608_000_000;

/** No zone changes its clock twice within this time. */
const STEP = 2 * 86_400_000;

export interface Periods {
  /** When each period starts, epoch ms, ascending; the first starts with the range. */
  readonly starts: readonly number[];
  /** ms to add to UTC in each. */
  readonly offsets: readonly number[];
  /** Offset of the period before each. */
  readonly before: readonly number[];
}

export interface Period {
  readonly start: number;
  readonly offset: number;
  readonly before: number;
}

const known = new Map<Zone, Periods>();

/** The periods of a zone, found once. */
export function periodsOf(zone: Zone): Periods {
  const seen = known.get(zone);
  if (seen !== undefined) return seen;
  const starts = [FIRST_MOMENT];
  const offsets = [zoneOffset(FIRST_MOMENT, zone)];
  for (let at = FIRST_MOMENT; at < LAST_MOMENT; at += STEP) {
    const offset = offsets.at(-1) ?? 0;
    if (zoneOffset(at + STEP, zone) === offset) continue;
    const change = changeWithin(at, at + STEP, offset, zone);
    starts.push(change);
    offsets.push(zoneOffset(change, zone));
  }
  const periods = { starts, offsets, before: offsets.map((offset, i) => offsets[i - 1] ?? offset) };
  known.set(zone, periods);
  return periods;
}

/** The period that a moment lies in. */
export function periodAt(ms: number, { starts, offsets, before }: Periods): Period {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= ms) low = middle;
    else high = middle - 1;
  }
  return { start: starts[low] ?? FIRST_MOMENT, offset: offsets[low] ?? 0, before: before[low] ?? 0 };
}

/** The periods that the moments of a span lie in; undefined where it is not known, or reaches beyond all periods. */
export function periodsWithin({ starts, offsets, before }: Periods, span: DateSpan | undefined): Periods | undefined {
  if (span === undefined || span.least < FIRST_MOMENT || span.greatest >= LAST_MOMENT) return undefined;
  const [first, last] = [starts.findLastIndex((start) => start <= span.least), starts.findLastIndex((start) => start <= span.greatest)];
  const within = (list: readonly number[]): readonly number[] => list.slice(first, last + 1);
  return { starts: within(starts), offsets: within(offsets), before: within(before) };
}

function changeWithin(from: number, to: number, offset: number, zone: Zone): number {
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zoneOffset(middle, zone) === offset) low = middle;
    else high = middle;
  }
  return high;
}
