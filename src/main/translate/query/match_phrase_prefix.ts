// match_phrase_prefix: a phrase whose last word is a beginning. Elasticsearch takes only the first 50 words of each shard
// with that beginning, in byte order, and so does the SQL.
import type { JsonObject, JsonValue } from "../../../shared/json.ts";
import { call, type Expr, param } from "../../clickhouse/sql/ast.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { boostOf, fieldClause, numberOption, scalarText } from "../parameters.ts";
import { phrasePrefixScore, takenScore } from "./blended_score.ts";
import { constant, phraseFrequency } from "./bm25.ts";
import { boosted, NOTHING, relevant } from "./compiled.ts";
import { expansion, takenFrequencies } from "./expansion.ts";
import { someValue, typeOf } from "./field_values.ts";
import { analyzerOption, queryValue, zeroTerms } from "./match.ts";
import { phraseHighlight } from "./match_phrase.ts";
import { phrasePrefixCondition, phrasePrefixSloppiness } from "./phrase.ts";
import type { Compiled, Highlight } from "./types.ts";
import { phraseWordsOf } from "./words.ts";

export function compileMatchPhrasePrefix(body: JsonValue, pointer: string, context: Context): Compiled {
  const known = ["slop", "analyzer", "max_expansions", "zero_terms_query"];
  const { path, options, pointer: own } = fieldClause(body, pointer, "match_phrase_prefix", "query", known);
  const value = queryValue(options, "match_phrase_prefix");
  const field = fieldOf(context, path, own);
  return field === undefined ? NOTHING : boosted(phrasePrefixField(field, value, options, own, context), boostOf(options));
}

/** One field searched for a phrase with an unfinished last word. */
export function phrasePrefixField(field: Field, value: JsonValue, options: JsonObject, pointer: string, context: Context): Compiled {
  if (typeOf(field, pointer).family !== "text") {
    throw new RejectedRequest(
      "query_shard_exception",
      `failed to create query: Can only use phrase prefix queries on text fields - not on [${field.path}] which is of type [${field.type}]`,
    );
  }
  const words = phraseWordsOf(field, scalarText(value), analyzerOption(options), pointer);
  const last = words.at(-1);
  if (last === undefined) return zeroTerms(options);
  const slop = numberOption(options, "slop", 0);
  const begins = (word: Expr) => call("startsWith", word, param("String", last.term));
  const taken = { field, where: begins, most: numberOption(options, "max_expansions", 50) };
  const covers = expansion(taken, context);
  const where = words.length === 1 ? someValue(field, covers) : phrasePrefixCondition(field, words, covers, slop, pointer);
  const phrase = phraseHighlight(field, words, slop);
  const highlight: Highlight = phrase.kind === "phrase" ? { ...phrase, lastIsPrefix: true } : { kind: "prefix", field, prefix: last.term };
  return relevant(where, [highlight], scoreOf());

  function scoreOf(): Expr | undefined {
    const frequencies = takenFrequencies(taken, context);
    if (frequencies === undefined) return undefined;
    if (words.length === 1) return takenScore(field, { covers, boost: () => constant(1), frequencies, alike: false }, context, pointer);
    const frequency = slop === 0 ? phraseFrequency(where) : phrasePrefixSloppiness(field, words, covers, slop);
    const terms = words.slice(0, -1).map(({ term }) => term);
    return frequency && phrasePrefixScore(field, terms, frequencies, frequency, context, pointer);
  }
}
