// Terms on metadata fields: `_id` and `_index`. Others have no column to ask.
import type { JsonValue } from "../../../shared/json.ts";
import { call, column, param } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { UnsupportedClause } from "../failure.ts";
import { scalarText } from "../parameters.ts";
import { indexName } from "../source.ts";
import { constant } from "./compiled.ts";
import type { Compiled } from "./types.ts";

const META_FIELDS = new Set([
  "_id",
  "_index",
  "_routing",
  "_ignored",
  "_source",
  "_seq_no",
  "_version",
  "_primary_term",
  "_field_names",
  "_nested_path",
  "_doc_count",
  "_tier",
  "_data_stream_timestamp",
]);

export function isMetaField(path: string): boolean {
  return META_FIELDS.has(path);
}

/** Documents whose `_id`, or index, is one of the values. */
export function compileMetaTerms(path: string, values: readonly JsonValue[], pointer: string, context: Context, boost: number): Compiled {
  const texts = values.map(scalarText);
  if (path === "_id") return constant(call("in", column("_id"), param("Array(String)", texts)), boost);
  if (path !== "_index") throw new UnsupportedClause(pointer, `no SQL for terms on the metadata field [${path}] yet`);
  const known = new Set(context.tables.map((table) => table.index));
  const unknown = texts.find((text) => !known.has(text));
  if (unknown !== undefined) {
    throw new UnsupportedClause(
      pointer,
      `[${unknown}] is none of the indices searched: an alias or a pattern, which the mirror does not know`,
    );
  }
  return constant(call("in", indexName(context), param("Array(String)", texts)), boost);
}
