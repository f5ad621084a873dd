// `docvalue_fields`: a document's doc values, sorted as Lucene keeps them, printed as doc values are.
import { isArray, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { placedIn } from "../../elasticsearch/columns.ts";
import { flattenedObjects } from "../../elasticsearch/fields/flattened.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import { valuesAt } from "../../elasticsearch/fields/source_values.ts";
import { type Field, findField, sourcesOf } from "../../elasticsearch/mapping.ts";
import { type Context, quietFieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { isComputed } from "../field_column.ts";
import { type FieldSpec, fieldSpecs, matchingFields } from "./field_patterns.ts";
import type { Document } from "./hit.ts";

export const DOCVALUE_OPTIONS: readonly string[] = ["field", "format"];

export function compileDocvalueFields(value: JsonValue | undefined, pointer: string, context: Context): (document: Document) => JsonObject {
  const specs = fieldSpecs(value, pointer, DOCVALUE_OPTIONS);
  for (const spec of specs) checkFields(spec, context);
  if (specs.length === 0) return () => ({});
  return (document) => {
    const shown: Record<string, JsonValue> = {};
    for (const spec of specs) {
      for (const [name, field] of matchingFields(document.mapping, spec.pattern)) {
        const values = isComputed(field) ? [] : docValues(field, context.scope?.path ?? null, document, spec.format);
        if (values.length > 0) shown[name] = values;
      }
    }
    return shown;
  };
}

function checkFields(spec: FieldSpec, context: Context): void {
  for (const [name] of matchingFields(context.mapping, spec.pattern)) {
    // Elasticsearch refuses text also where no document shows it.
    const field = quietFieldOf(context, name, spec.pointer) ?? findField(context.mapping, name);
    if (field === undefined || (isComputed(field) && field.key === undefined)) continue;
    if (field.type === "text" && context.tables.reduce((sum, table) => sum + table.shards, 0) > 1) {
      throw new UnsupportedClause(spec.pointer, `[${name}] is text: Elasticsearch fails on the shards that have hits`);
    }
    if (field.type === "text" && member(field.params, "fielddata") !== true) {
      throw new RejectedRequest(
        "illegal_argument_exception",
        `Fielddata is disabled on [${name}]. Text fields are not optimised for operations that require per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead. Alternatively, set fielddata=true on [${name}] in order to load field data by uninverting the inverted index. Note that this can use significant memory.`,
      );
    }
    const family = fieldType(field)?.family;
    if (
      family === undefined ||
      family === "other" ||
      family === "range" ||
      family === "text" ||
      member(field.params, "doc_values") === false
    ) {
      throw new UnsupportedClause(spec.pointer, `the doc values of [${name}] (${field.type}) are not mirrored`);
    }
  }
}

function docValues(field: Field, scope: string | null, document: Document, format: string | undefined): readonly JsonValue[] {
  const type = fieldType(field);
  if (placedIn(field, scope) === undefined) return [];
  const [values] =
    type?.docValues(
      field,
      sourcesOf(field).flatMap((path) => valuesOf(field, document, path)),
    ) ?? [];
  if (type === undefined || typeof values !== "object" || !isArray(values as readonly JsonValue[])) return [];
  return values.map((value) => (format === "use_field_mapping" ? type.format(field, value) : type.format(field, value, format)));
}

function valuesOf(field: Field, { source }: Document, path: string): readonly JsonValue[] {
  if (field.type === "flattened" && field.key === undefined) return flattenedObjects(source, path);
  return valuesAt(source, path, fieldType(field)?.family === "geo_point");
}
