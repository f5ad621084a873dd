// How far apart the values of one place are. Pure.
import type { NoisyPath } from "../../shared/noise.ts";
import { relativeDistance } from "../matcher/number.ts";

export type Spread = NoisyPath["spread"];

/** The number that a JSON text is; null for anything else. */
export function numberIn(text: string | null): number | null {
  return text !== null && /^-?[0-9]/.test(text) ? Number(text) : null;
}

/** Of numbers as JSON text; null where one is none. */
export function spreadOf(values: readonly (string | null)[]): Spread {
  const numbers = values.map(numberIn).filter((value) => value !== null);
  if (numbers.length < values.length) return null;
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return { share: relativeDistance(low, high), distance: high - low };
}

/** null where one of them is not of numbers. */
export function widest(one: Spread, other: Spread): Spread {
  if (one === null || other === null) return null;
  return { share: Math.max(one.share, other.share), distance: Math.max(one.distance, other.distance) };
}
