// The values of one field in a parsed `_source`, in document order: arrays flattened, objects inside arrays walked, dots in
// names understood (`{"a.b":1}` is `{"a":{"b":1}}`), nulls kept.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import type { Field } from "../mapping.ts";

const NONE: readonly JsonValue[] = Object.freeze([]);

/** Types whose one value may itself be an array of numbers: `[lon, lat]`. */
const ARRAY_VALUED = new Set(["geo_point", "point", "dense_vector"]);

/** Values of `field`; none for a field inside a `nested` object, whose values are the nested documents' own. */
export function sourceValues(source: JsonObject, field: Field): readonly JsonValue[] {
  return field.nested === null ? valuesAt(source, field.sourcePath, ARRAY_VALUED.has(field.type)) : NONE;
}

/** Values at a path below `object` (a nested document's source with a path relative to it, too). */
export function valuesAt(object: JsonObject, path: string, arrayValued = false): readonly JsonValue[] {
  const found: JsonValue[] = [];
  walk(object, path, arrayValued, found);
  return found;
}

/**
 * The same values in the order of the `fields` option, which flattens what is left of nested arrays breadth first:
 * `[["a","b"],"c"]` is c, a, b. Values of array-valued types are in document order.
 */
export function fetchedValues(object: JsonObject, path: string, arrayValued = false): readonly JsonValue[] {
  if (arrayValued) return valuesAt(object, path, true);
  const extracted = extract(object, path.split("."), 0);
  const queue: JsonValue[] = extracted === undefined ? [] : [extracted];
  const found: JsonValue[] = [];
  for (let i = 0; i < queue.length; i += 1) {
    const value = queue[i];
    if (isArray(value)) queue.push(...value);
    else if (value !== undefined) found.push(value);
  }
  return found;
}

function extract(value: JsonValue, names: readonly string[], from: number): JsonValue | undefined {
  if (from === names.length) return value;
  if (isArray(value)) return value.flatMap((item) => extract(item, names, from) ?? []);
  if (!isObject(value)) return undefined;
  const ways: JsonValue[] = [];
  for (let end = from + 1; end <= names.length; end += 1) {
    const inner = member(value, names.slice(from, end).join("."));
    const way = inner === undefined ? undefined : extract(inner, names, end);
    if (way !== undefined) ways.push(way);
  }
  return ways.length < 2 ? ways[0] : ways;
}

function walk(object: JsonObject, path: string, arrayValued: boolean, found: JsonValue[]): void {
  for (const prefix of waysInto(object, path)) {
    const value = member(object, prefix);
    if (value === undefined) continue;
    if (prefix.length === path.length) collect(value, arrayValued, found);
    else descend(value, path.slice(prefix.length + 1), arrayValued, found);
  }
}

// Those prefixes of the path that are members of the object, in the object's order: one, unless dotted and nested spelling
// are mixed.
function waysInto(object: JsonObject, path: string): readonly string[] {
  const ways: string[] = [];
  for (let dot = path.indexOf("."); dot !== -1; dot = path.indexOf(".", dot + 1)) {
    const prefix = path.slice(0, dot);
    if (Object.hasOwn(object, prefix)) ways.push(prefix);
  }
  if (Object.hasOwn(object, path)) ways.push(path);
  return ways.length < 2 ? ways : Object.keys(object).filter((name) => ways.includes(name));
}

function descend(value: JsonValue, rest: string, arrayValued: boolean, found: JsonValue[]): void {
  if (isArray(value)) for (const item of value) descend(item, rest, arrayValued, found);
  else if (isObject(value)) walk(value, rest, arrayValued, found);
}

function collect(value: JsonValue, arrayValued: boolean, found: JsonValue[]): void {
  if (!isArray(value) || (arrayValued && isNumber(value[0]))) found.push(value);
  else for (const item of value) collect(item, arrayValued, found);
}
