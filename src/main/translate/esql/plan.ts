// The rows that a pipeline has so far, as layers of SELECT: a command that can't be added to the SELECT at hand begins one around
// it. A layer's columns are chosen last, when it is known which of them the layers around it use.
import { and, type Column, call, column, type Expr, literal, type Order, type Query, select } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { columnsIn, documents } from "../source.ts";

/** Where rows come from: the indices' documents, one row of constants, or a layer. */
export type Source = { readonly kind: "documents" } | { readonly kind: "row" } | { readonly kind: "layer"; readonly layer: Layer };

export interface Layer {
  readonly source: Source;
  /** Every column that layers around this one may use; the names are unique in the query. */
  readonly columns: readonly Required<Column>[];
  readonly where: readonly Expr[];
  readonly arrayJoin: readonly Required<Column>[];
  readonly groupBy: readonly string[];
  /** True: the layer has aggregates, and one row where there is no `groupBy`. */
  readonly grouped: boolean;
  readonly order: readonly Order[];
  readonly limit: number | null;
  readonly offset?: number;
}

export const DOCUMENTS: Source = Object.freeze({ kind: "documents" });
export const ROW: Source = Object.freeze({ kind: "row" });

/** A layer without anything but its source. */
export function layerOver(source: Source): Layer {
  return { source, columns: [], where: [], arrayJoin: [], groupBy: [], grouped: false, order: [], limit: null };
}

/** The SELECT of a layer with the columns that are `wanted`. */
export function queryOf(layer: Layer, wanted: ReadonlySet<string>, context: Context): Query {
  const chosen: readonly Column[] = layer.columns.filter(({ alias }) => wanted.has(alias) || layer.groupBy.includes(alias));
  const columns: readonly Column[] = chosen.length > 0 ? chosen : [{ expr: layer.grouped ? call("count") : literal(1), alias: "_row" }];
  const uses = [
    ...columns.map(({ expr }) => expr),
    ...layer.where,
    ...layer.arrayJoin.map(({ expr }) => expr),
    ...layer.order.map(({ expr }) => expr),
  ];
  const groupBy = layer.groupBy.map((name) => column(name));
  return select({
    columns,
    ...fromOf(layer.source, uses, context),
    ...(layer.arrayJoin.length === 0 ? {} : { arrayJoin: { items: layer.arrayJoin } }),
    ...(layer.where.length === 0 ? {} : { where: and(layer.where) }),
    ...(groupBy.length === 0 ? {} : { groupBy }),
    ...(layer.order.length === 0 ? {} : { orderBy: layer.order }),
    ...(layer.limit === null ? {} : { limit: layer.limit }),
    ...(layer.offset === undefined ? {} : { offset: layer.offset }),
  });
}

function fromOf(source: Source, uses: readonly Expr[], context: Context) {
  switch (source.kind) {
    case "documents":
      return { from: documents(context, uses) };
    case "row":
      return { from: { kind: "numbers", count: 1 } } as const;
    case "layer":
      return { from: { kind: "subquery", query: queryOf(source.layer, columnsIn(uses), context) } } as const;
  }
}
