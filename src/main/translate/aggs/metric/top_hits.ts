// `top_hits`: the first documents of each bucket, shown as the search shows its hits.
import { type JsonValue, member } from "../../../../shared/json.ts";
import { type Column, type Order, TRUE } from "../../../clickhouse/sql/ast.ts";
import { doubleJson } from "../../../elasticsearch/fields/number_text.ts";
import type { Context } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { compileHit } from "../../hits/hit.ts";
import { compileSort, sortCell, sortValues } from "../../hits/sort.ts";
import type { Row } from "../../types.ts";
import { Parameters } from "../parameters.ts";
import type { AggregationNode, RowsDefinition, RowsMetric, SearchAround, Surroundings } from "../types.ts";

const MAX_WINDOW = 100;

export const topHits: RowsDefinition = { kind: "rows", compile: compileTopHits };

function compileTopHits(node: AggregationNode, context: Context, { score, body }: SearchAround, { nested }: Surroundings): RowsMetric {
  if (context.scope !== undefined) throw new UnsupportedClause(node.pointer, "hits that are nested objects have no SQL yet");
  const parameters = new Parameters(node);
  const size = parameters.integer("size", 3);
  const from = parameters.integer("from", 0);
  checkWindow(size, from, node.name);
  const sortValue = parameters.value("sort");
  const trackScores = parameters.boolean("track_scores", false);
  parameters.ignore("_source", "stored_fields", "fields", "docvalue_fields", "version", "seq_no_primary_term");
  refuse(parameters, "script_fields", "highlight", "explain");
  parameters.done();
  const query = { where: TRUE, score, highlights: [] };
  const sort = compileSort(sortValue, parameters.pointer("sort"), context, query);
  const byScore = sort.keys.length === 0 || sort.keys.some(({ kind }) => kind === "score");
  if ((byScore || trackScores) && score === null) {
    throw new UnsupportedClause(parameters.pointer("sort"), "hits by relevance have no exact order; sort by a field");
  }
  if (sort.keys.length === 0 && nested && context.tables.reduce((sum, table) => sum + table.shards, 0) > 1) {
    throw new UnsupportedClause(
      node.pointer,
      "over several shards the order of hits that score alike depends on how their buckets are merged",
    );
  }
  // Elasticsearch hands the search's own `fields` down, and asks sub-searches for sequence numbers that they do not have.
  const inherited = member(node.body, "fields") === undefined ? member(body, "fields") : undefined;
  const own = inherited === undefined ? node.body : { ...node.body, fields: inherited };
  const hit = compileHit(own, node.pointer, context, []);
  const withoutNumber = member(body, "seq_no_primary_term") === true;
  const scored = byScore || trackScores ? doubleJson(score ?? 0) : null;
  const order = sort.order.map(({ expr, ...rest }, i) => ({ ...rest, alias: `#o${i}`, expr }));
  return {
    columns: named([
      ...hit.columns,
      ...sort.keys.map((key, i) => ({ expr: key.value, alias: sortCell(i) })),
      ...order.map(({ expr, alias }) => ({ expr, alias })),
    ]),
    order: order.map(({ alias, desc, nulls }) => byAlias(alias, desc, nulls)),
    from,
    size,
    shape(rows: readonly Row[], docCount: number) {
      const shown = rows.map((row) => {
        const one = hit.shape(row, scored, sort.keys.length === 0 ? null : sortValues(sort.keys, row));
        return withoutNumber ? { ...one, _seq_no: -2, _primary_term: 0 } : one;
      });
      const hits = {
        total: { value: docCount, relation: "eq" },
        max_score: docCount === 0 ? null : scored,
        hits: shown,
      };
      return { json: { hits }, tolerances: [] };
    },
  };
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

function refuse(parameters: Parameters, ...names: readonly string[]): void {
  for (const name of names) {
    const value: JsonValue | undefined = member(parameters.node.body, name);
    if (value !== undefined && value !== null && value !== false) {
      throw new UnsupportedClause(parameters.pointer(name), `[${name}] of top_hits is not translated`);
    }
    parameters.ignore(name);
  }
}
