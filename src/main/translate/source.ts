// Where statements read from: one mirror table, or a UNION ALL of the columns that are needed when several indices are
// searched. A column that one index lacks reads as empty there; `_index` names the index a row came from.
import {
  and,
  binary,
  call,
  column,
  type Expr,
  type From,
  literal,
  or,
  param,
  type Query,
  type Select,
  select,
  union,
} from "../clickhouse/sql/ast.ts";
import { fieldColumns, firstColumn, madeColumns } from "../elasticsearch/columns.ts";
import type { Mapping } from "../elasticsearch/mapping.ts";
import type { Context } from "./context.ts";
import { type Singles, simplified } from "./single_values.ts";
import type { IndexTable } from "./types.ts";
import { sizesAlone } from "./word_sizes.ts";

/** The column that holds the index's name when several are searched. */
export const INDEX_COLUMN = "_index";

/** A column of a type, where indices have columns of several types by its name: empty in those of another, but that longs take in all
 * whole numbers. */
export function typedColumn(name: string, type: string): string {
  return `${name}${TYPED}${type}`;
}

const TYPED = "#as ";

const META_TYPES: ReadonlyMap<string, string> = new Map([
  ["_id", "String"],
  ["_source", "String"],
  ["_routing", "String"],
  ["_shard", "UInt16"],
  ["_seq_no", "Int64"],
  ["_primary_term", "UInt32"],
  ["_version", "Int64"],
]);

/** The FROM of a statement whose expressions are `uses`: it offers every column that they name. */
export function documents(context: Context, uses: readonly Expr[]): From {
  const [table, ...others] = context.tables;
  if (table !== undefined && others.length === 0 && table.asOf === undefined) return tableOf(table);
  const names = withFirsts(tableColumns(context, columnsIn(uses)), singlesOf(context));
  if (table === undefined) return { kind: "subquery", query: branch(undefined, names, context) };
  if (others.length === 0) return { kind: "subquery", query: branch(table, names, context) };
  return { kind: "subquery", query: union(context.tables.map((each) => branch(each, names, context))) };
}

/** With the columns of first values beside lists of one value at most: whoever reads the list may come to read the value. */
export function withFirsts(names: readonly string[], singles: Singles): readonly string[] {
  return [...new Set(names.flatMap((name) => (singles.has(name) ? [name, firstColumn(name)] : [name])))];
}

/** The name of the index that a row came from. */
export function indexName(context: Context): Expr {
  const [only, ...others] = context.tables;
  return only !== undefined && others.length === 0 ? param("String", only.index) : column(INDEX_COLUMN);
}

/** Names of all columns that the expressions use, lambda arguments among them. */
export function columnsIn(uses: readonly Expr[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const expr of uses) collect(expr, found);
  return found;
}

function tableOf(table: IndexTable): From {
  return { kind: "table", database: table.database, name: table.table, final: table.final };
}

/** Those of the names that are columns of a table searched. */
export function tableColumns(context: Context, names: ReadonlySet<string>): readonly string[] {
  const known = [...context.tables.map((table) => columnTypes(table.mapping))];
  return [...names].filter(
    (name) => name === INDEX_COLUMN || META_TYPES.has(name) || name.includes(TYPED) || known.some((columns) => columns.has(name)),
  );
}

function branch(table: IndexTable | undefined, names: readonly string[], context: Context): Query {
  const own: ReadonlyMap<string, string> = table === undefined ? new Map() : columnTypes(table.mapping);
  const columns = names.map((name) => {
    if (name === INDEX_COLUMN) return { expr: param("String", table?.index ?? ""), alias: name };
    const [plain = "", type] = name.split(TYPED);
    if (type !== undefined) return { expr: asTyped(plain, own.get(plain), type), alias: name };
    if (table !== undefined && (own.has(name) || META_TYPES.has(name))) return { expr: column(name) };
    return { expr: emptyOf(META_TYPES.get(name) ?? typeAnywhere(context, name)), alias: name };
  });
  const nothing = columns.length === 0 ? [{ expr: literal(1), alias: "_row" }] : columns;
  const where = table?.asOf === undefined ? {} : { where: upTo(table.asOf) };
  return select({ columns: nothing, from: table === undefined ? { kind: "numbers", count: 0 } : tableOf(table), ...where });
}

/** True for the rows up to these numbers of their shards' changes. */
export function upTo(highest: ReadonlyMap<number, number>): Expr {
  return or(
    [...highest].map(([shard, seqNo]) =>
      and([binary(column("_shard"), "=", param("UInt16", shard)), binary(column("_seq_no"), "<=", param("Int64", BigInt(seqNo)))]),
    ),
  );
}

const WHOLE_LIST = /^Array\(Int\d+\)$/;

function asTyped(name: string, own: string | undefined, type: string): Expr {
  if (own === type) return column(name);
  return own !== undefined && WHOLE_LIST.test(own) && type === "Array(Int64)" ? call("CAST", column(name), literal(type)) : emptyOf(type);
}

function emptyOf(type: string): Expr {
  return call("defaultValueOfTypeName", literal(type));
}

function typeAnywhere(context: Context, name: string): string {
  for (const table of context.tables) {
    const type = columnTypes(table.mapping).get(name);
    if (type !== undefined) return type;
  }
  return "String";
}

const typesByMapping = new WeakMap<Mapping, ReadonlyMap<string, string>>();

/** Column name → ClickHouse type of the table that mirrors an index with this mapping; meta columns are not in it. */
export function columnTypes(mapping: Mapping): ReadonlyMap<string, string> {
  const seen = typesByMapping.get(mapping);
  if (seen !== undefined) return seen;
  const own = mapping.beneath ?? mapping;
  const types = new Map([...fieldColumns(own), ...madeColumns(own)].map(({ name, type }) => [name, type]));
  typesByMapping.set(mapping, types);
  return types;
}

function collect(expr: Expr, found: Set<string>): void {
  switch (expr.kind) {
    case "column":
      found.add(expr.name);
      return;
    case "param":
    case "literal":
      return;
    case "call":
      for (const arg of expr.args) collect(arg, found);
      return;
    case "binary":
      collect(expr.left, found);
      collect(expr.right, found);
      return;
    case "and":
    case "or":
    case "array":
    case "tuple":
      for (const item of expr.items) collect(item, found);
      return;
    case "not":
    case "marked":
      collect(expr.item, found);
      return;
    case "lambda":
      collect(expr.body, found);
      return;
    case "in":
      collect(expr.left, found);
      return;
    case "scalar":
      return;
    case "over":
      collect(expr.call, found);
      for (const part of expr.partitionBy) collect(part, found);
      for (const order of expr.orderBy) collect(order.expr, found);
      return;
    default:
      expr satisfies never;
  }
}

/** Columns whose lists hold no more than one value in any table searched. */
export function singlesOf(context: Context): Singles {
  const [first, ...others] = context.tables;
  const single: Singles = first?.single ?? new Map();
  if (first === undefined || others.length === 0) return single;
  const known = context.tables.map((table) => ({
    single: table.single ?? new Map<string, boolean>(),
    columns: columnTypes(table.mapping),
  }));
  const names = new Set(known.flatMap((table) => [...table.single.keys()]));
  const all = [...names].filter((name) => known.every((table) => table.single.has(name) || !table.columns.has(name)));
  return new Map(all.map((name) => [name, known.every((table) => table.single.get(name) === true)]));
}

/** A select over the documents: FROM follows from what its columns, conditions and orders use. */
export function selectDocuments(context: Context, asked: Omit<Select, "kind" | "from">): Select {
  const parts = withoutLists(asked, singlesOf(context));
  const uses = [
    ...parts.columns.map((item) => item.expr),
    ...(parts.arrayJoin?.items.map((item) => item.expr) ?? []),
    ...(parts.where === undefined ? [] : [parts.where]),
    ...(parts.groupBy ?? []),
    ...(parts.having === undefined ? [] : [parts.having]),
    ...(parts.orderBy?.map((item) => item.expr) ?? []),
    ...(parts.limitBy?.by ?? []),
  ];
  const from = documents(context, uses);
  return select({ ...(from.kind === "table" ? withExpressions(parts, sizesAlone) : parts), from });
}

// Lists of one value at most are read as values where a column, a condition or an order needs no list.
function withoutLists(parts: Parts, singles: Singles): Parts {
  return singles.size === 0 ? parts : withExpressions(parts, (expr) => simplified(expr, singles));
}

type Parts = Omit<Select, "kind" | "from">;

function withExpressions(parts: Parts, map: (expr: Expr) => Expr): Parts {
  return {
    ...parts,
    columns: parts.columns.map((item) => ({ ...item, expr: map(item.expr) })),
    ...(parts.where === undefined ? {} : { where: map(parts.where) }),
    ...(parts.orderBy === undefined ? {} : { orderBy: parts.orderBy.map((item) => ({ ...item, expr: map(item.expr) })) }),
  };
}
