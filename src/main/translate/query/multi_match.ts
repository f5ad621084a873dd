// multi_match: one text searched for in several fields.
import { type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { searchAnalyzerNameOf } from "../../elasticsearch/analysis/index.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { booleanOption, boostOf, listOf, numberOption, parameters, scalarText, textOption } from "../parameters.ts";
import { boosted, NOTHING, unscored } from "./compiled.ts";
import { best } from "./dis_max.ts";
import { searchedFields, type WeightedField } from "./field_list.ts";
import { allOrSome, analyzerOption, MATCH_OPTIONS, matchField, queryValue, wordOf } from "./match.ts";
import { boolPrefixField } from "./match_bool_prefix.ts";
import { phraseField } from "./match_phrase.ts";
import { phrasePrefixField } from "./match_phrase_prefix.ts";
import type { Compiled } from "./types.ts";
import { wordsOf } from "./words.ts";

const UNFUZZY = new Set(["phrase", "phrase_prefix", "cross_fields"]);

type Search = (field: WeightedField) => Compiled;

export function compileMultiMatch(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = parameters(body, pointer, "multi_match", ["query", "fields", "type", "tie_breaker", "slop", "boost", ...MATCH_OPTIONS]);
  // Read as text, whatever it is: a number is no moment here.
  const value = scalarText(queryValue(options, "multi_match"));
  const named = listOf(member(options, "fields"));
  const everywhere = named.length === 0 || named.includes("*");
  const lenient = booleanOption(options, "lenient", everywhere);
  const fields = searchedFields(named.length === 0 ? ["*"] : named, `${pointer}/fields`, context);
  const type = textOption(options, "type", "best_fields").toLowerCase();
  if (member(options, "fuzziness") !== undefined && UNFUZZY.has(type)) {
    throw new RejectedRequest("parsing_exception", `Fuzziness not allowed for type [${type}]`);
  }
  const compiled = byType(type, value, fields, { ...options, lenient }, pointer, context);
  return boosted(compiled, boostOf(options));
}

/** How much the scores of other fields than the best one count. */
export function tieBreaker(type: string, options: JsonObject): number {
  return numberOption(options, "tie_breaker", type === "most_fields" || type === "bool_prefix" ? 1 : 0);
}

/** The text searched for in the fields, in one of the ways that `type` names. */
export function byType(
  type: string,
  value: JsonValue,
  fields: readonly WeightedField[],
  options: JsonObject,
  pointer: string,
  context: Context,
): Compiled {
  const each = (search: Search): readonly Compiled[] => fields.map((item) => boosted(search(item), item.boost));
  const tie = tieBreaker(type, options);
  switch (type) {
    case "best_fields":
    case "most_fields":
      return best(
        each(({ field }) => matchField(field, value, options, pointer, context)),
        tie,
      );
    case "phrase":
      return best(
        each(({ field }) => phraseField(field, value, options, pointer, context)),
        tie,
      );
    case "phrase_prefix":
      return best(
        each((item) => lenientPhrasePrefix(item, value, options, pointer, context)),
        tie,
      );
    case "bool_prefix":
      return best(
        each(({ field }) => boolPrefixField(field, value, options, pointer, context)),
        tie,
      );
    case "cross_fields":
      return crossFields(value, fields, options, pointer, context);
    default:
      throw new RejectedRequest("parsing_exception", `failed to parse [multi_match] query type [${type}]. unknown type.`);
  }
}

function lenientPhrasePrefix(item: WeightedField, value: JsonValue, options: JsonObject, pointer: string, context: Context): Compiled {
  const isText = fieldType(item.field)?.family === "text";
  if (!isText && booleanOption(options, "lenient", false)) return NOTHING;
  return phrasePrefixField(item.field, value, options, pointer, context);
}

// Fields with one analyzer are searched as if they were one: each word in any of them.
function crossFields(value: JsonValue, fields: readonly WeightedField[], options: JsonObject, pointer: string, context: Context): Compiled {
  if (member(options, "slop") !== undefined) throw new UnsupportedClause(`${pointer}/slop`, "cross_fields has no slop");
  const groups = new Map<string, WeightedField[]>();
  for (const item of fields) {
    const analyzer = fieldType(item.field)?.family === "text" ? searchAnalyzerNameOf(item.field) : "";
    groups.set(analyzer, [...(groups.get(analyzer) ?? []), item]);
  }
  return best(
    [...groups].map(([analyzer, group]) =>
      analyzer === ""
        ? best(
            group.map(({ field }) => matchField(field, value, options, pointer, context)),
            0,
          )
        : unscored(crossWords(value, group, options, pointer, context)),
    ),
    0,
  );
}

function crossWords(value: JsonValue, group: readonly WeightedField[], options: JsonObject, pointer: string, context: Context): Compiled {
  const [first] = group;
  if (first === undefined) return NOTHING;
  const words = wordsOf(first.field, scalarText(value), analyzerOption(options), pointer);
  const clauses = words.map(({ term }) =>
    best(
      group.map(({ field }) => wordOf(field, term, pointer, context)),
      0,
    ),
  );
  return allOrSome(clauses, options);
}
