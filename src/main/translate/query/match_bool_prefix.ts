// match_bool_prefix: each word a term, the last one a beginning.
import type { JsonObject, JsonValue } from "../../../shared/json.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { boostOf, fieldClause, scalarText } from "../parameters.ts";
import { boosted, NOTHING } from "./compiled.ts";
import { typeOf } from "./field_values.ts";
import { fuzzyOf } from "./fuzzy.ts";
import { allOrSome, analyzerOption, fuzzyMatch, matchField, queryValue, wordOf } from "./match.ts";
import { prefixOf } from "./prefix.ts";
import type { Compiled } from "./types.ts";
import { wordsOf } from "./words.ts";

export function compileMatchBoolPrefix(body: JsonValue, pointer: string, context: Context): Compiled {
  const known = [
    "operator",
    "minimum_should_match",
    "analyzer",
    "fuzziness",
    "prefix_length",
    "max_expansions",
    "fuzzy_transpositions",
    "fuzzy_rewrite",
  ];
  const { path, options, pointer: own } = fieldClause(body, pointer, "match_bool_prefix", "query", known);
  const value = queryValue(options, "match_bool_prefix");
  const field = fieldOf(context, path, own);
  return field === undefined ? NOTHING : boosted(boolPrefixField(field, value, options, own, context), boostOf(options));
}

/** One field searched for words, the last one unfinished. */
export function boolPrefixField(field: Field, value: JsonValue, options: JsonObject, pointer: string, context: Context): Compiled {
  const { family } = typeOf(field, pointer);
  if (family === "keyword") return prefixOf(field, scalarText(value), false);
  if (family !== "text") return matchField(field, value, options, pointer, context);
  // Unfinished is what the text ends with: a blank or a mark after it finishes it.
  const text = scalarText(value);
  const words = wordsOf(field, text, analyzerOption(options), pointer);
  const fuzzy = fuzzyMatch(options, pointer);
  const complete = (term: string): Compiled =>
    fuzzy === null ? wordOf(field, term, pointer, context) : fuzzyOf(field, term, fuzzy, pointer, context);
  const clauses = words.map(({ term, end }) => (end === text.length ? prefixOf(field, term, false) : complete(term)));
  return allOrSome(clauses, options);
}
