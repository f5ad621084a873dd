// ES|QL's entry: a query in, statements out, and the function that shapes their rows into Elasticsearch's answer. Pure, of the same
// form as translateSearch: what serves a search serves this.
import { childPointer, type JsonObject, member } from "../../../shared/json.ts";
import { type Column, column, type Expr, type Order } from "../../clickhouse/sql/ast.ts";
import { contextOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { compileQuery } from "../query/index.ts";
import type { IndexTable, Row, Statement, StatementRows, Translation } from "../types.ts";
import { type AnswerPlan, type Output, tableAnswer } from "./answer.ts";
import { applied } from "./commands.ts";
import { scores, searchesText } from "./full_text.ts";
import { parseQuery } from "./parser.ts";
import { type Cut, Names, type Pipeline, type Rows } from "./pipeline.ts";
import { layerOver, queryOf } from "./plan.ts";
import { readBody } from "./request.ts";
import { refused, textAt } from "./scope.ts";
import type { Value } from "./value.ts";

export interface EsqlInput {
  readonly body: JsonObject;
  /** URL parameters: `drop_null_columns`, … */
  readonly params: ReadonlyMap<string, string>;
  /** Indices that esqlIndices() names, sorted; empty where Elasticsearch found none, and for ROW. */
  readonly tables: readonly IndexTable[];
  /** Epoch ms of NOW(). */
  readonly now: number;
}

const ROWS = "rows";

/** Translates one `_query`. Never throws for what a client sends. */
export function translateEsql(input: EsqlInput): Translation {
  try {
    return translated(input);
  } catch (error) {
    if (error instanceof UnsupportedClause)
      return { kind: "unsupported", unsupported: [{ pointer: error.pointer, reason: error.message }] };
    if (!(error instanceof RejectedRequest)) throw error;
    return { kind: "rejected", error: { status: error.status, errorType: error.errorType, reason: error.message } };
  }
}

function translated(input: EsqlInput): Translation {
  const request = readBody(input);
  const tree = parseQuery(request.query, request.params);
  const context = contextOf(input.tables, input.now);
  const pipeline: Pipeline = {
    text: request.query,
    context,
    names: new Names(context),
    searches: searchesText(tree) || scores(request.filter),
  };
  const filter = request.filter === null ? [] : [compileQuery(request.filter, "/filter", context).where];
  let rows: Rows | null = null;
  for (const command of tree.commands) rows = applied(rows, command, pipeline, filter);
  if (rows === null) throw new RejectedRequest("parsing_exception", "line 1:1: mismatched input '<EOF>'");
  if (rows.sorted === "unbounded") {
    const sort = tree.commands.find(({ kind }) => kind === "sort") ?? { at: 0, end: 0 };
    throw refused(pipeline, sort, `Unbounded sort not supported yet [${textAt(pipeline, sort)}] please add a limit`);
  }
  const limited = tree.commands.some(({ kind }) => kind === "limit");
  return statementsOf(rows, pipeline, { most: limited ? MOST_ROWS : DEFAULT_ROWS, dropNulls: request.dropNulls });
}

const DEFAULT_ROWS = 1000;
const MOST_ROWS = 10_000;

function statementsOf(rows: Rows, pipeline: Pipeline, options: { readonly most: number; readonly dropNulls: boolean }): Translation {
  const { context } = pipeline;
  const columns: Required<Column>[] = [];
  const cell = (name: string, expr: Expr): string => {
    const alias = pipeline.names.next(name);
    columns.push({ expr, alias });
    return alias;
  };
  const outputs = rows.attributes.map(({ name, value }) => outputOf(name, value, cell));
  const keys = rows.order.map(({ expr }, i) => cell(`sort${i}`, expr));
  const order = rows.order.map((item, i): Order => ({ ...item, expr: column(keys[i] ?? "") }));
  const limit = Math.min(rows.limit?.count ?? options.most, options.most);
  // One row more tells whether the limit cut any off.
  const layer = { ...layerOver(rows.source), columns, where: rows.where, order, limit: limit + 1 };
  const all = new Set(columns.map(({ alias }) => alias));
  const statements: readonly Statement[] = [
    { name: ROWS, query: queryOf(layer, all, context) },
    ...rows.cuts.map((cut, i) => ({
      name: `limit ${i + 1}`,
      query: queryOf(cut.layer, new Set(cut.layer.columns.map(({ alias }) => alias)), context),
    })),
  ];
  const plan: AnswerPlan = { outputs, keys, limit, dropNulls: options.dropNulls };
  return {
    kind: "translated",
    statements,
    shape(found: StatementRows) {
      rows.cuts.forEach((cut, i) => {
        checkCut(cut, found.get(`limit ${i + 1}`) ?? []);
      });
      return tableAnswer(plan, found.get(ROWS) ?? []);
    },
  };
}

// Which rows a LIMIT lets through is open where nothing orders them, or where two tie at its end.
function checkCut({ layer, pointer, limit }: Cut, rows: readonly Row[]): void {
  const [last, next] = rows;
  if (limit === 0 || last === undefined || next === undefined) return;
  const keys = layer.columns.map(({ alias }) => alias);
  const told = keys.some((key) => String(last[key]) !== String(next[key]));
  if (!told) throw new UnsupportedClause(pointer, "which rows this LIMIT keeps is open: nothing puts the last one before the next");
}

function outputOf(name: string, value: Value, cell: (name: string, expr: Expr) => string): Output {
  if (value.lacking !== undefined) throw new UnsupportedClause(childPointer("", "query"), value.lacking);
  const bounds = value.noise?.bounds ?? null;
  const noise =
    value.noise === undefined
      ? undefined
      : {
          rule: value.noise.rule,
          low: bounds === null ? null : cell(`${name}_low`, bounds.low),
          high: bounds === null ? null : cell(`${name}_high`, bounds.high),
        };
  const empty = value.type === "unsupported" || (value.constant === null && !value.many);
  return {
    name,
    type: value.type,
    cell: empty ? null : cell(name, value.sql),
    many: value.many,
    field: value.field,
    noise,
    unordered: value.unordered === true,
    originalTypes: value.originalTypes,
  };
}

/** The index expression that a query's FROM names; null where the query reads no index, or can't be read. */
export function esqlIndices(body: JsonObject): string | null {
  const query = member(body, "query");
  if (typeof query !== "string") return null;
  try {
    const [first] = parseQuery(query, member(body, "params")).commands;
    return first?.kind === "from" ? first.indices.join(",") : null;
  } catch (error) {
    if (error instanceof UnsupportedClause || error instanceof RejectedRequest) return null;
    throw error;
  }
}

/** True for an answer in columns rather than rows. */
export function isColumnar(body: JsonObject): boolean {
  return member(body, "columnar") === true;
}
