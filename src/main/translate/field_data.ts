// Text fields whose mapping has `fielddata: true`: sorted and aggregated by their words, as keywords are by their values.
import { isObject, member } from "../../shared/json.ts";
import { call } from "../clickhouse/sql/ast.ts";
import { UnsupportedClause } from "./failure.ts";
import { fieldColumn, type SeenField } from "./field_column.ts";

/** The field as a keyword of its words; as it is where it is no text, or a text without fielddata. Throws UnsupportedClause. */
export function byWords(field: SeenField, pointer: string): SeenField {
  if (field.type !== "text" || String(member(field.params, "fielddata") ?? "") !== "true") return field;
  if (isObject(member(field.params, "fielddata_frequency_filter")))
    throw new UnsupportedClause(pointer, `[${field.path}] leaves out words by how frequent they are in a segment`);
  const words = call("arraySort", call("arrayDistinct", fieldColumn(field, "#tok")));
  return { ...field, type: "keyword", params: {}, read: () => words, inDocument: () => words };
}
