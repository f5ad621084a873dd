// Clauses that stand for a list of words: Elasticsearch takes the best few that each shard has, and so does the SQL.
import { column, type Expr, isIn, type Order, type Query, select, tuple } from "../../clickhouse/sql/ast.ts";
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
  const sharded = context.tables.length > 1 || context.tables.some((table) => table.shards > 1);
  const shard = sharded ? [indexName(context), column("_shard")] : [];
  const query = wordsTaken(expanding, shard, context);
  return (word) => isIn(shard.length === 0 ? word : tuple(...shard, word), query);
}

function wordsTaken({ field, where, rank, most }: Expanding, shard: readonly Expr[], context: Context): Query {
  const words = documentValues(field);
  const shardNames = shard.map((_, i) => column(`shard${i}`));
  const names = [...shardNames, WORD];
  const order: readonly Order[] = [...shardNames, ...(rank === undefined ? [] : [rank(WORD)]), WORD].map((expr) => ({ expr }));
  return select({
    columns: [...shard.map((expr, i) => ({ expr, alias: `shard${i}` })), { expr: WORD }],
    from: documents(overDocuments(context), [words, ...shard]),
    arrayJoin: { items: [{ expr: words, alias: "#word" }] },
    where: where(WORD),
    groupBy: names,
    orderBy: order,
    ...(shard.length > 0 ? { limitBy: { limit: most, by: shardNames } } : { limit: most }),
  });
}
