// `_source` filtering. Elasticsearch has two ways, and they differ: while parsing (`*` stays within one name, objects that
// are emptied disappear), and, as soon as an exclude has a `*` or `fields` has read the document, on the parsed map (`*` crosses dots,
// emptied objects stay, emptied elements of arrays go). Numbers are written anew in both: 1.10 → 1.1, 1e3 → 1000.0.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, RawNumber } from "../../../shared/json.ts";
import { doubleJson } from "../../elasticsearch/fields/number_text.ts";
import { filterMap } from "./source_filter_map.ts";

export interface SourceFilter {
  readonly includes: readonly string[];
  readonly excludes: readonly string[];
}

/** The parts of a document's source that the filter lets through, as Elasticsearch writes them; `parsed`: it was read before. */
export function filterSource(source: JsonObject, filter: SourceFilter, parsed = false): JsonObject {
  const onMap = parsed || filter.excludes.some((pattern) => pattern.includes("*"));
  return rewriteObject(onMap ? filterMap(source, filter) : filterParsed(source, filter));
}

/** A value as Elasticsearch prints it after parsing. */
export function rewrite(value: JsonValue): JsonValue {
  if (isNumber(value)) return rewriteNumber(value);
  if (isArray(value)) return value.map(rewrite);
  return isObject(value) ? rewriteObject(value) : value;
}

function rewriteObject(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, rewrite(value)]));
}

function rewriteNumber(value: number | RawNumber): JsonValue {
  const text = value instanceof RawNumber ? value.text : String(value);
  return /^-?[0-9]+$/.test(text) ? (text === "-0" ? 0 : value) : doubleJson(Number(text));
}

// A pattern as the names it still has to match.
type Pattern = readonly string[];

const GONE = Symbol("gone");

function filterParsed(source: JsonObject, filter: SourceFilter): JsonObject {
  const includes = filter.includes.length === 0 ? null : filter.includes.map((pattern) => pattern.split("."));
  return walkObject(
    source,
    includes,
    filter.excludes.map((pattern) => pattern.split(".")),
  ).object;
}

// `includes` null: everything below is included.
function walkObject(
  object: JsonObject,
  includes: readonly Pattern[] | null,
  excludes: readonly Pattern[],
): { readonly object: JsonObject; readonly emptied: boolean } {
  const kept: [string, JsonValue][] = [];
  const entries = Object.entries(object);
  for (const [name, value] of entries) {
    const included = includes === null ? null : advance(includes, name);
    if (included === undefined) continue;
    const excluded = advance(excludes, name);
    if (excluded === null) continue;
    const filtered = walk(value, included, excluded ?? []);
    if (filtered !== GONE) kept.push([name, filtered]);
  }
  const untouched = includes === null && entries.length === 0;
  return { object: Object.fromEntries(kept), emptied: kept.length === 0 && !untouched };
}

function walk(value: JsonValue, includes: readonly Pattern[] | null, excludes: readonly Pattern[]): JsonValue | typeof GONE {
  if (includes === null && excludes.length === 0) return value;
  if (isObject(value)) {
    const { object, emptied } = walkObject(value, includes, excludes);
    return emptied ? GONE : object;
  }
  if (!isArray(value)) return includes === null ? value : GONE;
  const items = value.flatMap((item) => {
    const filtered = walk(item, includes, excludes);
    return filtered === GONE ? [] : [filtered];
  });
  return items.length === 0 && !(includes === null && value.length === 0) ? GONE : items;
}

// What is left of the patterns after a name (dots in it count as levels): null when one is matched whole, undefined when
// none goes on.
function advance(patterns: readonly Pattern[], name: string): readonly Pattern[] | null | undefined {
  let current = patterns;
  for (const part of name.split(".")) {
    const next: Pattern[] = [];
    for (const pattern of current) {
      const after = step(pattern, part);
      if (after === null) return null;
      next.push(...after);
    }
    current = next;
  }
  return current.length === 0 ? undefined : current;
}

function step(pattern: Pattern, part: string): readonly Pattern[] | null {
  const [head = "", ...rest] = pattern;
  if (head === "**") {
    if (rest.length === 0) return null;
    const skipped = step(rest, part);
    return skipped === null ? null : [pattern, ...skipped];
  }
  if (!matchesName(head, part)) return [];
  return rest.length === 0 ? null : [rest];
}

function matchesName(pattern: string, name: string): boolean {
  if (!pattern.includes("*")) return pattern === name;
  const source = pattern.split("*").map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`, "su").test(name);
}
