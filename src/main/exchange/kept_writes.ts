// Writes and the journal: what the mirror took at once is crossed out; what it could not take waits in the journal and is handed over
// again, oldest first; where nobody knows which documents a write changed, Elasticsearch is asked. An index with writes that wait
// is behind until they are in.
import type { MirrorNote } from "../../shared/exchange.ts";
import { changedDocuments } from "../journal/changed_documents.ts";
import type { Journal, JournalListener } from "../journal/journal.ts";
import type { JournalRow } from "../journal/messages.ts";
import type { Mirror } from "../mirror/mirror.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import type { Log } from "../report/log.ts";
import { type AskedWrites, askOfWrites, type DoubtedWrite, doubtedWrite } from "./asked_writes.ts";
import type { Backlog } from "./backlog.ts";
import type { Mirrored, MirrorSource } from "./cluster_mirror.ts";
import type { Gaps } from "./gaps.ts";
import { journaledWrite } from "./journaled_write.ts";

export interface KeptWritesOptions {
  readonly journal: Journal;
  readonly source: MirrorSource;
  readonly backlog: Backlog;
  readonly gaps: Gaps;
  /** The upstream's label, as the proxy gives it. */
  readonly upstream: string;
  readonly log: Log;
  /** An exchange whose write is mirrored now. */
  readonly noted: (exchange: number, note: MirrorNote) => void;
  /** More or less is in the journal, or it has a problem. */
  readonly countsChanged: () => void;
}

/** Octets that are handed over again at once. */
const TAKEN_BYTES = 16 * 1024 * 1024;
/** A write that is answered and that no exchange has come for by then was missed by the capture. */
const UNCLAIMED_MS = 3_000;
/** The journal has no answer for an exchange that came so long ago. */
const UNANSWERED_MS = 60_000;
/** Writes whose outcome Elasticsearch is asked for together. */
const MOST_ASKED = 10_000;
const SWEEP_MS = 1_000;
/** How soon it is tried again while a server is away, at first and at most. */
const AGAIN_MS = { first: 1_000, most: 10_000 };
/** How soon a task is asked for that was still at work. */
const TASK_AGAIN_MS = 2_000;

export class KeptWrites implements JournalListener {
  readonly #options: KeptWritesOptions;
  readonly #pattern: RegExp;
  /** Answered, and its exchange has not come; when, in epoch ms. */
  readonly #unclaimed = new Map<number, number>();
  /** Its exchange has come, and the journal has not told of its answer; when, in epoch ms. */
  readonly #claimed = new Map<number, number>();
  readonly #sweeping: NodeJS.Timeout;
  #running: Promise<void> | null = null;
  #kicked = true;
  /** The one that answered last; "" before the first. */
  #cluster = "";
  #wake: () => void = () => {};
  #againMs = AGAIN_MS.first;
  /** Some of the writes that wait are carried out by tasks that run on. */
  #tasks = false;
  #held = false;
  #mirrored = 0;
  readonly #closing = new AbortController();

  constructor(options: KeptWritesOptions) {
    this.#options = options;
    this.#pattern = new RegExp(options.journal.writes);
    this.#sweeping = setInterval(() => this.#sweep(), SWEEP_MS).unref();
    options.journal.listen(this);
    if (!options.journal.inherited) options.backlog.read();
    this.#running = this.#run();
  }

  /** Nothing is handed over from now on: all that the journal keeps waits. */
  hold(): void {
    this.#held = true;
  }

  /** Goes on. */
  release(): void {
    this.#held = false;
    this.#againMs = AGAIN_MS.first;
    this.kick();
  }

  get held(): boolean {
    return this.#held;
  }

  /** Writes that were handed over from the journal, and those that wait there. */
  get progress(): { readonly mirrored: number; readonly waiting: number } {
    return { mirrored: this.#mirrored, waiting: this.#options.backlog.size };
  }

  /** True for a request that the journal keeps. */
  keeps(method: string, target: string): boolean {
    return this.#options.journal.works && this.#pattern.test(`${method} ${target}`);
  }

  /** The exchange of a write has come: it is in the mirror's hands. */
  claim(exchange: number): void {
    if (!this.#unclaimed.delete(exchange)) this.#claimed.set(exchange, Date.now());
  }

  done(exchange: number): void {
    this.#options.journal.done(exchange);
  }

  /**
   * It can't be mirrored now. False when the journal does not have it. `ask`: Elasticsearch has to say what it changed. `documents`: so
   * many, as far as is known.
   */
  async leave(exchange: number, expression: string, ask: boolean, documents = 0): Promise<boolean> {
    const { backlog, journal } = this.#options;
    const key = keyOf(exchange);
    backlog.add(key, expression, documents);
    const left = await journal.leave(exchange, ask);
    if (left === "counted") await this.#readGaps();
    if (left === "unknown" || left === "counted") backlog.remove(key);
    if (left !== "unknown") this.kick();
    return left !== "unknown";
  }

  /** The journal has not kept a write that can't be mirrored now: its documents are counted. False when it is not known which they are. */
  lost({ response }: TappedExchange, reason: string): boolean {
    const { journal, gaps } = this.#options;
    if (response === null || response.truncated || this.#cluster === "" || !journal.works) return false;
    const changed = changedDocuments(response.status, response.headers, response.body);
    if (changed === null) return false;
    gaps.add(this.#cluster, changed, journal.counts.problem === "" ? reason : "the journal can't be written");
    this.kick();
    return true;
  }

  async #readGaps(): Promise<void> {
    const mirrored = await this.#options.source.mirrored();
    if (typeof mirrored !== "string") await this.#options.gaps.read(mirrored.cluster);
  }

  answered(exchange: number): void {
    if (!this.#claimed.delete(exchange)) this.#unclaimed.set(exchange, Date.now());
  }

  broken(exchange: number): void {
    this.#claimed.delete(exchange);
    this.#options.backlog.broken(keyOf(exchange));
    this.kick();
  }

  unsent(exchange: number): void {
    this.#claimed.delete(exchange);
    this.#options.backlog.remove(keyOf(exchange));
  }

  countsChanged(): void {
    this.#options.countsChanged();
  }

  problem(message: string): void {
    this.#options.log.write("error", message);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#sweeping);
    this.#wake();
    await this.#running;
  }

  #sweep(): void {
    for (const exchange of takeOlder(this.#unclaimed, UNCLAIMED_MS)) void this.leave(exchange, "", false);
    takeOlder(this.#claimed, UNANSWERED_MS);
  }

  /** Something is left, or a server has come. */
  kick(): void {
    this.#kicked = true;
    this.#wake();
  }

  /** Waits until something is left, or, with `ms`, so long at most. */
  #rest(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#kicked = false;
      const again = await this.#pass().catch((error: unknown) => {
        this.#options.log.write("error", "writes that wait in the journal could not be mirrored", { message: String(error) });
        return true;
      });
      if (this.#closing.signal.aborted) return;
      if (again) await this.#rest(this.#tasks ? TASK_AGAIN_MS : this.#againMs);
      else if (!this.#kicked) await this.#rest();
      this.#againMs = again && !this.#tasks ? Math.min(this.#againMs * 2, AGAIN_MS.most) : AGAIN_MS.first;
    }
  }

  /** Hands over what waits. True when something is left for later. */
  async #pass(): Promise<boolean> {
    const { source, backlog, gaps } = this.#options;
    if (this.#held) return false;
    const mirrored = await source.mirrored();
    if (typeof mirrored === "string") return true;
    this.#cluster = mirrored.cluster;
    if (source.unavailable() !== "") return true;
    if (this.#held) return false;
    let later = false;
    const { signal } = this.#closing;
    for (let rows = await this.#take(mirrored); rows.length > 0 && !signal.aborted && !this.#held; rows = await this.#take(mirrored)) {
      const settled = await Promise.all(rows.map((row) => this.#replay(mirrored.mirror, row)));
      later ||= settled.includes(false);
      if (later) break;
    }
    if (this.#held) return false;
    const doubts = await this.#doubts(mirrored);
    const left = doubts.length > 0 ? await this.#ask(mirrored.mirror, doubts) : "nothing";
    this.#tasks = left === "tasks";
    if (left === "failed") later = true;
    // They come so many at a time.
    else if (doubts.length > 0) this.#kicked = true;
    if (!later) backlog.read();
    if (!later && !(await gaps.fill(mirrored.cluster, mirrored.mirror, signal))) return true;
    return later || this.#tasks;
  }

  #take({ cluster }: Mirrored): Promise<readonly JournalRow[]> {
    return this.#options.journal.take(cluster, TAKEN_BYTES);
  }

  /** Read by pages: of their bodies no more is kept than which indices they name. */
  async #doubts({ cluster }: Mirrored): Promise<readonly DoubtedWrite[]> {
    const { journal, upstream } = this.#options;
    const doubts: DoubtedWrite[] = [];
    while (doubts.length < MOST_ASKED) {
      const page = await journal.doubts(cluster, upstream, doubts.at(-1)?.row ?? 0, TAKEN_BYTES);
      if (page.length === 0) break;
      doubts.push(...page.map(doubtedWrite));
    }
    return doubts;
  }

  /** False when it has to be tried again. */
  async #replay(mirror: Mirror, row: JournalRow): Promise<boolean> {
    const { journal, backlog } = this.#options;
    const request = journaledWrite(row);
    const written = request === null ? null : await mirror.hand(request, { kept: true, again: true });
    if (written?.left === "replay") return false;
    journal.settled([row.row], written === null || written.left === "ask");
    if (written === null || written.left === "ask") return true;
    backlog.remove(keyOf(row.exchange));
    this.#mirrored += 1;
    if (row.exchange > 0 && written.note !== null) this.#options.noted(row.exchange, written.note);
    return true;
  }

  /** Makes the indices that these may have changed equal again. */
  async #ask(mirror: Mirror, writes: readonly DoubtedWrite[]): Promise<AskedWrites["left"]> {
    const { journal, backlog, log, noted } = this.#options;
    const { settled, left } = await askOfWrites(mirror, writes, log, this.#closing.signal);
    journal.settled(settled.map(({ row }) => row));
    for (const { exchange, note } of settled) {
      backlog.remove(keyOf(exchange));
      if (exchange > 0 && note !== null) noted(exchange, note);
    }
    return left;
  }
}

function keyOf(exchange: number): string {
  return String(exchange);
}

/** Takes out what came longer than `ms` ago. */
function takeOlder(since: Map<number, number>, ms: number): readonly number[] {
  const before = Date.now() - ms;
  const older: number[] = [];
  for (const [exchange, time] of since) {
    if (time > before) break;
    since.delete(exchange);
    older.push(exchange);
  }
  return older;
}
