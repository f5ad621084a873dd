// Opening a session file: whose it is, whether it is whole, and what becomes of a damaged one.
import { existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { messageOf } from "../../shared/thrown.ts";
import { APPLICATION_ID, configure, createSchema, pragma, readAsUpgraded, SCHEMA_VERSION, upgrade } from "./schema.ts";
import type { SessionProblem } from "./types.ts";

/** A session that can't be opened or used. `code` as in SessionProblem. */
export class SessionError extends Error {
  override readonly name = "SessionError";
  readonly code: SessionProblem["code"];

  constructor(problem: SessionProblem, cause?: unknown) {
    super(problem.message, { cause });
    this.code = problem.code;
  }
}

/** Nothing else runs while we wait for another program that writes to the session. */
const BUSY_TIMEOUT_MS = 500;
// A full check reads the whole file; a large one is checked as it is used.
const CHECKED_AT_OPEN = 128 * 1024 * 1024;

/** Opens or creates the file. Throws SessionError: corrupt, not_a_session, newer_version or unreadable. */
export function openDatabase(file: string, readOnly: boolean): DatabaseSync {
  if (!readOnly) mkdirSync(dirname(file), { recursive: true });
  const isNew = !existsSync(file) || statSync(file).size === 0;
  if (isNew && readOnly) throw new SessionError({ code: "unreadable", message: `There is no session at ${file}. Check the path.` });
  const db = connect(file, readOnly);
  try {
    if (isNew) createSchema(db);
    else check(db, file);
    configure(db, readOnly);
    if (pragma(db, "user_version") < SCHEMA_VERSION) readOnly ? readAsUpgraded(db) : upgrade(db);
    return db;
  } catch (error) {
    db.close();
    throw asSessionError(error, file);
  }
}

/** Another connection to a session that is open already, to read. Throws SessionError. */
export function openToRead(file: string): DatabaseSync {
  const db = connect(file, true);
  configure(db, true);
  if (pragma(db, "user_version") < SCHEMA_VERSION) readAsUpgraded(db);
  return db;
}

function connect(file: string, readOnly: boolean): DatabaseSync {
  try {
    return probed(new DatabaseSync(file, { readOnly, timeout: BUSY_TIMEOUT_MS }));
  } catch (error) {
    if (!readOnly || isDamage(error)) throw asSessionError(error, file);
  }
  try {
    // A folder that can't be written has no place for the write-ahead log's index: read the file as it lies there.
    const url = pathToFileURL(file);
    url.searchParams.set("immutable", "1");
    return probed(new DatabaseSync(url, { readOnly: true }));
  } catch (error) {
    throw asSessionError(error, file);
  }
}

// SQLite opens lazily: only the first read tells whether it can.
function probed(db: DatabaseSync): DatabaseSync {
  try {
    pragma(db, "user_version");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function check(db: DatabaseSync, file: string): void {
  if (pragma(db, "application_id") !== APPLICATION_ID) {
    const message = `${file} is a database of another program, not a session. Choose a session file.`;
    throw new SessionError({ code: "not_a_session", message });
  }
  const version = pragma(db, "user_version");
  if (version > SCHEMA_VERSION) {
    const message = `${file} was written by a newer version of Parallax (format ${version}, this one reads ${SCHEMA_VERSION}). Update to open it.`;
    throw new SessionError({ code: "newer_version", message });
  }
  db.prepare("SELECT count(*) FROM shape_verdicts").get();
  db.prepare("SELECT max(id) FROM exchanges").get();
  if (statSync(file).size > CHECKED_AT_OPEN) return;
  const verdict = Object.values(db.prepare("PRAGMA quick_check(1)").get() ?? {})[0];
  if (verdict !== "ok") throw damaged(file, String(verdict));
}

/** Moves a damaged session and its log out of the way; gives the new name. */
export function quarantine(file: string, time: Date): string {
  const moved = `${file}.corrupt-${time.toISOString().replaceAll(":", "-")}`;
  for (const suffix of ["", "-wal", "-shm"]) if (existsSync(file + suffix)) renameSync(file + suffix, moved + suffix);
  return moved;
}

const BUSY = 5;
const LOCKED = 6;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;
const FULL = 13;
const IO_ERROR = 10;
const READ_ONLY = 8;
const CANNOT_OPEN = 14;

// SQLite's extended codes keep the plain one in the low byte.
function sqliteCode(error: unknown): number {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : 0;
}

/** True when the file is not, or no longer, a sound database. */
export function isDamage(error: unknown): boolean {
  if (error instanceof SessionError) return error.code === "corrupt";
  return (
    [CORRUPT, NOT_A_DATABASE].includes(sqliteCode(error)) ||
    (error instanceof Error && /no such (table|column)|malformed/.test(error.message))
  );
}

/** True when another program holds the session. */
export function isHeld(error: unknown): boolean {
  return [BUSY, LOCKED].includes(sqliteCode(error));
}

/** True when there is no room, or the disk refuses to write: it may be well again later. */
export function isNoRoom(error: unknown): boolean {
  return [FULL, IO_ERROR, READ_ONLY, CANNOT_OPEN].includes(sqliteCode(error));
}

function damaged(file: string, what: string): SessionError {
  return new SessionError({ code: "corrupt", message: `The session ${file} is damaged (${what}).` });
}

function asSessionError(error: unknown, file: string): SessionError {
  if (error instanceof SessionError) return error;
  const what = messageOf(error);
  if (isDamage(error)) return damaged(file, what);
  const message = `The session ${file} can't be opened: ${what}. Check that the path can be read and written.`;
  return new SessionError({ code: "unreadable", message }, error);
}
