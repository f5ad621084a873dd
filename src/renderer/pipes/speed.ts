// How fast each pipe is, from what it tells of its progress: a few of the last measures a pipe.
import type { PipeInfo } from "../../shared/pipe.ts";

const KEPT = 40;
/** Two measures nearer than that say nothing. */
const STEP_MS = 500;

interface Measure {
  readonly time: number;
  readonly done: number;
  /** A second, since the measure before. */
  readonly speed: number;
}

export interface Speeds {
  readonly run: string | null;
  readonly measures: readonly Measure[];
}

/** What is known with what `pipe` tells at `now` (epoch ms); another run begins anew. */
export function measured(known: Speeds | undefined, pipe: PipeInfo, now: number): Speeds {
  const { progress, started, state } = pipe;
  if (progress === null || state !== "running") return { run: started, measures: [] };
  const measures = known?.run === started ? known.measures : [];
  const last = measures.at(-1);
  if (last !== undefined && now - last.time < STEP_MS) return { run: started, measures };
  const made = last === undefined ? 0 : Math.max(0, progress.done - last.done);
  const speed = last === undefined ? 0 : (made * 1000) / (now - last.time);
  return { run: started, measures: [...measures, { time: now, done: progress.done, speed }].slice(-KEPT) };
}

/** A second, over the last measures; null while it can't be told. */
export function speedNow({ measures }: Speeds): number | null {
  const recent = measures.slice(-5);
  const [first, last] = [recent[0], recent.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  return ((last.done - first.done) * 1000) / (last.time - first.time);
}

/** Points of a line in a box of 100 by 20, the newest at the right; "" where there is no line to draw. */
export function sparkline({ measures }: Speeds): string {
  const speeds = measures.slice(1).map(({ speed }) => speed);
  if (speeds.length < 2) return "";
  const most = Math.max(...speeds, 1);
  return speeds.map((speed, at) => `${round((at / (speeds.length - 1)) * 100)},${round(19 - (speed / most) * 18)}`).join(" ");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
