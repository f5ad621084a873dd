// The way back: follows the upstream's answers through their framing, so that it is known which request each belongs to,
// where it ends and what of it is copied. The bytes go on as they came.
import { BodyReader, type Framing } from "./body.ts";
import { epochNow } from "./clock.ts";
import { HeadFacts, INCOMPLETE, parseResponseHead } from "./head.ts";
import { HeadReader } from "./head_reader.ts";
import type { Passing, Site } from "./site.ts";

export interface AnswerHandler {
  /** Bytes for the client. */
  forward(bytes: Buffer, from: number, to: number): void;
  /** The oldest waiting request has its whole answer. `closes`: the connection ends with it. */
  answered(exchange: Passing, closes: boolean): void;
  /** The upstream took an upgrade: from now on the connection belongs to another protocol. */
  tunnelled(exchange: Passing): void;
  /** The upstream does not speak HTTP as it should. */
  broken(why: string): void;
}

/** Used within one call only: one record serves all connections. */
const facts = new HeadFacts();

export class Answers {
  /** Requests without a whole answer, oldest first. */
  readonly waiting: Passing[] = [];
  readonly #site: Site;
  readonly #handler: AnswerHandler;
  readonly #heads: HeadReader;
  readonly #body = new BodyReader();
  #inBody = false;
  #closes = false;
  #tunnel = false;

  constructor(site: Site, handler: AnswerHandler) {
    this.#site = site;
    this.#handler = handler;
    this.#heads = new HeadReader(parseResponseHead, site.limits.headBytes);
  }

  /** An answer has begun to reach the client and has not ended. */
  get midway(): boolean {
    return this.#inBody;
  }

  /** The answer that is on its way ends only with the connection. */
  get untilClose(): boolean {
    return this.#inBody && this.#body.framing === "until close";
  }

  read(chunk: Buffer): void {
    if (this.#tunnel) {
      this.#handler.forward(chunk, 0, chunk.length);
      return;
    }
    const now = epochNow();
    let sent = 0;
    let at = 0;
    let why = "";
    while (at < chunk.length && why === "") {
      const exchange = this.waiting[0];
      if (exchange === undefined) {
        why = "sent an answer that nobody asked for";
        break;
      }
      if (!this.#inBody) {
        const gathered = this.#heads.begun;
        const end = this.#heads.read(chunk, at, facts);
        if (end === INCOMPLETE) break;
        why = end < 0 ? `sent a malformed answer (${facts.problem || "its head is too long"})` : objection(exchange);
        if (why !== "") break;
        if (exchange.added !== "" && facts.status >= 200) {
          this.#handler.forward(chunk, sent, gathered ? sent : at);
          const head = this.#headWith(exchange.added);
          this.#handler.forward(head, 0, head.length);
          sent = end;
        } else if (gathered) {
          this.#handler.forward(this.#heads.bytes, 0, this.#heads.to);
          sent = end;
        }
        at = end;
        if (facts.status < 200 && facts.status !== 101) continue;
        this.#begin(exchange, now);
        if (this.#tunnel) {
          this.#handler.forward(chunk, sent, chunk.length);
          this.#handler.tunnelled(exchange);
          return;
        }
      }
      at = this.#body.read(chunk, at, this.#copyBody);
      if (this.#body.problem !== "") why = `sent a malformed answer (${this.#body.problem})`;
      else if (this.#body.done) {
        this.#handler.forward(chunk, sent, at);
        sent = at;
        this.#finish(exchange, now);
      }
    }
    if (at > sent) this.#handler.forward(chunk, sent, at);
    if (why !== "") this.#handler.broken(why);
  }

  /** The head that was just read, with header lines before its end. */
  #headWith(added: string): Buffer {
    const { bytes, from, to } = this.#heads;
    return Buffer.concat([bytes.subarray(from, to - 2), Buffer.from(added, "latin1"), bytes.subarray(to - 2, to)]);
  }

  /** The upstream ended its side: ends a body that nothing else ends. */
  close(): void {
    const exchange = this.waiting[0];
    if (exchange === undefined || !this.untilClose) return;
    this.#body.close();
    this.#finish(exchange, epochNow());
  }

  readonly #copyBody = (bytes: Buffer, from: number, to: number): void => {
    const exchange = this.waiting[0];
    if (exchange === undefined) return;
    this.#site.copy.responseBody(exchange, bytes, from, to);
    exchange.journal?.responseBody(bytes, from, to);
  };

  #begin(exchange: Passing, now: number): void {
    const { bytes, from, to } = this.#heads;
    exchange.answerBegun = true;
    exchange.journal?.responseHead(bytes, from, to);
    this.#inBody = true;
    exchange.responseExpected = facts.contentLength;
    if (exchange.added === "") this.#site.copy.responseHead(exchange, now, bytes, from, to);
    else {
      const head = this.#headWith(exchange.added);
      this.#site.copy.responseHead(exchange, now, head, 0, head.length);
    }
    this.#tunnel = facts.status === 101;
    const framing = framingOf(exchange);
    this.#closes = framing === "until close" || facts.closes || exchange.closes || (facts.minor === 0 && !facts.keepsAlive);
    this.#body.begin(framing, facts.contentLength);
    if (this.#tunnel) this.#end(exchange, now);
  }

  #finish(exchange: Passing, now: number): void {
    this.#end(exchange, now);
    this.#handler.answered(exchange, this.#closes);
  }

  #end(exchange: Passing, now: number): void {
    this.#site.copy.responseEnd(exchange, now);
    exchange.journal?.responseEnd(now);
    this.#inBody = false;
    this.waiting.shift();
  }
}

/** RFC 9112 section 6.3. */
function framingOf(exchange: Passing): Framing {
  if (exchange.isHead || facts.status === 101 || facts.status === 204 || facts.status === 304) return "none";
  if (facts.chunked) return "chunked";
  if (facts.contentLength >= 0) return "length";
  return "until close";
}

function objection(exchange: Passing): string {
  if (facts.status === 101 && !exchange.upgrades) return "switched protocols without being asked to";
  return facts.otherCoding && !exchange.isHead ? "sent a malformed answer (its Transfer-Encoding is not chunked)" : "";
}
