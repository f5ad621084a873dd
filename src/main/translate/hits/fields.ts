// `fields`: values read from `_source` by the mapping: arrays always, in the document's order, nested objects grouped.
import { isArray, isObject, type JsonObject, type JsonValue } from "../../../shared/json.ts";
import { MalformedValue } from "../../elasticsearch/fields/field_type.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import { valuesAt } from "../../elasticsearch/fields/source_values.ts";
import { type Field, sourcesOf } from "../../elasticsearch/mapping.ts";
import type { Context } from "../context.ts";
import { UnsupportedClause } from "../failure.ts";
import { isComputed } from "../field_column.ts";
import { readValues } from "./copied_values.ts";
import { type FieldSpec, fieldSpecs, matchesPattern, matchingFields } from "./field_patterns.ts";
import { type Document, rootOf } from "./hit.ts";
import { rewrite } from "./source_filter.ts";

export interface Fetched {
  readonly fields: JsonObject;
  /** `ignored_field_values`. */
  readonly ignored: JsonObject;
}

export const FIELD_OPTIONS: readonly string[] = ["field", "format", "include_unmapped"];

const NOTHING: Fetched = Object.freeze({ fields: {}, ignored: {} });

/** Compiles the option; the result takes the names in `_ignored` along. */
export function compileFields(
  value: JsonValue | undefined,
  pointer: string,
  context: Context,
): (document: Document, ignored: ReadonlySet<string>) => Fetched {
  const specs = fieldSpecs(value, pointer, FIELD_OPTIONS);
  for (const spec of specs) check(spec, context);
  if (specs.length === 0) return () => NOTHING;
  return (document, ignored) => fetch(specs, document, ignored);
}

function check(spec: FieldSpec, context: Context): void {
  for (const [name, field] of matchingFields(context.mapping, spec.pattern)) {
    if (field.type === "flattened" && field.params.ignore_above !== undefined) {
      throw new UnsupportedClause(spec.pointer, `[${name}] is flattened and leaves out long values`);
    }
    if (fieldType(field) === undefined) throw new UnsupportedClause(spec.pointer, `values of [${name}] (${field.type}) are not read yet`);
  }
}

/** True where reading these fields takes a document apart. */
export function readsSource(specs: readonly FieldSpec[], context: Context): boolean {
  return specs.some(
    ({ pattern, includeUnmapped }) =>
      includeUnmapped || [...matchingFields(context.mapping, pattern).values()].some((field) => !isComputed(field)),
  );
}

interface Wanted {
  readonly field: Field;
  readonly format: string | undefined;
}

function fetch(specs: readonly FieldSpec[], document: Document, ignored: ReadonlySet<string>): Fetched {
  const wanted = new Map<string, Wanted>();
  for (const { pattern, format } of specs) {
    for (const [name, field] of matchingFields(document.mapping, pattern)) if (!isComputed(field)) wanted.set(name, { field, format });
  }
  const flat = [...wanted].filter(
    ([, { field }]) => field.nested === null && sourcesOf(field).some((path) => document.roots.has(rootOf(path))),
  );
  const fields: Record<string, JsonValue> = {};
  const ignoredValues: Record<string, JsonValue> = {};
  for (const [name, { field, format }] of flat) {
    const { shown, dropped } = fetchField(field, format, valuesOf(field, document.source, 0));
    if (shown.length > 0) fields[name] = shown;
    if (dropped.length > 0 && (ignored.has(field.path) || field.type === "flattened")) ignoredValues[name] = dropped;
  }
  Object.assign(fields, fetchNested(wanted, document, null, document.source, ""));
  for (const spec of specs) if (spec.includeUnmapped) Object.assign(fields, fetchUnmapped(spec.pattern, document));
  return { fields, ignored: ignoredValues };
}

function valuesOf(field: Field, object: JsonObject, prefix: number): readonly JsonValue[] {
  return readValues(field, object, prefix, fieldType(field)?.family === "geo_point", "/fields");
}

function fetchField(field: Field, format: string | undefined, values: readonly JsonValue[]) {
  const type = fieldType(field);
  const shown: JsonValue[] = [];
  const dropped: JsonValue[] = [];
  for (const value of values) {
    const fetched =
      type === undefined ? undefined : quietly(() => (format === undefined ? type.fetch(field, value) : type.fetch(field, value, format)));
    if (fetched !== undefined) shown.push(fetched);
    else if (value !== null) dropped.push(rewrite(value));
  }
  // Counts of words are read from the doc values.
  return { shown: field.type === "token_count" ? shown.toSorted((a, b) => Number(a) - Number(b)) : shown, dropped };
}

// With ignore_malformed a document may hold what its type can't read; Elasticsearch leaves it out.
function quietly(read: () => JsonValue | undefined): JsonValue | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedValue) return undefined;
    throw error;
  }
}

// Fields inside `nested` come as one object for each nested object that has any of them.
function fetchNested(
  wanted: ReadonlyMap<string, Wanted>,
  document: Document,
  parent: string | null,
  object: JsonObject,
  prefix: string,
): Record<string, JsonValue> {
  const found: Record<string, JsonValue> = {};
  for (const [path, kind] of document.mapping.objects) {
    if (kind !== "nested" || enclosing(document, path) !== parent) continue;
    const objects = valuesAt(object, path.slice(prefix.length)).filter(isObject);
    const items = objects.flatMap((item) => {
      const own: Record<string, JsonValue> = {};
      for (const [name, { field, format }] of wanted) {
        if (field.nested !== path) continue;
        const { shown } = fetchField(field, format, valuesOf(field, item, path.length + 1));
        if (shown.length > 0) own[name.slice(path.length + 1)] = shown;
      }
      Object.assign(own, fetchNested(wanted, document, path, item, `${path}.`));
      return Object.keys(own).length > 0 ? [own] : [];
    });
    if (items.length > 0) found[path.slice(prefix.length)] = items;
  }
  return found;
}

function enclosing(document: Document, path: string): string | null {
  for (let dot = path.lastIndexOf("."); dot > 0; dot = path.lastIndexOf(".", dot - 1)) {
    const above = path.slice(0, dot);
    if (document.mapping.objects.get(above) === "nested") return above;
  }
  return null;
}

function fetchUnmapped(pattern: string, document: Document): JsonObject {
  const found = new Map<string, JsonValue[]>();
  const walk = (value: JsonValue, path: string): void => {
    if (isArray(value)) {
      for (const item of value) walk(item, path);
    } else if (isObject(value)) {
      if (path !== "" && (document.mapping.fields.has(path) || document.mapping.objects.get(path) === "nested")) return;
      for (const [name, inner] of Object.entries(value)) walk(inner, path === "" ? name : `${path}.${name}`);
    } else if (value !== null && !document.mapping.fields.has(path) && matchesPattern(pattern, path)) {
      found.set(path, [...(found.get(path) ?? []), rewrite(value)]);
    }
  };
  walk(document.source, "");
  return Object.fromEntries(found);
}
