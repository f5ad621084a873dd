// The mapping of an index as Elasticsearch gives it (GET index/_mapping), flattened: one Field a leaf, multi-fields
// included. Pure. Shared by mirror, translate and matcher.
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../shared/json.ts";
import { columnName } from "./column_name.ts";

/** One leaf of the mapping. */
export interface Field {
  /** Full path as a query names it: `message.keyword`. */
  readonly path: string;
  /** Elasticsearch's type name: `keyword`, `half_float`, … */
  readonly type: string;
  /** Where its values are in `_source`: the parent's path for a multi-field. */
  readonly sourcePath: string;
  /** Where else its values are by `copy_to`, `sourcePath` first; absent where they are nowhere else. */
  readonly sources?: readonly string[];
  /** The types that it has in several indices, read as one type. */
  readonly widenedFrom?: readonly string[];
  /** Of a flattened field: the key whose values alone are meant. */
  readonly key?: string;
  /** True for a multi-field (`fields` of another one). */
  readonly multiField: boolean;
  /** Path of the nearest enclosing `nested` object, or null. */
  readonly nested: string | null;
  /** Where else its values stand by `include_in_parent` and `include_in_root`: nested paths, null for the document itself. */
  readonly included?: readonly (string | null)[];
  /** The mapping's own parameters of this field (`ignore_above`, `format`, `null_value`, `analyzer`, …). */
  readonly params: JsonObject;
  /** The index's own analyzers, normalizers and their parts (`settings.index.analysis`), where it has any. */
  readonly analysis?: JsonObject;
  /** Base name of its columns in the mirror table; further columns add a suffix after `#`. */
  readonly column: string;
}

export interface Mapping {
  /** By full path; alias fields are not here but in `aliases`. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Alias path → path that it stands for. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Paths of objects, with `object` or `nested`. */
  readonly objects: ReadonlyMap<string, "object" | "nested">;
  /** Runtime fields in the mapping: path → definition. */
  readonly runtime: ReadonlyMap<string, JsonObject>;
  /** False when `_source` is switched off. */
  readonly sourceEnabled: boolean;
  /** The mapping of the table itself, where runtime fields are laid over it. */
  readonly beneath?: Mapping;
}

export const EMPTY_MAPPING: Mapping = Object.freeze({
  fields: new Map(),
  aliases: new Map(),
  objects: new Map(),
  runtime: new Map(),
  sourceEnabled: true,
});

/** A field by the name a request uses, alias fields resolved; undefined when unmapped. */
export function findField(mapping: Mapping, path: string): Field | undefined {
  return mapping.fields.get(mapping.aliases.get(path) ?? path);
}

interface Walk {
  readonly analysis: JsonObject | undefined;
  readonly fields: Map<string, Field>;
  readonly aliases: Map<string, string>;
  readonly objects: Map<string, "object" | "nested">;
}

/** The `nested` objects around a field: the nearest one, and which others its values are written to as well. */
interface Around {
  readonly nested: string | null;
  readonly included: readonly (string | null)[];
}

const DOCUMENT: Around = Object.freeze({ nested: null, included: [] });

/** Reads `{properties, runtime, _source, …}`: the value of `mappings` in Elasticsearch's answer. `analysis` is that of its settings. */
export function parseMapping(mappings: JsonObject, analysis?: JsonObject): Mapping {
  const walk: Walk = { analysis, fields: new Map(), aliases: new Map(), objects: new Map() };
  walkProperties(walk, "", member(mappings, "properties"), DOCUMENT);
  const runtime = member(mappings, "runtime");
  const source = member(mappings, "_source");
  return Object.freeze({
    fields: withCopies(walk.fields),
    aliases: walk.aliases,
    objects: walk.objects,
    runtime: new Map(isObject(runtime) ? Object.entries(runtime).flatMap(([k, v]) => (isObject(v) ? [[k, v] as const] : [])) : []),
    sourceEnabled: !(isObject(source) && member(source, "enabled") === false),
  });
}

/** Targets of `copy_to`, their multi-fields with them, get the values of the fields that copy there. */
function withCopies(fields: ReadonlyMap<string, Field>): ReadonlyMap<string, Field> {
  const copies = new Map<string, string[]>();
  for (const field of fields.values()) {
    for (const target of targetsOf(member(field.params, "copy_to"))) copies.set(target, [...(copies.get(target) ?? [target]), field.path]);
  }
  if (copies.size === 0) return fields;
  return new Map(
    [...fields].map(([path, field]) => {
      const sources = copies.get(field.sourcePath);
      return [path, sources === undefined ? field : Object.freeze({ ...field, sources })];
    }),
  );
}

function targetsOf(copyTo: JsonValue | undefined): readonly string[] {
  const targets = isArray(copyTo) ? copyTo : [copyTo];
  return targets.filter((target) => typeof target === "string");
}

/** All places in `_source` that hold values of the field. */
export function sourcesOf(field: Field): readonly string[] {
  return field.sources ?? [field.sourcePath];
}

function walkProperties(walk: Walk, prefix: string, properties: JsonValue | undefined, around: Around): void {
  if (!isObject(properties)) return;
  for (const [name, definition] of Object.entries(properties)) {
    if (isObject(definition)) walkProperty(walk, prefix + name, definition, around);
  }
}

function walkProperty(walk: Walk, path: string, definition: JsonObject, around: Around): void {
  const type = member(definition, "type");
  if (type === "nested" || type === "object" || type === undefined) {
    const kind = type === "nested" ? "nested" : "object";
    walk.objects.set(path, kind);
    walkProperties(walk, `${path}.`, member(definition, "properties"), kind === "nested" ? nestedAround(path, definition, around) : around);
    return;
  }
  if (typeof type !== "string") return;
  if (type === "alias") {
    const target = member(definition, "path");
    if (typeof target === "string") walk.aliases.set(path, target);
    return;
  }
  addField(walk, path, path, type, definition, around, false);
  const multi = member(definition, "fields");
  if (!isObject(multi)) return;
  for (const [name, sub] of Object.entries(multi)) {
    const subType = isObject(sub) ? member(sub, "type") : undefined;
    if (isObject(sub) && typeof subType === "string") addField(walk, `${path}.${name}`, path, subType, sub, around, true);
  }
}

// An object hands its values on together with those that were handed to it.
function nestedAround(path: string, definition: JsonObject, outer: Around): Around {
  const inParent = isOn(definition, "include_in_parent");
  const inRoot = isOn(definition, "include_in_root");
  const included = new Set<string | null>();
  if (inParent) for (const scope of [outer.nested, ...outer.included]) included.add(scope);
  if (inRoot) included.add(null);
  return { nested: path, included: [...included] };
}

function isOn(definition: JsonObject, name: string): boolean {
  return String(member(definition, name) ?? "") === "true";
}

function addField(
  walk: Walk,
  path: string,
  sourcePath: string,
  type: string,
  params: JsonObject,
  { nested, included }: Around,
  multiField: boolean,
): void {
  walk.fields.set(
    path,
    Object.freeze({
      path,
      type,
      sourcePath,
      multiField,
      nested,
      ...(included.length > 0 ? { included } : {}),
      params,
      ...(walk.analysis === undefined ? {} : { analysis: walk.analysis }),
      column: columnName(path),
    }),
  );
}
