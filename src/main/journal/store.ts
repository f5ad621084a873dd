// The journal's rows: kept, answered, taken, gone. Changes are gathered and written in one transaction (`flush`).
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import { readResponseHead } from "../proxy/head_text.ts";
import { changedDocuments } from "./changed_documents.ts";
import type { Gap, JournalRow, Left } from "./messages.ts";
import { STATE } from "./schema.ts";

const WHOLE = `
  SELECT writes.row, writes.exchange, writes.time, writes.head, bodies.body,
    answers.time AS answered, answers.head AS answer_head, answers.body AS answer
  FROM writes LEFT JOIN bodies ON bodies.row = writes.row LEFT JOIN answers ON answers.row = writes.row
  WHERE writes.row = ?
`;

export interface NewIntent {
  readonly exchange: number;
  readonly time: number;
  readonly upstream: string;
  readonly head: Uint8Array;
  readonly body: Uint8Array | null;
}

export interface NewAnswer {
  readonly exchange: number;
  readonly time: number;
  readonly head: Uint8Array;
  readonly body: Uint8Array | null;
}

/** A write of this run, known by its exchange. */
interface Known {
  readonly row: number;
  bytes: number;
  /** False when its bodies found no room. */
  whole: boolean;
  /** The engine has let go of it, or Elasticsearch has to be asked what it changed. */
  left: boolean;
  /** How many documents of each index it changed, where there was no room for what it changed them to; null: not known. */
  changed: ReadonlyMap<string, number> | null;
}

const FULL = "the journal was full";

export class JournalStore {
  readonly #db: DatabaseSync;
  readonly #capBytes: number;
  readonly #insert: StatementSync;
  readonly #body: StatementSync;
  readonly #sized: StatementSync;
  readonly #answered: StatementSync;
  readonly #answer: StatementSync;
  readonly #state: StatementSync;
  readonly #delete: readonly StatementSync[];
  readonly #whole: StatementSync;
  readonly #answeredRows: StatementSync;
  readonly #doubtedRows: StatementSync;
  readonly #clusters = new Map<string, string>();
  readonly #known = new Map<number, Known>();
  /** Answered writes of this run that the engine still has in its hands, by row. */
  readonly #held = new Set<number>();
  /** Exchanges whose intents or answers are new in this transaction. */
  readonly #added: number[] = [];
  rows = 0;
  bytes = 0;

  constructor(db: DatabaseSync, capBytes: number) {
    this.#db = db;
    this.#capBytes = capBytes;
    this.#insert = db.prepare("INSERT INTO writes (exchange, upstream, cluster, time, state, head, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)");
    this.#body = db.prepare("INSERT INTO bodies VALUES (?, ?)");
    this.#sized = db.prepare("UPDATE writes SET bytes = ? WHERE row = ?");
    this.#answered = db.prepare("UPDATE writes SET state = ?, bytes = ? WHERE row = ?");
    this.#answer = db.prepare("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)");
    this.#state = db.prepare("UPDATE writes SET state = ?, cluster = ? WHERE row = ?");
    this.#delete = ["writes", "bodies", "answers"].map((table) => db.prepare(`DELETE FROM ${table} WHERE row = ?`));
    this.#whole = db.prepare(WHOLE);
    this.#answeredRows = db.prepare("SELECT row, bytes FROM writes WHERE state = ? AND cluster = ? ORDER BY row");
    this.#doubtedRows = db.prepare(
      "SELECT row, bytes FROM writes WHERE state = ? AND (cluster = ? OR (cluster = '' AND upstream = ?)) AND row > ? ORDER BY row",
    );
    this.#count();
  }

  /** Runs `changes` in one transaction. Throws what SQLite throws; then nothing of it is kept. */
  flush(changes: () => void): void {
    this.#added.length = 0;
    try {
      this.#db.exec("BEGIN IMMEDIATE");
      changes();
      this.#db.exec("COMMIT");
    } catch (error) {
      // SQLite rolls back by itself when the disk is full.
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      for (const exchange of this.#added) this.#known.delete(exchange);
      this.#count();
      throw error;
    }
  }

  cluster(upstream: string, uuid: string): void {
    this.#clusters.set(upstream, uuid);
  }

  /** A write of which more is to come: until `keep` nothing is known of it but that it may change something. */
  begin({ exchange, time, upstream, head }: Omit<NewIntent, "body">): Known {
    const cluster = this.#clusters.get(upstream) ?? "";
    const bytes = head.byteLength;
    const { lastInsertRowid } = this.#insert.run(exchange, upstream, cluster, time, STATE.intent, head, bytes);
    const known = { row: Number(lastInsertRowid), bytes, whole: false, left: false, changed: null };
    this.#known.set(exchange, known);
    this.#added.push(exchange);
    this.rows += 1;
    this.bytes += bytes;
    return known;
  }

  keep(intent: NewIntent): void {
    const { exchange, body } = intent;
    const known = this.#known.get(exchange) ?? this.begin(intent);
    if (body === null || this.bytes + body.byteLength > this.#capBytes) return;
    this.#body.run(known.row, body);
    known.bytes += body.byteLength;
    known.whole = true;
    this.#sized.run(known.bytes, known.row);
    this.#added.push(exchange);
    this.bytes += body.byteLength;
  }

  answered({ exchange, time, head, body }: NewAnswer): void {
    const known = this.#known.get(exchange);
    if (known === undefined) return;
    const size = known.bytes + head.byteLength + (body?.byteLength ?? 0);
    const whole = known.whole && body !== null;
    const bytes = whole ? size : known.bytes;
    const { changes } = this.#answered.run(whole ? STATE.answered : STATE.doubt, bytes, known.row);
    if (changes > 0) this.#answer.run(known.row, time, head, whole ? body : null);
    this.bytes += bytes - known.bytes;
    known.bytes = bytes;
    known.whole = whole;
    if (!whole && body !== null) {
      const { status, headers } = readResponseHead(Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1"));
      known.changed = changedDocuments(status, headers, body);
    }
    this.#added.push(exchange);
    if (!known.left) this.#held.add(known.row);
  }

  /** The engine has mirrored it, or it changed nothing. */
  done(exchange: number): void {
    const known = this.#known.get(exchange);
    if (known === undefined) return;
    this.#forget(exchange, known);
    this.#remove(known.row, known.bytes);
  }

  /** The engine does not have it in its hands any more: it is to be taken from here, or asked for (`doubt`). */
  leave(exchange: number, doubt: boolean): Left {
    const known = this.#known.get(exchange);
    if (known === undefined) return "unknown";
    this.#held.delete(known.row);
    known.left = true;
    if (known.changed !== null && this.#countOnly(exchange, known, known.changed)) return "counted";
    if (doubt) this.#db.prepare("UPDATE writes SET state = ? WHERE row = ?").run(STATE.doubt, known.row);
    return known.whole ? "whole" : "thin";
  }

  /** What was taken is mirrored (gone), or has to be asked for (`doubt`). */
  settled(rows: readonly number[], doubt: boolean): void {
    for (const row of rows) {
      const stored = this.#db.prepare("SELECT exchange, bytes, cluster FROM writes WHERE row = ?").get(row);
      if (stored === undefined) continue;
      if (doubt) this.#state.run(STATE.doubt, stored.cluster ?? "", row);
      else {
        this.#known.delete(Number(stored.exchange));
        this.#remove(row, Number(stored.bytes));
      }
    }
  }

  take(cluster: string, bytes: number): readonly JournalRow[] {
    return this.#page(this.#answeredRows.iterate(STATE.answered, cluster), bytes);
  }

  /** Those that come after a row. */
  doubts(cluster: string, upstream: string, after: number, bytes: number): readonly JournalRow[] {
    return this.#page(this.#doubtedRows.iterate(STATE.doubt, cluster, upstream, after), bytes);
  }

  /** What is in nobody's hands, about so many octets: all that waits may be more than memory holds. */
  #page(waiting: Iterable<Cells>, bytes: number): readonly JournalRow[] {
    const page: JournalRow[] = [];
    let size = 0;
    for (const { row, bytes: own } of waiting) {
      if (this.#held.has(Number(row))) continue;
      const cells = this.#whole.get(Number(row));
      if (cells === undefined) continue;
      page.push(rowOf(cells));
      size += Number(own);
      if (size >= bytes) break;
    }
    return page;
  }

  addGaps(cluster: string, gaps: readonly Gap[]): void {
    const add = this.#db.prepare(
      "INSERT INTO gaps VALUES (?, ?, ?, ?, ?) ON CONFLICT (cluster, name) DO UPDATE SET documents = documents + excluded.documents",
    );
    for (const { index, documents, reason, since } of gaps) add.run(cluster, index, documents, reason, since);
  }

  /** So many of the documents that were missing are there now. */
  fill(cluster: string, index: string, documents: number): void {
    this.#db.prepare("UPDATE gaps SET documents = documents - ? WHERE cluster = ? AND name = ?").run(documents, cluster, index);
    this.#db.prepare("DELETE FROM gaps WHERE cluster = ? AND name = ? AND documents <= 0").run(cluster, index);
  }

  gaps(cluster: string): readonly Gap[] {
    const stored = this.#db.prepare("SELECT * FROM gaps WHERE cluster = ? ORDER BY name").all(cluster);
    return stored.map(({ name, documents, reason, since }) => ({
      index: String(name),
      documents: Number(documents),
      reason: String(reason),
      since: Number(since),
    }));
  }

  #count(): void {
    const all = this.#db.prepare("SELECT count(*) AS rows, coalesce(sum(bytes), 0) AS bytes FROM writes").get();
    this.rows = Number(all?.rows ?? 0);
    this.bytes = Number(all?.bytes ?? 0);
  }

  /** Nothing is left of it but how many documents it changed. False when it is not known whose they are. */
  #countOnly(exchange: number, known: Known, changed: ReadonlyMap<string, number>): boolean {
    const stored = this.#db.prepare("SELECT cluster, time FROM writes WHERE row = ?").get(known.row);
    const cluster = String(stored?.cluster ?? "");
    if (cluster === "") return false;
    const since = Number(stored?.time);
    this.addGaps(
      cluster,
      [...changed].map(([index, documents]) => ({ index, documents, reason: FULL, since })),
    );
    this.#forget(exchange, known);
    this.#remove(known.row, known.bytes);
    return true;
  }

  #forget(exchange: number, { row }: Known): void {
    this.#known.delete(exchange);
    this.#held.delete(row);
  }

  #remove(row: number, bytes: number): void {
    for (const one of this.#delete) one.run(row);
    this.rows -= 1;
    this.bytes -= bytes;
  }
}

type Cells = Readonly<Record<string, SQLOutputValue>>;

function rowOf(cells: Cells): JournalRow {
  const answered =
    cells.answered === null ? null : { time: Number(cells.answered), head: bytesOf(cells.answer_head), body: blobOf(cells.answer) };
  return {
    row: Number(cells.row),
    exchange: Number(cells.exchange),
    time: Number(cells.time),
    head: bytesOf(cells.head),
    body: blobOf(cells.body),
    answer: answered,
  };
}

function bytesOf(value: SQLInputValue | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}

function blobOf(value: SQLInputValue | undefined): Uint8Array | null {
  return value instanceof Uint8Array ? value : null;
}
