// Asks each side the same search several times, in turns, and tells where each disagrees with itself.
import type { Comparison } from "../../shared/exchange.ts";
import { isObject, type JsonObject, member } from "../../shared/json.ts";
import type { Latency, NoiseFound, NoiseSide, NoisyPath, Standing } from "../../shared/noise.ts";
import { percentileOf } from "../capture/compare/ratio.ts";
import { elasticsearchProblem, unsupportedReason } from "../exchange/judge.ts";
import type { SearchOutcome } from "../exchange/run_search.ts";
import type { SearchRequest } from "../exchange/search_request.ts";
import type { AskedSearch } from "./asked_search.ts";
import { changedOnceAt, explains, noiseOfSides } from "./noise_of_sides.ts";
import { SelfComparison } from "./self_comparison.ts";

export interface ProbedSides {
  /** One search of Elasticsearch. Rejects where it is away. */
  elasticsearch(target: string, body: JsonObject): Promise<{ readonly status: number; readonly body: JsonObject | null }>;
  /** Whatever happens is an outcome with its reason. */
  clickhouse(search: SearchRequest): Promise<SearchOutcome>;
  /** "" when no write can have changed these indices from `time` (epoch ms) on, for so long; else which. */
  unsettled(indices: readonly string[], time: number, tookMs: number): string;
}

export interface Probing {
  readonly times: number;
  /** False: no more is asked. */
  readonly goOn: () => boolean;
  /** Told after each answer. */
  readonly asked: () => void;
}

/** Places that are told of a side, and that can be remembered. */
const MOST_TOLD = 200;
const MOST_BEYOND = 20;

/** `compared`: how the exchange itself came out. Rejects where Elasticsearch is away. */
export async function probeNoise(asked: AskedSearch, compared: Comparison, sides: ProbedSides, probing: Probing): Promise<NoiseFound> {
  const { search, shape, sketch } = asked;
  const time = Date.now();
  const started = performance.now();
  const [theirs, ours] = [new OneSide(search.body), new OneSide(search.body)];
  let indices: readonly string[] = [];
  for (let turn = 0; turn < probing.times && (turn === 0 || probing.goOn()); turn += 1) {
    if (!theirs.refuses) await askElasticsearch(asked, sides, theirs);
    probing.asked();
    if (!ours.refuses) indices = (await askClickHouse(asked, sides, ours)) ?? indices;
    probing.asked();
  }
  const { elasticsearch, clickhouse, known } = noiseOfSides(search.body, theirs.answers, ours.answers);
  const disturbed = sides.unsettled(indices, time, performance.now() - started) || changedOnce(theirs, ours);
  return {
    position: search.position,
    index: search.index,
    shape,
    sketch,
    time,
    elasticsearch: theirs.told(elasticsearch),
    clickhouse: ours.told(clickhouse),
    disturbed,
    ...standingOf(compared, disturbed === "" ? known : []),
    known: known.slice(0, MOST_TOLD),
  };
}

class OneSide {
  readonly answers: SelfComparison;
  /** It will say no each time. */
  refuses = false;
  problem = "";
  readonly #times: number[] = [];

  constructor(request: JsonObject) {
    this.answers = new SelfComparison(request);
  }

  answered(body: JsonObject, ms: number): void {
    this.#times.push(ms);
    this.answers.add(body);
  }

  told(noisy: readonly NoisyPath[]): NoiseSide {
    return {
      answers: this.answers.answers,
      problem: this.problem,
      latencyMs: latencyOf(this.#times),
      noisy: noisy.slice(0, MOST_TOLD),
      noisyCount: noisy.length,
    };
  }
}

async function askElasticsearch({ target, search }: AskedSearch, sides: ProbedSides, side: OneSide): Promise<void> {
  const started = performance.now();
  const { status, body } = await sides.elasticsearch(target, search.body);
  const ms = performance.now() - started;
  const problem = elasticsearchProblem({ status, body });
  if (problem === "" && status < 400 && body !== null) return side.answered(body, ms);
  const error = body === null ? undefined : member(body, "error");
  const type = isObject(error) ? member(error, "type") : undefined;
  side.problem = problem || `it is refused with ${status}${typeof type === "string" ? ` ${type}` : ""}`;
  side.refuses = problem === "";
}

/** The indices that it searched; null where it did not. */
async function askClickHouse({ search }: AskedSearch, sides: ProbedSides, side: OneSide): Promise<readonly string[] | null> {
  const outcome = await sides.clickhouse(search);
  if (outcome.kind === "answered") {
    side.answered(outcome.body, outcome.ms ?? 0);
    return outcome.tables.map(({ index }) => index);
  }
  side.problem = problemOf(outcome);
  side.refuses = outcome.kind === "unsupported" || outcome.kind === "rejected";
  return null;
}

function problemOf(outcome: Exclude<SearchOutcome, { readonly kind: "answered" }>): string {
  switch (outcome.kind) {
    case "unsupported":
      return `it has no SQL: ${unsupportedReason(outcome.unsupported)}`;
    case "rejected":
      return `it is refused: ${outcome.error.reason}`;
    case "failed":
    case "not_compared":
      return outcome.reason;
  }
}

function changedOnce(theirs: OneSide, ours: OneSide): string {
  const [name, at] = [
    ["Elasticsearch", changedOnceAt(theirs.answers)],
    ["ClickHouse", changedOnceAt(ours.answers)],
  ].find(([, one]) => one !== null) ?? ["", null];
  if (at === null) return "";
  return `${name}'s answers from number ${at} on agree with each other and not with those before: that looks like a write, not like noise`;
}

function standingOf(
  { differences }: Comparison,
  known: NoiseFound["known"],
): Pick<NoiseFound, "standing" | "differences" | "withinNoise" | "beyond"> {
  const beyond = differences.filter((difference) => !explains(known, difference)).map(({ path }) => path);
  const withinNoise = differences.length - beyond.length;
  const standing: Standing =
    differences.length === 0 ? "none" : beyond.length === 0 ? "noise" : withinNoise === 0 ? "beyond noise" : "partly";
  return { standing, differences: differences.length, withinNoise, beyond: beyond.slice(0, MOST_BEYOND) };
}

function latencyOf(times: readonly number[]): Latency | null {
  const sorted = Float64Array.from(times).toSorted();
  const [min, max] = [sorted[0], sorted.at(-1)];
  const median = percentileOf(sorted, 0.5);
  return min === undefined || max === undefined || median === null ? null : { min, median, max };
}
