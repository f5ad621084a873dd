// Axes of charts: slots of time without gaps, and decades of a logarithmic axis.
import type { AxisMark, Pointed } from "./plot.tsx";

export const DECADES: readonly number[] = [0.1, 1, 10, 100, 1_000, 10_000, 100_000];
/** So many slots at least are as wide as a chart. */
const FEWEST = 30;
const MARKS = 5;

export interface Slot<T> {
  readonly time: number;
  /** Absent where nothing came. */
  readonly bucket?: T;
}

/** A slot for each bucket and for each gap between two, up to the newest. */
export function slotsOf<T extends { readonly time: number }>(buckets: readonly T[], bucketMs: number): readonly Slot<T>[] {
  const first = buckets[0];
  const last = buckets.at(-1);
  if (first === undefined || last === undefined || bucketMs <= 0) return [];
  const byTime = new Map(buckets.map((bucket) => [bucket.time, bucket]));
  const length = Math.max(FEWEST, Math.round((last.time - first.time) / bucketMs) + 1);
  return Array.from({ length }, (_, i) => {
    const time = last.time - (length - 1 - i) * bucketMs;
    const bucket = byTime.get(time);
    return bucket === undefined ? { time } : { time, bucket };
  });
}

/** Slots whose times an axis writes out: the ends, and some between them. */
export function slotMarks(slots: readonly Slot<unknown>[], textOf: (time: number) => string): readonly AxisMark[] {
  const places = Array.from({ length: MARKS }, (_, i) => Math.round((i / (MARKS - 1)) * (slots.length - 1)));
  return [...new Set(places)].flatMap((place) => {
    const slot = slots[place];
    return slot === undefined ? [] : [{ at: (place + 0.5) / slots.length, text: textOf(slot.time) }];
  });
}

/** What is told of the slot at a place of the axis, from 0 to 1. */
export function slotAt<T>(slots: readonly Slot<T>[], x: number, tipOf: (slot: Slot<T>) => Pointed["tip"] | null): Pointed | null {
  const place = Math.min(slots.length - 1, Math.floor(x * slots.length));
  const slot = slots[place];
  const tip = slot === undefined ? null : tipOf(slot);
  return tip === null ? null : { tip, from: place / slots.length, to: (place + 1) / slots.length };
}

/** Marks of an axis of counts from 0 up, three above it at most, and how far it goes. */
export function countMarks(most: number): { readonly top: number; readonly marks: readonly number[] } {
  const least = Math.max(1, most / 3);
  const decade = 10 ** Math.floor(Math.log10(least));
  const step = decade * ([1, 2, 5].find((times) => times * decade >= least) ?? 10);
  const steps = Math.max(1, Math.ceil(most / step));
  return { top: steps * step, marks: Array.from({ length: steps + 1 }, (_, i) => i * step) };
}

export interface LogAxis {
  readonly domain: [number, number];
  readonly ticks: number[];
}

/** Where a value is on the axis, from 0 to 1; what is beyond an end is at it. */
export function logPlace({ domain: [least, most] }: LogAxis, value: number): number {
  return Math.log(Math.min(most, Math.max(least, value)) / least) / Math.log(most / least);
}

/** The decades that hold all values; 10 to 100 where there are none. */
export function decadesAround(values: readonly number[]): LogAxis {
  let [least, most] = [10, 1];
  for (const value of values) {
    if (value > 0) least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const bottom = DECADES.findLast((decade) => decade <= least) ?? 0.1;
  const top = DECADES.find((decade) => decade >= Math.max(most, bottom * 10)) ?? 100_000;
  return { domain: [bottom, top], ticks: DECADES.filter((decade) => decade >= bottom && decade <= top) };
}
