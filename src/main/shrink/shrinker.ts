// Makes differing searches small, one at a time: asks both sides ever smaller requests, bounded in time and number, until nothing more can go.
import type { Comparison, ExchangeDetail } from "../../shared/exchange.ts";
import { type JsonObject, parseObject, printJson } from "../../shared/json.ts";
import type { ShrinkState, ShrunkSearch } from "../../shared/shrink.ts";
import { type Going, OneAtATime } from "../capture/one_at_a_time.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import { askBoth, type BothSides, jsonRequest } from "./ask_both.ts";
import { type OneSearch, oneSearch } from "./one_search.ts";
import { reduce } from "./reduce.ts";
import { SHRINKABLE, sameKind } from "./same_kind.ts";

/** What one shrinking may take. */
const MOST_TRIALS = 500;
const MOST_MS = 60_000;
/** A longer answer is not kept with the result. */
const LONGEST_ANSWER = 1024 * 1024;

type Progress = Pick<ShrinkState, "position" | "trials" | "before" | "now">;

/** A search that can't be made small: which of these, and why in words. */
export class ShrinkRefusal extends Error {
  override readonly name = "ShrinkRefusal";
  readonly code: "not_differing" | "not_shrinkable" | "shrinking";

  constructor(code: ShrinkRefusal["code"], message: string) {
    super(message);
    this.code = code;
  }
}

export interface ShrinkerLimits {
  readonly trials: number;
  readonly ms: number;
}

interface Trial {
  /** Elasticsearch refused it. */
  readonly refused: boolean;
  readonly comparison: Comparison;
  readonly elasticsearch: string | null;
  readonly clickhouse: string | null;
}

export class Shrinker {
  readonly #mostTrials: number;
  readonly #works: OneAtATime<Progress, ShrunkSearch>;

  constructor({ trials, ms }: ShrinkerLimits = { trials: MOST_TRIALS, ms: MOST_MS }) {
    this.#mostTrials = trials;
    this.#works = new OneAtATime({ position: 0, trials: 0, before: 0, now: 0 }, ms);
  }

  state(session: object, id: number): ShrinkState {
    return this.#works.state(session, id);
  }

  /** Ends it with the smallest that was found by then. */
  stop(session: object, id: number): ShrinkState {
    return this.#works.stop(session, id);
  }

  /** Begins; `state` tells the rest. `position`: which search of several; the loudest that can be made small by default. Throws ShrinkRefusal. */
  start(session: object, detail: ExchangeDetail, body: Uint8Array, sides: BothSides, position?: number): ShrinkState {
    const { id } = detail;
    const { running } = this.#works;
    if (running !== null) throw new ShrinkRefusal("shrinking", `Exchange ${running} is being made small; try again when that is done.`);
    const part = detail.searches.find(
      (one) => (position === undefined || one.position === position) && SHRINKABLE.has(one.comparison.verdict),
    );
    if (part === undefined)
      throw new ShrinkRefusal("not_differing", `Exchange ${id} has no such search that is different, unsupported or failed.`);
    const search = oneSearch(detail, body, part.position);
    if (typeof search === "string") throw new ShrinkRefusal("not_shrinkable", search);
    const before = printJson(search.body).length;
    const first = { position: part.position, trials: 0, before, now: before };
    void this.#works.run(session, id, first, (going) => this.#shrink(id, search, part.comparison, sides, going));
    return this.state(session, id);
  }

  async #shrink(
    id: number,
    search: OneSearch,
    recorded: Comparison,
    sides: BothSides,
    { goOn, come }: Going<Progress>,
  ): Promise<ShrunkSearch | string> {
    const first = await tried(sides, id, search, search.body);
    come({ trials: 1 });
    if (typeof first === "string") return first;
    if (first.comparison.verdict !== recorded.verdict) {
      return `Asked again it is ${first.comparison.verdict.replace("_", " ")}, not ${recorded.verdict}: ${first.comparison.reason || "the answers are the same by now"}`;
    }
    let best = first;
    let trials = 1;
    const { value, whole } = await reduce(search.body, {
      mostTrials: this.#mostTrials,
      goOn,
      holds: async (smaller) => {
        const trial = await tried(sides, id, search, smaller);
        trials += 1;
        const holds = typeof trial !== "string" && trial.refused === first.refused && sameKind(first.comparison, trial.comparison);
        if (holds) best = trial;
        come(holds ? { trials, now: printJson(smaller).length } : { trials });
        return holds;
      },
    });
    const { comparison, elasticsearch, clickhouse } = best;
    return {
      index: search.index,
      target: search.target,
      request: printJson(value),
      comparison,
      elasticsearch: kept(elasticsearch),
      clickhouse: kept(clickhouse),
      whole,
    };
  }
}

/** A search that a write kept from being compared gets a second chance. In words, why it can't be judged. */
async function tried(sides: BothSides, id: number, search: OneSearch, body: JsonObject): Promise<Trial | string> {
  const trial = await triedOnce(sides, id, search, body);
  return typeof trial !== "string" && trial.comparison.verdict === "not_compared" ? triedOnce(sides, id, search, body) : trial;
}

async function triedOnce(sides: BothSides, id: number, { target, headers }: OneSearch, body: JsonObject): Promise<Trial | string> {
  const { status, body: answer, judged } = await askBoth(sides, id, jsonRequest(target, headers, printJson(body)));
  if (typeof judged === "string") return judged;
  const [part] = judged.parts;
  const text = textOf(answer);
  const elasticsearch = parseObject(text) === null ? null : text;
  const clickhouse = judged.answer === undefined ? (part?.clickhouse ?? null) : textOf(judged.answer);
  return { refused: status >= 400, comparison: part?.comparison ?? judged.comparison, elasticsearch, clickhouse };
}

function kept(answer: string | null): string | null {
  return answer !== null && answer.length > LONGEST_ANSWER ? null : answer;
}
