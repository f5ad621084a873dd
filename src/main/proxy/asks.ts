// Requests that the engine is asked to answer, on the proxy's thread. The proxy knows only a pattern of them and what the
// request's own header says; the engine says what the answer is, or lets the request pass to the upstream.
import type { HeadFacts } from "./head.ts";
import { latin1 } from "./octets.ts";
import { compileSieve, type Sieve } from "./sieve.ts";

/** A whole request, as the engine is to see it. */
export interface Question {
  /** Id of its exchange; 0 when that is not captured. */
  readonly id: number;
  /** Epoch ms. */
  readonly time: number;
  /** The request itself names the engine as the one to answer: it is not to pass. */
  readonly forced: boolean;
  /** It may be changed or held on its way, whoever answers it. */
  readonly watched: boolean;
  /** The engine is asked for an answer in the upstream's stead, watched or not. */
  readonly asked: boolean;
  /** It asks for its own profile: the engine sends it again, to be treated as any request is. */
  readonly profiled: boolean;
  /** The connection ends with the answer. */
  readonly closes: boolean;
  /** As the client sent it, up to and with its empty line. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** Transfer coding undone, content coding kept. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** What the client is sent: a whole answer; or, when `bytes` is null, the upstream's with header lines added. */
export interface PrintedReply {
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  /** Octets of the answer's head. */
  readonly headBytes: number;
  /** Header lines, each with its line end. */
  readonly added: string;
  /** "" or why the connection is reset without an answer. */
  readonly reset: string;
}

/** `forced`: by the request's own header. `refused`: that header says nothing that is known. `profiled`: it asks for its own profile. */
export type Wish = "none" | "asked" | "forced" | "refused" | "profiled";

export interface Asked extends Question {
  readonly ask: number;
}

export interface AsksOptions {
  /** A regular expression on `METHOD target`; null: the engine is never asked. */
  readonly pattern: string | null;
  /** Those that are asked without naming it, likewise; null: none. */
  readonly unnamed: string | null;
  /** Whether the engine gives requests that ask for it their profile; else they are treated as others. */
  readonly profiles: boolean;
  /** Requests that are watched; null: none. */
  readonly watch: Sieve | null;
  /** Posts questions, those of one turn together: waking the engine costs more than most of them. */
  readonly post: (asked: readonly Asked[]) => void;
  /** Nobody waits for the reply any more. */
  readonly forgotten: (ask: number) => void;
}

interface Waiting {
  readonly replied: (reply: PrintedReply) => void;
  /** The engine works on it for as long as it needs. */
  readonly taken: () => void;
}

export class Asks {
  readonly #pattern: RegExp | null;
  readonly #profiles: boolean;
  #unnamed: RegExp | null = null;
  readonly #post: (asked: readonly Asked[]) => void;
  readonly #forgotten: (ask: number) => void;
  readonly #waiting = new Map<number, Waiting>();
  /** Put in this turn. */
  #put: Asked[] = [];
  #watches: ((bytes: Buffer, facts: HeadFacts) => boolean) | null = null;
  #next = 1;

  constructor({ pattern, unnamed, profiles, watch, post, forgotten }: AsksOptions) {
    this.#profiles = profiles;
    this.askUnnamed(unnamed);
    this.watch(watch);
    this.#forgotten = forgotten;
    this.#pattern = pattern === null ? null : new RegExp(pattern);
    this.#post = post;
  }

  /** Which requests are asked without naming the engine from now on. */
  askUnnamed(pattern: string | null): void {
    this.#unnamed = pattern === null ? null : new RegExp(pattern);
  }

  watch(sieve: Sieve | null): void {
    this.#watches = sieve === null ? null : compileSieve(sieve);
  }

  /** Whether the request with this head may be changed or held. An upgrade never is. */
  watches(bytes: Buffer, facts: HeadFacts): boolean {
    return this.#watches !== null && !facts.upgrades && this.#watches(bytes, facts);
  }

  /** Whether the engine is to answer the request with this head. `again`: the engine itself sends it again, since it asks for its profile. */
  wish(bytes: Buffer, facts: HeadFacts, again: boolean): Wish {
    if (facts.profiled && this.#profiles && !again) return "profiled";
    const named = facts.backendEnd > 0;
    if (!named && this.#unnamed === null) return "none";
    const backend = named ? latin1(bytes, facts.backendStart, facts.backendEnd).toLowerCase() : "";
    if (backend === "elasticsearch" || backend === "compare") return "none";
    if (named && backend !== "clickhouse") return "refused";
    const pattern = named ? this.#pattern : this.#unnamed;
    if (facts.upgrades || pattern?.test(latin1(bytes, facts.start, facts.targetEnd)) !== true) return "none";
    return named ? "forced" : "asked";
  }

  /** Asks; `waiting` hears of the reply unless it is forgotten before. */
  put(question: Question, waiting: Waiting): number {
    const ask = this.#next;
    this.#next += 1;
    this.#waiting.set(ask, waiting);
    if (this.#put.length === 0) setImmediate(() => this.#send());
    this.#put.push({ ask, ...question });
    return ask;
  }

  #send(): void {
    const asked = this.#put;
    this.#put = [];
    if (asked.length > 0) this.#post(asked);
  }

  settle(ask: number, reply: PrintedReply): void {
    const waiting = this.#waiting.get(ask);
    this.#waiting.delete(ask);
    waiting?.replied(reply);
  }

  taken(ask: number): void {
    this.#waiting.get(ask)?.taken();
  }

  forget(ask: number): void {
    if (!this.#waiting.delete(ask)) return;
    this.#send();
    this.#forgotten(ask);
  }
}
