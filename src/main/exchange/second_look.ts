// A second look at a search whose answers differ while documents are being written: which of them Elasticsearch had shown is open then, as
// it shows what is written a second later. Both sides are asked again for one moment that Elasticsearch holds (held_moments.ts).
// Bounded: two looks at a time, and one in five seconds for each shape of search.
import { Buffer } from "node:buffer";
import type { SearchPart } from "../../shared/exchange.ts";
import { messageOf } from "../../shared/thrown.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import { route } from "../elasticsearch/route.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import type { Log } from "../report/log.ts";
import { askedExchange } from "./asked_exchange.ts";
import { Bounded } from "./bounded.ts";
import type { Mirrored } from "./cluster_mirror.ts";
import { type Ask, type Held, HeldMoments } from "./held_moments.ts";
import { countIn, countOf, type InMoment, searchIn } from "./in_moment.ts";
import type { JudgedExchange } from "./judge_exchange.ts";
import type { Moment } from "./moment.ts";
import type { Moments } from "./moments.ts";
import { paramsAgain } from "./params_again.ts";
import { BoundedQueue } from "./queue.ts";
import type { SearchRequest } from "./search_request.ts";

const EVERY_MS = 5_000;
const SHAPES = 1_000;
const CONCURRENCY = 2;
const CAPACITY = 50;
/** Larger answers of Elasticsearch are not kept a second time. */
const MOST_BYTES = 1024 * 1024;
/** Said of a verdict of it. */
export const TOLD =
  "Told by a second look: both sides were asked again for a moment that Elasticsearch held, as documents were being written.";

export interface SecondLooksOptions {
  readonly ask: Ask;
  /** Resolves when the mirror has been handed every write that was acknowledged before. */
  readonly handedOver: () => Promise<unknown>;
  readonly moments: Pick<Moments, "held">;
  readonly log: Log;
}

export interface ToLookAt {
  readonly mirrored: Mirrored;
  readonly exchange: TappedExchange;
  /** One of its searches. */
  readonly search: SearchRequest;
  /** As that was judged first. */
  readonly first: SearchPart;
  /** Judges what no client has asked, at a moment where one is given; in words, why it can't be. */
  readonly judge: (looked: TappedExchange, moment?: Moment) => Promise<JudgedExchange | string>;
}

/** What came of it: null where nothing can be told, "busy" where it is not looked at, as others are. */
export type Looked = SearchPart | null | "busy";

export class SecondLooks {
  readonly #options: SecondLooksOptions;
  readonly #held: HeldMoments;
  readonly #queue = new BoundedQueue(CONCURRENCY, CAPACITY);
  /** When each shape was looked at last, and whether that could tell anything: an Elasticsearch may hold nothing. */
  readonly #last = new Bounded<{ readonly at: number; readonly able: boolean }>(SHAPES);

  constructor(options: SecondLooksOptions) {
    this.#options = options;
    this.#held = new HeldMoments(options.ask, options.handedOver);
  }

  /** Looks at one search. Never rejects. */
  async look(asked: ToLookAt): Promise<Looked> {
    const now = performance.now();
    const { exchange, mirrored, first, search } = asked;
    const last = this.#last.get(first.shape);
    if (!canBeAsked(asked)) return null;
    if (last !== undefined && now - last.at < EVERY_MS) return last.able ? "busy" : null;
    const borrowed = this.#held.borrow(mirrored, search, exchange.request);
    const { promise, resolve } = Promise.withResolvers<Looked>();
    const look = async (): Promise<void> => {
      const part = await this.#look(asked, await borrowed.held).catch((error: unknown) => {
        this.#options.log.write("warn", `A second look at exchange ${exchange.id} failed: ${messageOf(error)}`);
        return null;
      });
      borrowed.release();
      if (part === null) this.#last.set(first.shape, { at: now, able: false });
      resolve(part);
    };
    if (this.#queue.offer(look)) {
      this.#last.set(first.shape, { at: now, able: true });
      return promise;
    }
    borrowed.release();
    return "busy";
  }

  async #look(asked: ToLookAt, held: Held | null): Promise<SearchPart | null> {
    if (held === null) return null;
    const { first, judge } = asked;
    const question = asked.search.endpoint === "count" ? countIn(asked.search, held.id) : searchIn(asked.search, held.id);
    const looked = await this.#asked(asked, question);
    if (looked === null || looked.response === null || looked.response.bodyBytes > MOST_BYTES) return null;
    if (question.kind === "search") this.#options.moments.held(held.id, held.moment);
    const judged = await (question.kind === "search" ? judge(looked) : judge(looked, held.moment));
    const part = typeof judged === "string" ? undefined : judged.parts[0];
    if (part === undefined || part.clickhouse === null) return null;
    if (part.comparison.verdict === "not_compared" || part.comparison.verdict === "unsupported") return null;
    const { position, body, index, shape, timings } = first;
    const second = { time: looked.time, elasticsearch: textOf(looked.response.body) };
    const comparison = { ...part.comparison, reason: `${part.comparison.reason} ${TOLD}`.trim() };
    return { ...part, position, body, index, shape, ...(timings === undefined ? {} : { timings }), comparison, second };
  }

  /** The search at that moment, as an exchange that nobody sees; null where its answer tells nothing. Throws ElasticsearchAway. */
  async #asked({ exchange, search }: ToLookAt, question: InMoment): Promise<TappedExchange | null> {
    const time = performance.timeOrigin + performance.now();
    const { request } = exchange;
    const { status, body } = await this.#held.send(request, "POST", question.target, Buffer.from(question.body));
    const asked = {
      method: "POST",
      target: question.target,
      headers: request.headers.filter(([name]) => !/^(content-|accept)/i.test(name)),
    };
    if (question.kind === "search")
      return askedExchange(exchange.id, time, { ...asked, body: Buffer.from(question.body) }, { status, body });
    const count = status >= 300 ? null : countOf(body);
    if (count === null) return null;
    const own = { ...asked, target: `/_count?${paramsAgain(search.params)}`, body: Buffer.from(search.text) };
    return askedExchange(exchange.id, time, own, { status, body: Buffer.from(count) });
  }
}

/** False for what can't be asked in a point in time, or whose client is shown a part of something larger. */
function canBeAsked({ exchange, search }: ToLookAt): boolean {
  const { endpoint } = route(exchange.request.method, exchange.request.target);
  const choosing = ["scroll", "routing"].some((name) => search.params.has(name));
  const shownInPart = (search.filter ?? "") !== "" && endpoint !== "_search" && endpoint !== "_count";
  return search.endpoint !== "esql" && search.index !== "" && !choosing && !shownInPart;
}
