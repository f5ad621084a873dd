// Where words stand in a text field, and which words a pattern means.

import { type JsonObject, type JsonValue, member } from "../../../../shared/json.ts";
import { binary, call, column, type Expr, lambda, param } from "../../../clickhouse/sql/ast.ts";
import type { Field } from "../../../elasticsearch/mapping.ts";
import type { Context } from "../../context.ts";
import { UnsupportedClause } from "../../failure.ts";
import { fieldColumn } from "../../field_column.ts";
import { booleanOption, scalarText, textOption } from "../../parameters.ts";
import { foldAscii, lowerAscii, typeOf, valuesColumn } from "../field_values.ts";
import { AUTO, fuzzyOptions, readFuzziness } from "../fuzziness.ts";
import { fuzzyWords } from "../fuzzy.ts";
import { likeValue, piecesOf } from "../pattern.ts";
import { anchored } from "../regexp.ts";
import { operatorsOf, regexpSource } from "../regexp_syntax.ts";
import { freshName } from "./binding.ts";

/** True for a word that is meant. */
export type WordTest = (word: Expr) => Expr;

/** Positions (Int64, in order) of the words that pass. */
export function positionsOf(field: Field, test: WordTest): Expr {
  const [place, word] = [freshName(), freshName()];
  const found = call("arrayFilter", lambda([place, word], test(column(word))), fieldColumn(field, "#pos"), valuesColumn(field));
  return call("arrayMap", lambda([place], call("toInt64", column(place))), found);
}

/** Throws where the field has no words with positions. */
export function requireWords(field: Field, pointer: string): void {
  if (typeOf(field, pointer).family !== "text") throw new UnsupportedClause(pointer, `[${field.path}] has no words with positions`);
}

export function isWord(term: string): WordTest {
  return (word) => binary(word, "=", param("String", term));
}

/** The words that a prefix, wildcard, regexp or fuzzy pattern means. `limited`: fuzzy takes the nearest 50 of each shard. */
export function patternTest(
  kind: string,
  value: JsonValue,
  options: JsonObject,
  place: { readonly field: Field; readonly pointer: string; readonly context: Context; readonly limited: boolean },
): WordTest {
  const text = scalarText(value);
  const folded = booleanOption(options, "case_insensitive", false);
  switch (kind) {
    case "prefix": {
      const prefix = param("String", folded ? foldAscii(text) : text);
      return (word) => call("startsWith", folded ? lowerAscii(word) : word, prefix);
    }
    case "wildcard":
      return (word) => likeValue(word, piecesOf(text), folded);
    case "regexp": {
      const operators = { ...operatorsOf(textOption(options, "flags", "ALL")), folded };
      const source = regexpSource(text, operators, place.pointer, "query_shard_exception");
      return (word) => call("match", word, param("String", anchored(source)));
    }
    case "fuzzy": {
      const asked = member(options, "fuzziness");
      const names = { prefixLength: "prefix_length", most: "max_expansions", swaps: "transpositions", rewrite: "rewrite" };
      const fuzzy = fuzzyOptions(asked === undefined ? AUTO : readFuzziness(asked), options, names, place.pointer);
      return fuzzyWords(place.field, text, place.limited ? fuzzy : { ...fuzzy, most: null }, place.pointer, place.context);
    }
    default:
      throw new UnsupportedClause(place.pointer, `[${kind}] stands for no words here`);
  }
}
