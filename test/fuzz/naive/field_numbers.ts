// How large the numbers of a field are, and how many: what bounds the error of a floating-point sum over them.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member } from "../../../src/shared/json.ts";

export interface Magnitude {
  readonly count: number;
  readonly largest: number;
  /** 2 where some are negative and some are not. */
  readonly signs: number;
}

/** Reads the values of `path` in all documents; dates and the like count as their milliseconds or nanoseconds may be. */
export function magnitudeOf(documents: readonly JsonObject[], path: string): Magnitude {
  let count = 0;
  let largest = 0;
  const signs = new Set<boolean>();
  const take = (value: JsonValue): void => {
    if (isArray(value)) value.forEach(take);
    else if (value !== null) {
      const number = isNumber(value) || typeof value === "string" ? Number(value) : Number.NaN;
      count += 1;
      signs.add(number < 0);
      largest = Math.max(largest, Number.isNaN(number) ? (typeof value === "boolean" ? 1 : 2e18) : Math.abs(number));
    }
  };
  for (const document of documents) valuesAt(document, path).forEach(take);
  // Computed of other fields while searching: as large as any of them.
  if (count === 0) for (const document of documents) leavesOf(document).forEach(take);
  return { count: Math.max(count, documents.length), largest: Math.max(largest, 100), signs: signs.size };
}

/** Values at a dotted path, whether the dots are in names or between objects. */
function valuesAt(value: JsonValue, path: string): JsonValue[] {
  if (isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  if (!isObject(value)) return [];
  const own = member(value, path);
  const deeper = Object.keys(value).flatMap((name) =>
    path.startsWith(`${name}.`) ? valuesAt(value[name] ?? null, path.slice(name.length + 1)) : [],
  );
  return own === undefined ? deeper : [own, ...deeper];
}

function leavesOf(value: JsonValue): JsonValue[] {
  if (isArray(value)) return value.flatMap(leavesOf);
  return isObject(value) ? Object.values(value).flatMap(leavesOf) : isNumber(value) ? [value] : [];
}
