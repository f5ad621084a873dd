// A comparison in one line, a seeded source of chance, and answers of the shape that dashboards get.
import { match } from "../../../src/main/matcher/index.ts";
import type { Tolerance } from "../../../src/main/translate/types.ts";
import type { Comparison } from "../../../src/shared/exchange.ts";
import type { JsonObject } from "../../../src/shared/json.ts";
import { isObject, parseJson } from "../../../src/shared/json.ts";

export function object(text: string): JsonObject {
  const value = parseJson(text);
  if (!isObject(value)) throw new Error(`not an object: ${text}`);
  return value;
}

/** Compares two answers given as JSON text. */
export function compare(elasticsearch: string, clickhouse: string, request = "{}", tolerances: readonly Tolerance[] = []): Comparison {
  return match({
    endpoint: "search",
    request: object(request),
    elasticsearch: object(elasticsearch),
    clickhouse: object(clickhouse),
    tolerances,
  });
}

/** `kind path` of each difference. */
export function found(comparison: Comparison): readonly string[] {
  return comparison.differences.map(({ kind, path }) => `${kind} ${path}`);
}

export type Chance = (below: number) => number;

/** Mulberry32: the same numbers for the same seed. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}

export function shuffled<T>(items: readonly T[], random: Chance): T[] {
  const list = [...items];
  for (let at = list.length - 1; at > 0; at -= 1) {
    const other = random(at + 1);
    const [a, b] = [list[at], list[other]];
    if (a !== undefined && b !== undefined) [list[at], list[other]] = [b, a];
  }
  return list;
}
