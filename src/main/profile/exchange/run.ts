// A request asked once more to be profiled, beside the proxy: nothing of it is captured. Elasticsearch first, with `profile: true`; then our own
// half, as for any captured search, while the stacks of our threads are sampled.
import { Buffer } from "node:buffer";
import type { SearchPart, Timings } from "../../../shared/exchange.ts";
import type {
  CpuThreads,
  ElasticsearchProfile,
  ProfileMember,
  ProfilePart,
  ProfilePhase,
  ProfileRun,
} from "../../../shared/exchange_profile.ts";
import { type JsonObject, member, parseObject, printJson } from "../../../shared/json.ts";
import type { ThreadProfile } from "../../../shared/profile.ts";
import { messageOf } from "../../../shared/thrown.ts";
import type { ElasticsearchAnswer, PassedRequest } from "../../elasticsearch/pass_on.ts";
import { textOf } from "../../elasticsearch/raw_json.ts";
import { route } from "../../elasticsearch/route.ts";
import type { JudgedExchange } from "../../exchange/judge_exchange.ts";
import type { TappedExchange } from "../../proxy/tap.ts";
import { elasticsearchProfiles, reasonOf } from "./elasticsearch_tree.ts";
import { endOf, micros, phasesOf } from "./phases.ts";
import { clickhousePart, type Server, statementsOf } from "./query_log.ts";
import { type Recorded, withoutProfile, withProfile } from "./reask.ts";

/** So that work of a millisecond shows its functions. */
const INTERVAL_US = 100;

export interface RunBackends {
  /** Asks Elasticsearch; in words, why it is not asked. */
  readonly elasticsearch: ((request: PassedRequest) => Promise<ElasticsearchAnswer>) | string;
  readonly clickhouse: Server | null;
  /** Judges it and keeps nothing; in words, why it can't. */
  readonly judged: (exchange: TappedExchange) => Promise<JudgedExchange | string>;
  readonly startRecording: (options: { readonly intervalUs: number }) => Promise<{ stop(): Promise<readonly ThreadProfile[]> }>;
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

interface FromOurs {
  readonly judged: JudgedExchange | string;
  readonly cpu: ProfilePart<CpuThreads>;
}

const NOT_ASKED = { state: "not asked" } as const;

/** Runs it. Never rejects for a backend's sake: each part says what it lacks. */
export async function profileRun(
  asked: AskedRun,
  members: ReadonlySet<ProfileMember>,
  backends: RunBackends | string,
): Promise<ProfileRun> {
  const time = performance.timeOrigin + performance.now();
  const base = { run: asked.run, time };
  if (typeof backends === "string") {
    const lacking = (name: ProfileMember) => (members.has(name) ? ({ state: "missing", reason: backends } as const) : NOT_ASKED);
    const parts = { elasticsearch: lacking("elasticsearch"), clickhouse: lacking("clickhouse"), cpu: lacking("cpu") };
    return { ...base, totalUs: 0, phases: [], verdict: null, reason: backends, ...parts };
  }
  const elasticsearch = members.has("elasticsearch") ? await askElasticsearch(asked.recorded, backends, time) : NOTHING_ASKED;
  const ours =
    members.has("cpu") || members.has("clickhouse") ? await judgeAgain(asked, members, backends, elasticsearch.compared, time) : null;
  const phases = [...elasticsearch.phases, ...(ours === null ? [] : ownPhases(ours.judged))];
  const judged = ours === null || typeof ours.judged === "string" ? null : ours.judged;
  const nothing = members.has("clickhouse") ? ({ state: "missing", reason: reasonNot(ours) } as const) : NOT_ASKED;
  const statements = statementsOf(judged?.parts ?? []);
  return {
    ...base,
    totalUs: endOf(phases),
    phases,
    verdict: judged === null || (elasticsearch.compared === null && asked.given === null) ? null : judged.comparison.verdict,
    reason: reasonNot(ours),
    elasticsearch: elasticsearch.part,
    clickhouse:
      members.has("clickhouse") && statements.length > 0
        ? await clickhousePart(backends.clickhouse, statements, { time, phases })
        : nothing,
    cpu: ours?.cpu ?? NOT_ASKED,
  };
}

function reasonNot(ours: FromOurs | null): string {
  if (ours === null) return "";
  return typeof ours.judged === "string" ? ours.judged : ours.judged.comparison.reason;
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

async function judgeAgain(
  { recorded, given }: AskedRun,
  members: ReadonlySet<ProfileMember>,
  backends: RunBackends,
  compared: FromElasticsearch["compared"],
  time: number,
): Promise<FromOurs> {
  const { status, body } = compared?.answer ?? given ?? { status: 200, body: Buffer.from("{}") };
  const exchange: TappedExchange = {
    id: recorded.id,
    time,
    request: {
      method: recorded.method,
      target: compared?.target ?? recorded.path,
      version: "1.1",
      headers: recorded.headers,
      body: recorded.body,
      bodyBytes: recorded.body.byteLength,
      truncated: false,
    },
    response: { status, reason: "", version: "1.1", headers: [], body, bodyBytes: body.byteLength, truncated: false },
    phases: { lastByte: since(time) },
    error: "",
  };
  const recording = members.has("cpu") ? await backends.startRecording({ intervalUs: INTERVAL_US }).catch(messageOf) : null;
  const judged = await backends.judged(exchange).catch((error: unknown) => `It could not be compared: ${messageOf(error)}`);
  if (recording === null) return { judged, cpu: NOT_ASKED };
  if (typeof recording === "string") return { judged, cpu: { state: "missing", reason: recording } };
  const origin = Math.round(Number(process.hrtime.bigint()) / 1000 - since(time) * 1000);
  const threads = await recording.stop().catch(messageOf);
  if (typeof threads === "string") return { judged, cpu: { state: "missing", reason: threads } };
  return { judged, cpu: { state: "there", value: { intervalUs: INTERVAL_US, origin, threads } } };
}

// What was before the queue was Elasticsearch's, and is told there.
function ownPhases(judged: FromOurs["judged"]): readonly ProfilePhase[] {
  if (typeof judged === "string") return [];
  const { timings, parts }: { readonly timings: Timings; readonly parts: readonly SearchPart[] } = judged;
  const { requestSent: _sent, firstByte: _first, lastByte: _last, ...own } = timings;
  return phasesOf({ timings: own, searches: parts }).filter(({ name }) => name !== "forward");
}

/** ms since `time` (epoch ms). */
function since(time: number): number {
  return performance.timeOrigin + performance.now() - time;
}
