// The shape of a search: what it asks, without the values it asks for. Two panels that differ in their time range, their
// filter values or the names of their aggregations have one shape.
import { createHash } from "node:crypto";
import type { JsonObject, JsonValue } from "../../shared/json.ts";
import { isArray, isObject, member } from "../../shared/json.ts";

export interface Shape {
  /** Ten hexadecimal digits. */
  readonly hash: string;
  /** What a person recognises it by: `_search logs-* · filter range(@timestamp) · terms(host) > avg(bytes)`. */
  readonly sketch: string;
}

const DEEPEST = 40;
const LONGEST_SKETCH = 240;

/** Names whose value is part of the shape: which field, in which order. All other values are left out. */
const TELLING: ReadonlySet<string> = new Set(["field", "fields", "path", "order", "docvalue_fields", "stored_fields", "default_field"]);
/** Members that do not change what is asked. */
const SILENT: ReadonlySet<string> = new Set(["preference", "timeout", "profile", "version", "seq_no_primary_term", "runtime_mappings"]);

/** Shape of a search of `endpoint` (`_search`, `_count`, …) on an index expression with this body. */
export function shapeOf(endpoint: string, index: string, body: JsonObject): Shape {
  // logs-2026.01.31 and logs-2026.02.01 are one.
  const indices = index.replace(/[0-9]+/g, "#");
  const full = `${endpoint} ${indices} ${canonical(body, 0)}`;
  return { hash: createHash("sha256").update(full).digest("hex").slice(0, 10), sketch: sketchOf(endpoint, indices, body) };
}

/** Types of all aggregations in a search body, each once, in their order. */
export function aggregationTypes(body: JsonObject): readonly string[] {
  const types = new Set<string>();
  const open: { readonly body: JsonObject; readonly depth: number }[] = [{ body, depth: 0 }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const definition of definitionsOf(at.body)) {
      types.add(typeOf(definition));
      if (at.depth < DEEPEST) open.push({ body: definition, depth: at.depth + 1 });
    }
  }
  return [...types];
}

function canonical(value: JsonValue, depth: number): string {
  if (depth > DEEPEST) return "…";
  if (isArray(value)) return canonicalArray(value, depth);
  if (!isObject(value)) return "?";
  const members = Object.entries(value)
    .filter(([name]) => !SILENT.has(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, item]) => canonicalMember(name, item, depth));
  return `{${members.join(",")}}`;
}

function canonicalMember(name: string, value: JsonValue, depth: number): string {
  // Aggregations are named by whoever asks ("2", a UUID): only what they are counts.
  if ((name === "aggs" || name === "aggregations") && isObject(value)) {
    return `aggs:[${Object.values(value).map((definition: JsonValue) => canonical(definition, depth + 1))}]`;
  }
  if (name === "size") return value === 0 ? "size:0" : "size:?";
  if (TELLING.has(name) && !isObject(value)) return `${name}:${isArray(value) ? value.map(plain) : plain(value)}`;
  return `${name}:${canonical(value, depth + 1)}`;
}

// `terms: ["a", "b"]` and `terms: ["c"]` are one shape, as are three filters alike.
function canonicalArray(items: readonly JsonValue[], depth: number): string {
  const shapes = new Set(items.map((item) => canonical(item, depth + 1)));
  return `[${[...shapes].join(",")}]`;
}

function plain(value: JsonValue): string {
  if (typeof value === "string") return value;
  const field = isObject(value) ? member(value, "field") : undefined;
  return typeof field === "string" ? field : "?";
}

function sketchOf(endpoint: string, indices: string, body: JsonObject): string {
  const pieces = [`${endpoint} ${indices}`.trim()];
  const query = member(body, "query");
  if (isObject(query)) pieces.push(clauseSketch(query, 0));
  const aggregations = definitionsOf(body);
  if (aggregations.length > 0) pieces.push(aggregations.map((definition) => aggregationSketch(definition, 0)).join(", "));
  const sort = member(body, "sort");
  if (sort !== undefined && member(body, "size") !== 0) pieces.push(`sort ${sortNames(sort)}`);
  const sketch = pieces.filter((piece) => piece !== "").join(" · ");
  return sketch.length > LONGEST_SKETCH ? `${sketch.slice(0, LONGEST_SKETCH - 1)}…` : sketch;
}

const DEEPEST_SKETCHED = 4;

function clauseSketch(query: JsonObject, depth: number): string {
  const [name, clause] = Object.entries(query)[0] ?? ["", null];
  if (!isObject(clause) || depth > DEEPEST_SKETCHED) return name;
  if (name !== "bool") return `${name}(${fieldOf(clause)})`;
  const parts = ["must", "filter", "should", "must_not"].flatMap((occur) => {
    const clauses = member(clause, occur);
    const list = isArray(clauses) ? clauses : isObject(clauses) ? [clauses] : [];
    const shown = new Set(list.flatMap((item) => (isObject(item) ? [clauseSketch(item, depth + 1)] : [])));
    return shown.size === 0 ? [] : [`${occur} ${[...shown].join(" ")}`];
  });
  return depth === 0 ? parts.join(", ") : `(${parts.join(", ")})`;
}

function fieldOf(clause: JsonObject): string {
  const field = member(clause, "field");
  if (typeof field === "string") return field;
  const first = Object.keys(clause).find((name) => isObject(clause[name]) || !["boost", "query", "values", "type"].includes(name));
  return first ?? "";
}

function aggregationSketch(definition: JsonObject, depth: number): string {
  const type = typeOf(definition);
  const clause = member(definition, type);
  const field = isObject(clause) ? member(clause, "field") : undefined;
  const here = typeof field === "string" ? `${type}(${field})` : type;
  const below = depth > DEEPEST_SKETCHED ? [] : definitionsOf(definition).map((sub) => aggregationSketch(sub, depth + 1));
  if (below.length === 0) return here;
  return below.length === 1 ? `${here} > ${below[0]}` : `${here} > (${below.join(", ")})`;
}

function definitionsOf(body: JsonObject): readonly JsonObject[] {
  const definitions = member(body, "aggs") ?? member(body, "aggregations");
  return isObject(definitions) ? Object.values(definitions).filter((definition: JsonValue) => isObject(definition)) : [];
}

function typeOf(definition: JsonObject): string {
  return Object.keys(definition).find((name) => name !== "aggs" && name !== "aggregations" && name !== "meta") ?? "";
}

function sortNames(sort: JsonValue): string {
  const clauses = isArray(sort) ? sort : [sort];
  return clauses.map((clause) => (isObject(clause) ? (Object.keys(clause)[0] ?? "") : plain(clause))).join(", ");
}
