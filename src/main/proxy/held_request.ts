// A request that is kept back while the engine is asked for its answer: what it would be asked with, and the very bytes that
// go to the upstream if it passes after all.
import type { Question, Wish } from "./asks.ts";
import type { Passing } from "./site.ts";
import type { Upstream } from "./upstream.ts";

export class HeldRequest {
  readonly exchange: Passing;
  readonly forced: boolean;
  readonly watched: boolean;
  readonly asked: boolean;
  readonly profiled: boolean;
  /** Its head is rewritten for this one. */
  readonly upstream: Upstream;
  /** The engine is to have replied by then, epoch ms; 0 before it is asked. */
  replyBy = 0;
  ask = 0;
  /** The engine takes as long as it needs, and never lets it pass. */
  taken = false;
  /** Its body is here. */
  whole = false;
  readonly #head: Uint8Array<ArrayBuffer>;
  readonly #wire: Buffer[] = [];
  readonly #body: Buffer[] = [];
  #bodyBytes = 0;
  #wireBytes = 0;

  /** `head`: as the client sent it; it is copied. */
  constructor(exchange: Passing, wish: Wish, watched: boolean, upstream: Upstream, head: Buffer) {
    this.exchange = exchange;
    this.forced = wish === "forced";
    this.asked = wish !== "none" && wish !== "profiled";
    this.profiled = wish === "profiled";
    this.watched = watched;
    this.upstream = upstream;
    this.#head = new Uint8Array(head);
  }

  /** Bytes for the upstream. */
  keep(bytes: Buffer): void {
    this.#wire.push(bytes);
    this.#wireBytes += bytes.length;
  }

  /** A part of the body, without transfer coding. */
  keepBody(bytes: Buffer, from: number, to: number): void {
    this.#body.push(bytes.subarray(from, to));
    this.#bodyBytes += to - from;
  }

  /** It is never let pass to the upstream. */
  get stays(): boolean {
    return this.forced || this.profiled;
  }

  get wireBytes(): number {
    return this.#wireBytes;
  }

  wire(): Buffer {
    return Buffer.concat(this.#wire);
  }

  question(): Question {
    const { id: own, copying, time, closes } = this.exchange;
    const { forced, watched, asked, profiled } = this;
    const id = copying || profiled ? own : 0;
    const body = new Uint8Array(this.#bodyBytes);
    let at = 0;
    for (const part of this.#body) {
      body.set(part, at);
      at += part.length;
    }
    return { id, time, forced, watched, asked, profiled, closes, head: this.#head, body };
  }
}
