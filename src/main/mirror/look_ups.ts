// Looking up which numbers a table has, for many small writes at once: those that come while one is under way go together into the next.
import type { Gap } from "./sequence.ts";

/** As `shard number`. */
type Present = ReadonlySet<string>;

interface Waiting {
  readonly numbers: number[];
  readonly found: Promise<Present>;
}

/** Numbers no further apart are looked up as one range. */
const NEAR = 1_000;
/** A statement has no more ranges. */
const MOST_RANGES = 50;

export class LookUps {
  readonly #look: (numbers: readonly number[]) => Promise<Present>;
  #waiting: Waiting | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(look: (numbers: readonly number[]) => Promise<Present>) {
    this.#look = look;
  }

  /** Which of these and of others the table has, by a look that begins after the call. */
  find(numbers: readonly number[]): Promise<Present> {
    this.#waiting ??= this.#next();
    for (const number of numbers) this.#waiting.numbers.push(number);
    return this.#waiting.found;
  }

  #next(): Waiting {
    const numbers: number[] = [];
    const found = this.#last.then(() => {
      this.#waiting = null;
      return this.#look(numbers);
    });
    this.#last = found.catch(() => {});
    return { numbers, found };
  }
}

/** Few ranges that have all of these numbers in them, in ascending order. */
export function rangesOf(numbers: readonly number[]): readonly Gap[] {
  const sorted = [...new Set(numbers)].toSorted((a, b) => a - b);
  for (let near = NEAR; ; near *= 10) {
    const ranges: { from: number; to: number }[] = [];
    for (const number of sorted) {
      const last = ranges.at(-1);
      if (last !== undefined && number - last.to <= near) last.to = number;
      else ranges.push({ from: number, to: number });
    }
    if (ranges.length <= MOST_RANGES) return ranges;
  }
}
