// Fields that the indices searched map as whole numbers of several widths: read as longs, which is what Elasticsearch merges them as.
import { type Field, findField } from "../elasticsearch/mapping.ts";
import type { Context } from "./context.ts";
import { typedColumn } from "./source.ts";

const WHOLE: ReadonlySet<string> = new Set(["long", "integer", "short", "byte"]);

/** The context in which such fields are longs, and no conflicts. */
export function withWidenedNumbers(context: Context): Context {
  const widened = [...context.conflicts.keys()].flatMap((path) => widenedField(context, path) ?? []);
  if (widened.length === 0) return context;
  const fields = new Map(context.mapping.fields);
  const conflicts = new Map(context.conflicts);
  for (const field of widened) {
    fields.set(field.path, field);
    conflicts.delete(field.path);
  }
  return { ...context, conflicts, mapping: Object.freeze({ ...context.mapping, fields }) };
}

function widenedField(context: Context, path: string): Field | undefined {
  if (context.mapping.aliases.has(path) || context.mapping.runtime.has(path)) return undefined;
  const fields = context.tables.flatMap(({ mapping }) => findField(mapping, path) ?? []);
  const [first] = fields;
  const plain = fields.every(
    ({ type, nested, included, params }) =>
      WHOLE.has(type) && nested === null && included === undefined && params.doc_values === undefined && params.index === undefined,
  );
  if (first === undefined || !plain) return undefined;
  const types = [...new Set(fields.map(({ type }) => type))];
  return Object.freeze({ ...first, type: "long", widenedFrom: types, column: typedColumn(first.column, "Array(Int64)") });
}
