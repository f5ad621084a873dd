// The Elasticsearch endpoint: `startProxy` listens on 127.0.0.1, passes every byte to one upstream and back on a thread of
// its own, and tells a tap what went by. The tap hears of exchanges after the fact and can't delay them.
import { Worker } from "node:worker_threads";
import { messageOf, traceOf } from "../../shared/thrown.ts";
import { answered, PASSED } from "./answerer.ts";
import type { Question } from "./asks.ts";
import { type Assembler, createAssembler } from "./assemble.ts";
import { Nodes } from "./nodes.ts";
import { protectedTap } from "./protected_tap.ts";
import { listenError, ProxyError } from "./proxy_error.ts";
import { COPY_LIMITS, countIds, type ProxyOptions } from "./proxy_options.ts";
import type { Sieve } from "./sieve.ts";
import { WIRE_LIMITS } from "./site.ts";
import { CONNECTIONS, type FromThread, TAKEN, type ThreadStart, type ToThread } from "./thread_messages.ts";
import type { TlsTrust } from "./upstream.ts";

export interface Proxy {
  readonly url: string;
  readonly port: number;
  /** Requests that begin after it resolves go there. Throws ProxyError `bad_upstream`. */
  setUpstream(url: string): Promise<void>;
  /** Requests that begin later go to this one of the upstream's URLs, from 0. */
  prefer(place: number): void;
  setCapture(on: boolean): Promise<void>;
  /** Whether the answerer is asked without being named by the request. */
  setAnswering(pattern: string | null): Promise<void>;
  /** Which requests are watched; null: none. */
  setWatch(sieve: Sieve | null): Promise<void>;
  /** Whether writes wait for the journal. */
  setJournalling(on: boolean): Promise<void>;
  /** Ends exchanges on their way within 2 s, tells the tap of the last ones, frees the port. */
  stop(): Promise<void>;
  /** Client connections now. */
  connections(): number;
}

const DRAIN_MS = 2000;
const STOP_MS = 5000;

/** Starts the endpoint. Rejects with ProxyError: `bad_upstream`, `port_taken`, `port_forbidden`, `thread_failed`. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  checkUpstream(options.upstream, options.trust);
  const running = new RunningProxy(options);
  await running.start(options.port, options.exactPort ?? false);
  return running;
}

class RunningProxy implements Proxy {
  readonly #options: ProxyOptions;
  readonly #assembler: Assembler;
  readonly #ids: SharedArrayBuffer;
  readonly #counters = new SharedArrayBuffer(8);
  readonly #shared = new Int32Array(this.#counters);
  readonly #replies = new Map<number, () => void>();
  #worker: Worker | null = null;
  #port = 0;
  #upstream: string;
  #place = 0;
  #capturing: boolean;
  #answering: string | null;
  #journalling: boolean;
  #watch: Sieve | null;
  /** Those who wait for replies of the answerer. */
  readonly #asked = new Map<number, AbortController>();
  #nextReply = 1;
  #stopped: Promise<void> | null = null;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#upstream = options.upstream;
    this.#ids = options.ids ?? countIds(options.firstId ?? 1);
    this.#capturing = options.capture ?? true;
    this.#answering = options.answering ?? null;
    this.#journalling = options.journalling ?? true;
    this.#watch = options.watch ?? null;
    const { requestLimit: request, responseLimit: response } = { ...COPY_LIMITS, ...options };
    this.#assembler = createAssembler(
      protectedTap(options.tap, (message) => this.#problem(message)),
      { request, response },
    );
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  connections(): number {
    return Atomics.load(this.#shared, CONNECTIONS);
  }

  async setUpstream(url: string): Promise<void> {
    checkUpstream(url, this.#options.trust);
    this.#upstream = url;
    this.#place = 0;
    await this.#ask((reply) => ({ kind: "upstream", url, reply }));
  }

  prefer(place: number): void {
    this.#place = place;
    this.#tell({ kind: "prefer", place });
  }

  async setCapture(on: boolean): Promise<void> {
    this.#capturing = on;
    await this.#ask((reply) => ({ kind: "capture", on, reply }));
  }

  async setAnswering(pattern: string | null): Promise<void> {
    this.#answering = pattern;
    await this.#ask((reply) => ({ kind: "answering", pattern, reply }));
  }

  async setWatch(sieve: Sieve | null): Promise<void> {
    this.#watch = sieve;
    await this.#ask((reply) => ({ kind: "watch", sieve, reply }));
  }

  async setJournalling(on: boolean): Promise<void> {
    this.#journalling = on;
    await this.#ask((reply) => ({ kind: "journalling", on, reply }));
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async start(port: number, exactPort: boolean): Promise<void> {
    const start = this.#threadStart(port, exactPort);
    const transferList = start.journal === null ? [] : [start.journal.port];
    const worker = new Worker(new URL("./thread.ts", import.meta.url), { name: "proxy", workerData: start, transferList });
    this.#worker = worker;
    if (this.#place > 0) this.#tell({ kind: "prefer", place: this.#place });
    worker.on("message", (message: FromThread | ArrayBuffer) => this.#hear(message));
    const listening = Promise.withResolvers<number>();
    worker.on("message", (message: FromThread | ArrayBuffer) => {
      if (message instanceof ArrayBuffer) return;
      if (message.kind === "listening") listening.resolve(message.port);
      if (message.kind === "not listening") listening.reject(listenError(port, message, "--port"));
    });
    worker.on("error", (error) => {
      listening.reject(new ProxyError("thread_failed", `The proxy's thread failed: ${error.message}`));
      this.#problem(`The proxy's thread failed and is started again: ${traceOf(error)}`);
    });
    worker.on("exit", () => this.#exited(worker));
    try {
      this.#port = await listening.promise;
    } catch (error) {
      this.#worker = null;
      await worker.terminate();
      throw error;
    }
  }

  async #stop(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    const stopped = Promise.withResolvers<void>();
    const late = setTimeout(stopped.resolve, STOP_MS);
    worker.on("message", (message: FromThread | ArrayBuffer) => {
      if (!(message instanceof ArrayBuffer) && message.kind === "stopped") stopped.resolve();
    });
    worker.on("exit", () => stopped.resolve());
    this.#tell({ kind: "stop", drainMs: DRAIN_MS });
    await stopped.promise;
    clearTimeout(late);
    this.#worker = null;
    await worker.terminate();
    this.#assembler.end("The proxy was stopped before the answer was complete.");
    this.#settleReplies();
  }

  #threadStart(port: number, exactPort: boolean): ThreadStart {
    const { names = [], trust = {}, limits = {}, journal, queueBytes, requestLimit, responseLimit } = { ...COPY_LIMITS, ...this.#options };
    Atomics.store(this.#shared, TAKEN, 0);
    return {
      upstream: this.#upstream,
      trust,
      port,
      exactPort,
      names,
      limits: { ...WIRE_LIMITS, ...limits },
      capturing: this.#capturing,
      asks: this.#options.answerer?.asks ?? null,
      answering: this.#answering,
      watch: this.#watch,
      journal: journal === undefined ? null : { pattern: journal.writes, port: journal.connect() },
      journalling: this.#journalling,
      ids: this.#ids,
      queueBytes,
      requestLimit,
      responseLimit,
      clientTls: this.#options.clientTls ?? null,
      counters: this.#counters,
    };
  }

  #hear(message: FromThread | ArrayBuffer): void {
    if (message instanceof ArrayBuffer) {
      this.#take(message);
      return;
    }
    if (message.kind === "problem") this.#problem(message.message);
    if (message.kind === "ask") void this.#answer(message.ask, message);
    if (message.kind === "forgotten") this.#asked.get(message.ask)?.abort();
    if (message.kind === "unwatched") this.#options.unwatched?.(message.exchange, message.why);
    if (message.kind === "done") {
      this.#replies.get(message.reply)?.();
      this.#replies.delete(message.reply);
    }
  }

  async #answer(ask: number, question: Question): Promise<void> {
    const worker = this.#worker;
    const { answerer } = this.#options;
    if (answerer === undefined) return;
    const asked = new AbortController();
    this.#asked.set(ask, asked);
    try {
      const reply = await answered(answerer, question, { gone: asked.signal, take: () => worker?.postMessage({ kind: "taken", ask }) });
      worker?.postMessage({ kind: "reply", ask, ...reply }, reply.bytes === null ? [] : [reply.bytes.buffer]);
    } catch (error) {
      this.#problem(`A request could not be answered: ${traceOf(error)}`);
      worker?.postMessage({ kind: "reply", ask, ...PASSED });
    } finally {
      this.#asked.delete(ask);
    }
  }

  #take(batch: ArrayBuffer): void {
    this.#assembler.take(batch);
    Atomics.add(this.#shared, TAKEN, batch.byteLength);
  }

  /** The wire must outlive a fault: its thread is started anew on the same port. */
  #exited(worker: Worker): void {
    if (this.#worker !== worker || this.#port === 0) return;
    this.#worker = null;
    for (const asked of this.#asked.values()) asked.abort();
    this.#asked.clear();
    Atomics.store(this.#shared, CONNECTIONS, 0);
    this.#assembler.end("The proxy's thread failed before the answer was complete.");
    this.#settleReplies();
    if (this.#stopped !== null) return;
    this.start(this.#port, true).catch((error: unknown) => {
      this.#problem(`The proxy could not be started again: ${messageOf(error)}`);
    });
  }

  #ask(message: (reply: number) => ToThread): Promise<void> {
    if (this.#worker === null) return Promise.resolve();
    const reply = this.#nextReply;
    this.#nextReply += 1;
    return new Promise((resolve) => {
      this.#replies.set(reply, resolve);
      this.#tell(message(reply));
    });
  }

  #settleReplies(): void {
    for (const resolve of this.#replies.values()) resolve();
    this.#replies.clear();
  }

  #tell(message: ToThread): void {
    this.#worker?.postMessage(message);
  }

  #problem(message: string): void {
    this.#options.problem?.(message);
  }
}

/** Throws ProxyError `bad_upstream`. */
function checkUpstream(text: string, trust: TlsTrust = {}): void {
  new Nodes(text, trust);
}
