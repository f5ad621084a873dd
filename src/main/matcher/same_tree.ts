// Most of two answers is the same to the letter. Such trees are told by one look, without a place for each of their containers. Pure.
import { isArray, isObject, type JsonObject, type JsonValue, RawNumber } from "../../shared/json.ts";

/** Deeper trees are left to the walk, which does not recurse. */
const DEEPEST = 200;

/** How many leaves each tree has where both are the same to the letter, members in whatever order; -1 where they may differ. */
export function sameLeaves(a: JsonValue, b: JsonValue, depth = 0): number {
  if (typeof a !== "object" || a === null) return Object.is(a, b) ? 1 : -1;
  if (depth > DEEPEST) return -1;
  if (a instanceof RawNumber) return b instanceof RawNumber && a.text === b.text ? 1 : -1;
  if (isArray(a)) return isArray(b) ? sameItems(a, b, depth) : -1;
  return isObject(b) ? sameMembers(a, b, depth) : -1;
}

function sameItems(a: readonly JsonValue[], b: readonly JsonValue[], depth: number): number {
  if (a.length !== b.length) return -1;
  let leaves = 0;
  for (let at = 0; at < a.length; at += 1) {
    const own = sameLeaves(a[at] ?? null, b[at] ?? null, depth + 1);
    if (own < 0) return -1;
    leaves += own;
  }
  return a.length === 0 ? 1 : leaves;
}

function sameMembers(a: JsonObject, b: JsonObject, depth: number): number {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return -1;
  let leaves = 0;
  for (const name of names) {
    if (!Object.hasOwn(b, name)) return -1;
    const own = sameLeaves(a[name] ?? null, b[name] ?? null, depth + 1);
    if (own < 0) return -1;
    leaves += own;
  }
  return names.length === 0 ? 1 : leaves;
}
