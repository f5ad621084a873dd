// The mapping of an index beside the columns of its table.
import type { FieldColumns, IndexDetail } from "../../shared/index_info.ts";
import { nestedPaths, placeColumns, placesOf, upColumn } from "../elasticsearch/columns.ts";
import { unsupportedReason } from "../elasticsearch/fields/unsupported.ts";
import type { IndexDescription } from "../mirror/index_description.ts";

/** Fields in the mapping's order, alias fields and runtime fields with them. */
export function indexDetail({ name, shards, mapping, problem }: IndexDescription, database: string): IndexDetail {
  const fields: readonly FieldColumns[] = [...mapping.fields.values()].map((field) => ({
    field: field.path,
    type: field.type,
    columns: placesOf(field).flatMap(placeColumns),
    reason: unsupportedReason(field) ?? "",
  }));
  const objects = nestedPaths(mapping).map((path) => ({
    field: path,
    type: "nested",
    columns: [{ name: upColumn(path), type: "Array(UInt32)" }],
    reason: "",
  }));
  const aliases = [...mapping.aliases].map(([field, target]) => ({
    field,
    type: `alias of ${target}`,
    columns: [...mapping.fields.values()]
      .filter(({ path }) => path === target)
      .flatMap(placesOf)
      .flatMap(placeColumns),
    reason: "",
  }));
  const runtime = [...mapping.runtime].map(([field, definition]) => ({
    field,
    type: `runtime ${String(definition.type ?? "")}`.trimEnd(),
    columns: [],
    reason: "",
  }));
  return { name, shards, database, table: name, problem, fields: [...fields, ...objects, ...aliases, ...runtime] };
}
