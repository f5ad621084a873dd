// The values of a field as they are read from `_source`, where fields that copy to it have some too.
import type { JsonObject, JsonValue } from "../../../shared/json.ts";
import { valuesAt } from "../../elasticsearch/fields/source_values.ts";
import { type Field, sourcesOf } from "../../elasticsearch/mapping.ts";
import { UnsupportedClause } from "../failure.ts";

/** Values in the document or, `prefix` long, in the object at hand. Elasticsearch reads the places one after the other, in an order
 * that changes with each start of a node: throws UnsupportedClause where two of them have values. */
export function readValues(field: Field, object: JsonObject, prefix: number, arrayValued: boolean, pointer: string): readonly JsonValue[] {
  const lists = sourcesOf(field)
    .map((path) => valuesAt(object, path.slice(prefix), arrayValued))
    .filter((values) => values.length > 0);
  if (lists.length > 1) {
    throw new UnsupportedClause(
      pointer,
      `[${field.path}] gets values by copy_to from several fields: Elasticsearch shows them in no fixed order`,
    );
  }
  return lists[0] ?? [];
}
