// Who judges a search: this thread the small ones, the other one the large. Both are told by the same witness what stands where.
import { backendOf } from "../answer/backend.ts";
import { LargeAnswer } from "../clickhouse/failure.ts";
import { route } from "../elasticsearch/route.ts";
import type { Fitting, RuleSettings } from "../matcher/rule_settings.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import { modesOf, tapReason } from "../routing/index_modes.ts";
import type { Routing } from "../routing/routing.ts";
import type { Mirrored } from "./cluster_mirror.ts";
import { type Asked, type JudgedExchange, judgeExchange } from "./judge_exchange.ts";
import { isLarge, LargeJudge } from "./large_judge.ts";
import { ENDING, type MirrorTurns } from "./mirror_turns.ts";
import { asksToCompare } from "./mirror_write.ts";
import { type Moment, viewOf } from "./moment.ts";
import type { Moments } from "./moments.ts";
import type { OpenWrites } from "./open_writes.ts";
import { obstacleTo } from "./outcome.ts";
import type { TableLookup } from "./run_search.ts";
import type { SearchRequest } from "./search_request.ts";
import { lookUpTables } from "./tables.ts";
import { type Wanted, witnessOf } from "./witness.ts";

/** What ClickHouse may answer where Elasticsearch's answer is small: more goes to the other thread. */
const MOST_HERE_BYTES = 1024 * 1024;

export interface JudgesOptions {
  readonly turns: MirrorTurns;
  readonly openWrites: OpenWrites;
  readonly moments: Moments;
  readonly routing: Routing;
  /** What is said of the rules for a search. */
  readonly settings: (search: Fitting) => RuleSettings;
}

export interface ToJudge extends Asked {
  /** What was held for the scroll that it begins; null for all others. */
  readonly held: Promise<Moment> | null;
  /** Judged in the other thread. */
  readonly large: boolean;
  /** The moment that it reads without saying so. @default as it says */
  readonly moment?: Moment | undefined;
}

export class Judges {
  readonly #options: JudgesOptions;
  readonly #largeJudge = new LargeJudge();

  constructor(options: JudgesOptions) {
    this.#options = options;
  }

  /** Judges it now: its turn has come. Throws UndecodableBody. */
  async judge(mirrored: Mirrored, { held, large, moment, ...asked }: ToJudge): Promise<JudgedExchange> {
    const { openWrites, moments, settings } = this.#options;
    const { exchange, routed } = asked;
    const tables = (search: Wanted): Promise<TableLookup> => this.#tables(mirrored, search, exchange);
    const seen = witnessOf({ mirrored, openWrites, moments, tables, settings }, { exchange, routed, held });
    const witness =
      moment?.kind === "pinned"
        ? { ...seen, view: async (search: SearchRequest) => viewOf(search, moment, backendOf(mirrored, exchange.time)) }
        : seen;
    const { clickhouse } = mirrored;
    try {
      if (!large) return await judgeExchange(asked, { witness, clickhouse, mostBytes: MOST_HERE_BYTES });
    } catch (error) {
      if (!(error instanceof LargeAnswer)) throw error;
    }
    return this.#largeJudge.judge(asked, witness, clickhouse.access);
  }

  /**
   * Judges what no client has asked, in its turn, and keeps nothing of it; in words, why it can't be. `moment`: which it reads without
   * saying so. Throws UndecodableBody.
   */
  async judgeInTurn(exchange: TappedExchange, moment?: Moment): Promise<JudgedExchange | string> {
    const { turns } = this.#options;
    const obstacle = obstacleTo(exchange) || turns.obstacle();
    if (obstacle !== "") return obstacle;
    const queued = since(exchange.time);
    const turn = turns.read();
    try {
      const mirrored = await turn.mirrored();
      if (typeof mirrored === "string") return mirrored;
      const routed = route(exchange.request.method, exchange.request.target);
      const timings = { ...exchange.phases, queued, taken: since(exchange.time) };
      return await this.judge(mirrored, { exchange, routed, timings, held: null, large: isLarge({ exchange }), moment });
    } finally {
      turn.done();
    }
  }

  /** What the other thread is at is not compared. */
  end(): Promise<void> {
    return this.#largeJudge.end(ENDING);
  }

  /** The tables of a search, unless one of its indices is tapped only. */
  async #tables({ mirror }: Mirrored, search: Wanted, { request }: TappedExchange): Promise<TableLookup> {
    const { routing } = this.#options;
    if (!asksToCompare(request.headers) && routing.has("tap")) {
      const modes = await modesOf(routing, (index, params) => mirror.resolve(index, params), search.index, search.params);
      const tapped = tapReason(modes, search.index);
      if (tapped !== "") return { kind: "not_compared", reason: tapped };
    }
    return lookUpTables(mirror, search);
  }
}

/** ms since `time` (epoch ms), with fractions. */
export function since(time: number): number {
  return performance.timeOrigin + performance.now() - time;
}
