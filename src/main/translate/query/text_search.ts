// What query_string and simple_query_string search for in a list of fields: texts, phrases, beginnings, patterns.
import type { JsonObject } from "../../../shared/json.ts";
import { searchAnalyzerOf } from "../../elasticsearch/analysis/index.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { booleanOption, textOption } from "../parameters.ts";
import { combine } from "./bool.ts";
import { boosted, NOTHING } from "./compiled.ts";
import { best } from "./dis_max.ts";
import type { WeightedField } from "./field_list.ts";
import { typeOf } from "./field_values.ts";
import { type Fuzziness, type FuzzyNames, fuzzyOptions } from "./fuzziness.ts";
import { fuzzyOf } from "./fuzzy.ts";
import { allWords, analyzerOption, wordOf } from "./match.ts";
import { byType, tieBreaker } from "./multi_match.ts";
import { type Piece, piecesOf } from "./pattern.ts";
import { prefixOf, requireText } from "./prefix.ts";
import { checkLength, regexpOf } from "./regexp.ts";
import type { Compiled } from "./types.ts";
import { normalised, wildcardOf } from "./wildcard.ts";
import { wordsOf } from "./words.ts";

/** Who searches: the clause's options, where it stands, and the request around it. */
export interface Search {
  /** The clause's own: `default_operator` as `operator`, `lenient`, `analyze_wildcard`, `analyzer`, `type`, `tie_breaker`. */
  readonly options: JsonObject;
  readonly pointer: string;
  readonly context: Context;
}

/** Each field searched on its own, the scores put together as for texts. Where lenient, a field that can't be searched so matches nothing. */
export function inEach(fields: readonly WeightedField[], search: Search, compile: (field: Field) => Compiled): Compiled {
  const lenient = booleanOption(search.options, "lenient", false);
  return best(
    fields.map(({ field, boost }) => boosted(lenient ? leniently(() => compile(field)) : compile(field), boost)),
    tieBreaker(textType(search), search.options),
  );
}

function textType({ options }: Search): string {
  return textOption(options, "type", "best_fields").toLowerCase();
}

function leniently(compile: () => Compiled): Compiled {
  try {
    return compile();
  } catch (error) {
    if (error instanceof RejectedRequest) return NOTHING;
    throw error;
  }
}

// minimum_should_match counts the clauses of the whole query, not the words of one text.
function matchOptions(search: Search): JsonObject {
  return { ...search.options, minimum_should_match: null };
}

/** True when no field is left a word of the text by its analyzer. */
export function isWordless(fields: readonly WeightedField[], text: string, search: Search): boolean {
  return (
    fields.length > 0 &&
    fields.every(({ field }) => {
      if (fieldType(field)?.family !== "text") return false;
      return wordsOf(field, text, analyzerOption(search.options), search.pointer).length === 0;
    })
  );
}

/** `counted`: the text is the whole query, whose words minimum_should_match counts. */
export function searchText(fields: readonly WeightedField[], text: string, search: Search, counted = false): Compiled {
  const type = textType(search);
  return fields.length === 0
    ? NOTHING
    : byType(type, text, fields, counted ? search.options : matchOptions(search), search.pointer, search.context);
}

export function searchPhrase(fields: readonly WeightedField[], text: string, slop: number, search: Search): Compiled {
  return fields.length === 0 ? NOTHING : byType("phrase", text, fields, { ...matchOptions(search), slop }, search.pointer, search.context);
}

export function searchPrefix(fields: readonly WeightedField[], prefix: string, search: Search): Compiled {
  return inEach(fields, search, (field) => {
    requireText(field, "prefix", search.pointer);
    if (typeOf(field, search.pointer).family === "text" && booleanOption(search.options, "analyze_wildcard", false)) {
      return analysedPrefix(field, prefix, search);
    }
    return prefixOf(field, normalisedText(field, prefix, search), false);
  });
}

// Several words before the `*`: all but the last are terms.
function analysedPrefix(field: Field, prefix: string, search: Search): Compiled {
  const words = wordsOf(field, prefix, undefined, search.pointer);
  const clauses = words.map(({ term }, i) =>
    i === words.length - 1 ? prefixOf(field, term, false) : wordOf(field, term, search.pointer, search.context),
  );
  const [only] = clauses;
  if (only === undefined) return NOTHING;
  if (clauses.length === 1) return only;
  return allWords(search.options) ? combine(clauses, [], [], []) : combine([], [], [], clauses);
}

export function searchWildcard(fields: readonly WeightedField[], pattern: string, search: Search): Compiled {
  return inEach(fields, search, (field) => {
    if (field.key !== undefined) {
      throw new UnsupportedClause(search.pointer, "Elasticsearch holds a pattern on a key against the names of all keys too");
    }
    requireText(field, "wildcard", search.pointer);
    const pieces = piecesOf(pattern);
    if (typeOf(field, search.pointer).family !== "text") {
      return wildcardOf(field, normalised(field, pieces, search.pointer, search.context), false);
    }
    const lowered = pieces.map(
      (piece): Piece => (piece.kind === "text" ? { ...piece, text: normalisedText(field, piece.text, search) } : piece),
    );
    return wildcardOf(field, lowered, false);
  });
}

/** Words near the text: normalised, not analysed. */
export function searchFuzzy(
  fields: readonly WeightedField[],
  text: string,
  fuzziness: () => Fuzziness,
  names: FuzzyNames,
  search: Search,
): Compiled {
  return inEach(fields, search, (field) => {
    const fuzzy = fuzzyOptions(shardLevel(fuzziness), search.options, names, search.pointer);
    const { family } = typeOf(field, search.pointer);
    const term = family === "text" ? normalisedText(field, text, search) : text;
    return fuzzyOf(field, term, fuzzy, search.pointer, search.context);
  });
}

// What a clause of its own refuses while it is read, a query string refuses at the shard.
function shardLevel(fuzziness: () => Fuzziness): Fuzziness {
  try {
    return fuzziness();
  } catch (error) {
    if (!(error instanceof RejectedRequest)) throw error;
    throw new RejectedRequest("query_shard_exception", `failed to create query: ${error.message}`);
  }
}

export function searchRegexp(fields: readonly WeightedField[], expression: string, search: Search): Compiled {
  // Refused before any field is looked at, lenient or not.
  checkLength(expression);
  return inEach(fields, search, (field) => {
    requireText(field, "regexp", search.pointer);
    return regexpOf(field, expression, search.pointer);
  });
}

/** A piece of a word as the field's analyzer leaves it: lower case, where the analyzer lowers. Keywords by their mapping. */
export function normalisedText(field: Field, text: string, search: Search): string {
  if (typeOf(field, search.pointer).family !== "text") {
    const [piece] = normalised(field, [{ kind: "text", text }], search.pointer, search.context);
    return piece?.kind === "text" ? piece.text : text;
  }
  const analyzer = searchAnalyzerOf(field);
  if (analyzer === undefined) throw new UnsupportedClause(search.pointer, `[${field.path}] is analysed in a way that is not known here`);
  return analyzer.normalize(text);
}
