// match: the words of a text, any of them (or all, or at least some); on other types, the value itself.
import { type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { binary, call, column, type Expr, FALSE, lambda, literal, or, param, TRUE } from "../../clickhouse/sql/ast.ts";
import { analyzerNamed, type Token } from "../../elasticsearch/analysis/index.ts";
import { rangeKind } from "../../elasticsearch/fields/range.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { booleanOption, boostOf, fieldClause, scalarText, textOption } from "../parameters.ts";
import { termScore } from "./bm25.ts";
import { combine } from "./bool.ts";
import { boosted, constant, NOTHING, relevant } from "./compiled.ts";
import { equals, termValue, typeOf, valuesColumn } from "./field_values.ts";
import { type FuzzyNames, type FuzzyOptions, fuzzyOptions, readFuzziness } from "./fuzziness.ts";
import { fuzzyOf } from "./fuzzy.ts";
import { compileMetaTerms, isMetaField } from "./meta_field.ts";
import { minimumShouldMatch } from "./minimum_should_match.ts";
import { holds } from "./range_ranges.ts";
import { isIndexedAsTerm, valueScore } from "./term.ts";
import { termHighlights } from "./term_highlight.ts";
import type { Compiled } from "./types.ts";
import { wordsOf } from "./words.ts";

/** Options that match and its like share. */
export const MATCH_OPTIONS = [
  "operator",
  "minimum_should_match",
  "zero_terms_query",
  "lenient",
  "analyzer",
  "fuzziness",
  "prefix_length",
  "max_expansions",
  "fuzzy_transpositions",
  "fuzzy_rewrite",
  "auto_generate_synonyms_phrase_query",
];

export function compileMatch(body: JsonValue, pointer: string, context: Context): Compiled {
  const { path, options, pointer: own } = fieldClause(body, pointer, "match", "query", MATCH_OPTIONS);
  const value = queryValue(options, "match");
  if (isMetaField(path)) return compileMetaTerms(path, [value], own, context, boostOf(options), true);
  const field = fieldOf(context, path, own);
  return field === undefined ? NOTHING : boosted(matchField(field, value, options, own, context), boostOf(options));
}

/** The text that a match clause asks for. Throws RejectedRequest when there is none. */
export function queryValue(options: JsonObject, clause: string): JsonValue {
  const value = member(options, "query") ?? null;
  if (value === null) throw new RejectedRequest("parsing_exception", `[${clause}] requires a query value`);
  return value;
}

/** One field searched for a text, with the options of match. */
export function matchField(field: Field, value: JsonValue, options: JsonObject, pointer: string, context: Context): Compiled {
  if (rangeKind(field) !== undefined) return matchRanges(field, value, options, context);
  const type = typeOf(field, pointer);
  if (type.family === "geo_point") throw new UnsupportedClause(pointer, `[${field.path}] is a geo_point: no match on it`);
  if (type.family === "text") {
    const words = wordsOf(field, scalarText(value), analyzerOption(options), pointer);
    if (words.length === 0) return zeroTerms(options);
    const fuzzy = fuzzyMatch(options, pointer);
    if (fuzzy !== null) {
      const clauses = words.map((word) => fuzzyOf(field, word.term, fuzzy, pointer, context));
      return allOrSome(clauses, options);
    }
    return relevant(
      wordsCondition(field, words, options),
      [...new Set(words.map(({ term }) => term))].map((term) => ({ kind: "term", field, term })),
      wordsScore(field, words, allWords(options), pointer, context),
    );
  }
  const tokens = splitValue(field, value, options, pointer);
  if (tokens !== null) {
    const { analyzer: _, ...others } = options;
    if (tokens.length === 0) return zeroTerms(options);
    return allOrSome(
      tokens.map(({ term }) => matchField(unsplit(field), term, others, pointer, context)),
      options,
    );
  }
  const lenient = booleanOption(options, "lenient", false);
  const fuzzy = fuzzyMatch(options, pointer);
  if (fuzzy !== null) {
    if (type.family !== "keyword" && lenient) return NOTHING;
    return fuzzyOf(field, scalarText(value), fuzzy, pointer, context);
  }
  const term = termValue(field, value, pointer, context, lenient);
  const where = equals(field, term, pointer);
  if (!isIndexedAsTerm(type.family)) return constant(where);
  if (term.kind === "nothing") return NOTHING;
  return relevant(where, termHighlights(field, [term]), valueScore(field, term, pointer, context));
}

function matchRanges(field: Field, value: JsonValue, options: JsonObject, context: Context): Compiled {
  try {
    return constant(holds(field, value, context));
  } catch (error) {
    if (error instanceof RejectedRequest && booleanOption(options, "lenient", false)) return NOTHING;
    throw error;
  }
}

/** The values that a query value of a field that is not text becomes, by an analyzer that the request names or at white space where
 * the mapping says so; null: it is taken whole. */
export function splitValue(field: Field, value: JsonValue, options: JsonObject, pointer: string): readonly Token[] | null {
  if (!splitsValues(field, options)) return null;
  const name = analyzerOption(options) ?? "whitespace";
  const analyzer = analyzerNamed(name, field.analysis);
  if (analyzer === undefined) throw new UnsupportedClause(pointer, `analyzer [${name}] is not known here`);
  return analyzer.analyze(scalarText(value));
}

function splitsValues(field: Field, options: JsonObject): boolean {
  const analyzer = analyzerOption(options);
  if (analyzer !== undefined) return analyzer !== "keyword";
  return String(member(field.params, "split_queries_on_whitespace") ?? "") === "true";
}

function unsplit(field: Field): Field {
  return { ...field, params: { ...field.params, split_queries_on_whitespace: false } };
}

const FUZZY: FuzzyNames = {
  prefixLength: "prefix_length",
  most: "max_expansions",
  swaps: "fuzzy_transpositions",
  rewrite: "fuzzy_rewrite",
};

/** The fuzziness that a match asks for; null: none. */
export function fuzzyMatch(options: JsonObject, pointer: string): FuzzyOptions | null {
  const fuzziness = member(options, "fuzziness");
  return fuzziness === undefined ? null : fuzzyOptions(readFuzziness(fuzziness), options, FUZZY, pointer);
}

/** Clauses for words: all of them, or as many as `minimum_should_match` says. */
export function allOrSome(clauses: readonly Compiled[], options: JsonObject): Compiled {
  const [only] = clauses;
  if (only === undefined) return NOTHING;
  if (clauses.length === 1) return only;
  if (!allWords(options)) return combine([], [], [], clauses, minimumShouldMatch(options, clauses.length));
  return asksForOptional(options) ? NOTHING : combine(clauses, [], [], []);
}

/** Where all words are required none is left to be optional: a minimum of such matches nothing. */
export function asksForOptional(options: JsonObject): boolean {
  return (minimumShouldMatch(options, 0) ?? 0) > 0;
}

export function analyzerOption(options: JsonObject): string | undefined {
  const analyzer = member(options, "analyzer");
  return typeof analyzer === "string" ? analyzer : undefined;
}

/** True when the request asks for all words. */
export function allWords(options: JsonObject): boolean {
  const operator = textOption(options, "operator", "or").toLowerCase();
  if (operator !== "or" && operator !== "and") {
    throw new RejectedRequest("illegal_argument_exception", `operator needs to be either OR or AND, but not [${operator}]`);
  }
  return operator === "and";
}

/** Documents with the word. */
export function wordOf(field: Field, term: string, pointer: string, context: Context): Compiled {
  const word = param("String", term);
  const where = call("has", valuesColumn(field), word);
  return relevant(where, [{ kind: "term", field, term }], termScore(field, word, context, pointer));
}

// A word asked for twice counts twice.
function wordsScore(field: Field, words: readonly Token[], all: boolean, pointer: string, context: Context): Expr | undefined {
  const repeats = new Map<string, number>();
  for (const { term } of words) repeats.set(term, (repeats.get(term) ?? 0) + 1);
  const parts: Expr[] = [];
  for (const [term, count] of repeats) {
    const word = param("String", term);
    const scoring = termScore(field, word, context, pointer, count);
    if (scoring === undefined) return undefined;
    parts.push(repeats.size === 1 || all ? scoring : call("if", call("has", valuesColumn(field), word), scoring, param("Float64", 0)));
  }
  const [first, ...others] = parts;
  if (first === undefined || others.length === 0) return first;
  return call(
    "toFloat64",
    call(
      "toFloat32",
      others.reduce((sum, part) => binary(sum, "+", part), first),
    ),
  );
}

/** More words are looked for together. */
const MOST_QUESTIONS = 16;

function wordsCondition(field: Field, words: readonly Token[], options: JsonObject): Expr {
  const terms = words.map((word) => word.term);
  const tokens = valuesColumn(field);
  const list = param("Array(String)", terms);
  const [only] = terms;
  if (terms.length === 1 && only !== undefined) return call("has", tokens, param("String", only));
  if (allWords(options)) return asksForOptional(options) ? FALSE : call("hasAll", tokens, list);
  const minimum = minimumShouldMatch(options, terms.length) ?? 0;
  // Scores ask for each word: a condition made of the same questions has the index of words answer them once.
  const each = terms.length > MOST_QUESTIONS ? [] : [...new Set(terms)].map((term) => call("has", tokens, param("String", term)));
  if (minimum <= 1) return each.length === 0 ? call("hasAny", tokens, list) : or(each);
  const found = call("arrayCount", lambda(["word"], call("has", tokens, column("word"))), list);
  return binary(found, ">=", literal(minimum));
}

/** What a text without words matches. */
export function zeroTerms(options: JsonObject): Compiled {
  return textOption(options, "zero_terms_query", "none").toLowerCase() === "all" ? constant(TRUE) : NOTHING;
}
