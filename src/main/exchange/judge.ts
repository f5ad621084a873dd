// One search, judged: its tables, its SQL, both answers, their comparison. Everything outside comes in as Judging, so that
// a test can judge without servers. Never throws for a request's sake: whatever happens is a verdict with a reason.
import type { Comparison, SearchPart, StatementRun } from "../../shared/exchange.ts";
import { isObject, type JsonObject, type JsonValue, member, printJson } from "../../shared/json.ts";
import type { QueryResult } from "../clickhouse/client.ts";
import { ClickHouseAway } from "../clickhouse/failure.ts";
import { type Printed, print } from "../clickhouse/sql/print.ts";
import { typesOf } from "../matcher/errors.ts";
import { match } from "../matcher/index.ts";
import { RejectedRequest, UnsupportedClause } from "../translate/failure.ts";
import { translateSearch } from "../translate/search.ts";
import type { Answer, IndexTable, Rejected, Row, StatementRows, Tolerance, Translation } from "../translate/types.ts";
import { notMatched } from "./outcome.ts";
import type { SearchAnswer, SearchRequest } from "./search_request.ts";

const POINT_IN_TIME = "a point in time has no SQL: it holds documents as they were then";

/** Where a search's tables are, or why there are none. */
export type TableLookup =
  | { readonly kind: "tables"; readonly tables: readonly IndexTable[] }
  | { readonly kind: "not_compared"; readonly reason: string }
  | { readonly kind: "rejected"; readonly error: Rejected };

export interface Judging {
  tables(search: SearchRequest): Promise<TableLookup>;
  run(printed: Printed): Promise<QueryResult>;
  /** "" when both sides must hold the same documents by now; else why that is open (a refresh is due, writes in flight). */
  unsettled(indices: readonly string[]): string;
  shapeOf(search: SearchRequest): string;
  /** Milliseconds, monotonic. */
  clock(): number;
}

/** When each stage was over, by Judging.clock. */
export interface Stages {
  readonly translated?: number;
  readonly ran?: number;
  readonly shaped?: number;
  readonly matched?: number;
}

export interface Judged {
  readonly part: SearchPart;
  readonly stages: Stages;
}

/** Judges one search against the answer that Elasticsearch gave at `now` (epoch ms). */
export async function judge(judging: Judging, search: SearchRequest, answer: SearchAnswer, now: number): Promise<Judged> {
  const base = { position: search.position, index: search.index, body: search.text, shape: judging.shapeOf(search) };
  const ended = (comparison: Comparison, stages: Stages = {}, statements: readonly StatementRun[] = []): Judged => ({
    part: { ...base, statements, clickhouse: null, comparison, clickhouseMs: null },
    stages,
  });
  // The point in time names the indices, and what they held then: no table does.
  if (member(search.body, "pit") !== undefined) {
    return ended(notMatched("unsupported", `/pit: ${POINT_IN_TIME}`, [{ pointer: "/pit", reason: POINT_IN_TIME }]));
  }
  const lookup = await judging.tables(search);
  if (lookup.kind === "not_compared") return ended(notMatched("not_compared", lookup.reason));
  if (lookup.kind === "rejected") return ended(compareRejection(lookup.error, answer));
  const started = judging.clock();
  const translation = translate(search, lookup.tables, now);
  const translated = judging.clock();
  switch (translation.kind) {
    case "failed":
      return ended(notMatched("failed", translation.reason), { translated });
    case "unsupported":
      return ended(notMatched("unsupported", unsupportedReason(translation), translation.unsupported), { translated });
    case "rejected":
      return ended(compareRejection(translation.error, answer), { translated });
    case "translated":
      return judgeTranslated(judging, search, answer, translation, { started, translated, base, tables: lookup.tables });
  }
}

function translate(search: SearchRequest, tables: readonly IndexTable[], now: number): Translation | { kind: "failed"; reason: string } {
  try {
    return translateSearch({ endpoint: search.endpoint, body: search.body, params: search.params, tables, now });
  } catch (error) {
    return { kind: "failed", reason: `Translating failed: ${messageOf(error)}` };
  }
}

interface Progress {
  readonly started: number;
  readonly translated: number;
  readonly base: Pick<SearchPart, "position" | "index" | "body" | "shape">;
  readonly tables: readonly IndexTable[];
}

async function judgeTranslated(
  judging: Judging,
  search: SearchRequest,
  answer: SearchAnswer,
  translation: Extract<Translation, { kind: "translated" }>,
  progress: Progress,
): Promise<Judged> {
  const runs = await Promise.all(translation.statements.map(async ({ name, query }) => runStatement(judging, name, print(query))));
  const statements = runs.map(({ statement }) => statement);
  const ran = judging.clock();
  const stages = { translated: progress.translated, ran };
  const broken = runs.find(({ statement }) => statement.error !== null);
  if (broken !== undefined) {
    const comparison = broken.away
      ? notMatched("not_compared", "clickhouse unavailable")
      : notMatched("failed", `ClickHouse refused statement "${broken.statement.name}": ${broken.statement.error}`);
    return { part: { ...progress.base, statements, clickhouse: null, comparison, clickhouseMs: null }, stages };
  }
  const rows: StatementRows = new Map(runs.map(({ statement, rows: own }) => [statement.name, own]));
  const shaped = shape(translation, rows);
  const shapedAt = judging.clock();
  const ms = shapedAt - progress.started;
  // What only the rows tell: more buckets than Elasticsearch allows, dates outside the calendar.
  if (shaped instanceof RejectedRequest) {
    const error = { status: shaped.status, errorType: shaped.errorType, reason: shaped.message };
    const comparison = compareRejection(error, answer);
    return { part: { ...progress.base, statements, clickhouse: null, comparison, clickhouseMs: ms }, stages };
  }
  if (shaped instanceof UnsupportedClause) {
    const unsupported = [{ pointer: shaped.pointer, reason: shaped.message }];
    const comparison = notMatched("unsupported", `${shaped.pointer}: ${shaped.message}`, unsupported);
    return { part: { ...progress.base, statements, clickhouse: null, comparison, clickhouseMs: ms }, stages };
  }
  if (shaped instanceof Error) {
    const comparison = notMatched("failed", `Shaping ClickHouse's rows failed: ${shaped.message}`);
    return { part: { ...progress.base, statements, clickhouse: null, comparison, clickhouseMs: ms }, stages };
  }
  const body = withEnvelope(search, shaped.body, progress.tables, ms);
  const comparison = settle(judging, progress.tables, compareAnswers(search, answer, body, shaped.tolerances));
  const part = { ...progress.base, statements, clickhouse: printJson(body), comparison, clickhouseMs: ms };
  return { part, stages: { ...stages, shaped: shapedAt, matched: judging.clock() } };
}

interface Ran {
  readonly statement: StatementRun;
  readonly rows: readonly Row[];
  /** True when ClickHouse gave no answer at all. */
  readonly away: boolean;
}

async function runStatement(judging: Judging, name: string, printed: Printed): Promise<Ran> {
  const base = { name, sql: printed.sql, params: printed.params, spans: printed.spans };
  const none = { ms: null, rows: null, readRows: null, readBytes: null, memoryBytes: null };
  try {
    const { rows, summary } = await judging.run(printed);
    return { statement: { ...base, ...none, ...summary, error: null }, rows, away: false };
  } catch (error) {
    return { statement: { ...base, ...none, error: messageOf(error) }, rows: [], away: error instanceof ClickHouseAway };
  }
}

function shape(translation: Extract<Translation, { kind: "translated" }>, rows: StatementRows): Answer | Error {
  try {
    return translation.shape(rows);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Adds what only Elasticsearch's own process knows, in its place in the answer. */
function withEnvelope(search: SearchRequest, body: JsonObject, tables: readonly IndexTable[], ms: number): JsonObject {
  const shards = tables.reduce((sum, table) => sum + table.shards, 0);
  const _shards: JsonValue = { total: shards, successful: shards, skipped: 0, failed: 0 };
  return search.endpoint === "count" ? { ...body, _shards } : { took: Math.round(ms), timed_out: false, _shards, ...body };
}

function compareAnswers(search: SearchRequest, answer: SearchAnswer, body: JsonObject, tolerances: readonly Tolerance[]): Comparison {
  const problem = elasticsearchProblem(answer);
  if (problem !== "") return notMatched("not_compared", problem);
  if (answer.body === null) return notMatched("not_compared", "Elasticsearch's answer is not a JSON object");
  if (answer.status >= 400) {
    return {
      ...notMatched("different", `Elasticsearch refused the request (${answer.status} ${errorType(answer.body)}), ClickHouse answered it`),
      differences: [{ path: "/error", kind: "missing", elasticsearch: printJson(member(answer.body, "error") ?? null), clickhouse: null }],
      differenceCount: 1,
    };
  }
  return match({ endpoint: search.endpoint, request: search.body, elasticsearch: answer.body, clickhouse: body, tolerances });
}

function settle(judging: Judging, tables: readonly IndexTable[], comparison: Comparison): Comparison {
  if (comparison.verdict !== "different") return comparison;
  const reason = judging.unsettled(tables.map((table) => table.index));
  return reason === "" ? comparison : { ...comparison, verdict: "not_compared", reason };
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
function elasticsearchProblem({ status, body }: SearchAnswer): string {
  if (status === 0) return "Elasticsearch gave no answer";
  if (status === 429 || status >= 500) return `Elasticsearch failed with status ${status}${body === null ? "" : ` ${errorType(body)}`}`;
  if (status >= 400 || body === null) return "";
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

function unsupportedReason({ unsupported }: Extract<Translation, { kind: "unsupported" }>): string {
  const [first] = unsupported;
  if (first === undefined) return "a clause has no exact SQL";
  const more = unsupported.length > 1 ? `, and ${unsupported.length - 1} more` : "";
  return `${first.pointer === "" ? "/" : first.pointer}: ${first.reason}${more}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
