// One client connection and its one upstream connection: a wire. Follows the requests through their framing, lets pass what
// may pass, and forwards the very bytes. Between two exchanges the upstream connection may be replaced; within one, never: where
// there are several nodes, one that takes the connection is sought before a request's head is read. One machine, and so one file:
// whatever holds the client or ends the wire concerns every step.
import type { Socket } from "node:net";
import { traceOf } from "../../shared/thrown.ts";
import { Admission } from "./admission.ts";
import { Answers } from "./answers.ts";
import { Asking } from "./asking.ts";
import { BodyReader } from "./body.ts";
import { epochNow } from "./clock.ts";
import { HeadFacts, INCOMPLETE, parseRequestHead } from "./head.ts";
import { HeadReader, TOO_LONG } from "./head_reader.ts";
import { HeldRequest } from "./held_request.ts";
import type { Link } from "./link.ts";
import { CR, LF, octetAt } from "./octets.ts";
import { badGateway, malformed, printRefusal, type Refusal } from "./refusal.ts";
import { rewriteHead } from "./rewrite.ts";
import type { Passing, Site } from "./site.ts";
import { Uplink } from "./uplink.ts";

// Reasons for which the client is not read on. A set of bits: it is read again when all are gone.
const UPSTREAM_FULL = 1;
const UPGRADE_PENDING = 2;
const PIPELINE_FULL = 4;
const ASKED = 8;
const JOURNAL = 16;
const SEEKING = 32;

/** How long a client may go on sending after our last word, so that it reads that word before a reset. */
const LINGER_MS = 2000;

const CONTINUE = Buffer.from("HTTP/1.1 100 Continue\r\n\r\n", "latin1");
const CLIENT_LEFT = "The client closed the connection before its answer was complete.";

/** Used within one call only: one record serves all connections. */
const facts = new HeadFacts();

type Phase = "open" | "refusing" | "tunnel" | "closing" | "closed";

export class Connection {
  readonly #site: Site;
  readonly #client: Socket;
  readonly #admission: Admission;
  readonly #heads: HeadReader;
  readonly #body = new BodyReader();
  readonly #answers: Answers;
  #phase: Phase = "open";
  readonly #uplink: Uplink;
  /** The request whose body is being read. */
  #receiving: Passing | null = null;
  /** Its question: the one that is being received, until its body is here. */
  readonly #asking: Asking;
  #held = 0;
  /** Read, not yet followed, because something holds the client. */
  #rest: Buffer | null = null;
  #clientEnded = false;
  /** The last answer ends the connection. */
  #ending = false;
  /** What the client is told once the answers before it are through. */
  #refusal: { readonly reason: string; readonly answer: Buffer } | null = null;
  #headBy = 0;
  #lingerUntil = 0;

  constructor(site: Site, client: Socket, closed: (connection: Connection) => void) {
    this.#site = site;
    this.#client = client;
    const port = client.remotePort ?? 0;
    this.#admission = new Admission(site, port);
    this.#heads = new HeadReader(parseRequestHead, site.limits.headBytes);
    this.#answers = new Answers(site, {
      forward: (bytes, from, to) => this.#toClient(bytes, from, to),
      answered: (exchange, closes) => this.#answered(exchange, closes),
      tunnelled: () => this.#tunnel(),
      broken: (why) => this.#linkFailed(`${this.#uplink.link?.upstream.subject ?? ""} ${why}.`),
    });
    this.#asking = new Asking(site, {
      whole: () => this.#whole(),
      answered: (exchange, answer) => this.#answeredByEngine(exchange, answer),
      passed: (question) => this.#pass(question),
      taken: () => this.#taken(),
      reset: (exchange, why) => this.#reset(exchange, why),
      refused: (refusal, isHead) => void this.#refuse(refusal, isHead),
      guarded: (step) => this.#guarded(step),
    });
    this.#uplink = new Uplink(site, port, {
      received: (bytes) => {
        this.#guarded(() => this.#answers.read(bytes));
        return this.#client.writableLength === 0;
      },
      drained: () => this.#release(UPSTREAM_FULL),
      ended: (link) => (this.#phase === "tunnel" ? void this.#client.end() : this.#upstreamEnded(link)),
      closed: (link) => this.#upstreamEnded(link),
      failed: (why) => this.#linkFailed(why),
      late: (why) => this.#upstreamFailed(why),
      seeking: () => this.#hold(SEEKING),
      sought: () => this.#release(SEEKING),
      guarded: (step) => this.#guarded(step),
    });
    client.on("data", (chunk: Buffer) => this.#guarded(() => this.#clientData(chunk)));
    client.on("end", () => this.#guarded(() => this.#clientEnd()));
    client.on("drain", () => this.#uplink.link?.resume());
    client.on("error", () => client.destroy());
    client.on("close", () => {
      this.#finish(CLIENT_LEFT);
      closed(this);
    });
  }

  /** Neither a request nor an answer is on its way. */
  get idle(): boolean {
    return this.#phase === "open" && this.#between && this.#asking.question === null && !this.#heads.begun && this.#rest === null;
  }

  /** Every request that the upstream was given has its whole answer. */
  get #between(): boolean {
    return (this.#receiving === null || this.#asking.question !== null) && this.#answers.waiting.length === 0;
  }

  destroy(): void {
    this.#client.destroy();
  }

  /** Called about once a second: ends what has taken too long. */
  sweep(now: number): void {
    if (this.#headBy > 0 && now > this.#headBy && this.#phase === "open") {
      const seconds = this.#site.limits.headMs / 1000;
      this.#refuse({ status: 408, type: "request_timeout_exception", reason: `The request's head was not complete within ${seconds} s.` });
    }
    this.#asking.sweep(now);
    this.#uplink.sweep(now);
    if (this.#phase === "closing" && this.#client.writableFinished) {
      if (this.#lingerUntil === 0) this.#lingerUntil = now + LINGER_MS;
      else if (now > this.#lingerUntil) this.#client.destroy();
    }
  }

  /** A fault of ours costs one connection, not the thread with all of them. */
  #guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#site.problem(`A connection was given up: ${traceOf(error)}`);
      this.#client.destroy();
    }
  }

  // ---- from the client

  #clientData(chunk: Buffer): void {
    if (this.#phase === "open") {
      this.#follow(chunk);
      return;
    }
    if (this.#phase === "tunnel") this.#toUpstream(chunk);
  }

  #follow(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && this.#phase === "open") {
      if (this.#receiving !== null) at = this.#followBody(null, chunk, at, at);
      else if (this.#held !== 0 || (!this.#heads.begun && this.#answers.waiting.length === 0 && this.#uplink.seeks())) {
        this.#rest = chunk.subarray(at);
        this.#client.pause();
        return;
      } else at = this.#followHead(chunk, at);
    }
  }

  #followHead(chunk: Buffer, at: number): number {
    const gathered = this.#heads.begun;
    // An empty line before a request is to be ignored (RFC 9112 section 2.2); it is not forwarded either.
    if (!gathered && octetAt(chunk, at) === CR && octetAt(chunk, at + 1) === LF) return at + 2;
    const end = this.#heads.read(chunk, at, facts);
    if (end === INCOMPLETE) {
      if (this.#headBy === 0) this.#headBy = epochNow() + this.#site.limits.headMs;
      return chunk.length;
    }
    this.#headBy = 0;
    if (end === TOO_LONG) {
      const reason = `The request's head is longer than ${this.#site.limits.headBytes} bytes.`;
      return this.#refuse({ status: 431, type: "too_long_http_header_exception", reason });
    }
    if (end < 0) return this.#refuse(malformed(facts.problem));
    const { bytes, from, to } = this.#heads;
    const exchange = this.#open(bytes, from, to);
    if (exchange === null) return chunk.length;
    const upstream = this.#asking.question?.upstream ?? this.#uplink.link?.upstream ?? this.#site.nodes.current;
    const rewritten = rewriteHead(bytes, from, to, facts, upstream);
    const lead = rewritten ?? (gathered ? bytes.subarray(from, to) : null);
    return this.#followBody(lead, chunk, lead === null ? at : end, end);
  }

  /** Forwards what `chunk` has of the current request: `lead`, then `chunk` from `start`; its body begins or goes on at `at`. */
  #followBody(lead: Buffer | null, chunk: Buffer, start: number, at: number): number {
    const exchange = this.#receiving;
    if (exchange === null) return at;
    const end = this.#body.read(chunk, at, this.#copyBody);
    if (this.#body.problem !== "") return this.#refuse(malformed(this.#body.problem));
    const part = start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end);
    const bytes = lead === null ? part : part.length === 0 ? lead : Buffer.concat([lead, part]);
    const { question } = this.#asking;
    if (question !== null) return this.#asking.hear(question, bytes, this.#body.done) ? end : Number.MAX_SAFE_INTEGER;
    if (this.#body.done) this.#forwardLast(exchange, bytes);
    else this.#toUpstream(bytes);
    return end;
  }

  // ---- asking the engine

  #whole(): void {
    this.#receiving = null;
    this.#hold(ASKED);
    this.#ask();
  }

  #ask(): void {
    if (this.#answers.waiting.length === 0) this.#asking.ask();
  }

  #answeredByEngine(exchange: Passing, answer: Buffer): void {
    if (exchange.closes || (this.#clientEnded && this.#rest === null)) {
      this.#closeClient(answer);
      return;
    }
    this.#client.write(answer);
    this.#release(ASKED);
  }

  /** The request may wait for long: the client is read on, so that it is seen when it leaves. */
  #taken(): void {
    if (this.#rest === null) this.#client.resume();
    if (this.#clientEnded) this.#client.destroy();
  }

  #reset(exchange: Passing, why: string): void {
    this.#broken(exchange, why);
    this.#client.resetAndDestroy();
  }

  /** Lets the request go to the upstream after all. */
  #pass(question: HeldRequest): void {
    const { exchange } = question;
    this.#uplink.connect(question.upstream);
    this.#answers.waiting.push(exchange);
    // Of a request that was too long to ask for, more may be to come.
    if (question.whole || this.#body.done) this.#forwardLast(exchange, question.wire());
    else this.#toUpstream(question.wire());
    this.#release(ASKED);
  }

  // ---- from the client to the upstream

  /**
   * Forwards the last bytes of a request: once they have left, the upstream may act on it. A write's wait until the journal
   * has its body.
   */
  #forwardLast(exchange: Passing, bytes: Buffer): void {
    this.#receiving = null;
    if (exchange.journal === null) {
      this.#complete(exchange, bytes);
      return;
    }
    this.#hold(JOURNAL);
    exchange.journal.keep(() =>
      this.#guarded(() => {
        if (this.#phase === "closed" || this.#phase === "closing") return;
        this.#complete(exchange, bytes);
        this.#release(JOURNAL);
      }),
    );
  }

  #complete(exchange: Passing, bytes: Buffer): void {
    this.#toUpstream(bytes);
    if (exchange.requestDone) return;
    exchange.requestDone = true;
    this.#site.copy.requestEnd(exchange, epochNow());
  }

  #broken(exchange: Passing, why: string): void {
    this.#site.copy.broken(exchange, epochNow(), why);
    exchange.journal?.broken(this.#uplink.reached);
  }

  #toUpstream(bytes: Buffer): void {
    if (this.#uplink.link?.write(bytes) === false) this.#hold(UPSTREAM_FULL);
  }

  readonly #copyBody = (bytes: Buffer, from: number, to: number): void => {
    if (this.#receiving !== null) {
      this.#site.copy.requestBody(this.#receiving, bytes, from, to);
      this.#receiving.journal?.requestBody(bytes, from, to);
    }
    this.#asking.question?.keepBody(bytes, from, to);
  };

  /** Admits the request whose head was just read. Null when it is refused. */
  #open(bytes: Buffer, from: number, to: number): Passing | null {
    const site = this.#site;
    const link = this.#uplink.link;
    const busy = link !== null && this.#answers.waiting.length > 0 ? link.upstream : null;
    const { exchange, wish, watched, objection } = this.#admission.admit(bytes, from, to, facts, busy);
    if (objection !== null) {
      this.#refuse(objection, exchange.isHead);
      return null;
    }
    // Known once the request is admitted: where it has a destination of its own, that was chosen with it.
    const upstream = site.nodes.current;
    // Between exchanges the connection may be exchanged for one to a new upstream; pipelined requests stay together.
    if (link !== null && link.upstream !== upstream && this.#answers.waiting.length === 0) this.#uplink.forget();
    this.#receiving = exchange;
    if (wish === "none") {
      const { id, time, copying } = exchange;
      exchange.journal = site.journal.open(copying ? id : 0, time, site.nodes.name, bytes, facts, from, to);
    }
    if (wish === "none" && !watched) {
      this.#uplink.connect(upstream);
      this.#answers.waiting.push(exchange);
    } else {
      this.#asking.begin(new HeldRequest(exchange, wish, watched, this.#uplink.link?.upstream ?? upstream, bytes.subarray(from, to)));
      if (exchange.expectsContinue) this.#client.write(CONTINUE);
    }
    this.#body.begin(facts.chunked ? "chunked" : facts.contentLength >= 0 ? "length" : "none", facts.contentLength);
    if (exchange.upgrades) this.#hold(UPGRADE_PENDING);
    if (this.#answers.waiting.length >= site.limits.pipelined) this.#hold(PIPELINE_FULL);
    return exchange;
  }

  #clientEnd(): void {
    this.#clientEnded = true;
    if (this.#rest !== null || this.#phase === "closing" || (this.#held & JOURNAL) !== 0) return;
    if (this.#phase === "tunnel") return void this.#uplink.link?.end();
    if (this.#phase === "refusing") return;
    if (this.#receiving !== null || this.#heads.begun) return void this.#refuse(malformed("The request ended in its middle."));
    if (this.#asking.question?.taken === true) return void this.#client.destroy();
    if (this.#asking.question !== null) return;
    if (this.#answers.waiting.length === 0) this.#closeClient(null);
    // The wire's other end is told, as it would be without us: Elasticsearch cancels a search whose client has gone.
    else this.#uplink.link?.end();
  }

  // ---- to and from the upstream

  #toClient(bytes: Buffer, from: number, to: number): void {
    const part = from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to);
    if (!this.#client.write(part)) this.#uplink.link?.pause();
  }

  #answered(exchange: Passing, closes: boolean): void {
    if (closes) this.#ending = true;
    // The client may now leave out the body that it offered (RFC 9110 section 10.1.1), or not: no one could tell its body from
    // its next request.
    if (exchange.expectsContinue && !exchange.requestDone) {
      this.#closeClient(null);
      return;
    }
    if (this.#refusal !== null) {
      this.#sendRefusal();
      return;
    }
    if (this.#clientEnded && this.#between && this.#asking.question === null && this.#rest === null) this.#closeClient(null);
    else this.#release(PIPELINE_FULL | UPGRADE_PENDING);
    this.#ask();
  }

  #tunnel(): void {
    this.#phase = "tunnel";
    const rest = this.#rest;
    this.#rest = null;
    if (rest !== null) this.#toUpstream(rest);
    this.#release(UPGRADE_PENDING | PIPELINE_FULL);
    if (this.#clientEnded) this.#uplink.link?.end();
  }

  #upstreamEnded(link: Link): void {
    this.#answers.close();
    if (this.#phase === "tunnel") {
      this.#closeClient(null);
      return;
    }
    if (!this.#between) {
      const hint = link.upstream.tls ? "" : " If it speaks TLS, use an https:// URL.";
      this.#upstreamFailed(`${link.upstream.subject} closed the connection before its answer was complete.${hint}`);
      return;
    }
    if (this.#ending || this.#clientEnded) {
      this.#closeClient(null);
      return;
    }
    // An idle connection that the upstream gave up, e.g. by a restart: the client's next request gets a new one.
    this.#uplink.forget();
  }

  #linkFailed(why: string): void {
    if (this.#uplink.passesOver()) return;
    if (this.#between && !this.#ending && this.#phase === "open") this.#uplink.forget();
    else this.#upstreamFailed(why);
  }

  /** The upstream can't answer what it was asked: an error if no answer has begun, else the client must see it break off. */
  #upstreamFailed(what: string): void {
    if (this.#phase === "closing" || this.#phase === "closed") return;
    const why = this.#clientEnded ? CLIENT_LEFT : what;
    const first = this.#answers.waiting[0];
    const midway = this.#answers.midway;
    const reset = this.#answers.untilClose;
    for (const exchange of this.#unfinished()) this.#broken(exchange, why);
    // What was sent after a request for the connection's end is not answered, by anyone.
    if (first === undefined || (this.#ending && !midway)) {
      this.#closeClient(null);
      return;
    }
    if (!midway) {
      this.#closeClient(printRefusal(badGateway(why), first.isHead));
      return;
    }
    // Where only the connection's end ends the body, an orderly end would pass for a complete answer.
    if (reset) this.#client.resetAndDestroy();
    else this.#client.destroy();
  }

  // ---- holding and ending

  #hold(reason: number): void {
    this.#held |= reason;
    this.#client.pause();
  }

  #release(reasons: number): void {
    if ((this.#held & reasons) === 0) return;
    this.#held &= ~reasons;
    if (this.#held !== 0 || this.#phase === "closed") return;
    const rest = this.#rest;
    this.#rest = null;
    if (rest !== null) this.#follow(rest);
    if (this.#held !== 0) return;
    this.#client.resume();
    if (this.#clientEnded && (rest !== null || (reasons & JOURNAL) !== 0)) this.#clientEnd();
  }

  /** Refuses the request that was being read, after the answers that are due before it. Reads nothing more. */
  #refuse(refusal: Refusal, isHead = false): number {
    this.#phase = "refusing";
    this.#refusal = { reason: refusal.reason, answer: printRefusal(refusal, isHead) };
    this.#sendRefusal();
    return Number.MAX_SAFE_INTEGER;
  }

  #sendRefusal(): void {
    const first = this.#answers.waiting[0];
    if (this.#refusal === null || (first !== undefined && first !== this.#receiving)) return;
    for (const exchange of this.#unfinished()) this.#broken(exchange, this.#refusal.reason);
    if (this.#answers.midway) this.#client.destroy();
    else this.#closeClient(this.#refusal.answer);
  }

  #unfinished(): Passing[] {
    const open = new Set(this.#answers.waiting);
    if (this.#asking.question !== null) open.add(this.#asking.question.exchange);
    if (this.#receiving !== null) open.add(this.#receiving);
    return [...open];
  }

  /** Our last word to the client (`null`: just the end). What it still sends is read and thrown away for a moment. */
  #closeClient(answer: Buffer | null): void {
    this.#finish("The connection ended before the request was complete.");
    this.#phase = "closing";
    if (answer === null) this.#client.end();
    else this.#client.end(answer);
    this.#held = 0;
    this.#client.resume();
  }

  #finish(why: string): void {
    if (this.#phase === "closed") return;
    this.#phase = "closed";
    for (const exchange of this.#unfinished()) this.#broken(exchange, why);
    this.#answers.waiting.length = 0;
    this.#asking.end();
    this.#receiving = null;
    this.#rest = null;
    this.#uplink.drop();
  }
}
