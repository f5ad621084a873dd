// `_cat/indices`, `_cat/count`, `_cat/aliases`: what mappings, settings and documents tell. Sizes on disk and health are
// Elasticsearch's own: a table that shows them is its to print.
import { isObject, type JsonValue, member } from "../../shared/json.ts";
import { call as fn } from "../clickhouse/sql/ast.ts";
import { print } from "../clickhouse/sql/print.ts";
import type { IndexDescription } from "../mirror/index_description.ts";
import { contextOf } from "../translate/context.ts";
import { indexName, selectDocuments } from "../translate/source.ts";
import { CAT_PARAMETERS, type CatColumn, type CatRow, catAnswer, columnsOf, readCat } from "./cat_table.ts";
import { aliasesOf, dataStreamOf, everyIndex, isClosed, settingOf } from "./indices.ts";
import { INDICES, unknownParameter } from "./parameters.ts";
import { type Backend, type Call, declined, type Endpoint, type Found, type IndexExpression } from "./types.ts";

const PARAMETERS = [...CAT_PARAMETERS, ...INDICES, "master_timeout", "local"];
/** The columns that can be told here. */
const INDEX_COLUMNS: readonly CatColumn[] = [
  { name: "status", aliases: ["s"] },
  { name: "index", aliases: ["i", "idx"] },
  { name: "uuid", aliases: ["id"] },
  { name: "pri", aliases: ["p", "shards.primary", "shardsPrimary"], number: true },
  { name: "rep", aliases: ["r", "shards.replica", "shardsReplica"], number: true },
  { name: "docs.count", aliases: ["dc", "docsCount"], number: true },
  { name: "creation.date", aliases: ["cd"] },
  { name: "creation.date.string", aliases: ["cds"] },
];

/** The path of these names indices after the API. */
function named({ id, params }: Call): readonly IndexExpression[] {
  return [{ expression: id, params: everyIndex(params) }];
}

export const catIndices: Endpoint = {
  paths: ["GET /_cat/indices", "GET /_cat/indices/{id}"],
  asks: named,
  async answer(call, backend) {
    const unknown = unknownParameter(call.params, [...PARAMETERS, "bytes", "time"]);
    if (unknown !== "") return declined("unsupported", unknown);
    if (!call.params.has("h")) return declined("unsupported", "health and sizes are Elasticsearch's to tell: name other columns by [h]");
    const request = readCat(call, INDEX_COLUMNS, "_cat/indices");
    if (typeof request === "string") return declined("unsupported", request);
    const params = everyIndex(call.params);
    const indices = await backend.indices(call.id, params);
    if (indices.kind !== "found") return indices;
    if (indices.value.some(isClosed)) return declined("unsupported", "closed indices are Elasticsearch's to tell of");
    if (!columnsOf(request).has("docs.count")) return catAnswer(call, request, indices.value.map(indexRow));
    // Lucene counts nested objects as documents.
    const nested = indices.value.find(({ mapping }) => [...mapping.objects.values()].includes("nested"));
    if (nested !== undefined)
      return declined("unsupported", `[docs.count] of [${nested.name}], which has nested objects, is Elasticsearch's to tell`);
    const counts = await countByIndex(call, params, backend);
    if (counts.kind !== "found") return counts;
    const rows = indices.value.map((index) => ({ ...indexRow(index), "docs.count": counts.value.get(index.name) ?? "0" }));
    return catAnswer(call, request, rows);
  },
};

function indexRow(index: IndexDescription): CatRow {
  const created = settingOf(index, "creation_date");
  return {
    status: "open",
    index: index.name,
    uuid: index.uuid,
    pri: String(index.shards),
    rep: settingOf(index, "number_of_replicas"),
    "creation.date": created,
    "creation.date.string": new Date(Number(created)).toISOString(),
  };
}

async function countByIndex(
  { id, now }: Call,
  params: ReadonlyMap<string, string>,
  backend: Backend,
): Promise<Found<ReadonlyMap<string, string>>> {
  const tables = await backend.tables(id, params);
  if (tables.kind !== "found") return tables;
  if (tables.value.length === 0) return { kind: "found", value: new Map() };
  const context = contextOf(tables.value, now);
  const columns = [
    { expr: indexName(context), alias: "#index" },
    { expr: fn("toString", fn("count")), alias: "#count" },
  ];
  const { rows } = await backend.run(print(selectDocuments(context, { columns, groupBy: [indexName(context)] })));
  return { kind: "found", value: new Map(rows.map((row) => [String(row["#index"]), String(row["#count"])])) };
}

const COUNT_COLUMNS: readonly CatColumn[] = [
  { name: "epoch", aliases: ["t", "time"] },
  { name: "timestamp", aliases: ["ts", "hms", "hhmmss"] },
  { name: "count", aliases: ["dc", "docs.count", "docsCount"] },
];

export const catCount: Endpoint = {
  paths: ["GET /_cat/count", "GET /_cat/count/{id}"],
  asks: named,
  async answer(call, backend) {
    const unknown = unknownParameter(call.params, PARAMETERS);
    if (unknown !== "") return declined("unsupported", unknown);
    const request = readCat(call, COUNT_COLUMNS, "_cat/count");
    if (typeof request === "string") return declined("unsupported", request);
    const counts = await countByIndex(call, call.params, backend);
    if (counts.kind !== "found") return counts;
    const count = [...counts.value.values()].reduce((sum, each) => sum + BigInt(each), 0n);
    const timestamp = new Date(call.now).toISOString().slice(11, 19);
    return catAnswer(call, request, [{ epoch: String(Math.floor(call.now / 1000)), timestamp, count: String(count) }]);
  },
};

const ALIAS_COLUMNS: readonly CatColumn[] = [
  { name: "alias", aliases: ["a"] },
  { name: "index", aliases: ["i", "idx"] },
  { name: "filter", aliases: ["f", "fi"] },
  { name: "routing.index", aliases: ["ri", "routingIndex"] },
  { name: "routing.search", aliases: ["rs", "routingSearch"] },
  { name: "is_write_index", aliases: ["w", "isWriteIndex"] },
];

export const catAliases: Endpoint = {
  paths: ["GET /_cat/aliases", "GET /_cat/aliases/{id}"],
  async answer(call, backend) {
    const unknown = unknownParameter(call.params, PARAMETERS);
    if (unknown !== "") return declined("unsupported", unknown);
    if (!/^(?!-)[^,<]*$/.test(call.id)) return declined("unsupported", "only one name or pattern is looked up here");
    const request = readCat(call, ALIAS_COLUMNS, "_cat/aliases");
    if (typeof request === "string") return declined("unsupported", request);
    const indices = await backend.indices("", everyIndex(call.params));
    if (indices.kind !== "found") return indices;
    if (indices.value.some((index) => dataStreamOf(index) !== "")) {
      return declined("unsupported", "aliases of data streams are Elasticsearch's to tell");
    }
    const rows = indices.value.flatMap((index) => aliasesOf(index, call.id).map(([name, of]) => aliasRow(index.name, name, of)));
    return catAnswer(call, request, rows);
  },
};

function aliasRow(index: string, alias: string, of: JsonValue): CatRow {
  const cell = (name: string): string => (isObject(of) ? String(member(of, name) ?? "-") : "-");
  const filter = isObject(of) && member(of, "filter") !== undefined ? "*" : "-";
  return {
    alias,
    index,
    filter,
    "routing.index": cell("index_routing"),
    "routing.search": cell("search_routing"),
    is_write_index: cell("is_write_index"),
  };
}
