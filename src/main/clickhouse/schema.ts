// Mapping → table. One table an index, one column a leaf (text has three), beside the columns that every mirror table has.
// Statements are text made of quoted names and types of our own; no value is ever in them.

import { fieldColumns, indexedColumns, type MadeColumn, madeColumns } from "../elasticsearch/columns.ts";
import type { Column } from "../elasticsearch/fields/field_type.ts";
import type { Mapping } from "../elasticsearch/mapping.ts";
import { quoteName, quoteString } from "./sql/quote.ts";

/** The columns that every mirror table has, in the order of insertion. */
export const META: readonly Column[] = Object.freeze([
  { name: "_id", type: "String" },
  { name: "_source", type: "String" },
  { name: "_routing", type: "String" },
  { name: "_shard", type: "UInt16" },
  { name: "_seq_no", type: "Int64" },
  { name: "_primary_term", type: "UInt32" },
  { name: "_version", type: "Int64" },
  { name: "_deleted", type: "UInt8" },
]);

/** Whole numbers without the bits that a block of them has in common: read in half the time. */
const WHOLE_NUMBERS = " CODEC(T64, LZ4)";
/** By column: a field may have any name, `constructor` too. */
const CODECS: ReadonlyMap<string, string> = new Map([
  ["_source", " CODEC(ZSTD(1))"],
  ["_seq_no", WHOLE_NUMBERS],
]);

// share_nested_offsets = 0: arrays named alike do not share offsets, else old rows read invented values after ADD COLUMN.
// non_replicated_deduplication_window: an insert with the same token is applied once, across a restart too.
// min_bytes_for_wide_part: writing a part of one file a column takes buffers of a megabyte for each of its files, which cost more than
// all else in an insert. So what is inserted is compact, and what merges make of it is wide once it is worth it.
const SETTINGS = `share_nested_offsets = 0, non_replicated_deduplication_window = 1000, min_bytes_for_wide_part = ${128 * 1024 * 1024}`;

/** `database`.`table`, quoted. */
export function tableName(database: string, table: string): string {
  return `${quoteName(database)}.${quoteName(table)}`;
}

// In the statements below `on` is the cluster whose servers all carry them out; null: only the one that is told.

export function createDatabase(database: string, on: string | null = null): string {
  return `CREATE DATABASE IF NOT EXISTS ${quoteName(database)}${onCluster(on)}`;
}

export function dropDatabase(database: string, on: string | null = null): string {
  return `DROP DATABASE IF EXISTS ${quoteName(database)}${onCluster(on)} SYNC`;
}

/** The table that a server of a cluster keeps its own rows of an index in: no index has a space in its name. */
export function localTable(table: string): string {
  return `${table} local`;
}

function onCluster(on: string | null): string {
  return on === null ? "" : ` ON CLUSTER ${quoteName(on)}`;
}

/**
 * Documents of one partition were written at about the same time, each shard's so many one after the other: a search of the last
 * hours reads a few partitions. FINAL looks across them. Larger ones would leave little out, smaller ones make FINAL slow.
 */
const PARTITION_DOCUMENTS = 2 ** 20;

/**
 * Which columns a mapping has and what they hold. One more with each change of that: a table of another layout would be read wrongly,
 * and what was written to it before is not in the columns that it gets.
 */
export const LAYOUT = 7;

/** The comment of a table: which index it mirrors, and how. */
export function tableComment(uuid: string): string {
  return `${uuid} layout ${LAYOUT}`;
}

/** The layout that a table's comment tells; 0 when it tells none. */
export function layoutOf(comment: string): number {
  return Number(/ layout (\d+)$/.exec(comment)?.[1] ?? 0);
}

/**
 * A document is its `_id` on its shard: with custom routing one `_id` may be on several. Its last write wins by `_seq_no`,
 * which grows with every change of it; a delete is a row too. `uuid` is the index's own, kept in the table's comment: an
 * index that was made anew is not this table's any more.
 */
export function createTable(
  database: string,
  table: string,
  mapping: Mapping,
  uuid = "",
  withWords = true,
  { on, replicated }: Placement = ALONE,
): string {
  const columns = tableColumns(mapping);
  const indices = columns.flatMap((column) => indexDefinition(column, withWords) ?? []);
  const parts = [...[...META, ...columns].map((column) => definition(column)), ...indices.map((index) => `INDEX ${index}`)].join(",\n  ");
  const engine = `ENGINE = ${replicated ? replicatedEngine(database, table, uuid) : "ReplacingMergeTree("}_seq_no, _deleted)\nPARTITION BY intDiv(_seq_no, ${PARTITION_DOCUMENTS})\nORDER BY (_id, _shard)`;
  const comment = `\nCOMMENT ${quoteString(tableComment(uuid))}`;
  return `CREATE TABLE IF NOT EXISTS ${tableName(database, table)}${onCluster(on)} (\n  ${parts}\n)\n${engine}\nSETTINGS ${SETTINGS}${comment}`;
}

/** Where a table is made. */
export interface Placement {
  readonly on: string | null;
  readonly replicated: boolean;
}

const ALONE: Placement = Object.freeze({ on: null, replicated: false });

// The servers' own macros tell shards and replicas apart. An index that was made anew, or a table of another layout, shares nothing
// with the one before.
function replicatedEngine(database: string, table: string, uuid: string): string {
  const path = `/clickhouse/tables/{shard}/${database}/${encodeURIComponent(table)}/${uuid === "" ? "any" : uuid}-${LAYOUT}`;
  return `ReplicatedReplacingMergeTree(${quoteString(path)}, '{replica}', `;
}

/** Reads and writes the local tables of all shards of a cluster. All versions of a document are on one of them. */
export function createDistributed(
  database: string,
  table: string,
  mapping: Mapping,
  uuid: string,
  cluster: string,
  on: string | null,
): string {
  const parts = [...META, ...tableColumns(mapping)].map((column) => definition(column, false)).join(",\n  ");
  const of = [cluster, database, localTable(table)].map(quoteString).join(", ");
  const engine = `ENGINE = Distributed(${of}, cityHash64(_id))`;
  const comment = `COMMENT ${quoteString(tableComment(uuid))}`;
  return `CREATE TABLE IF NOT EXISTS ${tableName(database, table)}${onCluster(on)} (\n  ${parts}\n)\n${engine}\n${comment}`;
}

export type TableColumn = (Column | MadeColumn) & {
  /** No index looks at it. @default false */
  readonly plain?: boolean;
};

/** Columns of the fields, and those that ClickHouse itself makes of them. */
export function tableColumns(mapping: Mapping): readonly TableColumn[] {
  const indexed = indexedColumns(mapping);
  return [...fieldColumns(mapping), ...madeColumns(mapping)].map((column) => (indexed(column.name) ? column : { ...column, plain: true }));
}

/** `stored` is false for a table that keeps no rows itself. Adds columns that are new; null when there are none. */
export function addColumns(
  database: string,
  table: string,
  columns: readonly TableColumn[],
  withWords = true,
  on: string | null = null,
  stored = true,
): string | null {
  if (columns.length === 0) return null;
  const changes = [
    ...columns.map((column) => `ADD COLUMN IF NOT EXISTS ${definition(column, stored)}`),
    ...columns
      .flatMap((column) => (stored ? (indexDefinition(column, withWords) ?? []) : []))
      .map((index) => `ADD INDEX IF NOT EXISTS ${index}`),
  ];
  return `ALTER TABLE ${tableName(database, table)}${onCluster(on)} ${changes.join(", ")}`;
}

export function dropTable(database: string, table: string, on: string | null = null): string {
  return `DROP TABLE IF EXISTS ${tableName(database, table)}${onCluster(on)} SYNC`;
}

/** `which` is a condition, printed. */
export function deleteRows(database: string, table: string, which: string, on: string | null = null): string {
  return `DELETE FROM ${tableName(database, table)}${onCluster(on)} WHERE ${which}`;
}

function definition(column: Column | MadeColumn, stored = true): string {
  const { name, type } = column;
  if (!("made" in column)) return `${quoteName(name)} ${type}${stored ? (CODECS.get(name) ?? "") : ""}`;
  const list = quoteName(column.of);
  const value = column.made === "first" ? `arrayElement(${list}, 1)` : `arrayFilter((x, n) -> n > 1, ${list}, arrayEnumerateUniq(${list}))`;
  return `${quoteName(name)} ${type} MATERIALIZED ${value}${stored && /^U?Int(8|16|32|64)$/.test(type) ? WHOLE_NUMBERS : ""}`;
}

// Each part of a table knows the least and the greatest of its dates and whole numbers; and where each word of a text is, which
// servers before 26 can't.
function indexDefinition(column: TableColumn, withWords: boolean): string | null {
  const { name, type } = column;
  if (column.plain === true) return null;
  if ("made" in column) return type === "Int64" ? `${quoteName(`${name} range`)} ${quoteName(name)} TYPE minmax GRANULARITY 1024` : null;
  const words = withWords && type === "Array(String)" && name.endsWith("#tok");
  return words ? `${quoteName(`${name} words`)} ${quoteName(name)} TYPE text(tokenizer = 'array')` : null;
}
