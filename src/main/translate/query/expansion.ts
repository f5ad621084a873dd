// Clauses that stand for a list of words: Elasticsearch takes the best few that each shard has, and so does the SQL.
import {
  type Column,
  call,
  column,
  type Expr,
  isIn,
  literal,
  type Order,
  type Query,
  scalar,
  select,
  tuple,
} from "../../clickhouse/sql/ast.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, overDocuments } from "../context.ts";
import { documents, indexName } from "../source.ts";
import { documentValues } from "./field_values.ts";

const WORD = column("#word");

export interface Expanding {
  readonly field: Field;
  /** True for a word that is meant. */
  readonly where: (word: Expr) => Expr;
  /** How good a word is, the best first; equally good words follow in byte order. */
  readonly rank?: (word: Expr) => Expr;
  /** How many words of each shard are taken. */
  readonly most: number;
}

/** The condition that a word is among those that its own shard takes. */
export function expansion(expanding: Expanding, context: Context): (word: Expr) => Expr {
  const shard = isSharded(context) ? [indexName(context), column("_shard")] : [];
  const query = wordsTaken(expanding, shard, context);
  return (word) => isIn(shard.length === 0 ? word : tuple(...shard, word), query);
}

/** In how many documents of the row's shard each of the words taken stands, as a map; undefined among nested objects. */
export function takenFrequencies(expanding: Expanding, context: Context): Expr | undefined {
  if (context.scope !== undefined) return undefined;
  const shard = isSharded(context) ? [indexName(context), column("_shard")] : [];
  const query = wordsTaken(expanding, shard, context, [{ expr: call("uniqExact", column("_id"), column("_shard")), alias: "documents" }]);
  const all = call("mapFromArrays", call("groupArray", WORD), call("groupArray", column("documents")));
  if (shard.length === 0) return scalar(select({ columns: [{ expr: all }], from: { kind: "subquery", query } }));
  const key = (index: Expr, number: Expr): Expr => call("concat", index, literal(":"), call("toString", number));
  const inner = select({
    columns: [
      { expr: key(column("shard0"), column("shard1")), alias: "#shard" },
      { expr: all, alias: "#frequencies" },
    ],
    from: { kind: "subquery", query },
    groupBy: [column("shard0"), column("shard1")],
  });
  const pairs = call("mapFromArrays", call("groupArray", column("#shard")), call("groupArray", column("#frequencies")));
  const map = scalar(select({ columns: [{ expr: pairs }], from: { kind: "subquery", query: inner } }));
  return call("arrayElement", map, key(indexName(context), column("_shard")));
}

function isSharded(context: Context): boolean {
  return context.tables.length > 1 || context.tables.some((table) => table.shards > 1);
}

function wordsTaken(
  { field, where, rank, most }: Expanding,
  shard: readonly Expr[],
  context: Context,
  counts: readonly Column[] = [],
): Query {
  const words = documentValues(field);
  const shardNames = shard.map((_, i) => column(`shard${i}`));
  const names = [...shardNames, WORD];
  const order: readonly Order[] = [...shardNames, ...(rank === undefined ? [] : [rank(WORD)]), WORD].map((expr) => ({ expr }));
  return select({
    columns: [...shard.map((expr, i) => ({ expr, alias: `shard${i}` })), { expr: WORD }, ...counts],
    from: documents(overDocuments(context), [words, ...shard, ...counts.map(({ expr }) => expr)]),
    arrayJoin: { items: [{ expr: words, alias: "#word" }] },
    where: where(WORD),
    groupBy: names,
    orderBy: order,
    ...(shard.length > 0 ? { limitBy: { limit: most, by: shardNames } } : { limit: most }),
  });
}
