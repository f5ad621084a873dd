// Which fields a name or a `*` pattern of a request means. `*` crosses dots.
import { childPointer, isObject, type JsonObject, type JsonValue, member, printJson } from "../../../shared/json.ts";
import { keyField } from "../../elasticsearch/fields/flattened.ts";
import { type Field, findField, type Mapping } from "../../elasticsearch/mapping.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { listOf, parameters } from "../parameters.ts";

/** One entry of `fields` or `docvalue_fields`. */
export interface FieldSpec {
  readonly pattern: string;
  readonly format: string | undefined;
  readonly includeUnmapped: boolean;
  readonly pointer: string;
}

/** Reads a list of names or `{field, format, include_unmapped}`. */
export function fieldSpecs(value: JsonValue | undefined, pointer: string, known: readonly string[]): readonly FieldSpec[] {
  return listOf(value ?? undefined).map((entry, i) => {
    const own = childPointer(pointer, i);
    const options: JsonObject = typeof entry === "string" ? { field: entry } : parameters(entry, own, "fields", known);
    const pattern = member(options, "field");
    if (typeof pattern !== "string") throw new RejectedRequest("x_content_parse_exception", `no field name in ${printJson(entry)}`);
    if (pattern.startsWith("_")) throw new UnsupportedClause(own, `the metadata field [${pattern}] is not fetched by name yet`);
    const format = member(options, "format");
    const unmapped = isObject(options) ? member(options, "include_unmapped") : undefined;
    return {
      pattern,
      format: typeof format === "string" ? format : undefined,
      includeUnmapped: unmapped === true || unmapped === "true",
      pointer: own,
    };
  });
}

/** True when the pattern covers the whole name. */
export function matchesPattern(pattern: string, name: string): boolean {
  return pattern.includes("*") ? expression(pattern).test(name) : pattern === name;
}

const expressions = new Map<string, RegExp>();

function expression(pattern: string): RegExp {
  const seen = expressions.get(pattern);
  if (seen !== undefined) return seen;
  const source = pattern.split("*").map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  const made = new RegExp(`^${source.join(".*")}$`, "su");
  if (expressions.size > 1000) expressions.clear();
  expressions.set(pattern, made);
  return made;
}

/** Mapped fields that the pattern names, by the name the answer uses (an alias keeps its own). */
export function matchingFields(mapping: Mapping, pattern: string): ReadonlyMap<string, Field> {
  const known = foundByMapping.get(mapping) ?? new Map<string, ReadonlyMap<string, Field>>();
  foundByMapping.set(mapping, known);
  const seen = known.get(pattern);
  if (seen !== undefined) return seen;
  const found = findFields(mapping, pattern);
  if (known.size > MOST_PATTERNS) known.clear();
  known.set(pattern, found);
  return found;
}

// Asked again for each hit, of mappings with thousands of fields.
const foundByMapping = new WeakMap<Mapping, Map<string, ReadonlyMap<string, Field>>>();
const MOST_PATTERNS = 1000;

function findFields(mapping: Mapping, pattern: string): ReadonlyMap<string, Field> {
  const found = new Map<string, Field>();
  if (!pattern.includes("*")) {
    const field = findField(mapping, pattern) ?? keyField(mapping, pattern);
    if (field !== undefined) found.set(pattern, field);
    return found;
  }
  for (const [path, field] of mapping.fields) if (matchesPattern(pattern, path)) found.set(path, field);
  for (const alias of mapping.aliases.keys()) {
    const field = matchesPattern(pattern, alias) ? findField(mapping, alias) : undefined;
    if (field !== undefined) found.set(alias, field);
  }
  return found;
}
