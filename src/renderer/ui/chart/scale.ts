// Axes of charts: slots of time without gaps, and decades of a logarithmic axis.

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

/** Times that an axis writes out: the ends, and some between them. */
export function timeMarks(slots: readonly Slot<unknown>[], marks = MARKS): number[] {
  const places = Array.from({ length: marks }, (_, i) => Math.round((i / (marks - 1)) * (slots.length - 1)));
  return [...new Set(places)].flatMap((place) => slots[place]?.time ?? []);
}

export interface LogAxis {
  readonly domain: [number, number];
  readonly ticks: number[];
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
