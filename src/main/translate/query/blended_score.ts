// Scores of clauses that stand for several words of a field: near ones, or those with a beginning.
import { binary, call, column, type Expr, lambda, literal, param } from "../../clickhouse/sql/ast.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import type { Context } from "../context.ts";
import { isComputed } from "../field_column.ts";
import { constant, float, frequencyOf, idf, isScored, normOf, score, statisticsOf, weighed } from "./bm25.ts";
import { valuesColumn } from "./field_values.ts";

interface Taken {
  /** True for a word that is taken. */
  covers(word: Expr): Expr;
  /** Float32. */
  boost(word: Expr): Expr;
  /** In how many documents each of the words taken stands, a map. */
  readonly frequencies: Expr;
  /** Whether all are taken for as frequent as the most frequent one. */
  readonly alike: boolean;
}

/** The sum of the scores of the words taken; undefined where it can't be told. */
export function takenScore(
  field: Field,
  { covers, boost, frequencies, alike }: Taken,
  context: Context,
  pointer: string,
): Expr | undefined {
  if (field.key !== undefined || isComputed(field) || !isScored(field, context, pointer)) return undefined;
  const word = column("word");
  const most = alike ? call("arrayMax", call("mapValues", frequencies)) : call("arrayElement", frequencies, word);
  const having = [call("toFloat64", most)];
  const each = score(
    field,
    { ...statisticsOf(field, [], context, pointer), having },
    frequencyOf(field, word, context, pointer),
    boost(word),
    pointer,
  );
  return summed(field, covers, each);
}

/** The sum of the boosts of the words taken. */
export function boostsScore(field: Field, { covers, boost }: Pick<Taken, "covers" | "boost">): Expr {
  return summed(field, covers, call("toFloat64", boost(column("word"))));
}

function summed(field: Field, covers: (word: Expr) => Expr, each: Expr): Expr {
  const words = call("arrayDistinct", call("arrayFilter", lambda(["word"], covers(column("word"))), valuesColumn(field)));
  // A statistic read by a statement of its own may be NULL to ClickHouse, and there is no sum of those.
  return call("toFloat64", float(call("arraySum", lambda(["word"], call("assumeNotNull", each)), words)));
}

/** The score of a phrase that stands `frequency` times in the document, its last word any of those in the map `frequencies`, with
 * the documents that have it; undefined where it can't be told. */
export function phrasePrefixScore(
  field: Field,
  terms: readonly string[],
  frequencies: Expr,
  frequency: Expr,
  context: Context,
  pointer: string,
): Expr | undefined {
  if (!isScored(field, context, pointer)) return undefined;
  const words = terms.map((term) => param("String", term));
  const statistics = statisticsOf(field, words, context, pointer);
  const rarity = (having: Expr): Expr => idf(statistics.documents, having);
  const end = call("assumeNotNull", rarity(call("toFloat64", column("having"))));
  const ends = call("arraySum", lambda(["having"], end), call("mapValues", frequencies));
  const all = statistics.having.map(rarity).reduce((sum, each) => binary(sum, "+", each), ends);
  return weighed(statistics, float(all), frequency, normOf(field, pointer), constant(1));
}

/** 1 less the edits as a share of the shorter word, in floats. */
export function nearnessBoost(edits: Expr, shorter: Expr): Expr {
  const share = float(binary(float(edits), "/", float(shorter)));
  return float(binary(literal(1), "-", share));
}
