// The journal as the engine has it: writes are kept in a file before they are forwarded and until ClickHouse has them, so that no
// crash loses one. The proxy's thread puts them in by a port of its own; the engine says what became of each.
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { WriteJournal } from "../proxy/proxy_options.ts";
import type {
  FromJournalThread,
  Gap,
  JournalAnswers,
  JournalCounts,
  JournalQuestion,
  JournalRow,
  JournalStart,
  Left,
  ToJournalThread,
} from "./messages.ts";

export interface JournalListener {
  /** A write's answer is kept. */
  answered(exchange: number): void;
  /** A write ended without a whole answer. */
  broken(exchange: number): void;
  /** A write came to no Elasticsearch: nothing is kept of it. */
  unsent(exchange: number): void;
  countsChanged(): void;
  /** A fault of the journal's own, in words. */
  problem(message: string): void;
}

/** Nobody hears of it yet. */
const DEAF: JournalListener = { answered: () => {}, broken: () => {}, unsent: () => {}, countsChanged: () => {}, problem: () => {} };

/** Requests that change documents: `METHOD target`. The proxy's thread asks nothing but this. */
export const WRITES =
  "^(?:POST|PUT|DELETE) /+(?:(?:_all|[^_?/][^?/]*)/+){0,2}_(?:(?:bulk|doc|create|update)(?:[/?]|$)|(?:update_by_query|delete_by_query|reindex)/*(?:[?]|$))";
/** By default. */
export const JOURNAL_CAP_BYTES = 1024 ** 3;
const STOP_MS = 3_000;
/** What its threads have is bytes, outside of their heaps: room for more new objects would never be given back. */
const FEW_OBJECTS = Object.freeze({ maxYoungGenerationSizeMb: 6 });

type AnyAnswer = JournalAnswers[keyof JournalAnswers];

export class Journal implements WriteJournal {
  readonly writes = WRITES;
  /** An earlier run left writes. */
  readonly inherited: boolean;
  counts: JournalCounts = Object.freeze({ rows: 0, bytes: 0, problem: "" });
  readonly #worker: Worker;
  readonly #checkpoints: Worker;
  readonly #checkpointsEnded: Promise<void>;
  readonly #replies = new Map<number, { readonly settle: (answer: AnyAnswer) => void; readonly gone: AnyAnswer }>();
  #listener: JournalListener = DEAF;
  #nextReply = 1;
  #ended = false;

  private constructor(worker: Worker, checkpoints: Worker, inherited: boolean) {
    this.#worker = worker;
    this.#checkpoints = checkpoints;
    this.#checkpointsEnded = new Promise((resolve) => checkpoints.once("exit", () => resolve()));
    this.inherited = inherited;
    worker.on("message", (message: FromJournalThread) => this.#hear(message));
  }

  /** Opens or makes `file`; `problem` says what became of one that was damaged, "" for none. Throws when no file can be made. */
  static async start(file: string, capBytes = JOURNAL_CAP_BYTES): Promise<{ readonly journal: Journal; readonly problem: string }> {
    const workerData: JournalStart = { file, capBytes };
    const worker = new Worker(new URL("./thread.ts", import.meta.url), { name: "journal", workerData, resourceLimits: FEW_OBJECTS });
    const { promise, resolve, reject } = Promise.withResolvers<FromJournalThread & { readonly kind: "open" }>();
    worker.on("message", (message: FromJournalThread) => message.kind === "open" && resolve(message));
    worker.once("error", reject);
    const { problem, rows } = await promise;
    worker.off("error", reject);
    const options = { name: "journal log", workerData: file, resourceLimits: FEW_OBJECTS };
    const checkpoints = new Worker(new URL("./checkpoint_thread.ts", import.meta.url), options);
    // Without it the commits do its work.
    checkpoints.on("error", () => {});
    const journal = new Journal(worker, checkpoints, rows > 0);
    worker.on("error", (error) => journal.#failed(error));
    return { journal, problem };
  }

  /** False when its thread has failed. */
  get works(): boolean {
    return !this.#ended;
  }

  /** Who is told from now on. */
  listen(listener: JournalListener): void {
    this.#listener = listener;
  }

  connect(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#worker.postMessage({ kind: "connect", port: port1 } satisfies ToJournalThread, [port1]);
    return port2;
  }

  /** Writes to `upstream` (its label) are this cluster's from now on; "" while that is not known. */
  cluster(upstream: string, uuid: string): void {
    this.#tell({ kind: "cluster", upstream, uuid });
  }

  /** ClickHouse has it, or it changed nothing. */
  done(exchange: number): void {
    this.#tell({ kind: "done", exchange });
  }

  /** The engine lets go of it: it is to be taken, or, with `doubt`, Elasticsearch has to be asked which documents it changed. */
  leave(exchange: number, doubt: boolean): Promise<Left> {
    return this.#ask({ kind: "leave", exchange, doubt }, "unknown");
  }

  take(cluster: string, bytes: number): Promise<readonly JournalRow[]> {
    return this.#ask({ kind: "take", cluster, bytes }, []);
  }

  /** Writes that Elasticsearch has to be asked about, from after a row on, about so many octets. */
  doubts(cluster: string, upstream: string, after: number, bytes: number): Promise<readonly JournalRow[]> {
    return this.#ask({ kind: "doubts", cluster, upstream, after, bytes }, []);
  }

  /** Rows that were taken are mirrored; or, with `doubt`, Elasticsearch has to be asked about them. */
  settled(rows: readonly number[], doubt = false): void {
    if (rows.length > 0) this.#tell({ kind: "settled", rows, doubt });
  }

  addGaps(cluster: string, gaps: readonly Gap[]): void {
    this.#tell({ kind: "gap", cluster, gaps });
  }

  /** So many of an index's documents that were counted as gaps are mirrored now. */
  filled(cluster: string, index: string, documents: number): void {
    this.#tell({ kind: "filled", cluster, index, documents });
  }

  gaps(cluster: string): Promise<readonly Gap[]> {
    return this.#ask({ kind: "gaps", cluster }, []);
  }

  async stop(): Promise<void> {
    const limit = Promise.withResolvers<void>();
    const timer = setTimeout(limit.resolve, STOP_MS);
    this.#checkpoints.postMessage("end");
    await Promise.race([this.#checkpointsEnded, limit.promise]);
    // Who closes the file last moves all of the log, and removes it.
    await Promise.race([this.#ask({ kind: "stop" }, null), limit.promise]);
    clearTimeout(timer);
    this.#ended = true;
    await Promise.all([this.#checkpoints.terminate(), this.#worker.terminate()]);
  }

  /** `gone`: what a journal that has failed answers. */
  #ask<K extends keyof JournalAnswers>(
    question: JournalQuestion & { readonly kind: K },
    gone: JournalAnswers[K],
  ): Promise<JournalAnswers[K]>;
  #ask(question: JournalQuestion, gone: AnyAnswer): Promise<AnyAnswer> {
    if (this.#ended) return Promise.resolve(gone);
    const reply = this.#nextReply;
    this.#nextReply += 1;
    return new Promise((settle) => {
      this.#replies.set(reply, { settle, gone });
      this.#tell({ ...question, reply });
    });
  }

  #tell(message: ToJournalThread): void {
    if (!this.#ended) this.#worker.postMessage(message);
  }

  #hear(message: FromJournalThread): void {
    switch (message.kind) {
      case "open":
        return;
      case "answered":
        for (const exchange of message.exchanges) this.#listener.answered(exchange);
        return;
      case "broken":
        this.#listener.broken(message.exchange);
        return;
      case "unsent":
        this.#listener.unsent(message.exchange);
        return;
      case "counts":
        this.counts = { rows: message.rows, bytes: message.bytes, problem: message.problem };
        this.#listener.countsChanged();
        return;
      case "reply":
        this.#replies.get(message.reply)?.settle(message.answer);
        this.#replies.delete(message.reply);
    }
  }

  #failed(error: Error): void {
    this.#ended = true;
    this.counts = { ...this.counts, problem: `The journal's thread failed: ${error.message}` };
    this.#listener.problem(this.counts.problem);
    for (const { settle, gone } of this.#replies.values()) settle(gone);
    this.#replies.clear();
  }
}
