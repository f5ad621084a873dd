// The cells of a document's field columns, field by field, without the mirror's one walk.
import type { Cell } from "../../src/main/clickhouse/rowbinary.ts";
import { nestedPaths, placesOf } from "../../src/main/elasticsearch/columns.ts";
import { flattenedObjects } from "../../src/main/elasticsearch/fields/flattened.ts";
import { fieldType } from "../../src/main/elasticsearch/fields/index.ts";
import { nestedObjects } from "../../src/main/elasticsearch/fields/nested_objects.ts";
import { valuesAt } from "../../src/main/elasticsearch/fields/source_values.ts";
import type { Mapping } from "../../src/main/elasticsearch/mapping.ts";
import { isArray, isObject, type JsonObject, type JsonValue } from "../../src/shared/json.ts";

/** One cell a column, in the order of fieldColumns(). */
export function fieldCells(source: JsonObject, mapping: Mapping): readonly Cell[] {
  const values = (object: JsonObject, path: string, type: string) => valuesAt(object, path, type === "geo_point");
  const cells = [...mapping.fields.values()].flatMap(placesOf).flatMap(({ field, scope }): readonly Cell[] => {
    const type = fieldType(field);
    if (type === undefined) return [];
    if (scope === null && field.type === "flattened") return type.docValues(field, flattenedObjects(source, field.sourcePath));
    if (scope === null && field.sources !== undefined) return type.docValues(field, inDocumentOrder(source, field.sources));
    if (scope === null) return type.docValues(field, values(source, field.sourcePath, field.type));
    const path = field.sourcePath.slice(scope.length + 1);
    const rows = nestedObjects(source, scope, mapping).map((object) => type.docValues(field, values(object.source, path, field.type)));
    return type.columns(field).map((_, i) => rows.map((row) => row[i] ?? 0));
  });
  return [...cells, ...nestedPaths(mapping).map((path) => nestedObjects(source, path, mapping).map(({ up }) => up))];
}

/** Values at any of the paths, as a reader of the document meets them. */
function inDocumentOrder(source: JsonValue, paths: readonly string[], at = ""): readonly JsonValue[] {
  if (isArray(source)) return source.flatMap((item) => inDocumentOrder(item, paths, at));
  if (isObject(source) && !paths.includes(at)) {
    return Object.entries(source).flatMap(([name, value]) => inDocumentOrder(value, paths, at === "" ? name : `${at}.${name}`));
  }
  return paths.includes(at) ? [source] : [];
}
