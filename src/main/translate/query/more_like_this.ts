// more_like_this: documents with words that texts or other documents have. Each shard chooses the words by its own statistics.
import type { JsonValue } from "../../../shared/json.ts";
import { and, binary, call, column, type Expr, literal, or, param } from "../../clickhouse/sql/ast.ts";
import { type Context, fieldOf } from "../context.ts";
import { UnsupportedClause } from "../failure.ts";
import { indexName } from "../source.ts";
import { termScore } from "./bm25.ts";
import { combine } from "./bool.ts";
import { boosted, NOTHING, relevant } from "./compiled.ts";
import { valuesColumn } from "./field_values.ts";
import { type Likeness, readLikeness } from "./likeness/asked.ts";
import { type ChosenWord, chooseWords } from "./likeness/chosen.ts";
import type { ShardCounts } from "./likeness/counts.ts";
import { likedWords } from "./likeness/words.ts";
import { compileMetaTerms } from "./meta_field.ts";
import { minimumShouldMatch } from "./minimum_should_match.ts";
import { scoringOf } from "./score.ts";
import type { Compiled } from "./types.ts";

export function compileMoreLikeThis(body: JsonValue, pointer: string, context: Context): Compiled {
  const asked = readLikeness(body, pointer);
  if (context.scope !== undefined) throw new UnsupportedClause(pointer, "what nested objects are like has no SQL yet");
  if (context.tables.some(({ final }) => final)) {
    throw new UnsupportedClause(pointer, "words are chosen by statistics that deleted documents count in until they are merged away");
  }
  const counted = context.wordCounts;
  if (counted === undefined) throw new UnsupportedClause(pointer, "the words' frequencies are not known here");
  const alike = joined(counted.map((shard) => ({ where: isShard(shard, context), clause: compileChosen(asked, shard, pointer, context) })));
  const excluded = asked.include ? [] : asked.like.documents.flatMap(({ id }) => id ?? []);
  const shown = excluded.length === 0 ? alike : combine([], [], [compileMetaTerms("_id", excluded, pointer, context, 1)], [alike]);
  return boosted(shown, asked.boost);
}

function compileChosen(asked: Likeness, shard: ShardCounts, pointer: string, context: Context): Compiled {
  const words = likedWords(asked, shard.index, context.lookedUp ?? new Map(), context, pointer);
  if (words === null) return NOTHING;
  const { ofDocuments, ofTexts } = chooseWords(asked, words, shard);
  const parts = [ofDocuments, ofTexts].flatMap((part) => {
    if (part === null) return [];
    const clauses = part.map((word) => compileWord(word, shard, pointer, context));
    return clauses.length === 0 ? [NOTHING] : [combine([], [], [], clauses, minimumShouldMatch(asked.minimum, clauses.length))];
  });
  return combine([], [], [], parts);
}

function compileWord({ path, word, boost }: ChosenWord, shard: ShardCounts, pointer: string, context: Context): Compiled {
  const field = fieldOf(context, path, pointer);
  if (field === undefined) return NOTHING;
  const term = param("String", word);
  const scoring = termScore(field, term, context, pointer, 1, shard.statistics(path, word));
  return boosted(relevant(call("has", valuesColumn(field), term), [], scoring), boost);
}

function isShard({ index, shard }: ShardCounts, context: Context): Expr {
  const inShard = binary(column("_shard"), "=", param("UInt16", shard));
  return context.tables.length > 1 ? and([binary(indexName(context), "=", param("String", index)), inShard]) : inShard;
}

interface OfShards {
  readonly where: Expr;
  readonly clause: Compiled;
}

// Elasticsearch highlights no word of these.
function joined(parts: readonly OfShards[]): Compiled {
  const [only, ...others] = parts;
  if (only === undefined) return NOTHING;
  if (others.length === 0) return only.clause;
  let scoring: Expr | undefined = literal(0);
  for (const { where, clause } of parts.toReversed()) {
    const own = scoringOf(clause);
    scoring = own === undefined || scoring === undefined ? undefined : call("if", where, call("toFloat64", own), scoring);
  }
  return relevant(or(parts.map(({ where, clause }) => and([where, clause.where]))), [], scoring);
}
