// Searches that Elasticsearch has answered: each is judged in its turn, so many at once and so many waiting, and looked at a second time
// where its difference may be that of a moment.
import type { Route } from "../elasticsearch/route.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import type { Log } from "../report/log.ts";
import { AsyncSearches, type JudgeAgain } from "./async_searches.ts";
import type { Mirrored } from "./cluster_mirror.ts";
import type { Findings, KeptRecord } from "./findings.ts";
import type { Ask } from "./held_moments.ts";
import { HeldTables } from "./held_tables.ts";
import type { JudgedExchange, Later, Some } from "./judge_exchange.ts";
import { type Judges, since, type ToJudge } from "./judges.ts";
import { isLarge } from "./large_judge.ts";
import { LaterLooks } from "./later_looks.ts";
import type { MirrorTurns, ReadTurn } from "./mirror_turns.ts";
import type { Moments } from "./moments.ts";
import { faultOf, obstacleTo } from "./outcome.ts";
import { BoundedQueue, OVER_CAPACITY } from "./queue.ts";
import { SecondLooks } from "./second_look.ts";
import type { Works } from "./works.ts";

/** Searches judged at once, and how many may wait; past that they are captured as `not compared: over capacity`. */
const CONCURRENCY = 2;
const CAPACITY = 2000;
/** Octets of answers that wait to be compared in the other thread. */
const LARGE_WAITING_BYTES = 512 * 1024 * 1024;

export interface SearchesOptions {
  readonly turns: MirrorTurns;
  readonly moments: Moments;
  readonly judges: Judges;
  readonly findings: Findings;
  readonly works: Works;
  /** Asks Elasticsearch beside the proxy, for second looks at searches among writes; undefined: none are taken. */
  readonly ask: Ask | undefined;
  readonly log: Log;
}

/** A search that waits for its turn. */
interface Entered {
  readonly record: KeptRecord;
  readonly turn: ReadTurn;
  /** ms from the start of the exchange. */
  readonly queued: number;
}

export class Searches {
  readonly #options: SearchesOptions;
  readonly #queue = new BoundedQueue(CONCURRENCY, CAPACITY);
  /** Of large ones: small ones don't wait for them. */
  readonly #largeQueue = new BoundedQueue(1, CAPACITY);
  readonly #held: HeldTables;
  readonly #asyncSearches = new AsyncSearches();
  readonly #later: LaterLooks;
  #largeBytes = 0;

  constructor(options: SearchesOptions) {
    this.#options = options;
    const { turns, moments, judges, works, ask, log } = options;
    this.#held = new HeldTables(turns, moments);
    const secondLooks = ask === undefined ? null : new SecondLooks({ ask, moments, log, handedOver: () => turns.handedOver() });
    this.#later = new LaterLooks({ judges, secondLooks, works, log });
  }

  /** Takes the search of an exchange that is over: what it is judged to be is found later. `some`: the searches to judge of it. */
  take(exchange: TappedExchange, routed: Route, record: KeptRecord, some?: Some): void {
    const { turns, moments, findings, works } = this.#options;
    const obstacle = obstacleTo(exchange) || turns.obstacle();
    if (obstacle !== "") {
      findings.notCompared(record, obstacle);
      return;
    }
    const turn = turns.read();
    const held = moments.begins(exchange, routed) ? this.#held.hold(exchange, routed) : null;
    const told = this.#asyncSearches.begun(exchange, routed);
    works.begin(exchange.id);
    const queued = since(exchange.time);
    const goesOn = told !== null;
    const large = goesOn || isLarge({ exchange });
    const work = async (): Promise<void> => {
      let again: JudgeAgain | null = null;
      try {
        again = await this.#inTurn({ exchange, routed, held, some, large, goesOn }, { record, turn, queued });
      } catch (error) {
        findings.judged(record, faultOf(error));
      } finally {
        over(again);
      }
    };
    const over = (again: JudgeAgain | null): void => {
      told?.(again);
      turn.done();
      works.end(exchange.id);
    };
    // Where a page begins is told by those before it: the small ones among them wait for the large ones.
    const inOrder = large || held !== null || moments.goesOn(routed);
    const bytes = large ? exchange.request.bodyBytes + (exchange.response?.bodyBytes ?? 0) : 0;
    if (this.#offer(work, { inOrder, bytes })) return;
    over(null);
    findings.notCompared(record, OVER_CAPACITY);
  }

  /** Takes note of points in time and scrolls that are opened and closed, and of the last answers of asynchronous searches. */
  follow(exchange: TappedExchange, routed: Route): void {
    const { moments, log } = this.#options;
    this.#asyncSearches.over(exchange, routed).catch((error: unknown) => {
      log.write("error", "judging an asynchronous search failed", { exchange: exchange.id, message: String(error) });
    });
    moments.closed(exchange, routed);
    moments.opened(exchange, routed, () => this.#held.hold(exchange, routed));
  }

  /** Nothing is waited for any more. */
  end(): void {
    this.#later.end();
  }

  /** Resolves when nothing is judged and nothing waits to be. */
  async drained(): Promise<void> {
    await Promise.all([this.#queue.drained(), this.#largeQueue.drained()]);
  }

  /** False where there is no room for it. `work` must not reject. */
  #offer(work: () => Promise<void>, { inOrder, bytes }: { readonly inOrder: boolean; readonly bytes: number }): boolean {
    if (this.#largeBytes > 0 && this.#largeBytes + bytes > LARGE_WAITING_BYTES) return false;
    const taken = (inOrder ? this.#largeQueue : this.#queue).offer(() =>
      work().finally(() => {
        this.#largeBytes -= bytes;
      }),
    );
    if (taken) this.#largeBytes += bytes;
    return taken;
  }

  /** Resolves with how it is judged again by a later answer, where there may be one. */
  async #inTurn(asked: Omit<ToJudge, "timings">, entered: Entered): Promise<JudgeAgain | null> {
    const mirrored = await entered.turn.mirrored();
    const timings = { ...entered.record.timings, queued: entered.queued, taken: since(asked.exchange.time) };
    if (typeof mirrored !== "string") return this.#judge(mirrored, { ...asked, timings }, entered);
    this.#options.findings.notCompared({ ...entered.record, timings }, mirrored);
    return null;
  }

  async #judge(mirrored: Mirrored, asked: ToJudge, { record: before }: Entered): Promise<JudgeAgain | null> {
    const { judges, findings } = this.#options;
    const { exchange, routed, some, held, goesOn = false } = asked;
    const judged = await judges.judge(mirrored, asked);
    const { again, timings } = judged;
    const say = ({ comparison, parts, answer, timings: own }: JudgedExchange): void =>
      findings.judged({ ...before, timings: own }, comparison, { parts, answer });
    const alone = !goesOn && some === undefined && held === null && !this.#options.moments.goesOn(routed);
    if (goesOn) say(judged);
    else this.#later.tell({ mirrored, exchange, judged, alone }, say);
    if (again === undefined) return null;
    return async (later) => {
      const told = await again(later);
      if (told === null) return false;
      const { part, unsettled } = told;
      const open = unsettled === undefined ? {} : { open: [{ position: part.position, reason: unsettled }] };
      const last = { comparison: part.comparison, parts: [part], timings, ...open };
      this.#later.tell({ mirrored, exchange: answeredBy(exchange, later), judged: last, alone: true }, say);
      return true;
    };
  }
}

/** The exchange as it were if its search had been over at once. */
function answeredBy(exchange: TappedExchange, { response, end }: Later): TappedExchange {
  const { body } = response;
  const whole = { version: "1.1", reason: "", ...response, bodyBytes: body.byteLength, truncated: false };
  return { ...exchange, response: whole, phases: { ...exchange.phases, lastByte: end - exchange.time } };
}
