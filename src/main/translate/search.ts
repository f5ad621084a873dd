// The translator's entry: a search in, statements out, and the function that shapes their rows into Elasticsearch's
// answer. Pure. Everything that has no exact SQL is collected by JSON pointer, so one look shows all of it.
import type { Unsupported } from "../../shared/exchange.ts";
import { isArray, isObject, type JsonObject, type JsonValue, member, printJson, RawNumber } from "../../shared/json.ts";
import { compileAggregations } from "./aggs/index.ts";
import type { CompiledAggregations } from "./aggs/types.ts";
import { type Context, contextOf } from "./context.ts";
import { firstMet, RejectedRequest, UnsupportedClause } from "./failure.ts";
import { compileHits } from "./hits/index.ts";
import type { InnerHits } from "./hits/inner_hits.ts";
import { withIndexBoosts } from "./indices_boost.ts";
import { withNumberTotals } from "./number_totals.ts";
import { withRuntimeFields } from "./painless/runtime.ts";
import { listOf, numberOption } from "./parameters.ts";
import { compileQuery } from "./query/index.ts";
import { type NamedClause, type NamedClauses, namedClauses } from "./query/named.ts";
import { withMinScore } from "./query/score_filter.ts";
import type { Compiled } from "./query/types.ts";
import { readRequest, type SearchRequest } from "./request.ts";
import { compileFaults, type FaultCheck } from "./script_faults.ts";
import { asksForSuggestionsAlone, compileSuggest } from "./suggest/index.ts";
import { compileTotal, type Total } from "./total.ts";
import type { Answer, SearchInput, StatementRows, Translation } from "./types.ts";
import { withWidenedNumbers } from "./widened_numbers.ts";

const NO_AGGREGATIONS: CompiledAggregations = Object.freeze({ statements: [], shape: () => ({ aggregations: {}, tolerances: [] }) });

/** Translates one `_search` or `_count`. Never throws for what a client sends. */
export function translateSearch(input: SearchInput): Translation {
  const unsupported: Unsupported[] = [];
  const refusals: RejectedRequest[] = [];
  const attempt = <T>(compile: () => T): T | undefined => {
    try {
      return compile();
    } catch (error) {
      if (error instanceof RejectedRequest) refusals.push(error);
      else if (error instanceof UnsupportedClause) unsupported.push({ pointer: error.pointer, reason: error.message });
      else throw error;
      return undefined;
    }
  };
  try {
    const context = withRuntimeFields(
      {
        ...withWidenedNumbers(contextOf(input.tables, input.now)),
        ...(input.lookedUp === undefined ? {} : { lookedUp: input.lookedUp }),
        ...(input.wordCounts === undefined ? {} : { wordCounts: input.wordCounts }),
      },
      member(input.body, "runtime_mappings"),
    );
    const request = attempt(() => lookedFor(readRequest(input, (pointer, reason) => unsupported.push({ pointer, reason }))));
    const innerHits: InnerHits[] = [];
    const naming: NamedClause[] = [];
    const staleScores = { used: false };
    const query =
      request &&
      attempt(() => ({
        ...withBodyMinScore(
          request,
          withIndexBoosts(
            compileQuery(request.query, request.queryPointer, { ...context, innerHits, naming, staleScores }),
            request.body,
            context,
          ),
        ),
        innerHits,
      }));
    if (staleScores.used) attempt(() => refuseDeciding(input.body));
    const named = request && attempt(() => namesOf(request, naming, context));
    // Behind a query that is refused something else may be refused earlier.
    const stand = refusals.length > 0 ? (query ?? compileQuery({ match_all: {} }, "/query", context)) : query;
    const around = named ?? (refusals.length > 0 ? namedClauses([], false) : undefined);
    const translation = request && stand && around && assemble(request, stand, { ...context, named: around }, attempt);
    const alone = input.tables.length === 0 && request?.endpoint === "search" ? request : undefined;
    const refusal = firstMet(refusals.filter(({ errorType }) => alone === undefined || errorType !== "query_shard_exception"));
    if (refusal !== undefined) throw refusal;
    if (alone !== undefined) return withoutIndex(alone);
    if (translation !== undefined && unsupported.length === 0) return staleScores.used ? withStaleScores(translation) : translation;
    return { kind: "unsupported", unsupported };
  } catch (error) {
    if (!(error instanceof RejectedRequest)) throw error;
    return { kind: "rejected", error: { status: error.status, errorType: error.errorType, reason: error.message } };
  }
}

// Scores that follow deleted documents may rank hits otherwise, but not decide which hits there are.
const DECIDED_BY_SCORE = ["min_score", "search_after", "rescore", "collapse", "include_named_queries_score", "_script"];

function refuseDeciding(body: JsonObject): void {
  const text = printJson(body);
  const name = DECIDED_BY_SCORE.find((each) => text.includes(`"${each}"`)) ?? (showsBestInnerHits(body) ? "inner_hits" : undefined);
  if (name === undefined) return;
  throw new UnsupportedClause("/query", `[${name}] follows scores whose statistics count deleted documents until they are merged away`);
}

/** True where inner hits are the best by score. */
function showsBestInnerHits(value: JsonValue): boolean {
  if (isArray(value)) return value.some(showsBestInnerHits);
  if (!isObject(value)) return false;
  const own = member(value, "inner_hits");
  if (own !== undefined) {
    const sort = isObject(own) ? member(own, "sort") : undefined;
    if (sort === undefined || printJson(sort).includes('"_score"')) return true;
  }
  return Object.values(value).some(showsBestInnerHits);
}

function withStaleScores(translation: Translation): Translation {
  if (translation.kind !== "translated") return translation;
  return {
    ...translation,
    shape(rows) {
      const { tolerances, ...shaped } = translation.shape(rows);
      return { ...shaped, tolerances: [...tolerances, { pointer: "/hits", rule: "stale_statistics", low: 0, high: 0 }] };
    },
  };
}

// No index, no shard that looks at the search: what it asks for beside hits is not even said to be empty.
function withoutIndex({ totalUpTo, totalAsNumber }: SearchRequest): Translation {
  const counted = totalAsNumber ? 0 : { value: 0, relation: "eq" };
  const total = totalUpTo !== null ? { total: counted } : totalAsNumber ? { total: -1 } : {};
  return {
    kind: "translated",
    statements: [],
    shape: () => answer({ timed_out: false, hits: { ...total, max_score: new RawNumber("0.0"), hits: [] } }),
  };
}

type Attempt = <T>(compile: () => T) => T | undefined;

function assemble(request: SearchRequest, query: Compiled, context: Context, attempt: Attempt): Translation | undefined {
  const total = attempt(() => compileTotal(request, query, context));
  if (request.endpoint === "count") return total && counted(total, compileFaults(context, query.where, false));
  const hits = attempt(() => compileHits(request, query, context));
  const { aggs, aggsPointer } = request;
  const aggregations =
    aggs === null
      ? NO_AGGREGATIONS
      : attempt(() =>
          compileAggregations(aggs, aggsPointer, context, query.where, {
            query,
            body: request.body,
            typedKeys: request.typedKeys,
          }),
        );
  const suggestions = compileSuggest(request, context, attempt);
  if (total === undefined || hits === undefined || aggregations === undefined || suggestions === undefined) return undefined;
  const faults = compileFaults(context, query.where, usesScores(request));
  return {
    kind: "translated",
    statements: [
      ...faults.statements,
      ...total.statements,
      ...hits.statements,
      ...aggregations.statements,
      ...(suggestions?.statements ?? []),
    ],
    shape(rows: StatementRows): Answer {
      faults.check(rows);
      const body: JsonObject = {
        timed_out: false,
        hits: { ...total.shape(rows), max_score: hits.maxScore(rows), hits: hits.shape(rows) },
        ...(suggestions === null ? {} : { suggest: suggestions.shape(rows) }),
      };
      const totals = (own: JsonObject): JsonObject => (request.totalAsNumber ? withNumberTotals(own) : own);
      if (aggs === null) return answer(totals(body));
      const shaped = aggregations.shape(rows);
      return { body: totals({ ...body, aggregations: shaped.aggregations }), tolerances: shaped.tolerances };
    },
  };
}

// Suggestions alone are no search: nothing is found, nothing sorted.
function lookedFor(request: SearchRequest): SearchRequest {
  if (!asksForSuggestionsAlone(request)) return request;
  const { sort: _, ...body } = request.body;
  return { ...request, query: { match_none: {} }, body };
}

// Those of the query, and of what filters its hits afterwards.
function namesOf({ postFilter, namesScored }: SearchRequest, naming: NamedClause[], context: Context): NamedClauses {
  const { scripts: _, ...quiet } = context;
  if (postFilter !== null) compileQuery(postFilter, "/post_filter", { ...quiet, innerHits: [], naming });
  return namedClauses(naming, namesScored);
}

function withBodyMinScore(request: SearchRequest, query: Compiled): Compiled {
  const least = member(request.body, "min_score");
  return least === undefined || least === null ? query : withMinScore(query, numberOption(request.body, "min_score", 0), "/min_score");
}

// Scripts that make scores run only for a search that shows them, sorts by them or leaves out the least.
function usesScores({ body, size }: SearchRequest): boolean {
  const sort = listOf(member(body, "sort"));
  const byScore = sort.some((key) => key === "_score" || (isObject(key) && Object.hasOwn(key, "_score")));
  return member(body, "min_score") !== undefined || (size > 0 && (sort.length === 0 || byScore || member(body, "track_scores") === true));
}

function counted(total: Total, faults: FaultCheck): Translation {
  return {
    kind: "translated",
    statements: [...faults.statements, ...total.statements],
    shape(rows) {
      faults.check(rows);
      return answer({ count: total.count(rows) });
    },
  };
}

function answer(body: JsonObject): Answer {
  return { body, tolerances: [] };
}
