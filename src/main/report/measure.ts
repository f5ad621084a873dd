// Counts and a latency histogram of one kind of request, in constant memory: HDR, within 1 % up to an hour.
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import { type Measure, PERCENTILES, THRESHOLDS } from "../../shared/statistics.ts";

const MICROSECONDS = 1_000;
const HOUR = 3_600_000 * MICROSECONDS;
/** A histogram takes some 25 kB: what came only a few times is kept as it is. */
const FEW = 8;

/** Microseconds: from 1 to an hour. */
function histogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: HOUR, figures: 2 });
}

export class Measuring {
  #count = 0;
  #failed = 0;
  #refused = 0;
  #timed = 0;
  #sumMs = 0;
  #maxMs = 0;
  readonly #over = new Map<number, number>(THRESHOLDS.map((seconds) => [seconds, 0]));
  #few: number[] = [];
  #histogram: RecordableHistogram | null = null;

  get count(): number {
    return this.#count;
  }

  /** `status` 0: no answer. `ms` null: it did not come to an end. */
  add(status: number, ms: number | null): void {
    this.#count += 1;
    if (status === 0 || status >= 500) this.#failed += 1;
    else if (status >= 400) this.#refused += 1;
    if (ms === null) return;
    this.#timed += 1;
    this.#sumMs += ms;
    this.#maxMs = Math.max(this.#maxMs, ms);
    for (const seconds of THRESHOLDS) if (ms > seconds * 1000) this.#over.set(seconds, (this.#over.get(seconds) ?? 0) + 1);
    const microseconds = Math.min(HOUR, Math.max(1, Math.round(ms * MICROSECONDS)));
    if (this.#histogram !== null) this.#histogram.record(microseconds);
    else if (this.#few.push(microseconds) > FEW) this.#toHistogram();
  }

  /** Adds all that another one counted. */
  fold(other: Measuring): void {
    this.#count += other.#count;
    this.#failed += other.#failed;
    this.#refused += other.#refused;
    this.#timed += other.#timed;
    this.#sumMs += other.#sumMs;
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
    for (const seconds of THRESHOLDS) this.#over.set(seconds, (this.#over.get(seconds) ?? 0) + (other.#over.get(seconds) ?? 0));
    const own = this.#toHistogram();
    if (other.#histogram !== null) own.add(other.#histogram);
    for (const value of other.#few) own.record(value);
  }

  /** ms; null while nothing has been timed. */
  percentile(percent: number): number | null {
    if (this.#timed === 0) return null;
    // A bucket's value may lie above all that came.
    if (this.#histogram !== null) return Math.min(this.#maxMs, this.#histogram.percentile(percent) / MICROSECONDS);
    const sorted = this.#few.toSorted((a, b) => a - b);
    return (sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0) / MICROSECONDS;
  }

  read(): Measure {
    const of = <N extends number, V>(names: readonly N[], value: (name: N) => V): Readonly<Record<N, V>> =>
      Object.fromEntries(names.map((name) => [name, value(name)])) as Record<N, V>;
    return {
      count: this.#count,
      failed: this.#failed,
      refused: this.#refused,
      averageMs: this.#timed === 0 ? null : this.#sumMs / this.#timed,
      maxMs: this.#timed === 0 ? null : this.#maxMs,
      percentiles: of(PERCENTILES, (percent) => this.percentile(percent)),
      overThresholds: of(THRESHOLDS, (seconds) => this.#over.get(seconds) ?? 0),
    };
  }

  #toHistogram(): RecordableHistogram {
    if (this.#histogram !== null) return this.#histogram;
    this.#histogram = histogram();
    for (const value of this.#few) this.#histogram.record(value);
    this.#few = [];
    return this.#histogram;
  }
}
