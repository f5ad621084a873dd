// Mapping → table. One table an index, one column a leaf (text has three), beside the columns that every mirror table has.
// Statements are text made of quoted names and types of our own; no value is ever in them.

import { fieldColumns, type MadeColumn, madeColumns } from "../elasticsearch/columns.ts";
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
const CODECS: Readonly<Record<string, string>> = { _source: " CODEC(ZSTD(1))", _seq_no: WHOLE_NUMBERS };

// share_nested_offsets = 0: arrays named alike do not share offsets, else old rows read invented values after ADD COLUMN.
// non_replicated_deduplication_window: an insert with the same token is applied once, across a restart too.
// min_bytes_for_wide_part = 0 is not set: small parts stay compact and cheap.
const SETTINGS = "share_nested_offsets = 0, non_replicated_deduplication_window = 1000";

/** `database`.`table`, quoted. */
export function tableName(database: string, table: string): string {
  return `${quoteName(database)}.${quoteName(table)}`;
}

export function createDatabase(database: string): string {
  return `CREATE DATABASE IF NOT EXISTS ${quoteName(database)}`;
}

export function dropDatabase(database: string): string {
  return `DROP DATABASE IF EXISTS ${quoteName(database)} SYNC`;
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
const LAYOUT = 6;

/** The comment of a table: which index it mirrors, and how. */
export function tableComment(uuid: string): string {
  return `${uuid} layout ${LAYOUT}`;
}

/**
 * A document is its `_id` on its shard: with custom routing one `_id` may be on several. Its last write wins by `_seq_no`,
 * which grows with every change of it; a delete is a row too. `uuid` is the index's own, kept in the table's comment: an
 * index that was made anew is not this table's any more.
 */
export function createTable(database: string, table: string, mapping: Mapping, uuid = "", withWords = true): string {
  const columns = tableColumns(mapping);
  const indices = columns.flatMap((column) => indexDefinition(column, withWords) ?? []);
  const parts = [...[...META, ...columns].map(definition), ...indices.map((index) => `INDEX ${index}`)].join(",\n  ");
  const engine = `ENGINE = ReplacingMergeTree(_seq_no, _deleted)\nPARTITION BY intDiv(_seq_no, ${PARTITION_DOCUMENTS})\nORDER BY (_id, _shard)`;
  const comment = `\nCOMMENT ${quoteString(tableComment(uuid))}`;
  return `CREATE TABLE IF NOT EXISTS ${tableName(database, table)} (\n  ${parts}\n)\n${engine}\nSETTINGS ${SETTINGS}${comment}`;
}

/** Columns of the fields, and those that ClickHouse itself makes of them. */
export function tableColumns(mapping: Mapping): readonly (Column | MadeColumn)[] {
  return [...fieldColumns(mapping), ...madeColumns(mapping)];
}

/** Adds columns that are new; null when there are none. */
export function addColumns(database: string, table: string, columns: readonly (Column | MadeColumn)[], withWords = true): string | null {
  if (columns.length === 0) return null;
  const changes = [
    ...columns.map((column) => `ADD COLUMN IF NOT EXISTS ${definition(column)}`),
    ...columns.flatMap((column) => indexDefinition(column, withWords) ?? []).map((index) => `ADD INDEX IF NOT EXISTS ${index}`),
  ];
  return `ALTER TABLE ${tableName(database, table)} ${changes.join(", ")}`;
}

export function dropTable(database: string, table: string): string {
  return `DROP TABLE IF EXISTS ${tableName(database, table)} SYNC`;
}

function definition(column: Column | MadeColumn): string {
  const { name, type } = column;
  if (!("made" in column)) return `${quoteName(name)} ${type}${CODECS[name] ?? ""}`;
  const list = quoteName(column.of);
  const value = column.made === "first" ? `arrayElement(${list}, 1)` : `arrayFilter((x, n) -> n > 1, ${list}, arrayEnumerateUniq(${list}))`;
  return `${quoteName(name)} ${type} MATERIALIZED ${value}${/^U?Int(8|16|32|64)$/.test(type) ? WHOLE_NUMBERS : ""}`;
}

// Each part of a table knows the least and the greatest of its dates and whole numbers; and where each word of a text is, which
// servers before 26 can't.
function indexDefinition(column: Column | MadeColumn, withWords: boolean): string | null {
  const { name, type } = column;
  if ("made" in column) return type === "Int64" ? `${quoteName(`${name} range`)} ${quoteName(name)} TYPE minmax GRANULARITY 1024` : null;
  const words = withWords && type === "Array(String)" && name.endsWith("#tok");
  return words ? `${quoteName(`${name} words`)} ${quoteName(name)} TYPE text(tokenizer = 'array')` : null;
}
