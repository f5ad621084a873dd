// The Elasticsearch endpoint: `startProxy` listens on 127.0.0.1, passes every byte to one upstream and back on a thread of
// its own, and tells a tap what went by. The tap hears of exchanges after the fact and can't delay them.
import { traceOf } from "../../shared/thrown.ts";
import { answered, PASSED } from "./answerer.ts";
import type { Asked } from "./asks.ts";
import { Nodes } from "./nodes.ts";
import { COPY_LIMITS, countIds, type ProxyOptions, shareHandedOn } from "./proxy_options.ts";
import { Replies } from "./replies.ts";
import type { Sieve } from "./sieve.ts";
import { WIRE_LIMITS } from "./site.ts";
import type { FromThread, ThreadStart, ToThread } from "./thread_messages.ts";
import type { TlsTrust } from "./upstream.ts";
import { type OwnStart, WireThread } from "./wire_thread.ts";

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
  /** The request that comes from this port next is this exchange (0: none), sent again by whoever gives it its profile. null: none comes after all. */
  repeat(port: number, exchange: number | null): Promise<void>;
  /** Ends exchanges on their way within 2 s, tells the tap of the last ones, frees the port. */
  stop(): Promise<void>;
  /** Client connections now. */
  connections(): number;
}

/** Starts the endpoint. Rejects with ProxyError: `bad_upstream`, `port_taken`, `port_forbidden`, `thread_failed`. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  checkUpstream(options.upstream, options.trust);
  const running = new RunningProxy(options);
  await running.start();
  return running;
}

class RunningProxy implements Proxy {
  readonly #options: ProxyOptions;
  readonly #thread: WireThread;
  readonly #ids: SharedArrayBuffer;
  readonly #handedOn: SharedArrayBuffer;
  readonly #replies = new Map<number, () => void>();
  #upstream: string;
  #place = 0;
  #capturing: boolean;
  #answering: string | null;
  #journalling: boolean;
  #watch: Sieve | null;
  /** Tells the thread that runs now; replies that are ready for it. */
  #teller: WireThread["tell"] = () => {};
  #ready = new Replies(this.#teller);
  /** Those who wait for replies of the answerer. */
  readonly #asked = new Map<number, AbortController>();
  #nextReply = 1;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#upstream = options.upstream;
    this.#ids = options.ids ?? countIds(options.firstId ?? 1);
    this.#handedOn = options.handedOn ?? shareHandedOn();
    this.#capturing = options.capture ?? true;
    this.#answering = options.answering ?? null;
    this.#journalling = options.journalling ?? true;
    this.#watch = options.watch ?? null;
    const { requestLimit: request, responseLimit: response } = { ...COPY_LIMITS, ...options };
    this.#thread = new WireThread({
      title: "proxy",
      name: "proxy",
      module: new URL("./thread.ts", import.meta.url),
      portFlag: "--port",
      tap: options.tap,
      bodies: { request, response },
      given: (port, exactPort, own) => this.#given(port, exactPort, own),
      spool: options.spool ?? null,
      started: () => {
        this.#teller = this.#thread.teller();
        this.#ready = new Replies(this.#teller);
        if (this.#place > 0) this.#thread.tell({ kind: "prefer", place: this.#place });
      },
      crowded: options.crowded,
      heard: (message) => this.#hear(message),
      gone: (failed) => this.#gone(failed),
      problem: (message) => this.#problem(message),
    });
  }

  get port(): number {
    return this.#thread.port;
  }

  get url(): string {
    return this.#thread.url;
  }

  connections(): number {
    return this.#thread.connections();
  }

  async setUpstream(url: string): Promise<void> {
    checkUpstream(url, this.#options.trust);
    this.#upstream = url;
    this.#place = 0;
    await this.#ask((reply) => ({ kind: "upstream", url, reply }));
  }

  prefer(place: number): void {
    this.#place = place;
    this.#thread.tell({ kind: "prefer", place });
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

  async repeat(port: number, exchange: number | null): Promise<void> {
    await this.#ask((reply) => ({ kind: "repeat", port, exchange, reply }));
  }

  stop(): Promise<void> {
    return this.#thread.stop();
  }

  start(): Promise<void> {
    return this.#thread.start(this.#options.port, this.#options.exactPort ?? false);
  }

  #given(port: number, exactPort: boolean, own: OwnStart) {
    const { names = [], trust = {}, limits = {}, journal, queueBytes, requestLimit, responseLimit } = { ...COPY_LIMITS, ...this.#options };
    const workerData: ThreadStart = {
      upstream: this.#upstream,
      trust,
      port,
      exactPort,
      names,
      limits: { ...WIRE_LIMITS, ...limits },
      capturing: this.#capturing,
      asks: this.#options.answerer?.asks ?? null,
      profiles: this.#options.answerer?.profiles ?? false,
      answering: this.#answering,
      watch: this.#watch,
      journal: journal === undefined ? null : { pattern: journal.writes, port: journal.connect() },
      journalling: this.#journalling,
      ids: this.#ids,
      handedOn: this.#handedOn,
      queueBytes,
      requestLimit,
      responseLimit,
      clientTls: this.#options.clientTls ?? null,
      ...own,
    };
    return { workerData, transferList: workerData.journal === null ? [] : [workerData.journal.port] };
  }

  #hear(message: FromThread): void {
    if (message.kind === "asks") for (const asked of message.asked) void this.#answer(asked);
    if (message.kind === "forgotten") this.#asked.get(message.ask)?.abort();
    if (message.kind === "unwatched") this.#options.unwatched?.(message.exchange, message.why);
    if (message.kind === "done") {
      this.#replies.get(message.reply)?.();
      this.#replies.delete(message.reply);
    }
  }

  async #answer(question: Asked): Promise<void> {
    const { ask } = question;
    const [tell, replies] = [this.#teller, this.#ready];
    const { answerer } = this.#options;
    if (answerer === undefined) return;
    const asked = new AbortController();
    this.#asked.set(ask, asked);
    try {
      const reply = await answered(answerer, question, { gone: asked.signal, take: () => tell({ kind: "taken", ask }) });
      replies.add({ ask, ...reply });
    } catch (error) {
      this.#problem(`A request could not be answered: ${traceOf(error)}`);
      replies.add({ ask, ...PASSED });
    } finally {
      this.#asked.delete(ask);
    }
  }

  #gone(failed: boolean): void {
    if (failed) {
      for (const asked of this.#asked.values()) asked.abort();
      this.#asked.clear();
    }
    this.#settleReplies();
  }

  #ask(message: (reply: number) => ToThread): Promise<void> {
    if (!this.#thread.running) return Promise.resolve();
    const reply = this.#nextReply;
    this.#nextReply += 1;
    return new Promise((resolve) => {
      this.#replies.set(reply, resolve);
      this.#thread.tell(message(reply));
    });
  }

  #settleReplies(): void {
    for (const resolve of this.#replies.values()) resolve();
    this.#replies.clear();
  }

  #problem(message: string): void {
    this.#options.problem?.(message);
  }
}

/** Throws ProxyError `bad_upstream`. */
function checkUpstream(text: string, trust: TlsTrust = {}): void {
  new Nodes(text, trust);
}
