// multi_match: one text searched for in several fields.
import { type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import type { Context } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { booleanOption, boostOf, listOf, numberOption, parameters, scalarText, textOption } from "../parameters.ts";
import { boosted, NOTHING } from "./compiled.ts";
import { crossFields } from "./cross_fields.ts";
import { best } from "./dis_max.ts";
import { searchedFields, type WeightedField } from "./field_list.ts";
import { MATCH_OPTIONS, matchField, queryValue } from "./match.ts";
import { boolPrefixField } from "./match_bool_prefix.ts";
import { phraseField } from "./match_phrase.ts";
import { phrasePrefixField } from "./match_phrase_prefix.ts";
import type { Compiled } from "./types.ts";

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
      return crossFields(value, fields, options, tie, pointer, context);
    default:
      throw new RejectedRequest("parsing_exception", `failed to parse [multi_match] query type [${type}]. unknown type.`);
  }
}

function lenientPhrasePrefix(item: WeightedField, value: JsonValue, options: JsonObject, pointer: string, context: Context): Compiled {
  const isText = fieldType(item.field)?.family === "text";
  if (!isText && booleanOption(options, "lenient", false)) return NOTHING;
  return phrasePrefixField(item.field, value, options, pointer, context);
}
