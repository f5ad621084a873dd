// Asks a Parallax to judge kept searches anew. A case's documents are written through its proxy into an index of their own, which is deleted
// afterwards.
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { AnswerOf, RequestName, RequestOf } from "../../shared/contract.ts";
import type { Verdict } from "../../shared/exchange.ts";
import { type JsonObject, jsonObject, parseJson, parseObject, printJson } from "../../shared/json.ts";
import type { JudgedSearch, Judgement } from "../../shared/shrink.ts";
import type { RegressionCase } from "../shrink/case_file.ts";
import type { KeptCase, KeptRequest } from "./kept_searches.ts";
import type { Outcome } from "./outcome.ts";

export interface AskedParallax {
  readonly call: <N extends RequestName>(name: N, request: RequestOf<N>) => Promise<AnswerOf<N>>;
  /** Its Elasticsearch endpoint, URL. */
  readonly proxy: string;
  /** Whether indices that it does not mirror whole are copied first. */
  readonly copies: boolean;
}

/** Documents of a case in one `_bulk`. */
const AT_ONCE = 500;
const LOOK_EVERY_MS = 200;
/** Why a search was not compared that may be compared a little later. */
const PASSING = /^(?:writes to .* went on|mirror behind|refresh pending)/;
/** For how long such a one is asked again. */
const PATIENCE_MS = 30_000;
/** `index NAME is not mirrored: …`, `index NAME is mirrored in part: …` */
const NOT_WHOLE = /^index (\S+) is (?:not mirrored|mirrored in part): /;

/** The outcomes of its searches, in their order. Rejects where `call` does. */
export async function judgeKept(parallax: AskedParallax, kept: KeptRequest | KeptCase): Promise<readonly Outcome[]> {
  const { source, name } = kept;
  const started = performance.now();
  const judgement = kept.kind === "request" ? await judged(parallax, kept) : await judgedCase(parallax, kept.kept);
  const ms = performance.now() - started;
  const before = kept.kind === "request" ? kept.before : [kept.kept.verdict];
  const searches = judgement.searches.length === 0 ? [wholeOf(judgement)] : judgement.searches;
  return searches.map(({ position, verdict: now, reason, differences, differenceCount }) => ({
    source,
    name: searches.length > 1 ? `${name} [${position}]` : name,
    before: before[position] ?? (before.length === 1 ? (before[0] ?? null) : null),
    now,
    reason,
    differences,
    differenceCount,
    ms: ms / searches.length,
  }));
}

type Asked = Pick<KeptRequest, "method" | "target" | "headers" | "body">;

/**
 * What was not searched for want of a whole mirror is asked again once that is there; what writes have kept from being compared, a little
 * later. `own`: the index is the case's, so all that it lacks is on its way.
 */
async function judged(parallax: AskedParallax, { method, target, headers, body }: Asked, own = false): Promise<Judgement> {
  const copied = new Set<string>();
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const judgement = await parallax.call("search.judge", { method, path: target, headers, body });
    const reasons = [judgement, ...judgement.searches].filter(({ verdict }) => verdict === "not_compared").map(({ reason }) => reason);
    const index = reasons.map((reason) => NOT_WHOLE.exec(reason)?.[1]).find((name) => name !== undefined && !copied.has(name));
    if (!own && index !== undefined && parallax.copies) {
      copied.add(index);
      await copy(parallax, index);
      continue;
    }
    const passes = reasons.some((reason) => PASSING.test(reason) || (own && NOT_WHOLE.test(reason)));
    if (!passes || performance.now() > until) return judgement;
    await pause(LOOK_EVERY_MS);
  }
}

// What goes wrong with it is the reason that the search is not compared.
async function copy({ call }: AskedParallax, index: string): Promise<void> {
  const { id } = await call("index.backfill", { name: index });
  for (let running = true; running; ) {
    await pause(LOOK_EVERY_MS);
    running = (await call("pipes.list", {})).some((pipe) => pipe.id === id && pipe.state === "running");
  }
}

async function judgedCase(parallax: AskedParallax, kept: RegressionCase): Promise<Judgement> {
  const index = `parallax-case-${randomBytes(6).toString("hex")}`;
  try {
    const problem = await load(parallax.proxy, index, kept);
    if (problem !== "") return { status: 0, verdict: "failed", reason: `The case's documents can't be written: ${problem}`, searches: [] };
    const query = new URLSearchParams([...kept.params]).toString();
    const target = `/${index}/${kept.endpoint}${query === "" ? "" : `?${query}`}`;
    return await judged(parallax, { method: "POST", target, headers: [], body: printJson(kept.request) }, true);
  } finally {
    await fetch(`${parallax.proxy}/${index}?ignore_unavailable=true`, { method: "DELETE" }).catch(() => null);
  }
}

/** "" or what Elasticsearch refused. */
async function load(proxy: string, index: string, { shards, mappings, analysis, documents, changes }: RegressionCase): Promise<string> {
  const settings = { number_of_shards: shards, number_of_replicas: 0, ...(analysis === null ? {} : { analysis }) };
  const made = await send(proxy, "PUT", `/${index}`, printJson({ settings, mappings }));
  if (made !== "") return made;
  const routing = new Map(documents.map((document) => [document.id, document.routing]));
  const writes = [...documents, ...changes];
  for (let from = 0; from < writes.length; from += AT_ONCE) {
    const lines = writes.slice(from, from + AT_ONCE).map(({ id, text }) => {
      const own = routing.get(id);
      const place = jsonObject([["_id", id], ...(own === undefined ? [] : [["routing", own] as const])]);
      const action = `{"${text === null ? "delete" : "index"}":${printJson(place)}}\n`;
      return text === null ? action : `${action}${printJson(parseJson(text))}\n`;
    });
    const problem = await send(proxy, "POST", `/${index}/_bulk`, lines.join(""));
    if (problem !== "") return problem;
  }
  return await send(proxy, "POST", `/${index}/_refresh`, "");
}

async function send(proxy: string, method: string, path: string, body: string): Promise<string> {
  const type = path.endsWith("_bulk") ? "application/x-ndjson" : "application/json";
  const headers = { "content-type": type, "x-parallax-backend": "compare" };
  const response = await fetch(proxy + path, { method, headers, ...(body === "" ? {} : { body }) });
  const answer = parseObject(await response.text());
  if (response.status < 400 && answer !== null && answer.errors !== true) return "";
  return `${method} ${path} was answered ${response.status}: ${excerpt(answer)}`;
}

function excerpt(answer: JsonObject | null): string {
  return answer === null ? "no JSON object" : printJson(answer).slice(0, 300);
}

/** What can't be read as searches is judged as a whole. */
function wholeOf({ verdict, reason }: { readonly verdict: Verdict; readonly reason: string }): JudgedSearch {
  return { position: 0, index: "", verdict, reason, differences: [], differenceCount: 0, unsupported: [] };
}
