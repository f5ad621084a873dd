// One search, run: its tables, its SQL, its rows, its answer in Elasticsearch's shape. Everything outside comes in as Running,
// so that a test can run without servers. Never throws for a request's sake: whatever happens is an outcome with its reason.
import type { StatementRun, Unsupported } from "../../shared/exchange.ts";
import type { JsonObject } from "../../shared/json.ts";
import { messageOf } from "../../shared/thrown.ts";
import { LargeAnswer } from "../clickhouse/failure.ts";
import type { QueryResult } from "../clickhouse/query_result.ts";
import { type Printed, print } from "../clickhouse/sql/print.ts";
import { shardOf } from "../elasticsearch/routing.ts";
import { esqlIndices, translateEsql } from "../translate/esql/index.ts";
import { RejectedRequest, UnsupportedClause } from "../translate/failure.ts";
import { translatePartially } from "../translate/partial.ts";
import { translateSearch } from "../translate/search.ts";
import type {
  Answer,
  IndexTable,
  Rejected,
  SearchInput,
  Statement,
  StatementRows,
  TableRows,
  Tolerance,
  Translation,
} from "../translate/types.ts";
import { withEnvelope } from "./envelope.ts";
import { lookUp } from "./look_up.ts";
import { refusal, runStatement } from "./run_statement.ts";
import type { SearchRequest } from "./search_request.ts";

/** Where a search's tables are, or why there are none. */
export type TableLookup =
  | { readonly kind: "tables"; readonly tables: readonly IndexTable[] }
  | { readonly kind: "not_compared"; readonly reason: string }
  | { readonly kind: "rejected"; readonly error: Rejected };

export interface Running {
  tables(search: SearchRequest): Promise<TableLookup>;
  run(printed: Printed): Promise<QueryResult>;
  /** Milliseconds, monotonic. */
  clock(): number;
}

/** When each stage was over, by Running.clock. */
export interface Stages {
  readonly translated?: number;
  readonly ran?: number;
  readonly shaped?: number;
  readonly matched?: number;
}

interface Ran {
  readonly stages: Stages;
  readonly statements: readonly StatementRun[];
  /** Translate, run and shape; null when ClickHouse was not asked. */
  readonly ms: number | null;
}

export type SearchOutcome =
  | (Ran & { readonly kind: "not_compared"; readonly reason: string })
  | (Ran & { readonly kind: "failed"; readonly reason: string /** ClickHouse's own limits ended it. */; readonly tooLarge: boolean })
  | (Ran & {
      readonly kind: "unsupported";
      readonly unsupported: readonly Unsupported[] /** The answer to the rest. */;
      readonly partial: JsonObject | null;
    })
  | (Ran & { readonly kind: "rejected"; readonly error: Rejected /** Names of those searched. */; readonly indices: readonly string[] })
  | (Ran & {
      readonly kind: "answered";
      readonly body: JsonObject;
      readonly tolerances: readonly Tolerance[];
      readonly table?: TableRows | undefined;
      readonly tables: readonly IndexTable[];
    });

const NOTHING_RAN: Ran = Object.freeze({ stages: {}, statements: [], ms: null });

/** A table as it was at a moment. */
export interface PinnedTable {
  readonly index: string;
  /** Highest `_seq_no` by shard; a shard that is not here was empty. */
  readonly highest: ReadonlyMap<number, number>;
  readonly documents: number;
}

export type Pin = readonly PinnedTable[];

export interface RunOptions {
  /** The moment whose documents are searched. @default now */
  readonly pin?: Pin;
  /** Hits to skip, however many: for the pages of a scroll. @default as the request says */
  readonly from?: number;
  /** Whether what is left of a search beside its clauses without SQL is run. @default false */
  readonly partial?: boolean;
}

/** Runs one search that came at `now` (epoch ms). */
export async function runSearch(running: Running, search: SearchRequest, now: number, options: RunOptions = {}): Promise<SearchOutcome> {
  const lookup = search.endpoint === "esql" ? await esqlTables(running, search) : await running.tables(search);
  if (lookup.kind === "not_compared") return { ...NOTHING_RAN, kind: "not_compared", reason: lookup.reason };
  if (lookup.kind === "rejected") return { ...NOTHING_RAN, kind: "rejected", error: lookup.error, indices: [] };
  const routing = search.params.get("routing") ?? "";
  const seen = options.pin === undefined ? lookup.tables : pinned(lookup.tables, options.pin);
  const tables = routing === "" ? seen : routed(seen, routing);
  const started = running.clock();
  const runs: StatementRun[] = [];
  const looked = await lookUp(
    search,
    tables,
    now,
    (other) => running.tables(other),
    async ({ name, query }) => {
      const { statement, rows } = await runStatement(running, name, print(query));
      runs.push(statement);
      return statement.error === null ? rows : null;
    },
  );
  if (looked.kind === "failed") return { ...NOTHING_RAN, statements: runs, kind: "failed", reason: looked.reason, tooLarge: false };
  if (looked.kind === "not_compared") return { ...NOTHING_RAN, kind: "not_compared", reason: looked.reason };
  if (looked.kind === "rejected") return { ...NOTHING_RAN, kind: "rejected", error: looked.error, indices: [] };
  const known: Known = { lookedUp: looked.documents, ...(looked.wordCounts === undefined ? {} : { wordCounts: looked.wordCounts }) };
  const translation = paged(translate(search, tables, now, known), options.from);
  const ran = { ...NOTHING_RAN, statements: runs, stages: { translated: running.clock() } };
  switch (translation.kind) {
    case "failed":
      return { ...ran, kind: "failed", reason: translation.reason, tooLarge: false };
    case "unsupported":
      return runPartially(running, search, translation.unsupported, {
        started,
        ran,
        tables,
        known,
        now,
        wanted: options.partial === true,
      });
    case "rejected":
      return { ...ran, kind: "rejected", error: translation.error, indices: tables.map(({ index }) => index) };
    case "translated":
      return runTranslated(running, search, translation, { started, ran, tables });
  }
}

// ES|QL calls an index that is not there a fault of the query. A query without FROM reads no index.
async function esqlTables(running: Running, search: SearchRequest): Promise<TableLookup> {
  if (esqlIndices(search.body) === null) return { kind: "tables", tables: [] };
  const lookup = await running.tables({ ...search, params: new Map() });
  const unknown =
    lookup.kind === "rejected"
      ? lookup.error.errorType === "index_not_found_exception"
      : lookup.kind === "tables" && lookup.tables.length === 0;
  if (!unknown) return lookup;
  const reason = `Found 1 problem\nline 1:1: Unknown index [${search.index}]`;
  return { kind: "rejected", error: { status: 400, errorType: "verification_exception", reason } };
}

function translate(
  search: SearchRequest,
  tables: readonly IndexTable[],
  now: number,
  known: Known,
): Translation | { kind: "failed"; reason: string } {
  try {
    const { body, endpoint } = search;
    const params = new Map([...search.params].filter(([name]) => name !== "routing"));
    return endpoint === "esql"
      ? translateEsql({ body, params, tables, now })
      : translateSearch({ endpoint, body, params, tables, now, ...known });
  } catch (error) {
    return { kind: "failed", reason: `Translating failed: ${messageOf(error)}` };
  }
}

/** The shards that `routing` leads to, all of what they hold. */
function routed(tables: readonly IndexTable[], routing: string): readonly IndexTable[] {
  return tables.map(({ single: _single, ...table }) => {
    const shards = new Set(routing.split(",").map((value) => shardOf(value, table)));
    return { ...table, shards: shards.size, asOf: new Map([...shards].map((shard) => [shard, Number.MAX_SAFE_INTEGER])) };
  });
}

function pinned(tables: readonly IndexTable[], pin: Pin): readonly IndexTable[] {
  // Columns of single values are the table's own: what reads a part of its rows can't see them.
  return tables.map(({ single: _single, ...table }) => ({
    ...table,
    asOf: pin.find(({ index }) => index === table.index)?.highest ?? new Map(),
  }));
}

/** The same search at another page: its statement of hits, further down. */
function paged<T extends { readonly kind: string }>(translation: T | Translation, from: number | undefined): T | Translation {
  if (from === undefined || !isTranslated(translation)) return translation;
  const statements = translation.statements.map((statement) =>
    statement.name === "hits" && statement.query.kind === "select"
      ? { ...statement, query: { ...statement.query, offset: from } }
      : statement,
  );
  return { ...translation, statements };
}

function isTranslated(translation: { readonly kind: string }): translation is Extract<Translation, { kind: "translated" }> {
  return translation.kind === "translated";
}

/** What was looked up before. */
type Known = Pick<SearchInput, "lookedUp" | "wordCounts">;

interface Rest extends Progress {
  readonly now: number;
  readonly known: Known;
  readonly wanted: boolean;
}

/** What is left beside the clauses without SQL is run too, for whoever looks at the search. */
async function runPartially(
  running: Running,
  search: SearchRequest,
  unsupported: readonly Unsupported[],
  { wanted, now, known, ...progress }: Rest,
): Promise<SearchOutcome> {
  const none: SearchOutcome = { ...progress.ran, kind: "unsupported", unsupported, partial: null };
  const { endpoint, body } = search;
  const params = new Map([...search.params].filter(([name]) => name !== "routing"));
  if (!wanted || endpoint === "esql") return none;
  try {
    const rest = translatePartially({ endpoint, body, params, tables: progress.tables, now, ...known }, unsupported);
    if (rest.translation === null) return { ...none, unsupported: rest.unsupported };
    const outcome = await runTranslated(running, search, rest.translation, progress);
    const { stages, statements, ms } = outcome;
    const partial = outcome.kind === "answered" ? outcome.body : null;
    return { stages, statements, ms, kind: "unsupported", unsupported: rest.unsupported, partial };
  } catch (error) {
    if (error instanceof LargeAnswer) throw error;
    // A fault in what is shown beside the verdict does not change it.
    return none;
  }
}

interface Progress {
  readonly started: number;
  readonly ran: Ran;
  readonly tables: readonly IndexTable[];
}

async function runTranslated(
  running: Running,
  search: SearchRequest,
  translation: { readonly statements: readonly Statement[]; shape(rows: StatementRows): Answer },
  { started, ran, tables }: Progress,
): Promise<SearchOutcome> {
  const runs = await Promise.all(translation.statements.map(async ({ name, query }) => runStatement(running, name, print(query))));
  const statements = [...ran.statements, ...runs.map(({ statement }) => statement)];
  const before = { ...ran, statements, stages: { ...ran.stages, ran: running.clock() } };
  const broken = runs.find(({ statement }) => statement.error !== null);
  if (broken !== undefined) {
    if (broken.away) return { ...before, kind: "not_compared", reason: "clickhouse unavailable" };
    return { ...before, kind: "failed", ...refusal(broken) };
  }
  const shaped = shape(translation, new Map(runs.map(({ statement, rows }) => [statement.name, rows])));
  const shapedAt = running.clock();
  const whole = { ...before, ms: shapedAt - started };
  // What only the rows tell: more buckets than Elasticsearch allows, dates outside the calendar.
  if (shaped instanceof RejectedRequest) {
    const error = { status: shaped.status, errorType: shaped.errorType, reason: shaped.message };
    return { ...whole, kind: "rejected", error, indices: tables.map(({ index }) => index) };
  }
  if (shaped instanceof UnsupportedClause) {
    return { ...whole, kind: "unsupported", unsupported: [{ pointer: shaped.pointer, reason: shaped.message }], partial: null };
  }
  if (shaped instanceof Error) {
    return { ...whole, kind: "failed", reason: `Shaping ClickHouse's rows failed: ${shaped.message}`, tooLarge: false };
  }
  const body = withEnvelope(search, shaped.body, tables, whole.ms);
  return {
    ...whole,
    stages: { ...whole.stages, shaped: shapedAt },
    kind: "answered",
    body,
    tolerances: shaped.tolerances,
    table: shaped.table,
    tables,
  };
}

function shape(translation: { shape(rows: StatementRows): Answer }, rows: StatementRows): Answer | Error {
  try {
    return translation.shape(rows);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
