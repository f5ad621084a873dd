// The journal's file: SQLite in WAL mode. A killed process loses nothing that was committed; a power cut may lose the last
// commits and damages nothing (synchronous = NORMAL, https://sqlite.org/wal.html#performance_considerations).
import { renameSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { messageOf } from "../../shared/thrown.ts";

/** What is known of a write. */
export const STATE = {
  /** Kept; its answer has not come. */
  intent: 0,
  /** Elasticsearch answered; the answer is kept. */
  answered: 1,
  /** No answer, or none that says which documents changed: Elasticsearch has to be asked. */
  doubt: 2,
} as const;

/** 64 MB. */
const LONG_LOG_PAGES = 4096;

// A change of a row writes the whole row again: what is long stands apart from what changes.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS writes (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    exchange INTEGER NOT NULL,
    upstream TEXT NOT NULL,
    cluster TEXT NOT NULL,
    time REAL NOT NULL,
    state INTEGER NOT NULL,
    head BLOB NOT NULL,
    bytes INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS bodies (row INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS answers (row INTEGER PRIMARY KEY, time REAL NOT NULL, head BLOB NOT NULL, body BLOB) STRICT;
  CREATE INDEX IF NOT EXISTS writes_by_state ON writes (state, cluster, row);
  CREATE TABLE IF NOT EXISTS gaps (
    cluster TEXT NOT NULL,
    name TEXT NOT NULL,
    documents INTEGER NOT NULL,
    reason TEXT NOT NULL,
    since REAL NOT NULL,
    PRIMARY KEY (cluster, name)
  ) STRICT, WITHOUT ROWID;
`;

/** A file of before, with the bodies in the rows themselves. */
const BODIES_APART = `
  BEGIN;
  INSERT INTO bodies SELECT row, body FROM writes WHERE body IS NOT NULL;
  INSERT INTO answers SELECT row, answered, answer_head, answer FROM writes WHERE answered IS NOT NULL;
  ALTER TABLE writes DROP COLUMN body;
  ALTER TABLE writes DROP COLUMN answered;
  ALTER TABLE writes DROP COLUMN answer_head;
  ALTER TABLE writes DROP COLUMN answer;
  COMMIT;
`;

export interface OpenedFile {
  readonly db: DatabaseSync;
  /** "" or what became of the file that was there. */
  readonly problem: string;
}

/** Opens or makes the file. One that can't be read is put aside, never deleted. Throws when no file can be made. */
export function openFile(file: string): OpenedFile {
  try {
    return { db: opened(file), problem: "" };
  } catch (error) {
    const aside = `${file}.damaged-${Date.now()}`;
    for (const suffix of ["", "-wal", "-shm"]) moveAside(file + suffix, aside + suffix);
    const why = messageOf(error);
    return { db: opened(file), problem: `The journal can't be read (${why}); it was put aside as ${aside} and a new one begun.` };
  }
}

function opened(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  try {
    // Bodies are long: pages of 16 KB take two thirds of the time that those of 4 KB do.
    db.exec("PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
    // Another thread moves the log to the file; a commit only where that one can't keep up.
    db.exec(`PRAGMA wal_autocheckpoint = ${LONG_LOG_PAGES}`);
    db.exec(SCHEMA);
    if (db.prepare("SELECT 1 FROM pragma_table_info('writes') WHERE name = 'body'").get() !== undefined) db.exec(BODIES_APART);
    // What waited for its answer when the last process ended will hear of none.
    db.exec(`UPDATE writes SET state = ${STATE.doubt} WHERE state = ${STATE.intent} OR (state = ${STATE.answered} AND cluster = '')`);
    db.exec("UPDATE writes SET exchange = 0");
    if (db.prepare("SELECT 1 FROM writes LIMIT 1").get() === undefined) db.exec("VACUUM");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function moveAside(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    // It is not there, or is in nobody's power to move: the next step says so.
  }
}
