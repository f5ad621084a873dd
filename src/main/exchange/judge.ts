// One search, judged: ClickHouse's answer beside Elasticsearch's, and their comparison. Never throws for a request's sake:
// whatever happens is a verdict with a reason.
import type { Comparison, SearchPart, Unsupported } from "../../shared/exchange.ts";
import { isArray, isObject, type JsonObject, member, printJson } from "../../shared/json.ts";
import type { Leeway } from "../../shared/leeway.ts";
import { typesOf } from "../matcher/errors.ts";
import { match } from "../matcher/index.ts";
import { type Fitting, NO_SETTINGS, type RuleSettings } from "../matcher/rule_settings.ts";
import type { Rejected, TableRows, Tolerance } from "../translate/types.ts";
import { wholeBody } from "../translate/uri.ts";
import type { View } from "./moment.ts";
import { notMatched } from "./outcome.ts";
import type { Found } from "./points_in_time.ts";
import { type Running, runSearch, type SearchOutcome, type Stages } from "./run_search.ts";
import { maxScoreOf, withMaxScore } from "./scrolls.ts";
import type { SearchAnswer, SearchRequest } from "./search_request.ts";

export interface Judging extends Running {
  /** "" when both sides must hold the same documents by now; else why that is open (a refresh is due, writes in flight). */
  unsettled(indices: readonly string[]): string | Promise<string>;
  /** "" or why Elasticsearch may be late to show the last writes. @default "" */
  late?(indices: readonly string[]): Promise<string>;
  /** "" when these indices are mirrored whole, by a look that begins now; else why not. @default "" */
  whole?(indices: readonly string[]): Promise<string>;
  shapeOf(search: SearchRequest): string;
  /** What is said of the rules for a search. @default nothing */
  settings?(search: Fitting): Promise<RuleSettings>;
  /** What of an answer the client is shown, by the request's `filter_path`. @default all */
  shown?(search: SearchRequest, body: JsonObject): JsonObject | null;
}

/** What a search was judged to be. */
export interface ToldSearch {
  readonly part: SearchPart;
  /** The answers differ, and a second look may tell whether writes made that; in words, why it is open. */
  readonly unsettled?: string;
}

export interface Judged extends ToldSearch {
  readonly stages: Stages;
  /** Compares what ClickHouse answered with another answer of Elasticsearch's. */
  readonly again?: (judging: Judging, answer: SearchAnswer) => Promise<ToldSearch>;
}

/** Judges one search against the answer that Elasticsearch gave at `now` (epoch ms). `found`: the moment that it reads, if any. */
export async function judge(
  judging: Judging,
  search: SearchRequest,
  answer: SearchAnswer,
  now: number,
  found: Found | null = null,
): Promise<Judged> {
  if (found === null) return judgeSearch(judging, search, answer, now);
  if (!("kind" in found)) return judgeSearch(judging, found.search, answer, now, found);
  const base = { position: search.position, index: search.index, body: search.text, shape: judging.shapeOf(search) };
  const comparison =
    found.kind === "gone"
      ? compareRejection({ status: 404, errorType: "search_context_missing_exception", reason: found.reason }, answer)
      : notMatched(
          found.kind,
          found.kind === "unsupported" ? `${found.pointer}: ${found.reason}` : found.reason,
          found.kind === "unsupported" ? [{ pointer: found.pointer, reason: found.reason }] : [],
        );
  return { part: { ...base, statements: [], clickhouse: null, comparison, clickhouseMs: null }, stages: {} };
}

async function judgeSearch(judging: Judging, search: SearchRequest, answer: SearchAnswer, now: number, view?: View): Promise<Judged> {
  const base = { position: search.position, index: search.index, body: search.text, shape: judging.shapeOf(search) };
  const outcome = await finished(judging, search, now, view);
  const asked = view === undefined ? search : { ...search, body: view.asked };
  const body = outcome.kind === "answered" ? outcome.body : outcome.kind === "unsupported" ? outcome.partial : null;
  const ran = {
    ...base,
    statements: outcome.statements,
    clickhouse: body === null ? null : printJson(body),
    clickhouseMs: outcome.ms,
  };
  const told = async (own: Judging, last: SearchAnswer): Promise<ToldSearch> => {
    const compared = compare(own, asked, last, outcome, await settingsOf(own, base));
    const kept = view === undefined ? await keptIfWhole(own, outcome, compared) : compared;
    const comparison = view === undefined ? await settle(own, outcome, kept) : await settleIn(view, kept);
    const unsettled = kept.verdict === "different" && view === undefined ? await whyOpen(own, outcome, comparison) : "";
    const open = comparison.verdict === "equivalent" ? await (view?.unsettled() ?? openFor(own, outcome)) : "";
    return { part: { ...ran, comparison, ...leewayOf(outcome, open) }, ...(unsettled === "" ? {} : { unsettled }) };
  };
  const first = await told(judging, answer);
  const stages = outcome.kind === "answered" ? { ...outcome.stages, matched: judging.clock() } : outcome.stages;
  return { ...first, again: told, stages };
}

async function finished(judging: Judging, search: SearchRequest, now: number, view: View | undefined): Promise<SearchOutcome> {
  let outcome: SearchOutcome | null = null;
  try {
    outcome = await runSearch(judging, search, now, { partial: true, ...view?.options });
  } finally {
    view?.over(outcome?.kind === "answered" ? maxScoreOf(outcome.body) : null);
  }
  const maxScore = outcome.kind === "answered" ? await view?.maxScore?.() : undefined;
  return maxScore === undefined || outcome.kind !== "answered" ? outcome : { ...outcome, body: withMaxScore(outcome.body, maxScore) };
}

async function settingsOf(judging: Judging, { index, shape }: Fitting): Promise<RuleSettings> {
  return (await judging.settings?.({ index, shape })) ?? NO_SETTINGS;
}

function compare(
  judging: Judging,
  search: SearchRequest,
  answer: SearchAnswer,
  outcome: SearchOutcome,
  settings: RuleSettings,
): Comparison {
  switch (outcome.kind) {
    case "not_compared":
    case "failed":
      return notMatched(outcome.kind, outcome.reason);
    case "unsupported":
      return notMatched(
        "unsupported",
        `${unsupportedReason(outcome.unsupported)}${outcome.partial === null ? "" : "; the rest is answered"}`,
        outcome.unsupported,
      );
    case "rejected":
      return compareRejection(outcome.error, answer);
    case "answered":
      return compareAnswers(search, answer, shownOf(judging, search, outcome.body), { ...outcome, settings });
  }
}

/** Bounds of a great answer are not kept. */
const MOST_KEPT = 1000;

/** What is kept to compare the answer again. */
function leewayOf(outcome: SearchOutcome, open: string): { readonly leeway?: Leeway } {
  if (outcome.kind !== "answered") return {};
  const { tolerances, table } = outcome;
  const finite = tolerances.every(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));
  const kept = tolerances.length + (table?.groups.length ?? 0);
  if (kept > MOST_KEPT || !finite) return {};
  return { leeway: { tolerances, ...(table === undefined ? {} : { table }), ...(open === "" ? {} : { open }) } };
}

function shownOf(judging: Judging, search: SearchRequest, body: JsonObject): JsonObject | null {
  return judging.shown === undefined ? body : judging.shown(search, body);
}

/** What ClickHouse's answer leaves open, and what is said of the rules. */
interface Compared {
  readonly tolerances: readonly Tolerance[];
  readonly table?: TableRows | undefined;
  readonly settings: RuleSettings;
}

/** Compares two answers to a search; `body`: what of ClickHouse's the client is shown. */
export function compareAnswers(
  search: SearchRequest,
  answer: SearchAnswer,
  body: JsonObject | null,
  { tolerances, table, settings }: Compared,
): Comparison {
  const problem = elasticsearchProblem(answer);
  if (problem !== "") return notMatched("not_compared", problem);
  if (body === null) return notMatched("not_compared", "filter_path leaves nothing of the answer");
  if (answer.body === null) return notMatched("not_compared", "Elasticsearch's answer is not a JSON object");
  if (answer.status === 404 && errorType(answer.body) === NO_INDEX) {
    return notMatched("not_compared", "an index was not there when Elasticsearch answered, and is by now");
  }
  if (answer.status >= 400) {
    return {
      ...notMatched("different", `Elasticsearch refused the request (${answer.status} ${errorType(answer.body)}), ClickHouse answered it`),
      differences: [{ path: "/error", kind: "missing", elasticsearch: printJson(member(answer.body, "error") ?? null), clickhouse: null }],
      differenceCount: 1,
    };
  }
  return match({
    endpoint: search.endpoint,
    request: search.endpoint === "esql" ? search.body : wholeBody(search.body, search.params, search.endpoint),
    elasticsearch: answer.body,
    clickhouse: body,
    tolerances,
    settings,
    ...(table === undefined ? {} : { table }),
  });
}

async function settle(judging: Judging, outcome: SearchOutcome, comparison: Comparison): Promise<Comparison> {
  if (comparison.verdict !== "different" || outcome.kind !== "answered") return comparison;
  const reason = await judging.unsettled(outcome.tables.map((table) => table.index));
  return reason === "" ? comparison : { ...comparison, verdict: "not_compared", reason };
}

async function whyOpen(judging: Judging, outcome: SearchOutcome, { verdict, reason }: Comparison): Promise<string> {
  if (verdict === "not_compared") return reason;
  return verdict === "different" ? lateFor(judging, outcome) : "";
}

async function lateFor(judging: Judging, outcome: SearchOutcome): Promise<string> {
  return outcome.kind === "answered" ? ((await judging.late?.(outcome.tables.map(({ index }) => index))) ?? "") : "";
}

/** "" or why a difference might be that of writes. */
async function openFor(judging: Judging, outcome: SearchOutcome): Promise<string> {
  if (outcome.kind !== "answered") return "";
  return (await judging.unsettled(outcome.tables.map(({ index }) => index))) || lateFor(judging, outcome);
}

// Writes that did not come by, or came through another Parallax, may be the difference: that is asked before it is told.
async function keptIfWhole(judging: Judging, outcome: SearchOutcome, comparison: Comparison): Promise<Comparison> {
  if (comparison.verdict !== "different" || outcome.kind !== "answered" || judging.whole === undefined) return comparison;
  const reason = await judging.whole(outcome.tables.map((table) => table.index));
  return reason === "" ? comparison : { ...comparison, verdict: "not_compared", reason };
}

async function settleIn(view: View, comparison: Comparison): Promise<Comparison> {
  const reason = comparison.verdict === "different" ? await view.unsettled() : "";
  return reason === "" ? comparison : { ...comparison, verdict: "not_compared", reason };
}

/** Which indices there are, Elasticsearch itself is asked, and that is after its answer. */
const NO_INDEX = "index_not_found_exception";
/** What is wrong with a value: a date comes with an error of its own. */
const OF_VALUES = new Set(["query_shard_exception", "parse_exception"]);

// A shard whose other clauses can't match reads no further: what a value would have been refused for stays unseen.
function sawNothingToSearch(error: Rejected, { status, body }: SearchAnswer): boolean {
  if (status !== 200 || !OF_VALUES.has(error.errorType) || body === null) return false;
  const hits = member(body, "hits");
  const found = isObject(hits) ? member(hits, "hits") : undefined;
  const total = isObject(hits) ? member(hits, "total") : member(body, "count");
  const count = isObject(total) ? member(total, "value") : total;
  return (found === undefined || (isArray(found) && found.length === 0)) && (count === undefined || Number(count) === 0);
}

function compareRejection(error: Rejected, answer: SearchAnswer): Comparison {
  const problem = elasticsearchProblem(answer);
  if (problem !== "") return notMatched("not_compared", problem);
  const theirs = answer.body === null ? "" : errorType(answer.body);
  const types = typesOf(answer.body === null ? undefined : member(answer.body, "error"));
  if (answer.status === error.status && types.has(error.errorType)) {
    return {
      ...notMatched("different", ""),
      verdict: "equal",
      reason: `Both refuse the request: ${error.status} ${error.errorType}`,
      comparedLeaves: 1,
      totalLeaves: 1,
    };
  }
  if (error.errorType === NO_INDEX && answer.status < 400) {
    return notMatched("not_compared", `an index was there when Elasticsearch answered, and is not any more (${error.reason})`);
  }
  if (sawNothingToSearch(error, answer)) {
    const reason = `no shard came to what it would have refused (${error.reason}): Elasticsearch saw beforehand that nothing can match`;
    return notMatched("not_compared", reason);
  }
  const ours = JSON.stringify({ type: error.errorType, reason: error.reason, status: error.status });
  return {
    ...notMatched(
      "different",
      `Parallax expected ${error.status} ${error.errorType} (${error.reason}), Elasticsearch gave ${answer.status} ${theirs}`,
    ),
    differences: [
      {
        path: "/error",
        kind: "value",
        elasticsearch: answer.status >= 400 && answer.body ? printJson(member(answer.body, "error") ?? null) : null,
        clickhouse: ours,
      },
    ],
    differenceCount: 1,
  };
}

/** "" or why Elasticsearch's answer is no measure: it failed, timed out or lacks shards. */
export function elasticsearchProblem({ status, body, partial }: SearchAnswer): string {
  if (status === 0) return "Elasticsearch gave no answer";
  if (status === 429 || status >= 500) return `Elasticsearch failed with status ${status}${body === null ? "" : ` ${errorType(body)}`}`;
  if (status >= 400 || body === null) return "";
  if (partial === true) return "Elasticsearch's answer is partial so far, or does not say that it is whole";
  if (member(body, "timed_out") === true) return "Elasticsearch timed out and answered in part";
  if (member(body, "terminated_early") === true) return "Elasticsearch ended early by terminate_after: which documents it saw is open";
  const shards = member(body, "_shards");
  const failed = isObject(shards) ? member(shards, "failed") : 0;
  if (typeof failed === "number" && failed > 0) return `${failed} of Elasticsearch's shards failed, its answer is partial`;
  return member(body, "is_partial") === true ? "Elasticsearch's answer is partial so far" : "";
}

function errorType(body: JsonObject): string {
  const error = member(body, "error");
  const type = isObject(error) ? member(error, "type") : error;
  return typeof type === "string" ? type : "";
}

/** The first clause without SQL, and how many more there are. */
export function unsupportedReason(unsupported: readonly Unsupported[]): string {
  const [first] = unsupported;
  if (first === undefined) return "a clause has no exact SQL";
  const more = unsupported.length > 1 ? `, and ${unsupported.length - 1} more` : "";
  return `${first.pointer === "" ? "/" : first.pointer}: ${first.reason}${more}`;
}
