// Random numbers that a seed repeats: print the seed, and a failure can be seen again.

export interface Random {
  readonly seed: number;
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  below(below: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
}

/** Another seed at each run by hand; on CI always the same one, so that a change is judged by what it changed. */
export function newSeed(): number {
  return Number(process.env.PARALLAX_TEST_SEED ?? (process.env.CI === undefined ? Date.now() % 1_000_000 : 6069));
}

/** The seed of a run: PARALLAX_TEST_SEED, else `fallback`. */
export function seededRandom(fallback: number): Random {
  const seed = Number(process.env.PARALLAX_TEST_SEED ?? fallback);
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { seed, next, below, pick: (items) => items[below(items.length)] ?? items[0] };
}
