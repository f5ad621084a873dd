// `_source` filtering on the parsed map: patterns match whole dotted paths, and `*` crosses dots.
import { isArray, isObject, type JsonObject, type JsonValue } from "../../../shared/json.ts";
import type { SourceFilter } from "./source_filter.ts";

interface Paths {
  readonly includes: readonly string[] | null;
  readonly excludes: readonly string[];
}

export function filterMap(source: JsonObject, filter: SourceFilter): JsonObject {
  return filterObject(source, "", { includes: filter.includes.length === 0 ? null : filter.includes, excludes: filter.excludes });
}

function filterObject(object: JsonObject, prefix: string, paths: Paths): JsonObject {
  const kept: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(object)) {
    const path = prefix + name;
    if (paths.includes !== null && !paths.includes.some((pattern) => reaches(pattern, path))) continue;
    if (paths.excludes.some((pattern) => accepts(pattern, path))) continue;
    const included = paths.includes === null || paths.includes.some((pattern) => accepts(pattern, path));
    const below = paths.excludes.some((pattern) => reaches(pattern, `${path}.`));
    if (included && !below) {
      kept.push([name, value]);
      continue;
    }
    const inner = included ? { ...paths, includes: null } : paths;
    const filtered = isObject(value)
      ? filterObject(value, `${path}.`, inner)
      : isArray(value)
        ? filterArray(value, path, inner, included)
        : value;
    const isContainer = isObject(value) || isArray(value);
    if (included || (isContainer && Object.keys(Object(filtered)).length > 0)) kept.push([name, filtered]);
  }
  return Object.fromEntries(kept);
}

function filterArray(items: readonly JsonValue[], path: string, paths: Paths, included: boolean): readonly JsonValue[] {
  return items.flatMap((item): readonly JsonValue[] => {
    if (isObject(item)) {
      const filtered = filterObject(item, `${path}.`, paths);
      return Object.keys(filtered).length > 0 ? [filtered] : [];
    }
    if (isArray(item)) {
      const filtered = filterArray(item, path, paths, included);
      return filtered.length > 0 ? [filtered] : [];
    }
    return included ? [item] : [];
  });
}

/** True when the pattern matches the path, or an object above it. */
function accepts(pattern: string, path: string): boolean {
  const places = run(pattern, path);
  return places.has(pattern.length);
}

/** True when the pattern matches the path or may match something that starts with it. */
function reaches(pattern: string, path: string): boolean {
  return run(pattern, path).size > 0;
}

// Where in the pattern one may stand after the text; the pattern goes on to match anything below what it matched.
function run(pattern: string, text: string): ReadonlySet<number> {
  let places = closure(pattern, new Set([0]));
  for (const char of text) {
    const next = new Set<number>();
    for (const place of places) {
      if (place > pattern.length) next.add(place);
      else if (place === pattern.length) {
        if (char === ".") next.add(pattern.length + 1);
      } else if (pattern[place] === "*") next.add(place);
      else if (pattern[place] === char) next.add(place + 1);
    }
    places = closure(pattern, next);
  }
  return new Set([...places].map((place) => Math.min(place, pattern.length)));
}

function closure(pattern: string, places: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(places);
  for (const place of all) if (pattern[place] === "*") all.add(place + 1);
  return all;
}
