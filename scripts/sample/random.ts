// A seeded source of chance: the same seed gives the same sample, on every machine.

export interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [low, high], both included. */
  integer(low: number, high: number): number;
  /** Around `mean`, never below 0, with a long tail: how durations and sizes are spread. */
  longTail(mean: number): number;
  pick<const T>(items: readonly T[]): T;
  /** Picks by weight. */
  weighted<const T>(items: readonly (readonly [item: T, weight: number])[]): T;
  chance(probability: number): boolean;
  hex(digits: number): string;
}

/** mulberry32: 32 bits of state are plenty for made-up documents. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(items: readonly T[]): T => {
    const item = items[integer(0, items.length - 1)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  };
  return {
    next,
    integer,
    pick,
    longTail: (mean) => -mean * Math.log(1 - next()),
    weighted(items) {
      let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return pick(items)[0];
    },
    chance: (probability) => next() < probability,
    hex: (digits) => Array.from({ length: digits }, () => integer(0, 15).toString(16)).join(""),
  };
}
