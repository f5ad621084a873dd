// match_phrase: the words of a text, in order; on other types, the value itself.
import type { JsonObject, JsonValue } from "../../../shared/json.ts";
import { type Expr, param } from "../../clickhouse/sql/ast.ts";
import type { Token } from "../../elasticsearch/analysis/index.ts";
import { rangeKind } from "../../elasticsearch/fields/range.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { UnsupportedClause } from "../failure.ts";
import { boostOf, fieldClause, numberOption, scalarText } from "../parameters.ts";
import { phraseFrequency, phraseScore, termScore } from "./bm25.ts";
import { boosted, NOTHING, relevant } from "./compiled.ts";
import { typeOf } from "./field_values.ts";
import { analyzerOption, matchField, queryValue, splitValue, zeroTerms } from "./match.ts";
import { compileMetaTerms, isMetaField } from "./meta_field.ts";
import { phraseCondition, phraseSloppiness } from "./phrase.ts";
import type { Compiled, Highlight } from "./types.ts";
import { phraseWordsOf } from "./words.ts";

export function compileMatchPhrase(body: JsonValue, pointer: string, context: Context): Compiled {
  const { path, options, pointer: own } = fieldClause(body, pointer, "match_phrase", "query", ["slop", "analyzer", "zero_terms_query"]);
  const value = queryValue(options, "match_phrase");
  if (isMetaField(path)) return compileMetaTerms(path, [value], own, context, boostOf(options), true);
  const field = fieldOf(context, path, own);
  return field === undefined ? NOTHING : boosted(phraseField(field, value, options, own, context), boostOf(options));
}

/** One field searched for a phrase. */
export function phraseField(field: Field, value: JsonValue, options: JsonObject, pointer: string, context: Context): Compiled {
  if (rangeKind(field) !== undefined) return matchField(field, value, options, pointer, context);
  if (typeOf(field, pointer).family !== "text" && (splitValue(field, value, options, pointer)?.length ?? 0) > 1) {
    throw new UnsupportedClause(pointer, `a phrase of [${field.path}] is split into values, which have no positions`);
  }
  if (typeOf(field, pointer).family !== "text") return matchField(field, value, options, pointer, context);
  const words = phraseWordsOf(field, scalarText(value), analyzerOption(options), pointer);
  if (words.length === 0) return zeroTerms(options);
  const slop = numberOption(options, "slop", 0);
  const where = phraseCondition(field, words, slop, pointer);
  return relevant(where, [phraseHighlight(field, words, slop)], scoreOf(field, words, where, slop, pointer, context));
}

function scoreOf(field: Field, words: readonly Token[], where: Expr, slop: number, pointer: string, context: Context): Expr | undefined {
  const [first, second] = words;
  if (first !== undefined && second === undefined) return termScore(field, param("String", first.term), context, pointer);
  const frequency = slop <= 0 ? phraseFrequency(where) : phraseSloppiness(field, words, slop);
  const terms = words.map(({ term }) => term);
  return frequency && phraseScore(field, terms, frequency, context, pointer);
}

/** What the highlighter looks for: the words in their order; for one word, that word. */
export function phraseHighlight(field: Field, words: readonly Token[], slop: number): Highlight {
  const [first, second] = words;
  if (first !== undefined && second === undefined) return { kind: "term", field, term: first.term };
  const start = first?.position ?? 0;
  return { kind: "phrase", field, terms: words.map(({ term }) => term), slop, offsets: words.map(({ position }) => position - start) };
}
