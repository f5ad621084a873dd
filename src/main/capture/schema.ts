// The tables of a session file. Ids are the exchanges' own; a part's id is `exchange * 65536 + position`, a body's is
// `exchange * 4 + side`, so that all of an exchange lies in one range of each table and needs no further index.
import type { DatabaseSync } from "node:sqlite";
import { addCompareTables, COMPARE_TABLES } from "./compare/tables.ts";

/** "PrLx" in the file's header: says whose file this is. */
export const APPLICATION_ID = 0x50724c78;
export const SCHEMA_VERSION = 4;

export const PARTS_PER_EXCHANGE = 65536;
export const BODIES_PER_EXCHANGE = 4;
export const BODY_SIDES = Object.freeze({ request: 0, elasticsearch: 1, clickhouse: 2 });
/** Of the few that something was done to: a body's id is `exchange * 2 + side` in a table of their own. */
export const OTHER_BODIES_PER_EXCHANGE = 2;
export const OTHER_BODY_SIDES = Object.freeze({ sent: 0, given: 1 });

// An exchange takes some 3.2 KB: fewer pages to write, and less space lost between rows, than with smaller ones.
const PAGE_SIZE = 16_384;
/** Pages of the log (32 MiB) after which it is folded in: pages that change with every batch are then written, and waited for, less often. */
const FOLDED_AFTER = 2048;

const INDICES_SINCE_2 = `
CREATE INDEX IF NOT EXISTS exchanges_marked ON exchanges (id) WHERE marker <> '';
CREATE INDEX IF NOT EXISTS exchanges_method ON exchanges (method);
CREATE INDEX IF NOT EXISTS exchanges_msearch ON exchanges (id) WHERE endpoint = '_msearch';
CREATE INDEX IF NOT EXISTS parts_unsupported ON parts (id) WHERE verdict = 'unsupported';
`;

const TABLE_SINCE_4 = `
CREATE TABLE IF NOT EXISTS other_bodies (
  id INTEGER PRIMARY KEY,
  coding TEXT NOT NULL,
  content_encoding TEXT NOT NULL,
  truncated INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;
`;

const TABLES = `
CREATE TABLE exchanges (
  id INTEGER PRIMARY KEY,
  time REAL NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  index_expression TEXT NOT NULL,
  kind TEXT NOT NULL,
  status INTEGER NOT NULL,
  verdict TEXT,
  note TEXT NOT NULL,
  elasticsearch_ms REAL,
  clickhouse_ms REAL,
  request_bytes INTEGER NOT NULL,
  response_bytes INTEGER NOT NULL,
  client TEXT NOT NULL,
  shape TEXT NOT NULL,
  pinned INTEGER NOT NULL,
  truncated INTEGER NOT NULL,
  host TEXT NOT NULL,
  request_type TEXT NOT NULL,
  response_type TEXT NOT NULL,
  error TEXT NOT NULL,
  aggregations TEXT NOT NULL,
  marker TEXT NOT NULL,
  comment TEXT NOT NULL,
  replayed INTEGER NOT NULL,
  source TEXT NOT NULL
) STRICT;
CREATE INDEX exchanges_verdict ON exchanges (verdict);
CREATE INDEX exchanges_kind ON exchanges (kind);
CREATE INDEX exchanges_status ON exchanges (status);
CREATE INDEX exchanges_shape ON exchanges (shape);
CREATE INDEX exchanges_index ON exchanges (index_expression);
CREATE INDEX exchanges_time ON exchanges (time, verdict);
CREATE INDEX exchanges_pinned ON exchanges (id) WHERE pinned = 1;

CREATE TABLE details (
  id INTEGER PRIMARY KEY,
  request TEXT NOT NULL,
  response TEXT NOT NULL,
  timings TEXT NOT NULL,
  mirror TEXT NOT NULL
) STRICT;

CREATE TABLE parts (
  id INTEGER PRIMARY KEY,
  index_expression TEXT NOT NULL,
  shape TEXT NOT NULL,
  verdict TEXT NOT NULL,
  reason TEXT NOT NULL,
  elasticsearch_ms REAL,
  clickhouse_ms REAL,
  coding TEXT NOT NULL,
  data BLOB
) STRICT;
CREATE INDEX parts_shape ON parts (shape, verdict);
${INDICES_SINCE_2}

CREATE TABLE bodies (
  id INTEGER PRIMARY KEY,
  coding TEXT NOT NULL,
  content_encoding TEXT NOT NULL,
  truncated INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;

${TABLE_SINCE_4}
CREATE TABLE shapes (shape TEXT PRIMARY KEY, sketch TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE shape_verdicts (
  shape TEXT NOT NULL,
  verdict TEXT NOT NULL,
  parts INTEGER NOT NULL,
  PRIMARY KEY (shape, verdict)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER parts_removed AFTER DELETE ON parts BEGIN
  UPDATE shape_verdicts SET parts = parts - 1 WHERE shape = old.shape AND verdict = old.verdict;
  DELETE FROM shape_verdicts WHERE shape = old.shape AND verdict = old.verdict AND parts <= 0;
END;
${COMPARE_TABLES}
`;

/** Lays out an empty file. */
export function createSchema(db: DatabaseSync): void {
  db.exec(`PRAGMA page_size = ${PAGE_SIZE}`);
  db.exec("PRAGMA journal_mode = WAL");
  db.exec(`BEGIN; ${TABLES} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
}

/** What files of format 1 lack, and what stands for it. */
const SINCE_2 = Object.freeze({ marker: "''", comment: "''", replayed: "0", source: "''" });

/** Brings a file of an earlier format to this one, in place. */
export function upgrade(db: DatabaseSync): void {
  const types = Object.entries(SINCE_2).map(([name, value]) => `${name} ${value === "0" ? "INTEGER" : "TEXT"} NOT NULL DEFAULT ${value}`);
  const columns = types.map((column) => `ALTER TABLE exchanges ADD COLUMN ${column};`).join(" ");
  const to2 = pragma(db, "user_version") < 2 ? `${columns} ${INDICES_SINCE_2}` : "";
  // Format 2 counted each part as it was added; the writer counts those of a batch.
  db.exec(`BEGIN; ${to2} DROP TRIGGER IF EXISTS parts_added; ${TABLE_SINCE_4}`);
  addCompareTables(db, false);
  db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
}

/** Lets a file of an earlier format be read like one of this format, without a change to it. */
export function readAsUpgraded(db: DatabaseSync): void {
  db.exec("CREATE TEMP VIEW IF NOT EXISTS other_bodies AS SELECT * FROM main.bodies WHERE 0");
  addCompareTables(db, true);
  if (pragma(db, "user_version") >= 2) return;
  const columns = Object.entries(SINCE_2).map(([name, value]) => `${value} AS ${name}`);
  db.exec(`CREATE TEMP VIEW exchanges AS SELECT *, ${columns.join(", ")} FROM main.exchanges`);
}

/** SQLite keeps so much of a file in memory, at most. */
export const CACHE_BYTES = 16_384 * 1024;

/** Settings of a connection: committed writes survive a crash of the app; memory stays small; freed pages are used again. */
export function configure(db: DatabaseSync, readOnly: boolean): void {
  db.exec(`PRAGMA cache_size = ${-CACHE_BYTES / 1024}; PRAGMA temp_store = MEMORY`);
  if (readOnly) return;
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 67108864");
  db.exec(`PRAGMA wal_autocheckpoint = ${FOLDED_AFTER}`);
}

/** The number that a pragma gives. */
export function pragma(db: DatabaseSync, name: "application_id" | "user_version" | "page_count" | "freelist_count" | "page_size"): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
}

/** Bytes in use: the file without its freed pages. */
export function bytesInUse(db: DatabaseSync): number {
  return (pragma(db, "page_count") - pragma(db, "freelist_count")) * pragma(db, "page_size");
}
