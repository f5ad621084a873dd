// An open session file with all that reads and writes it; a damaged one is replaced where that is wanted.
import type { DatabaseSync } from "node:sqlite";
import { messageOf } from "../../shared/thrown.ts";
import { BodyReader } from "./body_reader.ts";
import { CompareGroups } from "./compare/groups.ts";
import { registerFunctions } from "./filter/functions.ts";
import { Reader } from "./reader.ts";
import { Retention } from "./retention.ts";
import { pragma } from "./schema.ts";
import { SegmentChanges } from "./segments.ts";
import { isDamage, openDatabase, quarantine } from "./session_file.ts";
import type { SessionOptions } from "./types.ts";
import { VerdictCounter } from "./verdict_counts.ts";
import { Writer } from "./writer.ts";

const GIB = 1024 ** 3;
const DEFAULT_CAP = 2 * GIB;

export interface OpenSession {
  readonly db: DatabaseSync;
  readonly reader: Reader;
  readonly bodies: BodyReader;
  readonly verdicts: VerdictCounter;
  readonly groups: CompareGroups;
  /** What was written to or taken away since the file was opened. */
  readonly changes: SegmentChanges;
  /** null in a read-only session. */
  readonly writing: { readonly writer: Writer; readonly retention: Retention } | null;
  /** What was in the file when it was opened. */
  readonly exchanges: number;
  readonly lastId: number;
}

/** Opens the file; a damaged one is set aside and begun anew unless the options refuse. Throws SessionError. */
export function openOrReplace(file: string, options: SessionOptions): OpenSession {
  try {
    return open(file, options);
  } catch (error) {
    if (options.readOnly || options.onCorrupt === "refuse" || !isDamage(error)) throw error;
    return replaceDamaged(file, options, error);
  }
}

/** Sets a damaged file aside, says so, and begins a new one. Nothing may have it open any more. */
export function replaceDamaged(file: string, options: SessionOptions, error: unknown): OpenSession {
  const moved = quarantine(file, new Date());
  const what = messageOf(error);
  const message = `The session ${file} is damaged (${what}). It was kept as ${moved} and a new one was begun.`;
  options.onProblem?.({ code: "corrupt", message });
  return open(file, options);
}

function open(file: string, { readOnly = false, capBytes = DEFAULT_CAP, hardLimitBytes }: SessionOptions): OpenSession {
  const db = openDatabase(file, readOnly);
  try {
    registerFunctions(db);
    const pages = Math.ceil((hardLimitBytes ?? 2 * capBytes + GIB / 4) / pragma(db, "page_size"));
    if (!readOnly) db.exec(`PRAGMA max_page_count = ${pages}`);
    const changes = new SegmentChanges();
    const stored = db.prepare("SELECT count(*) AS exchanges, max(id) AS newest FROM exchanges").get();
    return {
      db,
      reader: new Reader(db, changes),
      bodies: new BodyReader(db),
      verdicts: new VerdictCounter(db),
      groups: new CompareGroups(db, changes),
      changes,
      writing: readOnly ? null : { writer: new Writer(db), retention: new Retention(db, capBytes) },
      exchanges: Number(stored?.exchanges ?? 0),
      lastId: Number(stored?.newest ?? 0),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}
