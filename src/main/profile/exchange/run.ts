// A request asked once more to be profiled, beside the proxy: nothing of it is captured. Elasticsearch first, with `profile: true`; then our own
// half, as for any captured search. Meanwhile the stacks of our threads are sampled.
import { Buffer } from "node:buffer";
import type { ElasticsearchProfile, ProfileMember, ProfilePart, ProfilePhase, ProfileRun } from "../../../shared/exchange_profile.ts";
import { type JsonObject, member, parseObject, printJson } from "../../../shared/json.ts";
import { messageOf } from "../../../shared/thrown.ts";
import type { ElasticsearchAnswer, PassedRequest } from "../../elasticsearch/pass_on.ts";
import { textOf } from "../../elasticsearch/raw_json.ts";
import { route } from "../../elasticsearch/route.ts";
import { askedExchange } from "../../exchange/asked_exchange.ts";
import type { JudgedExchange } from "../../exchange/judge_exchange.ts";
import type { TappedExchange } from "../../proxy/tap.ts";
import type { Recording } from "../recording.ts";
import { elasticsearchProfiles, reasonOf } from "./elasticsearch_tree.ts";
import { endOf, micros, phasesOf } from "./phases.ts";
import { type Axis, clickhousePart, type Server, type Statement, statementsOf } from "./query_log.ts";
import { type Recorded, withoutProfile, withProfile } from "./reask.ts";

/** So that work of a millisecond shows its functions. */
const INTERVAL_US = 100;

export interface RunBackends {
  /** Asks Elasticsearch; in words, why it is not asked. */
  readonly elasticsearch: ((request: PassedRequest) => Promise<ElasticsearchAnswer>) | string;
  readonly clickhouse: Server | null;
  /** Judges it and keeps nothing; in words, why it can't. */
  readonly judged: (exchange: TappedExchange) => Promise<JudgedExchange | string>;
  readonly startRecording: (options: { readonly intervalUs: number }) => Promise<Pick<Recording, "stop">>;
}

export interface AskedRun {
  readonly recorded: Recorded;
  /** What Elasticsearch answered then, decoded; null where that is not kept. */
  readonly given: Given | null;
  readonly run: number;
}

interface Given {
  readonly status: number;
  readonly body: Uint8Array;
}

interface FromElasticsearch {
  readonly part: ProfilePart<ElasticsearchProfile>;
  readonly phases: readonly ProfilePhase[];
  /** The request and its answer as they are compared, where they can be. */
  readonly compared: { readonly target: string; readonly answer: Given } | null;
}

const NOT_ASKED = { state: "not asked" } as const;

/** Runs it. Never rejects for a backend's sake: each part says what it lacks. */
export async function profileRun(
  asked: AskedRun,
  members: ReadonlySet<ProfileMember>,
  backends: RunBackends | string,
): Promise<ProfileRun> {
  if (typeof backends === "string") {
    const time = Date.now();
    const lacking = (name: ProfileMember) => (members.has(name) ? ({ state: "missing", reason: backends } as const) : NOT_ASKED);
    const parts = { elasticsearch: lacking("elasticsearch"), clickhouse: lacking("clickhouse"), cpu: lacking("cpu") };
    return { run: asked.run, time, totalUs: 0, phases: [], verdict: null, reason: backends, ...parts };
  }
  // Before the axis begins: inspecting all threads takes longer than most searches.
  const sampling = members.has("cpu") ? await Sampling.start(backends) : null;
  const time = performance.timeOrigin + performance.now();
  const elasticsearch = members.has("elasticsearch") ? await askElasticsearch(asked.recorded, backends, time) : NOTHING_ASKED;
  const ours = members.has("cpu") || members.has("clickhouse") ? await judgeAgain(asked, backends, elasticsearch.compared, time) : "";
  const cpu = sampling === null ? NOT_ASKED : await sampling.end(time);
  const judged = typeof ours === "string" ? null : ours;
  // The documents may be others by now than when the captured answer was given.
  const told = judged !== null && elasticsearch.compared !== null ? judged.comparison : null;
  const reason = typeof ours === "string" ? ours : (told?.reason ?? NOT_OF_NOW);
  const phases = [...elasticsearch.phases, ...(judged === null ? [] : ownPhases(judged))];
  const statements = statementsOf(judged?.parts ?? []);
  return {
    run: asked.run,
    time,
    totalUs: endOf(phases),
    phases,
    verdict: told?.verdict ?? null,
    reason,
    elasticsearch: elasticsearch.part,
    clickhouse: await clickhouseOf(members, backends, statements, { time, phases }, judged?.comparison.reason ?? reason),
    cpu,
  };
}

async function clickhouseOf(
  members: ReadonlySet<ProfileMember>,
  { clickhouse }: RunBackends,
  statements: readonly Statement[],
  axis: Axis,
  reason: string,
): Promise<ProfileRun["clickhouse"]> {
  if (!members.has("clickhouse")) return NOT_ASKED;
  return statements.length === 0 ? { state: "missing", reason } : await clickhousePart(clickhouse, statements, axis);
}

/** Samples of all threads' stacks while a run goes on. */
class Sampling {
  readonly #recording: Pick<Recording, "stop"> | string;

  private constructor(recording: Pick<Recording, "stop"> | string) {
    this.#recording = recording;
  }

  static async start({ startRecording }: RunBackends): Promise<Sampling> {
    return new Sampling(await startRecording({ intervalUs: INTERVAL_US }).catch(messageOf));
  }

  /** `time`: when the axis begins, epoch ms. */
  async end(time: number): Promise<ProfileRun["cpu"]> {
    if (typeof this.#recording === "string") return { state: "missing", reason: this.#recording };
    const origin = Math.round(Number(process.hrtime.bigint()) / 1000 - since(time) * 1000);
    const threads = await this.#recording.stop().catch(messageOf);
    if (typeof threads === "string") return { state: "missing", reason: threads };
    return { state: "there", value: { intervalUs: INTERVAL_US, origin, threads } };
  }
}

const NOTHING_ASKED: FromElasticsearch = { part: NOT_ASKED, phases: [], compared: null };

async function askElasticsearch(recorded: Recorded, { elasticsearch }: RunBackends, time: number): Promise<FromElasticsearch> {
  const missing = (reason: string): FromElasticsearch => ({ ...NOTHING_ASKED, part: { state: "missing", reason } });
  if (typeof elasticsearch === "string") return missing(elasticsearch);
  const reasked = withProfile(recorded);
  if (!reasked.ok) return missing(reasked.reason);
  try {
    const from = micros(since(time));
    const { status, body } = await elasticsearch(reasked.request);
    const phases: readonly ProfilePhase[] = [{ name: "ask", by: "es", search: null, from, to: micros(since(time)) }];
    const answer = parseObject(textOf(body));
    if (answer === null) return { ...missing(`Elasticsearch answered ${status}, and no JSON object.`), phases };
    if (status >= 400) return { ...missing(`Elasticsearch answered ${status}: ${errorOf(answer)}.`), phases };
    const value = { asked: reasked.instead, searches: elasticsearchProfiles(answer) };
    return { part: { state: "there", value }, phases, compared: comparedOf(recorded, reasked.request.target, status, answer) };
  } catch (error) {
    return missing(messageOf(error));
  }
}

function errorOf(answer: JsonObject): string {
  const error = member(answer, "error");
  return error === undefined ? "it gave no reason" : reasonOf(error);
}

// The answer to a search in place of a count is not a count's.
function comparedOf({ method, path }: Recorded, target: string, status: number, answer: JsonObject): FromElasticsearch["compared"] {
  if (route(method, path).endpoint === "_count") return null;
  return { target, answer: { status, body: Buffer.from(printJson(withoutProfile(answer))) } };
}

const NOT_OF_NOW = "It was matched for the time that takes, without a verdict: Elasticsearch has given no answer of now to match with.";
const TEMPLATE = "A search by a template is not translated: only Elasticsearch has a profile of it.";

async function judgeAgain(
  { recorded, given }: AskedRun,
  backends: RunBackends,
  compared: FromElasticsearch["compared"],
  time: number,
): Promise<JudgedExchange | string> {
  if (route(recorded.method, recorded.path).id === "template") return TEMPLATE;
  const answer = compared?.answer ?? given ?? { status: 200, body: Buffer.from("{}") };
  const exchange = askedExchange(recorded.id, time, { ...recorded, target: compared?.target ?? recorded.path }, answer);
  return await backends.judged(exchange).catch((error: unknown) => `It could not be compared: ${messageOf(error)}`);
}

// What was before the queue was Elasticsearch's, and is told there.
function ownPhases({ timings, parts }: JudgedExchange): readonly ProfilePhase[] {
  const { requestSent: _sent, firstByte: _first, lastByte: _last, ...own } = timings;
  return phasesOf({ timings: own, searches: parts }).filter(({ name }) => name !== "forward");
}

/** ms since `time` (epoch ms). */
function since(time: number): number {
  return performance.timeOrigin + performance.now() - time;
}
