// The request on a wire that the engine is asked to answer. It is kept until its body is here and asked in its turn; then it is
// answered, refused, or let pass to the upstream after all.
import type { PrintedReply } from "./asks.ts";
import { epochNow } from "./clock.ts";
import type { HeldRequest } from "./held_request.ts";
import type { Refusal } from "./refusal.ts";
import type { Passing, Site } from "./site.ts";

export interface AskingEvents {
  /** The request's body is here: `ask` may be called once what went before it has its answer. */
  whole(): void;
  /** The engine's whole answer; the copy has it already. */
  answered(exchange: Passing, answer: Buffer): void;
  /** The upstream is to answer. */
  passed(question: HeldRequest): void;
  /** The engine works on it for as long as it needs: the client may leave meanwhile. */
  taken(): void;
  /** The connection is to be reset. */
  reset(exchange: Passing, why: string): void;
  refused(refusal: Refusal, isHead: boolean): void;
  /** Runs what comes from outside of the wire's own events. */
  guarded(step: () => void): void;
}

export class Asking {
  readonly #site: Site;
  readonly #events: AskingEvents;
  #question: HeldRequest | null = null;

  constructor(site: Site, events: AskingEvents) {
    this.#site = site;
    this.#events = events;
  }

  /** The one that is being received or has been asked. */
  get question(): HeldRequest | null {
    return this.#question;
  }

  begin(question: HeldRequest): void {
    this.#question = question;
  }

  /** Keeps what came of the request; `whole`: nothing more comes. False when it is refused. */
  hear(question: HeldRequest, bytes: Buffer, whole: boolean): boolean {
    question.keep(bytes);
    const limit = this.#site.limits.askedBytes;
    if (question.wireBytes > limit) {
      if (question.stays) {
        const what = question.profiled ? "a profile is made of" : "ClickHouse is asked with";
        const reason = `The request is longer than ${limit} bytes, the most that ${what}.`;
        this.#events.refused({ status: 413, type: "content_too_long_exception", reason }, false);
        return false;
      }
      if (question.watched) this.#site.unwatched(question.exchange.id, `longer than ${limit} bytes, the most that can be looked at`);
      this.#pass(question, "");
      return true;
    }
    if (!whole) return true;
    question.exchange.requestDone = true;
    question.whole = true;
    this.#site.copy.requestEnd(question.exchange, epochNow());
    this.#events.whole();
    return true;
  }

  /** To be called in the request's turn: the engine has heard of what went before it. Does nothing where it is not whole, or asked. */
  ask(): void {
    const question = this.#question;
    if (question === null || !question.whole || question.replyBy > 0) return;
    question.replyBy = epochNow() + this.#site.limits.answerMs;
    question.ask = this.#site.asks.put(question.question(), {
      replied: (reply) => this.#events.guarded(() => this.#replied(question, reply)),
      taken: () => this.#events.guarded(() => this.#taken(question)),
    });
  }

  /** Called about once a second: the engine may have taken too long. */
  sweep(now: number): void {
    const question = this.#question;
    if (question === null || question.replyBy === 0 || now <= question.replyBy) return;
    this.#site.asks.forget(question.ask);
    if (!question.stays) {
      if (question.watched) this.#site.unwatched(question.exchange.id, "Parallax was too busy to look at it");
      this.#pass(question, "");
      return;
    }
    const who = question.profiled ? "Parallax" : "ClickHouse";
    const reason = `${who} gave no answer within ${this.#site.limits.answerMs / 1000} s.`;
    this.#events.refused({ status: 503, type: "timeout_exception", reason }, question.exchange.isHead);
  }

  /** Nobody waits any more. */
  end(): void {
    if (this.#question !== null) this.#site.asks.forget(this.#question.ask);
    this.#question = null;
  }

  #taken(question: HeldRequest): void {
    if (this.#question !== question) return;
    question.taken = true;
    question.replyBy = Number.POSITIVE_INFINITY;
    this.#events.taken();
  }

  #replied(question: HeldRequest, { bytes, headBytes, added, reset }: PrintedReply): void {
    if (this.#question !== question) return;
    if (reset !== "") {
      this.#question = null;
      this.#events.reset(question.exchange, reset);
      return;
    }
    if (bytes === null) {
      this.#pass(question, added);
      return;
    }
    this.#question = null;
    const { exchange } = question;
    const answer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const now = epochNow();
    this.#site.copy.responseHead(exchange, now, answer, 0, headBytes);
    this.#site.copy.responseBody(exchange, answer, headBytes, answer.length);
    this.#site.copy.responseEnd(exchange, now);
    this.#events.answered(exchange, answer);
  }

  #pass(question: HeldRequest, added: string): void {
    this.#question = null;
    question.exchange.added = added;
    this.#events.passed(question);
  }
}
