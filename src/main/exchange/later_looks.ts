// Searches that can't be told at once, for writes went on: those that came before the mirror had what waits in the journal are judged once
// it has, and those whose answers differ are looked at a second time (second_look.ts). The verdict that is found later stands.
import { setTimeout as pause } from "node:timers/promises";
import type { SearchPart } from "../../shared/exchange.ts";
import { messageOf } from "../../shared/thrown.ts";
import { decodeBody } from "../elasticsearch/body.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import { route } from "../elasticsearch/route.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import type { Log } from "../report/log.ts";
import { apart } from "./apart.ts";
import type { Mirrored } from "./cluster_mirror.ts";
import type { JudgedExchange, OpenSearch } from "./judge_exchange.ts";
import type { Judges } from "./judges.ts";
import { loudest, waitsInJournal } from "./outcome.ts";
import { BoundedQueue } from "./queue.ts";
import { readSearches, type SearchRequest } from "./search_request.ts";
import type { SecondLooks } from "./second_look.ts";
import type { Works } from "./works.ts";

/** How long what waits in the journal is waited for, by how many searches, and how often it is looked for. */
const PATIENCE_MS = 30_000;
const MOST_WAITING = 50;
const LOOK_EVERY_MS = 100;
/** Judged at once of those that waited. */
const CONCURRENCY = 2;
/** Larger exchanges are not kept for it. */
const MOST_BYTES = 1024 * 1024;

export interface LaterLooksOptions {
  readonly judges: Pick<Judges, "judgeInTurn">;
  /** null: none are taken. */
  readonly secondLooks: Pick<SecondLooks, "look"> | null;
  readonly works: Works;
  readonly log: Log;
}

/** A search that was judged in its turn. */
export interface JudgedInTurn {
  readonly mirrored: Mirrored;
  readonly exchange: TappedExchange;
  readonly judged: JudgedExchange;
  /** Whether it may be judged by itself, out of its turn. */
  readonly alone: boolean;
}

export class LaterLooks {
  readonly #options: LaterLooksOptions;
  readonly #queue = new BoundedQueue(CONCURRENCY, MOST_WAITING);
  #waiting = 0;
  #ended = false;

  constructor(options: LaterLooksOptions) {
    this.#options = options;
  }

  /** `say` is told what the search was judged to be: at once, unless that may be the difference of a moment, and again when more is known. */
  tell(inTurn: JudgedInTurn, say: (judged: JudgedExchange) => void, until = performance.now() + PATIENCE_MS): void {
    const { exchange, judged, alone } = inTurn;
    const behind = alone ? judged.parts.filter(({ comparison }) => waitsInJournal(comparison.reason)) : [];
    if (behind.length > 0) {
      say(judged);
      if (performance.now() < until && this.#waiting < MOST_WAITING && bytesOf(exchange) <= MOST_BYTES)
        this.#wait(inTurn, behind, say, until);
      return;
    }
    const { open = [] } = judged;
    if (open.length === 0 || judged.answer !== undefined || this.#options.secondLooks === null) say(judged);
    else this.#lookAgain(this.#options.secondLooks, inTurn, open, say);
  }

  /** Nobody waits any more. */
  end(): void {
    this.#ended = true;
  }

  /** Judges it anew when the journal is through. */
  #wait(inTurn: JudgedInTurn, behind: readonly SearchPart[], say: (judged: JudgedExchange) => void, until: number): void {
    const { exchange, mirrored } = inTurn;
    const { works, judges, log } = this.#options;
    works.begin(exchange.id);
    this.#waiting += 1;
    const over = (): void => {
      this.#waiting -= 1;
      works.end(exchange.id);
    };
    const judgeAnew = async (): Promise<void> => {
      try {
        const judged = this.#ended ? "" : await judges.judgeInTurn(exchange);
        if (typeof judged !== "string") this.tell({ ...inTurn, judged }, say, until);
      } catch (error) {
        log.write("warn", `Exchange ${exchange.id} could not be judged anew: ${messageOf(error)}`);
      } finally {
        over();
      }
    };
    const searches = searchesAt(exchange, behind);
    void this.#caughtUp(mirrored, searches, until).then((there) => {
      if (!there || !this.#queue.offer(judgeAnew)) over();
    });
  }

  /** Resolves with true when nothing waits in the journal for these searches. Never rejects. */
  async #caughtUp({ mirror }: Mirrored, searches: readonly SearchRequest[], until: number): Promise<boolean> {
    while (!this.#ended && performance.now() < until) {
      const waits = await Promise.all(
        searches.map(({ index, params, endpoint }) => mirror.waits(index, endpoint === "esql" ? NONE : params)),
      );
      if (!waits.includes(true)) return true;
      await pause(LOOK_EVERY_MS, undefined, { ref: false });
    }
    return false;
  }

  /** Judges its open searches once more at moments that Elasticsearch holds: those verdicts stand in place of the first. */
  #lookAgain(
    secondLooks: Pick<SecondLooks, "look">,
    { mirrored, exchange, judged }: JudgedInTurn,
    open: readonly OpenSearch[],
    say: (judged: JudgedExchange) => void,
  ): void {
    const { works, judges } = this.#options;
    works.begin(exchange.id);
    // One that differs is only said to once it was looked at: the difference may be that of a moment.
    const waiting = judged.comparison.verdict === "different";
    if (!waiting) say(judged);
    const searches = searchesAt(exchange, open);
    const looks = searches.map(async (search) => {
      const first = judged.parts[search.position];
      if (first === undefined) return null;
      const looked = await secondLooks.look({ mirrored, exchange, search, first, judge: judges.judgeInTurn.bind(judges) });
      if (looked !== "busy") return looked;
      const reason = open.find(({ position }) => position === search.position)?.reason ?? "";
      return { ...first, comparison: { ...first.comparison, verdict: "not_compared" as const, reason } };
    });
    void Promise.all(looks).then((looked) => {
      const found = new Map(looked.flatMap((part) => (part === null ? [] : [[part.position, part] as const])));
      if (waiting || found.size > 0) say(withParts(judged, (part) => found.get(part.position) ?? part));
      works.end(exchange.id);
    });
  }
}

const NONE: ReadonlyMap<string, string> = new Map();

function withParts({ answer: _, ...judged }: JudgedExchange, change: (part: SearchPart) => SearchPart): JudgedExchange {
  const parts = judged.parts.map(change);
  return { ...judged, comparison: loudest(parts.map(({ comparison }) => comparison)) ?? judged.comparison, ...apart(parts) };
}

/** The searches at these positions. */
function searchesAt(exchange: TappedExchange, at: readonly { readonly position: number }[]): readonly SearchRequest[] {
  const { request } = exchange;
  const routed = route(request.method, request.target);
  const { searches } = readSearches(routed, textOf(decodeBody(request.headers, request.body)));
  return searches.filter(({ position }) => at.some((one) => one.position === position));
}

function bytesOf({ request, response }: TappedExchange): number {
  return request.bodyBytes + (response?.bodyBytes ?? 0);
}
