// One write on its way and the journal: its last byte leaves when the journal has its body, and the journal hears what the
// upstream answered. The proxy knows a pattern of such requests and a port to the journal, nothing of what is done with them.
import type { MessagePort } from "node:worker_threads";
import { GatheredBody } from "./gathered_body.ts";
import type { HeadFacts } from "./head.ts";
import { latin1 } from "./octets.ts";

/** What the proxy tells the journal. Bodies without transfer coding; null when longer than the limit. */
export type ToJournal =
  | {
      /** `begun`: more of its body is to come, and Elasticsearch may act on what it has of it. */
      readonly kind: "begun" | "intent";
      readonly exchange: number;
      /** Start of the request, epoch ms. */
      readonly time: number;
      readonly upstream: string;
      readonly head: Uint8Array<ArrayBuffer>;
      readonly body: Uint8Array<ArrayBuffer> | null;
    }
  | {
      readonly kind: "answer";
      readonly exchange: number;
      /** Its last octet, epoch ms. */
      readonly time: number;
      readonly head: Uint8Array<ArrayBuffer>;
      readonly body: Uint8Array<ArrayBuffer> | null;
    }
  | { readonly kind: "broken"; readonly exchange: number }
  /** No octet of it came to the upstream. */
  | { readonly kind: "unsent"; readonly exchange: number };

/** What the journal answers: these intents are kept, or can't be. */
export interface FromJournal {
  readonly kind: "kept";
  readonly exchanges: readonly number[];
}

export interface JournalDeskOptions {
  /** A regular expression on `METHOD target`; null: nothing is journalled. */
  readonly pattern: string | null;
  readonly port: MessagePort | null;
  readonly on: boolean;
  /** Octets of a body that are kept. */
  readonly bodyLimit: number;
  /** How long a write waits for the journal, ms. */
  readonly waitMs: number;
}

export class JournalDesk {
  on: boolean;
  readonly bodyLimit: number;
  readonly #pattern: RegExp | null;
  readonly #port: MessagePort | null;
  readonly #waitMs: number;
  readonly #waiting = new Map<number, () => void>();

  constructor({ pattern, port, on, bodyLimit, waitMs }: JournalDeskOptions) {
    this.on = on;
    this.bodyLimit = bodyLimit;
    this.#pattern = pattern === null ? null : new RegExp(pattern);
    this.#port = port;
    this.#waitMs = waitMs;
    port?.on("message", (message: FromJournal) => {
      for (const exchange of message.exchanges) this.#goOn(exchange);
    });
    port?.unref();
  }

  /** An entry for the request with this head; null when it is none of the journal's. `id` 0: it can't be told of. */
  open(id: number, time: number, upstream: string, bytes: Buffer, facts: HeadFacts, from: number, to: number): JournalEntry | null {
    if (!this.on || id === 0 || this.#port === null || facts.upgrades) return null;
    if (this.#pattern?.test(latin1(bytes, facts.start, facts.targetEnd)) !== true) return null;
    return new JournalEntry(this, id, time, upstream, essentials(bytes, from, to), facts.contentLength);
  }

  /** Hands over an intent; `done` is called once, when it is kept or has waited too long. */
  put(message: ToJournal & { readonly kind: "begun" | "intent" }, done: () => void): void {
    this.#waiting.set(message.exchange, done);
    const timer = setTimeout(() => this.#goOn(message.exchange), this.#waitMs);
    this.#waiting.set(message.exchange, () => {
      clearTimeout(timer);
      done();
    });
    this.post(message);
  }

  post(message: ToJournal): void {
    const buffers = "head" in message ? [message.head.buffer, ...(message.body === null ? [] : [message.body.buffer])] : [];
    this.#port?.postMessage(message, buffers);
  }

  /** The connection is gone: nobody waits any more. */
  forget(exchange: number): void {
    this.#waiting.delete(exchange);
  }

  #goOn(exchange: number): void {
    const done = this.#waiting.get(exchange);
    this.#waiting.delete(exchange);
    done?.();
  }
}

export class JournalEntry {
  readonly #desk: JournalDesk;
  readonly #exchange: number;
  readonly #time: number;
  readonly #upstream: string;
  readonly #head: Uint8Array<ArrayBuffer>;
  readonly #request: Gathering;
  readonly #answer: Gathering;
  readonly #earlyBytes: number;
  #answerHead: Uint8Array<ArrayBuffer> | null = null;
  /** The journal knows of it. */
  #put = false;
  #over = false;

  /** `contentLength` -1 where the head does not say. */
  constructor(desk: JournalDesk, exchange: number, time: number, upstream: string, head: Uint8Array<ArrayBuffer>, contentLength: number) {
    this.#desk = desk;
    this.#exchange = exchange;
    this.#time = time;
    this.#upstream = upstream;
    this.#head = head;
    this.#request = new Gathering(desk.bodyLimit, contentLength);
    this.#answer = new Gathering(desk.bodyLimit, -1);
    this.#earlyBytes = CODED.test(Buffer.from(head.buffer).toString("latin1")) ? EARLY_CODED_BYTES : EARLY_BYTES;
  }

  requestBody(bytes: Buffer, from: number, to: number): void {
    this.#request.add(bytes, from, to);
    if (this.#put || this.#request.bytes < this.#earlyBytes) return;
    this.#put = true;
    this.#desk.post(this.#told("begun", null));
  }

  /** The request is whole but for its last bytes: they may leave when `done` is called. */
  keep(done: () => void): void {
    this.#put = true;
    this.#desk.put(this.#told("intent", this.#request.whole()), done);
  }

  // The head in memory of its own: it is given away.
  #told(kind: "begun" | "intent", body: Uint8Array<ArrayBuffer> | null): ToJournal & { readonly kind: "begun" | "intent" } {
    const [exchange, time, upstream, head] = [this.#exchange, this.#time, this.#upstream, new Uint8Array(this.#head)];
    return { kind, exchange, time, upstream, head, body };
  }

  responseHead(bytes: Buffer, from: number, to: number): void {
    this.#answerHead = essentials(bytes, from, to);
  }

  responseBody(bytes: Buffer, from: number, to: number): void {
    this.#answer.add(bytes, from, to);
  }

  responseEnd(time: number): void {
    if (!this.#put || this.#over || this.#answerHead === null) return;
    this.#over = true;
    this.#desk.post({ kind: "answer", exchange: this.#exchange, time, head: this.#answerHead, body: this.#answer.whole() });
  }

  /** There will be no whole answer. `sent`: the upstream may have had something of it. */
  broken(sent: boolean): void {
    this.#desk.forget(this.#exchange);
    if (!this.#put || this.#over) return;
    this.#over = true;
    this.#desk.post({ kind: sent ? "broken" : "unsent", exchange: this.#exchange });
  }
}

/** Elasticsearch carries out long bulks piece by piece as they come (from 1 MB on, `indexing_pressure.memory.split_bulk`). */
const EARLY_BYTES = 512 * 1024;
/** The same where they are compressed. */
const EARLY_CODED_BYTES = 16 * 1024;
const CODED = /\r\ncontent-encoding:/i;
const ESSENTIAL = /^(?:content-encoding|x-parallax-backend):/i;

/** What the journal needs of a head: its first line, the codings of its body and whom it is for. Nobody's password goes to a disk. */
function essentials(bytes: Buffer, from: number, to: number): Uint8Array<ArrayBuffer> {
  const [first = "", ...lines] = bytes.toString("latin1", from, to).split("\r\n");
  const kept = [first, ...lines.filter((line) => ESSENTIAL.test(line)), "", ""];
  return new Uint8Array(Buffer.from(kept.join("\r\n"), "latin1"));
}

/** A body up to a limit; past it, nothing. */
class Gathering {
  readonly #limit: number;
  #body: GatheredBody | null;
  /** That came so far. */
  bytes = 0;

  constructor(limit: number, expected: number) {
    this.#limit = limit;
    this.#body = expected > limit ? null : new GatheredBody([["content-length", String(Math.max(0, expected))]], limit);
  }

  add(bytes: Buffer, from: number, to: number): void {
    this.bytes += to - from;
    if (this.bytes > this.#limit) this.#body = null;
    this.#body?.add(bytes, from, to);
  }

  /** Its bytes in memory of their own, which may be given away; null when they were too many. */
  whole(): Uint8Array<ArrayBuffer> | null {
    if (this.#body === null) return null;
    const { bytes } = this.#body;
    this.#body = null;
    const { buffer } = bytes;
    const own = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength && bytes.byteLength > 0;
    return own ? new Uint8Array(buffer) : new Uint8Array(bytes);
  }
}
