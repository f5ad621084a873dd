// The commands of a query, one after another: each takes the rows so far and gives the next. What fits into the SELECT at hand is
// added to it; what does not begins a SELECT around it.

import type { JsonValue } from "../../../shared/json.ts";
import { type Column, column, type Expr, type Order } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { compileQuery } from "../query/index.ts";
import { columnTypes } from "../source.ts";
import { DOCUMENTS, type Layer, layerOver, ROW, type Source } from "./plan.ts";
import { pointerTo } from "./pointer.ts";
import type { Attribute, Scope, Search } from "./scope.ts";
import type { Place } from "./tree.ts";
import type { Value } from "./value.ts";

/** A LIMIT amid the commands: its own SELECT, and the commands' place. */
export interface Cut {
  readonly layer: Layer;
  readonly pointer: string;
  readonly limit: number;
}

/**
 * What full text search may ask about: documents that WHERE and SORT alone have seen (`whole`), documents with other columns
 * (`fields`), rows that Elasticsearch knows as documents and a SELECT here does not (`lost`), anything else (`none`).
 */
type Searchable = "whole" | "fields" | "lost" | "none";

/** Rows so far. Immutable: each command gives another. */
export interface Rows {
  readonly source: Source;
  readonly attributes: readonly Attribute[];
  readonly where: readonly Expr[];
  readonly order: readonly Order[];
  readonly limit: { readonly count: number; readonly pointer: string } | null;
  readonly cuts: readonly Cut[];
  readonly searchable: Searchable;
  /** What came after a SORT: a WHERE after an MV_EXPAND makes it unbounded, which Elasticsearch refuses. */
  readonly sorted: "bounded" | "expanded" | "unbounded";
}

/** Names of columns in the SQL: unique, and none of the tables' own. */
export class Names {
  readonly #used: Set<string>;

  constructor(context: Context) {
    this.#used = new Set(context.tables.flatMap(({ mapping }) => [...columnTypes(mapping).keys()]));
  }

  /** A name for a column: its own with a number behind it, so that no alias hides what it is made of. */
  next(name: string): string {
    const plain = name.replace(/[^A-Za-z0-9_]+/g, "_").slice(0, 40);
    for (let number = 1; ; number += 1) {
      const candidate = `${plain}_${number}`;
      if (this.#used.has(candidate)) continue;
      this.#used.add(candidate);
      return candidate;
    }
  }
}

export interface Pipeline {
  readonly text: string;
  readonly context: Context;
  readonly names: Names;
  /** The query searches full text somewhere: its rows have scores. */
  readonly searches: boolean;
}

export function documentRows(attributes: readonly Attribute[], where: readonly Expr[]): Rows {
  return { source: DOCUMENTS, attributes, where, order: [], limit: null, cuts: [], searchable: "whole", sorted: "bounded" };
}

export function constantRow(): Rows {
  return { source: ROW, attributes: [], where: [], order: [], limit: null, cuts: [], searchable: "none", sorted: "bounded" };
}

/** What expressions see of the rows, but for conditions: those of WHERE and STATS alone may search. */
export function scopeOf(rows: Rows, { text, context }: Pipeline): Scope {
  const search: Search = { kind: "refused", reason: "is only supported in WHERE and STATS commands" };
  return { text, context, attributes: rows.attributes, search, byLucene: "no", grouping: false };
}

/** What a condition of WHERE or STATS sees. */
export function searchingScope(rows: Rows, pipeline: Pipeline): Scope {
  return { ...scopeOf(rows, pipeline), search: searchOf(rows, pipeline) };
}

function searchOf({ searchable }: Rows, { context }: Pipeline): Search {
  switch (searchable) {
    case "whole":
    case "fields": {
      const compile = (query: JsonValue, place: Place): Expr => compileQuery(query, pointerTo(place), context).where;
      return { kind: "documents", whole: searchable === "whole", nested: false, compile };
    }
    case "lost":
      return { kind: "without_sql" };
    case "none":
      return { kind: "refused", reason: "cannot be used after STATS or LIMIT" };
  }
}

/** The rows after a command that changes their columns. */
export function withAttributes(rows: Rows, attributes: readonly Attribute[]): Rows {
  return { ...rows, attributes, searchable: rows.searchable === "whole" ? "fields" : rows.searchable };
}

/** The rows as a SELECT of their own, with the order and the limit they have. */
export function sealed(rows: Rows, { names }: Pipeline): Rows {
  const columns: Required<Column>[] = [];
  const kept = (name: string, expr: Expr): Expr => {
    const alias = names.next(name);
    columns.push({ expr, alias });
    return column(alias);
  };
  const attributes = rows.attributes.map(({ name, value }): Attribute => {
    if (value.constant !== undefined || value.span !== undefined || value.lacking !== undefined || value.type === "unsupported")
      return { name, value };
    return { name, value: moved(value, kept(name, value.sql)) };
  });
  const order = rows.order.map((item, i): Order => ({ ...item, expr: kept(`sort${i}`, item.expr) }));
  const limited = rows.limit !== null;
  const layer: Layer = {
    ...layerOver(rows.source),
    columns,
    where: rows.where,
    order: limited ? rows.order : [],
    limit: rows.limit?.count ?? null,
  };
  const cuts = rows.limit === null ? rows.cuts : [...rows.cuts, cutOf(layer, order, rows.limit)];
  const searchable = limited || rows.searchable === "none" ? "none" : "lost";
  return {
    source: { kind: "layer", layer },
    attributes,
    where: [],
    order,
    limit: null,
    cuts,
    searchable,
    sorted: limited ? "bounded" : rows.sorted,
  };
}

// The last row that the limit lets through and the first that it does not: are they told apart?
function cutOf(layer: Layer, order: readonly Order[], { count, pointer }: { readonly count: number; readonly pointer: string }): Cut {
  const keys = new Set(order.flatMap(({ expr }) => (expr.kind === "column" ? [expr.name] : [])));
  const columns = layer.columns.filter(({ alias }) => keys.has(alias));
  const offset = Math.max(0, count - 1);
  return { layer: { ...layer, columns, limit: count === 0 ? 0 : 2, ...(offset === 0 ? {} : { offset }) }, pointer, limit: count };
}

/** The value as a column of an inner SELECT. A field keeps its name only where it is still itself. */
function moved(value: Value, sql: Expr): Value {
  const noise = value.noise === undefined ? {} : { noise: { rule: value.noise.rule, bounds: null } };
  return { ...value, sql, ...noise };
}

/** As sealed(), where a limit is to be done before what comes next. */
export function afterLimit(rows: Rows, pipeline: Pipeline): Rows {
  return rows.limit === null ? rows : sealed(rows, pipeline);
}

const LARGEST = 80;

/** As sealed(), where an expression has grown so large that using it twice would be costly. */
export function whileSmall(rows: Rows, pipeline: Pipeline): Rows {
  if (rows.limit !== null || !rows.attributes.some(({ value }) => value.field === undefined && size(value.sql) > LARGEST)) return rows;
  return sealed(rows, pipeline);
}

function size(expr: Expr): number {
  switch (expr.kind) {
    case "call":
      return expr.args.reduce((sum, arg) => sum + size(arg), 1);
    case "binary":
      return 1 + size(expr.left) + size(expr.right);
    case "and":
    case "or":
    case "array":
    case "tuple":
      return expr.items.reduce((sum, item) => sum + size(item), 1);
    case "not":
    case "marked":
      return size(expr.item);
    case "lambda":
      return 1 + size(expr.body);
    case "column":
    case "param":
    case "literal":
    case "in":
    case "scalar":
    case "over":
      return 1;
  }
}
