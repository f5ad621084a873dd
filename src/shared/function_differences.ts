// Two profiles compared, function by function. Pure.
import { type FlameNode, functionsOf } from "./flame.ts";

export interface FunctionDifference {
  readonly name: string;
  readonly where: string;
  /** By itself, in each profile, in the profiles' unit. */
  readonly before: number;
  readonly after: number;
  /** Shares of the whole of each, 0 to 1: profiles of different lengths compare by these. */
  readonly beforeShare: number;
  readonly afterShare: number;
}

/** All functions of both, those whose share changed most first. */
export function functionDifferences(before: FlameNode, after: FlameNode): readonly FunctionDifference[] {
  const [one, other] = [selfOf(before), selfOf(after)];
  return [...new Map([...one, ...other]).values()]
    .map(({ key, name, where }) => {
      const [a, b] = [one.get(key)?.self ?? 0, other.get(key)?.self ?? 0];
      return { name, where, before: a, after: b, beforeShare: shareOf(a, before.value), afterShare: shareOf(b, after.value) };
    })
    .toSorted((a, b) => changeOf(b) - changeOf(a));
}

function selfOf(root: FlameNode) {
  return new Map(functionsOf(root).map(({ name, where, self }) => [`${name} ${where}`, { key: `${name} ${where}`, name, where, self }]));
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function changeOf({ beforeShare, afterShare }: FunctionDifference): number {
  return Math.abs(afterShare - beforeShare);
}
