// A session: every exchange of a run in one SQLite file. Calls are synchronous; writes are gathered and go to disk in one
// transaction every 20 ms, and whatever reads sees them at once. What is committed survives a kill. When the disk is full,
// exchanges are counted as missed until there is room again: nothing here ever stops the traffic.
import { rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { setImmediate as turn } from "node:timers/promises";
import type { CompareAnswer, CompareQuery } from "../../shared/compare.ts";
import type { BodySide, ExchangePage, Timeline, VerdictCounts, Verdicts } from "../../shared/contract.ts";
import type { ExchangeDetail, ExchangeSummary } from "../../shared/exchange.ts";
import { messageOf } from "../../shared/thrown.ts";
import { LargeBodies } from "./large_bodies.ts";
import { type OpenSession, openOrReplace, replaceDamaged } from "./open_session.ts";
import { bytesOf, type PendingWrite, PendingWrites } from "./pending.ts";
import { type Answers, answerTo, type Question } from "./questions.ts";
import { EVERYTHING } from "./reader.ts";
import { ReadingThread } from "./reading_thread.ts";
import { saveSession } from "./save.ts";
import { bytesInUse, CACHE_BYTES } from "./schema.ts";
import { isDamage, isHeld, isNoRoom, SessionError } from "./session_file.ts";
import type {
  BodiesToWrite,
  BodySlice,
  CapturedBodies,
  ExchangePatch,
  Filter,
  ListQuery,
  SessionOptions,
  SessionProblem,
  SessionStats,
} from "./types.ts";

const FLUSH_AFTER_MS = 20;
const FLUSH_AT_EXCHANGES = 500;
const FLUSH_AT_BYTES = 8 * 1024 * 1024;
const RETRY_AFTER_MS = 1000;
const RETRIED_AT_ONCE = 10;
/** Of fewer exchanges any question is answered before a thread would have begun. */
const ASKED_BESIDE_FROM = 5000;
/** What is kept in memory while nothing can be written. */
const HELD_EXCHANGES = 1000;
const HELD_BYTES = 64 * 1024 * 1024;

/** Opens or creates a session. Throws SessionError where the file is not to be used and not to be replaced. */
export function openSession(file: string, options: SessionOptions = {}): Session {
  return new Session(file, options);
}

export class Session {
  readonly file: string;
  readonly readOnly: boolean;
  readonly #options: SessionOptions;
  readonly #pending = new PendingWrites();
  readonly #large = new LargeBodies((id, bodies) => this.#packed(id, bodies));
  /** A page that somebody waits for does not wait for sums over everything. */
  readonly #threads: { readonly pages: ReadingThread; readonly sums: ReadingThread; readonly groups: ReadingThread };
  #open: OpenSession;
  #timer: NodeJS.Timeout | null = null;
  #problem: SessionProblem | null = null;
  #exchanges = 0;
  #missed = 0;
  #forgotten = 0;
  #writes = 0;
  #lastId = 0;
  #closed = false;

  constructor(file: string, options: SessionOptions) {
    this.file = file;
    this.readOnly = options.readOnly ?? false;
    this.#options = options;
    this.#threads = {
      pages: new ReadingThread(file, "pages"),
      sums: new ReadingThread(file, "sums"),
      groups: new ReadingThread(file, "groups"),
    };
    this.#open = this.#took(openOrReplace(this.file, this.#options));
  }

  /** What keeps exchanges from being written; null when all is well. */
  get problem(): SessionProblem | null {
    return this.#problem;
  }

  /** Ids grow by one and are never given twice in a session. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Takes an exchange, or a fuller record of one taken before. */
  put(detail: ExchangeDetail, bodies: CapturedBodies = {}): void {
    if (!this.#accepts()) return;
    this.#lastId = Math.max(this.#lastId, detail.id);
    this.#pending.put(detail, this.#large.take(detail.id, detail, bodies));
    this.#schedule(detail.id);
  }

  /** Changes members of an exchange; nothing happens when it is gone. */
  update(id: number, patch: ExchangePatch, bodies: CapturedBodies = {}): void {
    if (this.#closed || this.readOnly) return;
    this.#pending.update(id, patch, this.#large.take(id, null, bodies));
    this.#schedule(id);
  }

  #packed(id: number, bodies: BodiesToWrite): void {
    this.#pending.update(id, {}, bodies);
    this.#schedule(id);
  }

  /** Counts exchanges that never got here. */
  missed(count: number): void {
    this.#missed += count;
  }

  pin(id: number, pinned: boolean): ExchangeSummary | null {
    this.update(id, { pinned });
    return this.summary(id);
  }

  /** Gives an exchange a marker, a comment or both ("" takes one away); what has either is pinned by it. */
  mark(id: number, marks: { readonly marker?: string; readonly comment?: string }): ExchangeSummary | null {
    const pins = marks.marker || marks.comment ? { pinned: true } : {};
    this.update(id, { ...marks, ...pins });
    return this.summary(id);
  }

  list(query: ListQuery = {}): ExchangePage {
    if (query.filter?.scans === true) this.#large.settle();
    return this.#read(({ reader }) => reader.list(query, this.#known));
  }

  /** Answers beside the thread that the traffic goes through, where the answer may take long; `gone`: nobody waits any more. */
  async ask<Q extends Question>(question: Q, gone?: AbortSignal): Promise<Answers[Q["kind"]]> {
    if (question.kind === "list" && question.query.filter?.scans === true) this.#large.settle();
    const ofAll = question.kind === "list" && (question.query.filter ?? EVERYTHING).where === EVERYTHING.where;
    // The answer of a kind of question has that kind.
    const here = () => this.#read((open) => answerTo(open, question, this.#known)) as Answers[Q["kind"]];
    if (ofAll || this.#exchanges < ASKED_BESIDE_FROM) return here();
    this.#read(() => {}); // what is pending is committed: the others see only that
    const asked = this.#threadFor(question).ask(question, this.#known, this.#open.changes, gone);
    return await asked.catch((error) => {
      if (gone?.aborted === true) throw error;
      return here();
    });
  }

  #threadFor(question: Question): ReadingThread {
    const { pages, sums, groups } = this.#threads;
    switch (question.kind) {
      case "list":
        return question.query.limit === 1 && question.query.after === undefined ? sums : pages;
      case "ranges":
        return pages;
      case "timeline":
      case "verdicts":
        return sums;
      case "groups":
      case "points":
      case "differing":
        return groups;
    }
  }

  get #known() {
    return { exchanges: this.#exchanges, writes: this.#writes };
  }

  summary(id: number): ExchangeSummary | null {
    return this.#read(({ reader }) => reader.summary(id));
  }

  get(id: number): ExchangeDetail | null {
    return this.#read(({ reader }) => reader.detail(id));
  }

  /** At most 1 MiB of a body, its content coding undone, from byte `offset`. */
  body(id: number, side: BodySide, offset = 0): BodySlice {
    return this.#read(({ bodies }) => bodies.slice(id, side, offset, this.#large.get(id, side)));
  }

  /** Makes slices of a large body ready beside the thread; the first of them would have to wait for it otherwise. */
  async prepareBody(id: number, side: BodySide): Promise<void> {
    if (this.#large.get(id, side) === undefined) await this.#read(({ bodies }) => bodies.prepare(id, side));
  }

  /** A whole body as it was sent, to send it again; null where there is none. */
  rawBody(id: number, side: BodySide): Uint8Array | null {
    return this.#large.get(id, side) ?? this.#read(({ bodies }) => bodies.raw(id, side));
  }

  /** A whole body with its content coding undone; null where there is none. */
  decodedBody(id: number, side: BodySide): Uint8Array | null {
    return this.#large.get(id, side) ?? this.#read(({ bodies }) => bodies.decoded(id, side));
  }

  /** Ids above `from` of exchanges that pass the filter, oldest first, as many as there are when it is asked; others get a turn between pieces. */
  async *ids(filter: Filter = EVERYTHING, from = 0): AsyncGenerator<number> {
    const end = this.#lastId;
    let after = from;
    while (after < end && !this.#closed) {
      const { ids, to } = this.#read(({ reader }) => reader.idsAfter(filter, after, end));
      yield* ids;
      after = to;
      await turn();
    }
  }

  /** Whether an exchange passes the filter. */
  passes(id: number, filter: Filter): boolean {
    if (filter.scans) this.#large.settle();
    return this.#read(({ reader }) => reader.passes(id, filter));
  }

  /** The highest id that was given. */
  get lastId(): number {
    return this.#lastId;
  }

  timeline(filter?: Filter): Timeline {
    return this.#read(({ reader }) => reader.timeline(filter ?? EVERYTHING, this.#writes));
  }

  verdicts(): Verdicts {
    return this.#read(({ verdicts }) => verdicts.verdicts(this.#writes));
  }

  /** Searches by what they have in common; `filter` is the query's, compiled, and reads no bodies. */
  compare(query: CompareQuery, filter?: Filter): CompareAnswer {
    return this.#read(({ groups }) => groups.answer(query, filter, this.#writes));
  }

  /** The totals of `verdicts` alone. */
  verdictCounts(): VerdictCounts {
    return this.#read(({ verdicts }) => verdicts.counts());
  }

  stats(): SessionStats {
    // Whoever shows figures every second may ask once more after the end.
    const forgotten = this.#forgotten > 0 ? { forgotten: this.#forgotten } : {};
    const counted = (bytes: number): SessionStats => ({ exchanges: this.#exchanges, missed: this.#missed, ...forgotten, bytes });
    if (this.#closed) return counted(0);
    return this.#read(({ db }) => counted(bytesInUse(db)));
  }

  /** Octets that wait to be written, roughly, and the most that SQLite keeps of the file in memory. */
  held(): { readonly waitingBytes: number; readonly cacheBytes: number } {
    const connections = 1 + Object.values(this.#threads).filter(({ runs }) => runs).length;
    const cacheBytes = connections * Math.min(CACHE_BYTES, this.stats().bytes);
    return { waitingBytes: this.#pending.bytes + this.#large.bytes, cacheBytes };
  }

  /** Forgets everything, pinned or not, and gives the space back. Ids go on. */
  clear(): void {
    if (this.#closed || this.readOnly) return;
    this.#pending.clear();
    this.#large.clear();
    this.#endThreads();
    this.#open.db.close();
    // Where an open file can't be removed, a thread may still be closing it.
    for (const suffix of ["", "-wal", "-shm"]) rmSync(this.file + suffix, { force: true, maxRetries: 10, retryDelay: 20 });
    this.#open = this.#took(openOrReplace(this.file, this.#options));
    this.#missed = 0;
    this.#forgotten = 0;
    this.#writes += 1;
    this.#tell(null);
  }

  /** Writes all of the session to another file, compact and without a log beside it. Does not block. */
  async saveAs(file: string): Promise<{ readonly file: string; readonly bytes: number }> {
    this.flush();
    return await saveSession(this.file, file);
  }

  /** Writes what is pending at once. */
  flush(): void {
    this.#large.settle();
    this.#flush();
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#closed) return;
    // Where there was no room, little by little: what fits is kept.
    const most = this.#problem === null ? Number.POSITIVE_INFINITY : RETRIED_AT_ONCE;
    let written = true;
    while (written && this.#pending.size > 0) written = this.#writeSome(most);
  }

  #writeSome(most: number): boolean {
    const batch = this.#pending.take(most);
    try {
      this.#writeBatch(batch);
      if (this.#pending.size === 0) this.#tell(null);
      return true;
    } catch (error) {
      if (isOfTheRecords(error)) return this.#writeWithout(batch, error);
      this.#pending.restore(batch);
      this.#writingFailed(error);
      return false;
    }
  }

  // One record that can't be written must not keep all others from it for ever.
  #writeWithout(batch: readonly PendingWrite[], error: unknown): boolean {
    if (batch.length > 1) {
      this.#pending.restore(batch);
      return this.#writeSome(Math.ceil(batch.length / 2));
    }
    this.#missed += 1;
    const what = messageOf(error);
    this.#options.onFault?.(`Exchange ${batch[0]?.id} could not be kept: ${what}`);
    return true;
  }

  /** Writes what is pending and closes the file, its log folded in. */
  close(): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#endThreads();
    this.#open.db.close();
  }

  #endThreads(): void {
    for (const thread of Object.values(this.#threads)) thread.end();
  }

  #writeBatch(batch: readonly PendingWrite[]): void {
    const { writing, changes } = this.#open;
    if (writing === null) return;
    let removed: readonly number[] = [];
    const added = writing.writer.write(batch, () => {
      const room = writing.retention.makeRoom(bytesOf(batch));
      removed = room.removed;
      if (!room.fits) throw new SessionError(allPinned(this.file));
    });
    changes.markExchanges([...batch.map(({ id }) => id), ...removed]);
    this.#exchanges += added.length - removed.length;
    this.#forgotten += removed.length;
    this.#writes += 1;
  }

  #accepts(): boolean {
    if (this.#closed || this.readOnly) return false;
    const full = this.#problem !== null && (this.#pending.size >= HELD_EXCHANGES || this.#pending.bytes >= HELD_BYTES);
    if (full) this.#missed += 1;
    return !full;
  }

  #schedule(id: number): void {
    this.#open.bodies.forget(id);
    const crowded = this.#pending.size >= FLUSH_AT_EXCHANGES || this.#pending.bytes >= FLUSH_AT_BYTES;
    if (crowded && this.#problem === null) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), this.#problem === null ? FLUSH_AFTER_MS : RETRY_AFTER_MS);
  }

  // Whatever is read is read after what is pending.
  #read<T>(use: (open: OpenSession) => T): T {
    if (this.#problem === null) this.#flush();
    try {
      return use(this.#open);
    } catch (error) {
      if (!isDamage(error) || this.readOnly || this.#closed) throw error;
      this.#replaceDamaged(error);
      return use(this.#open);
    }
  }

  #writingFailed(error: unknown): void {
    if (isDamage(error)) {
      this.#replaceDamaged(error);
      this.#timer ??= setTimeout(() => this.#flush(), FLUSH_AFTER_MS);
      return;
    }
    const pinned = error instanceof SessionError && error.code === "full";
    if (!pinned && !isHeld(error)) foldLogIn(this.#open.db);
    this.#tell(pinned ? { code: "full", message: error.message } : isHeld(error) ? held(this.file) : noRoom(this.file, error));
    this.#timer ??= setTimeout(() => this.#flush(), RETRY_AFTER_MS);
  }

  #replaceDamaged(error: unknown): void {
    if (this.#options.onCorrupt === "refuse") throw error;
    this.#endThreads();
    this.#open.db.close();
    this.#open = this.#took(replaceDamaged(this.file, this.#options, error));
    this.#writes += 1;
  }

  // Ids go on where the file ends, or where this session was.
  #took(opened: OpenSession): OpenSession {
    this.#exchanges = opened.exchanges;
    this.#lastId = Math.max(this.#lastId, opened.lastId);
    return opened;
  }

  #tell(problem: SessionProblem | null): void {
    if (this.#problem?.code === problem?.code) return;
    this.#problem = problem;
    this.#options.onProblem?.(problem);
  }
}

/** True for an error that neither the file nor the disk is the reason of. */
function isOfTheRecords(error: unknown): boolean {
  return !(error instanceof SessionError) && !isDamage(error) && !isNoRoom(error) && !isHeld(error);
}

function held(file: string): SessionProblem {
  const message = `The session ${file} is being written by another program: new exchanges wait. Close that program; it goes on by itself.`;
  return { code: "full", message };
}

// The write-ahead log holds room that its pages need in the file: folded in and cut off, it gives some back.
function foldLogIn(db: DatabaseSync): void {
  try {
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (error) {
    if (!isNoRoom(error)) throw error;
  }
}

function noRoom(file: string, error: unknown): SessionProblem {
  const what = messageOf(error);
  const message = `The session ${file} can't be written (${what}): new exchanges are not kept. Free some space or clear the session; it goes on by itself.`;
  return { code: "full", message };
}

function allPinned(file: string): SessionProblem {
  const message = `The session ${file} is at its cap and everything in it is pinned: new exchanges are not kept. Unpin some or clear the session.`;
  return { code: "full", message };
}
