// The fields that multi_match and query strings search: names, `*` patterns, boosts (`title^3`); none named means all.
import type { JsonValue } from "../../../shared/json.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { UnsupportedClause } from "../failure.ts";
import { matchingFields } from "../hits/field_patterns.ts";
import { scalarText } from "../parameters.ts";

export interface WeightedField {
  readonly field: Field;
  readonly boost: number;
}

/** The mapped fields that the list names. A pattern leaves out what can't be searched for text (geo_point, …). */
export function searchedFields(list: readonly JsonValue[], pointer: string, context: Context): readonly WeightedField[] {
  const found = new Map<string, WeightedField>();
  for (const entry of list) {
    const [name = "", boost = "1"] = scalarText(entry).split("^");
    for (const [path, field] of namedFields(name, pointer, context)) {
      found.set(path, { field, boost: (found.get(path)?.boost ?? 1) * Number(boost) });
    }
  }
  return [...found.values()];
}

function namedFields(name: string, pointer: string, context: Context): readonly (readonly [string, Field])[] {
  const fields: (readonly [string, Field])[] = [];
  for (const path of matchingFields(context.mapping, name).keys()) {
    const field = fieldOf(context, path, pointer);
    if (field === undefined) continue;
    const family = fieldType(field)?.family ?? "other";
    if (!name.includes("*")) fields.push([field.path, field]);
    else if (family === "other" && !UNSEARCHABLE.has(field.type)) {
      throw new UnsupportedClause(pointer, `[${name}] covers [${path}], of type [${field.type}], which is not mirrored`);
    } else if (family !== "other" && family !== "geo_point") fields.push([field.path, field]);
  }
  return fields;
}

// No term queries on these: a pattern passes over them.
const UNSEARCHABLE = new Set([
  "geo_shape",
  "shape",
  "point",
  "binary",
  "dense_vector",
  "rank_vectors",
  "completion",
  "object",
  "histogram",
]);
