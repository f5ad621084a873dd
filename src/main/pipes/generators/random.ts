// Random numbers that a seed and a number repeat: document 4,711 of seed 7 is the same whenever and by whomever it is made, so that
// a generator goes on where it was without remembering more than how many it made.

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  below(below: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** As `pick`, but the first far more often than the last: the k-th about 1/k as often as the first. */
  skewed<T>(items: readonly [T, ...T[]]): T;
  /** Positive, many near `median` and a few much larger, as durations and sizes are. */
  longTailed(median: number): number;
  chance(probability: number): boolean;
  hex(digits: number): string;
}

/** Of one number under a seed, and of one use: two uses of a number share nothing. */
export function randomOf(seed: number, number: number, use = 0): Random {
  let state = mix(mix(mix(seed | 0) ^ (number | 0)) ^ Math.floor(number / 2 ** 32)) ^ Math.imul(use, 0x9e3779b1);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    return mix(state) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
    skewed: (items) => items[Math.floor((items.length + 1) ** next()) - 1] ?? items[0],
    longTailed: (median) => median * Math.exp(normal(next) * 0.9),
    chance: (probability) => next() < probability,
    hex: (digits) => Array.from({ length: digits }, () => below(16).toString(16)).join(""),
  };
}

// mulberry32's mixer: https://github.com/bryc/code/blob/master/jshash/PRNGs.md (public domain)
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 15), 1 | value);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return (mixed ^ (mixed >>> 14)) >>> 0;
}

/** Box and Muller's. */
function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}
