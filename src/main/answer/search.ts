// `_search`, `_count` and `_msearch`.
import type { SearchPart } from "../../shared/exchange.ts";
import { type JsonValue, member, parseObject, printJson } from "../../shared/json.ts";
import { unsupportedReason } from "../exchange/judge.ts";
import { notMatched } from "../exchange/outcome.ts";
import type { RunOptions, SearchOutcome } from "../exchange/run_search.ts";
import { readSearches, type SearchRequest } from "../exchange/search_request.ts";
import { itemsOf } from "./elsewhere.ts";
import { searchInPit } from "./pit.ts";
import { isByShards, rejection } from "./rejection.ts";
import { beginScroll } from "./scroll.ts";
import {
  type Backend,
  type Call,
  type Declined,
  declined,
  type Endpoint,
  type EndpointAnswer,
  type IndexExpression,
  json,
} from "./types.ts";

/** Why an exchange that ClickHouse answered has no verdict. */
export const ANSWERED_ALONE = "answered by ClickHouse alone";

export const search: Endpoint = {
  paths: ["GET /_search", "POST /_search", "GET /{index}/_search", "POST /{index}/_search"],
  asks: (call) =>
    call.index === "" && /"pit"/.test(call.body) && member(parseObject(call.body) ?? {}, "pit") !== undefined ? "held" : asked(call),
  answer: answerOne,
};

/** The indices of each search of a call. */
function asked(call: Call): readonly IndexExpression[] {
  const { searches } = readSearches(call, call.body);
  return searches.length === 0
    ? [{ expression: call.index, params: call.params }]
    : searches.map(({ index, params }) => ({ expression: index, params }));
}

export const count: Endpoint = {
  paths: ["GET /_count", "POST /_count", "GET /{index}/_count", "POST /{index}/_count"],
  answer: answerOne,
};

export const msearch: Endpoint = {
  paths: ["GET /_msearch", "POST /_msearch", "GET /{index}/_msearch", "POST /{index}/_msearch"],
  asks: asked,
  answer: answerSeveral,
};

/** ES|QL. Its other forms (csv, txt, arrow) and its asynchronous way are Elasticsearch's. */
export const query: Endpoint = { paths: ["POST /_query"], asks: asked, answer: answerOne };

async function answerOne(call: Call, backend: Backend): Promise<EndpointAnswer> {
  if (call.endpoint === "_search" && call.params.has("scroll")) return beginScroll(call, backend);
  const read = readSearches(call, call.body);
  const [only] = read.searches;
  if (call.endpoint === "_search" && only !== undefined && member(only.body, "pit") !== undefined) return searchInPit(call, backend);
  if (only === undefined) return declined("not_compared", `not a search that can be read: ${read.problem}`);
  const { outcome, part } = await run(only, backend);
  if (outcome.kind === "answered") return json(outcome.body, [part]);
  if (outcome.kind === "rejected") return { kind: "rejected", error: outcome.error, indices: outcome.indices, parts: [part] };
  return declinedBy(outcome, [part]);
}

// An item that is refused takes no other with it. Those that are Elasticsearch's to answer are asked there, all at once; where they
// are all of them, the request itself goes there.
async function answerSeveral(call: Call, backend: Backend): Promise<EndpointAnswer> {
  const read = readSearches(call, call.body);
  if (read.problem !== "") return declined("not_compared", `not a search that can be read: ${read.problem}`);
  if (read.searches.length === 0) return declined("not_compared", "no search in it");
  const started = performance.now();
  const ran = await Promise.all(read.searches.map((item) => runItem(item, backend, call.theirs.get(item.position))));
  const parts = ran.map(({ part }) => part);
  const responses = new Map<number, JsonValue>();
  const left = new Set<number>();
  for (const [at, { outcome }] of ran.entries()) {
    if (outcome.kind === "answered") responses.set(at, { ...outcome.body, status: 200 });
    else if (outcome.kind === "rejected") {
      // What can't even be read spoils the whole request.
      if (outcome.error.status === 400 && !isByShards(outcome.error)) return { kind: "rejected", error: outcome.error, parts };
      responses.set(at, rejection(outcome.error, outcome.indices[0]));
    } else if (call.elsewhere === null || ran.every((one) => isLeft(one.outcome))) return declinedBy(outcome, parts);
    else left.add(at);
  }
  if (left.size > 0 && call.elsewhere !== null) {
    const lines = call.body.split("\n");
    const body = [...left].map((at) => `${lines[2 * at]}\n${lines[2 * at + 1]}\n`).join("");
    const theirs = await itemsOf(call.elsewhere, body, "responses", left.size);
    if ("kind" in theirs) return { ...theirs, parts };
    for (const [i, at] of [...left].entries()) responses.set(at, theirs[i] ?? null);
  }
  const inOrder = ran.map((_, at) => responses.get(at) ?? null);
  return { ...json({ took: Math.round(performance.now() - started), responses: inOrder }, parts), elsewhere: left };
}

function isLeft({ kind }: SearchOutcome): boolean {
  return kind !== "answered" && kind !== "rejected";
}

/** `theirs`: why it is Elasticsearch's, by the mode of its index. */
async function runItem(item: SearchRequest, backend: Backend, theirs: string | undefined): Promise<RanSearch> {
  if (theirs === undefined) return run(item, backend);
  const outcome: SearchOutcome = { kind: "not_compared", reason: theirs, stages: {}, statements: [], ms: null };
  return run(item, { ...backend, search: async () => outcome });
}

export interface RanSearch {
  readonly outcome: SearchOutcome;
  readonly part: SearchPart;
}

/** Runs one search, with the part of the exchange that shows it. */
export async function run(request: SearchRequest, backend: Backend, options: RunOptions = {}): Promise<RanSearch> {
  const outcome = endsEarly(request) ? ENDS_EARLY : tellsOfItself(request) ? ITS_OWN : await backend.search(request, options);
  const comparison =
    outcome.kind === "unsupported"
      ? notMatched("unsupported", unsupportedReason(outcome.unsupported), outcome.unsupported)
      : outcome.kind === "failed"
        ? notMatched("failed", outcome.reason)
        : notMatched("not_compared", outcome.kind === "not_compared" ? outcome.reason : ANSWERED_ALONE);
  const part = {
    position: request.position,
    index: request.index,
    body: request.text,
    shape: backend.shapeOf(request),
    statements: outcome.statements,
    clickhouse: outcome.kind === "answered" ? printJson(outcome.body) : null,
    comparison,
    clickhouseMs: outcome.ms,
  };
  return { outcome, part };
}

const ENDS_EARLY: SearchOutcome = Object.freeze({
  kind: "unsupported",
  stages: {},
  statements: [],
  ms: null,
  unsupported: [{ pointer: "/terminate_after", reason: "which documents Elasticsearch sees before it ends is its own to say" }],
  partial: null,
});

const ITS_OWN: SearchOutcome = Object.freeze({
  ...ENDS_EARLY,
  unsupported: [{ pointer: "/explain", reason: "how Elasticsearch finds and scores (explain, profile) is its own to tell" }],
});

function tellsOfItself({ body, params }: SearchRequest): boolean {
  const asked = (value: JsonValue | undefined): boolean => value === true || value === "true" || value === "";
  return asked(member(body, "explain")) || asked(member(body, "profile")) || asked(params.get("explain"));
}

function endsEarly({ body, params }: SearchRequest): boolean {
  return Number(member(body, "terminate_after") ?? params.get("terminate_after") ?? 0) > 0;
}

/** A search that is Elasticsearch's to answer. */
export function declinedBy(outcome: Exclude<SearchOutcome, { kind: "answered" | "rejected" }>, parts: readonly SearchPart[]): Declined {
  if (outcome.kind === "unsupported") return declined("unsupported", unsupportedReason(outcome.unsupported), parts);
  return declined(outcome.kind, outcome.reason, parts);
}
