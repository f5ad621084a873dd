// `top_hits`: the first documents of each bucket, shown as the search shows its hits.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, jsonObject, member } from "../../../../shared/json.ts";
import type { Column, Order } from "../../../clickhouse/sql/ast.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { compileHit } from "../../hits/hit.ts";
import { byRelevance } from "../../hits/index.ts";
import { compileSort, type Sort, sortCell, sortValues } from "../../hits/sort.ts";
import { presentScore, scoreOf } from "../../hits/sort_score.ts";
import { listOf } from "../../parameters.ts";
import type { Row, Tolerance } from "../../types.ts";
import { floatSum } from "../number_metric.ts";
import { Parameters } from "../parameters.ts";
import type { AggregationNode, RowsDefinition, RowsMetric, SearchAround, Surroundings } from "../types.ts";

const MAX_WINDOW = 100;
const DISTANCE_SLACK = 1e-12;
/** One unit in the last place of a float, either way. */
const SCORE_SLACK = 2 ** -23;
const SCORE = "_score";

export const topHits: RowsDefinition = { kind: "rows", compile: compileTopHits };

function compileTopHits(node: AggregationNode, context: Context, { query, body }: SearchAround, { nested }: Surroundings): RowsMetric {
  if (context.scope !== undefined) throw new UnsupportedClause(node.pointer, "hits that are nested objects have no SQL yet");
  const parameters = new Parameters(node);
  const size = parameters.integer("size", 3);
  const from = parameters.integer("from", 0);
  checkWindow(size, from, node.name);
  const given = parameters.value("sort");
  const sortValue = byRelevance(given) ? undefined : unformatted(given);
  const trackScores = parameters.boolean("track_scores", false);
  parameters.ignore(
    "_source",
    "stored_fields",
    "fields",
    "docvalue_fields",
    "version",
    "seq_no_primary_term",
    "script_fields",
    "highlight",
  );
  if (parameters.boolean("explain", false)) {
    throw new UnsupportedClause(parameters.pointer("explain"), "how a score came about only Elasticsearch can tell");
  }
  parameters.done();
  const sort = compileSort(sortValue, parameters.pointer("sort"), context, query);
  const [first] = sort.keys;
  // A sort that names the score shows it among its values alone.
  const scored = first === undefined || trackScores;
  const bestFirst = first === undefined || (first.kind === "score" && sort.order[0]?.desc === true);
  if (scored && query.score === null && !bestFirst) {
    throw new UnsupportedClause(parameters.pointer("sort"), "the best score among hits in another order is not looked for");
  }
  if (sort.keys.length === 0 && nested && context.tables.reduce((sum, table) => sum + table.shards, 0) > 1) {
    throw new UnsupportedClause(
      node.pointer,
      "over several shards the order of hits that score alike depends on how their buckets are merged",
    );
  }
  // Elasticsearch hands the search's own `fields` down, and asks sub-searches for sequence numbers that they do not have.
  const inherited = member(node.body, "fields") === undefined ? member(body, "fields") : undefined;
  const own = withoutSource(inherited === undefined ? node.body : { ...node.body, fields: inherited }, parameters);
  const hit = compileHit(own, node.pointer, context, query.highlights);
  const withoutNumber = member(body, "seq_no_primary_term") === true;
  const score = scored ? scoreOf(query, parameters.pointer("sort")) : undefined;
  const order = [
    ...(sort.keys.length === 0 && score !== undefined && query.score === null ? [{ expr: score, desc: true }] : []),
    ...sort.order,
  ];
  const ordered = order.map(({ expr, ...rest }, i) => ({ ...rest, alias: `#o${i}`, expr }));
  return {
    columns: named([
      ...hit.columns,
      ...(score === undefined ? [] : [{ expr: score, alias: SCORE }]),
      ...sort.keys.map((key, i) => ({ expr: key.value, alias: sortCell(i) })),
      ...ordered.map(({ expr, alias }) => ({ expr, alias })),
    ]),
    order: ordered.map(({ alias, desc, nulls }) => byAlias(alias, desc, nulls)),
    from,
    size,
    shape(rows: readonly Row[], docCount: number) {
      const scoreIn = (row: Row | undefined): JsonValue => (row === undefined || !scored ? null : presentScore(row[SCORE] ?? null));
      const shown = rows.slice(from).map((row) => {
        const one = hit.shape(row, scoreIn(row), sort.keys.length === 0 ? null : sortValues(sort.keys, row));
        return withoutNumber ? { ...one, _seq_no: -2, _primary_term: 0 } : one;
      });
      const hits = { total: { value: docCount, relation: "eq" }, max_score: scoreIn(rows[0]), hits: shown };
      const relevance = query.score === null ? SCORE_SLACK : 0;
      const tolerances = [
        ...floatTolerance("/hits/max_score", hits.max_score, relevance),
        ...shown.flatMap((each, i) => hitTolerances(sort, each, `/hits/hits/${i}`, relevance)),
      ];
      return { json: { hits }, tolerances };
    },
  };
}

// Sort values of top_hits are bare, whatever format is asked for.
function unformatted(sort: JsonValue | undefined): JsonValue | undefined {
  if (isArray(sort)) return sort.map((each) => unformatted(each) ?? null);
  if (!isObject(sort)) return sort;
  return jsonObject(
    Object.entries(sort).map(([name, options]) => {
      const { format: _, ...others } = isObject(options) ? options : {};
      return [name, isObject(options) ? others : options];
    }),
  );
}

// `_none_` leaves out the source even where the body asks for it.
function withoutSource(body: JsonObject, parameters: Parameters): JsonObject {
  if (!listOf(member(body, "stored_fields")).includes("_none_")) return body;
  if (member(body, "fields") !== undefined) {
    throw new UnsupportedClause(
      parameters.pointer("stored_fields"),
      "whether hits without stored fields have an _id is not followed beside [fields]",
    );
  }
  const { _source: _, ...others } = body;
  return others;
}

// Sines and cosines, and scores of several clauses, may differ in their last digits.
function hitTolerances({ keys }: Sort, hit: JsonObject, pointer: string, relevance: number): readonly Tolerance[] {
  const values = member(hit, "sort");
  const sorted = (isArray(values) ? values : []).flatMap((value, i) => {
    const kind = keys[i]?.kind;
    return floatTolerance(`${pointer}/sort/${i}`, value, kind === "distance" ? DISTANCE_SLACK : kind === "score" ? relevance : 0);
  });
  return [...floatTolerance(`${pointer}/_score`, member(hit, "_score"), relevance), ...sorted];
}

function floatTolerance(pointer: string, value: JsonValue | undefined, share: number): readonly Tolerance[] {
  return isNumber(value) ? floatSum(pointer, Number(value), Math.abs(Number(value)) * share) : [];
}

function checkWindow(size: number, from: number, name: string): void {
  for (const [option, value] of [
    ["from", from],
    ["size", size],
  ] as const) {
    if (value < 0) {
      throw new RejectedRequest(
        "illegal_argument_exception",
        `[${option}] must be greater than or equal to 0. Found [${value}] in [${name}]`,
      );
    }
  }
  if (size + from > MAX_WINDOW) {
    throw new RejectedRequest(
      "illegal_argument_exception",
      `Top hits result window is too large, the top hits aggregator [${name}]'s from + size must be less than or equal to: [${MAX_WINDOW}] but was [${size + from}].`,
    );
  }
  if (size + from === 0) {
    throw new RejectedRequest(
      "illegal_argument_exception",
      "numHits must be > 0; please use TotalHitCountCollectorManager if you just need the total hit count",
    );
  }
}

function byAlias(alias: string, desc: boolean | undefined, nulls: Order["nulls"]): Order {
  return { expr: { kind: "column", name: alias }, ...(desc === undefined ? {} : { desc }), ...(nulls === undefined ? {} : { nulls }) };
}

function named(columns: readonly Column[]): RowsMetric["columns"] {
  return columns.map(({ expr, alias }) => ({ expr, alias: alias ?? (expr.kind === "column" ? expr.name : "") }));
}
