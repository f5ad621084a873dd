// The `hits` statement: rows of the window asked for, in order; and the shaping of each row into a hit.
import { isObject, type JsonObject, type JsonValue, member, RawNumber } from "../../../shared/json.ts";
import { and, type Column, call, column, type Expr, type Order, over } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { booleanOption, listOf } from "../parameters.ts";
import type { Compiled } from "../query/types.ts";
import type { SearchRequest } from "../request.ts";
import { selectDocuments } from "../source.ts";
import { countedHits, matching } from "../total.ts";
import type { Row, Statement, StatementRows } from "../types.ts";
import { type Collapse, compileCollapse } from "./collapse.ts";
import { GROUP } from "./collapse_inner_hits.ts";
import { compileHit } from "./hit.ts";
import { compileInnerHits } from "./inner_hits.ts";
import { readRescorers, rescored } from "./rescore.ts";
import { afterCondition, compileSort, type Sort, sortCell, sortValues } from "./sort.ts";
import { presentScore, scoreOf } from "./sort_score.ts";

export interface Hits {
  readonly statements: readonly Statement[];
  maxScore(rows: StatementRows): JsonValue;
  shape(rows: StatementRows): readonly JsonObject[];
}

const NAME = "hits";
const NONE: Hits = Object.freeze({ statements: [], maxScore: () => null, shape: () => [] });

/** Compiles the hits of a request; none when its size is 0. */
export function compileHits(request: SearchRequest, query: Compiled, context: Context): Hits {
  const { body } = request;
  if (request.from > 0 && member(body, "search_after") !== undefined) {
    throw new RejectedRequest(
      "action_request_validation_exception",
      "Validation Failed: 1: [from] parameter must be set to 0 when [search_after] is used;",
    );
  }
  const sort = compileSort(byRelevance(member(body, "sort")) ? undefined : member(body, "sort"), "/sort", context, query);
  const hit = compileHit(body, "", context, query.highlights);
  const rescorers = readRescorers(body, context);
  if (rescorers.length > 0) refuseBeside(body, sort);
  const scores = rescorers.length > 0 ? RESCORED : compileScores(request, query, sort);
  const skipped = skipsAllShards(request, query, context);
  if (request.size === 0) return skipped ? { ...NONE, maxScore: () => new RawNumber("0.0") } : NONE;
  const after = member(body, "search_after");
  const where = matching(request, query, context);
  const inner = compileInnerHits(query.innerHits ?? [], context);
  const columns = [
    ...hit.columns,
    ...inner.columns,
    ...scores.columns,
    ...sort.keys.map((key, i) => ({ expr: key.value, alias: sortCell(i) })),
  ];
  const window = {
    where: after === undefined ? where : and([where, afterCondition(sort, after, "/search_after")]),
    limit: request.size,
    offset: request.from,
  };
  const collapse: Collapse | null = compileCollapse(body, context, {
    query,
    scored: request.queryPointer === "?q" || member(body, "query") !== undefined,
    where,
    shownGroups: (key) =>
      selectDocuments(context, {
        ...window,
        columns: [{ expr: key }],
        orderBy: [...scores.order, ...sort.order],
        limitBy: { limit: 1, by: [key] },
      }),
  });
  if (collapse !== null && inner.columns.length > 0)
    throw new UnsupportedClause("/collapse", "groups with inner hits of nested objects have no SQL yet");
  const all = collapse === null ? columns : [...columns, { expr: collapse.key, alias: GROUP }];
  const { from, size } = request;
  const statement =
    rescorers.length > 0
      ? rescored(rescorers, { columns, where: window.where, score: scoreOf(query, request.queryPointer), from, size }, context)
      : selectDocuments(context, {
          ...window,
          columns: all,
          orderBy: [...scores.order, ...sort.order].map((order) => byAlias(order, columns)),
          ...(collapse === null ? {} : { limitBy: { limit: 1, by: [column(GROUP)] } }),
        });
  return {
    statements: [{ name: NAME, query: statement }, ...(collapse?.statements ?? [])],
    maxScore: (rows) => (skipped ? new RawNumber("0.0") : scores.max(rows.get(NAME) ?? [], request.from > 0 ? countedHits(rows) : 0)),
    shape(rows) {
      collapse?.check(rows);
      return (rows.get(NAME) ?? []).map((row) => {
        const own = hit.shape(row, scores.of(row), sort.keys.length === 0 ? null : sortValues(sort.keys, row));
        const shown = { ...own, ...inner.shape(row) };
        return collapse === null ? shown : collapse.shape(shown, row, rows);
      });
    },
  };
}

// Elasticsearch looks ahead which shards can match at all when it sorts by a field over several of them. If none can, the
// answer is made without asking any, and its max_score is 0.0 instead of null.
function skipsAllShards(request: SearchRequest, query: Compiled, context: Context): boolean {
  if (context.tables.length === 0) return true;
  const shards = context.tables.reduce((sum, table) => sum + table.shards, 0);
  const sorted = listOf(member(request.body, "sort")).length > 0 && !byRelevance(member(request.body, "sort"));
  return shards > 1 && sorted && query.none === true && !isObject(member(request.body, "suggest"));
}

function refuseBeside(body: JsonObject, sort: Sort): void {
  if (sort.keys.length > 0)
    throw new RejectedRequest("illegal_argument_exception", "Cannot use [sort] option in conjunction with [rescore].");
  if (member(body, "collapse") !== undefined) throw new UnsupportedClause("/collapse", "groups of rescored hits have no SQL yet");
}

// A key that is selected already is named, not repeated.
function byAlias(order: Order, columns: readonly Column[]): Order {
  const selected = columns.find((item) => item.alias !== undefined && item.expr === order.expr);
  return selected?.alias === undefined ? order : { ...order, expr: column(selected.alias) };
}

/** No sort, or by score alone from the best: what Elasticsearch answers without `sort` values. */
export function byRelevance(sort: JsonValue | undefined): boolean {
  const [only, ...others] = listOf(sort);
  if (only === undefined) return true;
  return others.length === 0 && (only === "_score" || (isObject(only) && isScoreDescending(only)));
}

function isScoreDescending(spec: JsonObject): boolean {
  const options = Object.keys(spec).length === 1 ? member(spec, "_score") : undefined;
  return options === "desc" || (isObject(options) && (member(options, "order") ?? "desc") === "desc");
}

interface Scores {
  readonly columns: readonly { readonly expr: Expr; readonly alias: string }[];
  readonly order: readonly Order[];
  of(row: Row): JsonValue;
  /** `matched`: how many hits were counted, those outside the window too; 0 where none are counted. */
  max(rows: readonly Row[], matched: number): JsonValue;
}

const UNSCORED: Scores = Object.freeze({ columns: [], order: [], of: () => null, max: () => null });

const RESCORED: Scores = Object.freeze({
  columns: [],
  order: [],
  of: (row: Row) => presentScore(row._score ?? null),
  max(rows: readonly Row[], matched: number) {
    if (rows.length === 0 && matched > 0) throw new UnsupportedClause("/from", "no hit is left to tell the best score");
    return presentScore(rows[0]?._max_score ?? null);
  },
});

function compileScores(request: SearchRequest, query: Compiled, sort: Sort): Scores {
  const sorted = sort.keys.length > 0;
  const tracked = booleanOption(request.body, "track_scores", false);
  const byScore = sort.keys.some((key) => key.kind === "score");
  if (request.size === 0 || (sorted && !tracked && !byScore)) return UNSCORED;
  const showMax = !sorted || tracked;
  if (query.score !== null) {
    const score = presentScore(query.score);
    return { ...UNSCORED, of: () => score, max: (rows, matched) => (showMax && rows.length + matched > 0 ? score : null) };
  }
  const value = scoreOf(query, sorted ? "/sort" : request.queryPointer);
  const columns = [{ expr: value, alias: "_score" }];
  const windowed = showMax && (sorted || request.from > 0);
  return {
    columns: windowed ? [...columns, { expr: over(call("max", column("_score")), []), alias: "_max_score" }] : columns,
    order: sorted ? [] : [{ expr: value, desc: true }],
    of: (row) => presentScore(row._score ?? null),
    max: (rows, matched) => {
      // All of them stand before the window: only the rows that were not asked for would tell.
      if (showMax && rows.length === 0 && matched > 0) throw new UnsupportedClause("/from", "no hit is left to tell the best score");
      return showMax ? presentScore(rows[0]?.[windowed ? "_max_score" : "_score"] ?? null) : null;
    },
  };
}
