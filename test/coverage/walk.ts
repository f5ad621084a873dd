// What a search body uses: clauses, aggregations, their options, keys of the body, types of the fields it names.
import { findField, type Mapping } from "../../src/main/elasticsearch/mapping.ts";
import { DEFINITIONS, REFUSED } from "../../src/main/translate/aggs/table.ts";
import { CLAUSES, WITHOUT_SQL } from "../../src/main/translate/query/index.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "../../src/shared/json.ts";
import type { Section } from "./names.ts";

/** `Queries|match|operator`: section, name, and the option where it is one. */
export type Use = `${Section}|${string}`;

/** Everything a body uses, each once. */
export function usesOf(body: JsonObject, mappings: readonly Mapping[]): ReadonlySet<Use> {
  const uses = new Set<Use>();
  const walk: Walk = { uses, isField: (name) => mappings.some((mapping) => isPath(mapping, name)) };
  for (const [key, value] of Object.entries(body)) {
    uses.add(`Search body|${key}`);
    if (key === "query" || key === "post_filter") query(walk, value);
    else if (key === "aggs" || key === "aggregations") aggregations(walk, value);
    else if (key === "sort" || key === "fields" || key === "docvalue_fields" || key === "highlight" || key === "collapse")
      options(walk, key, value);
  }
  for (const name of namesIn(body)) {
    for (const mapping of mappings) {
      const field = findField(mapping, name);
      if (field !== undefined) uses.add(`Field types|${field.type}`);
    }
  }
  return uses;
}

/** The commands and functions that an ES|QL query uses. */
export function usesOfEsql(query: string): ReadonlySet<Use> {
  const bare = query.replace(/"""[\s\S]*?"""|"(?:\\.|[^"\\])*"|`[^`]*`|\/\/.*/g, '""').toLowerCase();
  const commands = [...bare.matchAll(/(?:^|\|)\s*([a-z_]+)/g)].map(([, name]): Use => `ES|QL commands|${name ?? ""}`);
  const functions = [...bare.matchAll(/([a-z_0-9]+)\s*\(/g)].map(([, name]): Use => `ES|QL functions|${name ?? ""}`);
  return new Set([...commands, ...functions]);
}

interface Walk {
  readonly uses: Set<Use>;
  isField(name: string): boolean;
}

function isPath(mapping: Mapping, name: string): boolean {
  return mapping.fields.has(name) || mapping.aliases.has(name) || mapping.objects.has(name) || mapping.runtime.has(name);
}

function isClause(name: string): boolean {
  return Object.hasOwn(CLAUSES, name) || Object.hasOwn(WITHOUT_SQL, name);
}

function query(walk: Walk, value: JsonValue): void {
  if (isArray(value)) for (const item of value) query(walk, item);
  if (!isObject(value)) return;
  for (const [name, body] of Object.entries(value)) {
    if (!isClause(name)) continue;
    walk.uses.add(`Queries|${name}`);
    if (isObject(body)) clause(walk, name, body);
  }
}

function clause(walk: Walk, name: string, body: JsonObject): void {
  const alone = Object.keys(body).length === 1;
  for (const [key, value] of Object.entries(body)) {
    if (isQuery(value)) {
      walk.uses.add(`Queries|${name}|${key}`);
      query(walk, value);
    } else if (walk.isField(key) || /[.*]/.test(key) || (alone && isObject(value))) {
      // A field, also one that is not mapped.
      if (isObject(value))
        for (const option of Object.keys(value)) if (/^[a-z_]+$/.test(option)) walk.uses.add(`Queries|${name}|${option}`);
    } else if (/^[a-z_]+$/.test(key)) walk.uses.add(`Queries|${name}|${key}`);
  }
}

/** One clause, or a list of them. */
function isQuery(value: JsonValue): boolean {
  if (isArray(value)) return value.length > 0 && value.every(isQuery);
  const names = isObject(value) ? Object.keys(value) : [];
  return names.length === 1 && isClause(names[0] ?? "");
}

function aggregations(walk: Walk, value: JsonValue): void {
  if (!isObject(value)) return;
  for (const definition of Object.values(value)) {
    if (!isObject(definition)) continue;
    for (const [type, body] of Object.entries(definition)) {
      if (type === "aggs" || type === "aggregations") aggregations(walk, body);
      else if (Object.hasOwn(DEFINITIONS, type) || Object.hasOwn(REFUSED, type)) {
        walk.uses.add(`Aggregations|${type}`);
        if (type === "filter") query(walk, body);
        else if (isObject(body)) aggregationOptions(walk, type, body);
      }
    }
  }
}

function aggregationOptions(walk: Walk, type: string, body: JsonObject): void {
  for (const [name, value] of Object.entries(body)) {
    walk.uses.add(`Aggregations|${type}|${name}`);
    if (name === "filters") for (const each of isArray(value) ? value : isObject(value) ? Object.values(value) : []) query(walk, each);
  }
}

/** Options of a key whose value names fields: `sort: [{field: {order}}]`, `fields: [{field, format}]`. */
function options(walk: Walk, key: string, value: JsonValue): void {
  if (isArray(value)) for (const item of value) options(walk, key, item);
  if (!isObject(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    if (walk.isField(name) || /[.*]/.test(name)) options(walk, key, inner);
    else if (/^[a-z_]+$/.test(name) && name !== key) walk.uses.add(`Search body|${key}|${name}`);
    if (name === "fields" || (key === "sort" && name.startsWith("_"))) options(walk, key, inner);
  }
}

/** Every name and text of a body: some of them are fields. */
function* namesIn(value: JsonValue): Generator<string> {
  if (typeof value === "string") yield value;
  else if (isArray(value)) for (const item of value) yield* namesIn(item);
  else if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      yield name;
      yield* namesIn(inner);
    }
  }
}

/** The verdict on a use, the best that any request gave: it was found equal, both refused it, or it is unsupported. */
export type State = "equal" | "rejected" | "unsupported";

/** The use that an unsupported clause's pointer names, or null when it names a clause as a whole. */
export function isUnder(pointer: string, use: Use): boolean {
  const last = use.split("|").at(-1) ?? "";
  return pointer.split("/").includes(last);
}
