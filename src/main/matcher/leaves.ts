// Walking JSON values without recursion: answers may hold documents that are 100,000 deep.
import type { JsonObject, JsonValue } from "../../shared/json.ts";
import { isArray, isObject, printJson } from "../../shared/json.ts";

/** Leaves under a value: everything that is not a container, and each empty container. */
export function countLeaves(value: JsonValue | undefined): number {
  if (value === undefined) return 0;
  let count = 0;
  const open: JsonValue[] = [value];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const children = childrenOf(at);
    if (children === null || children.length === 0) count += 1;
    else for (const child of children) open.push(child);
  }
  return count;
}

/** True when nothing in the value is deeper than `limit`. */
export function isShallow(value: JsonValue, limit: number): boolean {
  let level: readonly JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return false;
    level = level.flatMap((at) => childrenOf(at) ?? []);
  }
  return true;
}

const DEEPEST_PRINTED = 500;
const LONGEST_PRINTED = 8192;

/** JSON text of a value to show beside a path; null for nothing. Cut with "…" when very long or very deep. */
export function textOf(value: JsonValue | undefined): string | null {
  if (value === undefined) return null;
  if (!isShallow(value, DEEPEST_PRINTED)) return isArray(value) ? "[…]" : "{…}";
  const text = printJson(value);
  return text.length > LONGEST_PRINTED ? `${text.slice(0, LONGEST_PRINTED)}…` : text;
}

function childrenOf(value: JsonValue): readonly JsonValue[] | null {
  if (isArray(value)) return value;
  return isObject(value) ? Object.values<JsonValue>(value satisfies JsonObject) : null;
}
