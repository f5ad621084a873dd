// Documents by their ids, as the mirror has them: what `_doc/ID`, `_source/ID` and `_mget` are made of.
import { isObject, type JsonObject, type JsonValue, parseJson } from "../../shared/json.ts";
import { and, binary, call, column, type Expr, or, param, select } from "../clickhouse/sql/ast.ts";
import { print } from "../clickhouse/sql/print.ts";
import { shardOf } from "../elasticsearch/routing.ts";
import { type Document, rootOf } from "../translate/hits/hit.ts";
import { ignoredFields } from "../translate/hits/ignored.ts";
import { compileSource } from "../translate/hits/source_option.ts";
import type { IndexTable, Row } from "../translate/types.ts";
import type { Backend } from "./types.ts";

export interface Wanted {
  readonly id: string;
  /** "" for none: the document is looked for on the shard of its id. */
  readonly routing: string;
  /** The value of `_source`; null: all of it. */
  readonly source: JsonValue;
}

/** A document as `_doc/ID` shows it; `found` false when there is none. In the order in which they are wanted. */
export async function readDocuments(table: IndexTable, wanted: readonly Wanted[], backend: Backend): Promise<readonly JsonObject[]> {
  const places = wanted.map((one) => ({ ...one, shard: shardOf(one.routing === "" ? one.id : one.routing, table) }));
  const byShard = Map.groupBy(places, ({ shard }) => shard);
  const where: readonly Expr[] = [...byShard].map(([shard, own]) =>
    and([
      binary(column("_shard"), "=", param("UInt16", shard)),
      call(
        "in",
        column("_id"),
        param(
          "Array(String)",
          own.map(({ id }) => id),
        ),
      ),
    ]),
  );
  const names = ["_id", "_shard", "_source", "_routing", "_version", "_seq_no", "_primary_term"];
  const query = select({
    columns: names.map((name) => ({ expr: column(name) })),
    from: { kind: "table", database: table.database, name: table.table, final: table.final },
    where: or(where),
  });
  const { rows } = await backend.run(print(query));
  const found = new Map(rows.map((row) => [`${String(row._shard)}/${String(row._id)}`, row]));
  return places.map((place) => shown(table, place, found.get(`${place.shard}/${place.id}`)));
}

function shown({ index, mapping }: IndexTable, { id, source: option }: Wanted, row: Row | undefined): JsonObject {
  if (row === undefined) return { _index: index, _id: id, found: false };
  const text = String(row._source);
  const parsed = parseJson(text);
  const source = isObject(parsed) ? parsed : {};
  const document: Document = { source, mapping, roots: new Set(Object.keys(source).map(rootOf)) };
  const ignored = ignoredFields(document, text.length);
  return {
    _index: index,
    _id: id,
    _version: row._version ?? null,
    _seq_no: row._seq_no ?? null,
    _primary_term: row._primary_term ?? null,
    ...(row._routing === "" ? {} : { _routing: row._routing ?? null }),
    ...(ignored.size === 0 ? {} : { _ignored: [...ignored].sort() }),
    found: true,
    ...compileSource(option === null ? {} : { _source: option }, true)(document),
  };
}
