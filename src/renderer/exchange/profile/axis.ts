// One axis for all lanes. A stretch of time in which nothing begins or ends may be drawn shorter than it was; the ruler keeps the true times. Pure.
import type { LaneFrame } from "../../../shared/flame.ts";
import type { PlacedFrame } from "../../profiles/flame/layout.ts";

export interface Axis {
  /** What is seen of it, µs. */
  readonly from: number;
  readonly to: number;
  /** Where a time stands, as a share of the width; outside of what is seen under 0 or over 1. */
  readonly at: (us: number) => number;
  /** Stretches that are drawn shorter. */
  readonly cuts: readonly { readonly from: number; readonly to: number }[];
}

/** A longer stretch, as a share of what is seen, is drawn shorter: all of those together as wide as this share of the rest. */
const LONG = 0.08;
const TOGETHER = 0.3;

export function axisOf(frames: readonly LaneFrame[], from: number, to: number, shorten: boolean): Axis {
  const times = new Set([from, to, ...frames.flatMap((frame) => [frame.from, frame.to])]);
  const points = [...times].filter((time) => time >= from && time <= to).toSorted((a, b) => a - b);
  const longest = shorten ? (to - from) * LONG : Number.POSITIVE_INFINITY;
  const most = widthOfLong(points, longest);
  const drawn = [0];
  const cuts: { from: number; to: number }[] = [];
  for (let i = 1; i < points.length; i += 1) {
    const [before = from, here = to] = [points[i - 1], points[i]];
    const cut = here - before > longest;
    if (cut) cuts.push({ from: before, to: here });
    drawn.push((drawn.at(-1) ?? 0) + (cut ? most : here - before));
  }
  const whole = Math.max(1e-9, drawn.at(-1) ?? 0);
  return { from, to, at: (us) => place(us, points, drawn) / whole, cuts };
}

/** How much each stretch that is longer than `longest` gets. */
function widthOfLong(points: readonly number[], longest: number): number {
  const stretches = points.slice(1).map((point, i) => point - (points[i] ?? point));
  const long = stretches.filter((stretch) => stretch > longest).length;
  const rest = stretches.reduce((sum, stretch) => sum + (stretch > longest ? 0 : stretch), 0);
  return rest === 0 ? longest : Math.min(longest, (rest * TOGETHER) / Math.max(1, long));
}

function place(us: number, points: readonly number[], drawn: readonly number[]): number {
  let [low, high] = [0, points.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((points[middle] ?? 0) <= us) low = middle;
    else high = middle;
  }
  const [a = 0, b = 0, x = 0, y = 0] = [points[low], points[high], drawn[low], drawn[high]];
  return b === a ? x : x + ((us - a) / (b - a)) * (y - x);
}

/** Narrower than a pixel of a wide window. */
const NARROWEST = 1 / 2400;

/** A lane's frames where they stand on the axis; what is not seen is left out. `self`: without what lies right under it. */
export function placeLane(frames: readonly LaneFrame[], { at, from, to }: Axis): readonly PlacedFrame[] {
  const below = belowOf(frames);
  return frames.flatMap((frame, i) => {
    if (frame.to <= from || frame.from >= to) return [];
    const [left, right] = [Math.max(0, at(Math.max(from, frame.from))), Math.min(1, at(Math.min(to, frame.to)))];
    if (right - left < NARROWEST && frame.depth > 0) return [];
    const value = frame.to - frame.from;
    const { name, where, side, depth } = frame;
    return [{ id: String(i), name, where, side, depth, left, width: right - left, value, self: Math.max(0, value - (below[i] ?? 0)) }];
  });
}

/** The time of the frames right under each, by its place. */
function belowOf(frames: readonly LaneFrame[]): readonly number[] {
  const below = frames.map(() => 0);
  const rows = new Map<number, { readonly place: number; readonly frame: LaneFrame }[]>();
  for (const [place, frame] of frames.entries()) rows.set(frame.depth, [...(rows.get(frame.depth) ?? []), { place, frame }]);
  for (const [depth, row] of rows) {
    const callers = (rows.get(depth - 1) ?? []).toSorted((a, b) => a.frame.from - b.frame.from);
    for (const { frame } of row) {
      const caller = callers.findLast(({ frame: above }) => above.from <= frame.from);
      if (caller !== undefined && frame.to <= caller.frame.to) below[caller.place] = (below[caller.place] ?? 0) + frame.to - frame.from;
    }
  }
  return below;
}

/** Times for the ruler, about six, each with room for its label. */
export function ticksOf(frames: readonly LaneFrame[], axis: Axis): readonly number[] {
  const ticks = [axis.from];
  for (const { from } of frames) {
    const last = ticks.at(-1) ?? axis.from;
    if (from > axis.from && from < axis.to && axis.at(from) - axis.at(last) > 0.11 && axis.at(from) < 0.88) ticks.push(from);
  }
  return ticks;
}
