// The rows that the buckets at the end of a path are counted from: documents, one row for each combination of their keys along the path.
// Key columns are named by their depth: `#k1` is the outermost.
import { and, type Column, call, column, type Expr, literal, type Query, select, tuple } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { repeated, selectRows } from "../object_rows.ts";
import { indexName } from "../source.ts";
import { META_COLUMNS } from "../types.ts";

export const keyName = (depth: number): string => `#k${depth}`;
export const keyColumn = (depth: number): Expr => column(keyName(depth));
/** Of the levels down to `depth`. */
export const keyColumns = (depth: number): readonly Expr[] => Array.from({ length: depth }, (_, i) => keyColumn(i + 1));
const keysName = (depth: number): string => `#keys${depth}`;

export interface KeyRows {
  /** The arrays of keys that a document has at each level, from the root down. */
  readonly path: readonly Expr[];
  /** Columns of the documents beside their keys. */
  readonly documents: readonly Column[];
  readonly where: readonly Expr[];
  /** Whether to tell the shard of each, as `#shard`. */
  readonly withShard: boolean;
}

/** Joins the documents to their keys, level by level. */
export function keyRows(context: Context, { path, documents, where, withShard }: KeyRows): Query {
  const shard: readonly Column[] = withShard ? [{ expr: shardKey(context), alias: "#shard" }] : [];
  const repeats = repeated(context).map((expr, i) => ({ expr, alias: `#e${i}` }));
  const columns = [...documents, ...shard, ...repeats];
  const [first, ...others] = path;
  const keyArrays = others.map((expr, i) => ({ expr, alias: keysName(i + 2) }));
  const firstKey = first === undefined ? [] : [{ expr: call("arrayJoin", first), alias: keyName(1) }];
  const all = [...firstKey, ...keyArrays, ...columns];
  let query: Query = selectRows(context, {
    columns: all.length > 0 ? all : [{ expr: literal(1), alias: "#one" }],
    ...(where.length > 0 ? { where: and(where) } : {}),
  });
  others.forEach((_, i) => {
    const names = [...namesDownTo(i + 1), ...keyArrays.slice(i + 1).map(({ alias }) => alias), ...columns.map(({ alias }) => alias ?? "")];
    const joined = { expr: call("arrayJoin", column(keysName(i + 2))), alias: keyName(i + 2) };
    query = select({ columns: [...names.map((name) => ({ expr: column(name) })), joined], from: { kind: "subquery", query } });
  });
  if (repeats.length === 0) return query;
  // Seen from outside, the objects of one document that are in one bucket count once.
  const keys = namesDownTo(path.length);
  const names = [...keys, ...[...documents, ...shard].map(({ alias }) => alias ?? "")].map((name) => ({ expr: column(name) }));
  return select({
    columns: names.length > 0 ? names : [{ expr: literal(1), alias: "#one" }],
    from: { kind: "subquery", query },
    limitBy: { limit: 1, by: [...keys, ...repeats.map(({ alias }) => alias)].map((name) => column(name)) },
  });
}

function namesDownTo(depth: number): readonly string[] {
  return Array.from({ length: depth }, (_, i) => keyName(i + 1));
}

function shardKey(context: Context): Expr {
  const shard = column(META_COLUMNS.shard);
  return context.tables.length > 1 ? tuple(indexName(context), shard) : shard;
}
