// exists: documents with a value of the field, or, for an object, of any field below it.
import { childPointer, type JsonValue, member } from "../../../shared/json.ts";
import { or } from "../../clickhouse/sql/ast.ts";
import { findField } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { matchesPattern } from "../hits/field_patterns.ts";
import { boostOf, parameters } from "../parameters.ts";
import { constant, NONE, NOTHING } from "./compiled.ts";
import { present } from "./field_values.ts";
import { compileMetaExists, isMetaField } from "./meta_field.ts";
import type { Compiled } from "./types.ts";

export function compileExists(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = parameters(body, pointer, "exists", ["field", "boost"]);
  const path = member(options, "field");
  if (typeof path !== "string" || path === "") {
    throw new RejectedRequest("parsing_exception", "[exists] must be provided with a [field]");
  }
  return existing(path, childPointer(pointer, "field"), context, boostOf(options));
}

/** Documents with a value at a path or pattern of paths. */
export function existing(path: string, pointer: string, context: Context, boost: number): Compiled {
  if (isMetaField(path)) return compileMetaExists(path, pointer, boost);
  if (path.includes("*") && matchesPattern(path, "_nested_path")) {
    throw new RejectedRequest("query_shard_exception", "failed to create query: Cannot run exists() query against the nested field path");
  }
  const names = pathsOf(path, context);
  const fields = names.flatMap((name) => {
    const field = fieldOf(context, name, pointer);
    return field === undefined ? [] : [field];
  });
  if (fields.length === 0) return names.some((name) => findField(context.mapping, name) !== undefined) ? NOTHING : NONE;
  return constant(or(fields.map((field) => present(field, pointer))), boost);
}

function pathsOf(path: string, context: Context): readonly string[] {
  const { fields, aliases, objects } = context.mapping;
  if (path.includes("*")) return [...fields.keys(), ...aliases.keys()].filter((name) => matchesPattern(path, name));
  if (objects.has(path)) return [...fields.keys()].filter((name) => name.startsWith(`${path}.`));
  return [path];
}
