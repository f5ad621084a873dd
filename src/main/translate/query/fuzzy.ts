// fuzzy: keywords and words at most two edits away. Of the words of a shard only the nearest are taken, 50 unless said.
import { type JsonValue, member } from "../../../shared/json.ts";
import { and, binary, call, type Expr, param } from "../../clickhouse/sql/ast.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { boostOf, fieldClause, scalarText } from "../parameters.ts";
import { boostsScore, nearnessBoost, takenScore } from "./blended_score.ts";
import { boosted, constant, relevant, withoutField } from "./compiled.ts";
import { editDistance, lengthNear, lengthOf } from "./edit_distance.ts";
import { expansion, takenFrequencies } from "./expansion.ts";
import { someValue, termValue, typeOf } from "./field_values.ts";
import { AUTO, editsFor, type FuzzyNames, type FuzzyOptions, fuzzyOptions, readFuzziness } from "./fuzziness.ts";
import { isMetaField } from "./meta_field.ts";
import { requireText } from "./prefix.ts";
import { valueScore } from "./term.ts";
import { termHighlights } from "./term_highlight.ts";
import type { Compiled } from "./types.ts";

const NAMES: FuzzyNames = { prefixLength: "prefix_length", most: "max_expansions", swaps: "transpositions", rewrite: "rewrite" };

export function compileFuzzy(body: JsonValue, pointer: string, context: Context): Compiled {
  const known = ["term", "fuzziness", ...Object.values(NAMES)];
  const { path, options, pointer: own } = fieldClause(body, pointer, "fuzzy", "value", known);
  const value = member(options, "value") ?? member(options, "term") ?? null;
  if (value === null) throw new RejectedRequest("parsing_exception", "[fuzzy] unexpected token [VALUE_NULL] after [value]");
  const fuzziness = member(options, "fuzziness");
  const fuzzy = fuzzyOptions(fuzziness === undefined ? AUTO : readFuzziness(fuzziness), options, NAMES, own);
  if (isMetaField(path)) throw notText(path, path);
  const field = fieldOf(context, path, own);
  if (field === undefined) return withoutField(context, path);
  return boosted(fuzzyOf(field, scalarText(value), fuzzy, own, context), boostOf(options));
}

function notText(path: string, type: string): RejectedRequest {
  const reason = `Can only use fuzzy queries on keyword and text fields - not on [${path}] which is of type [${type}]`;
  return new RejectedRequest("query_shard_exception", `failed to create query: ${reason}`);
}

/** Documents with a value or word near the text, which is normalised for keywords and taken as it is for words. */
export function fuzzyOf(field: Field, text: string, fuzzy: FuzzyOptions, pointer: string, context: Context): Compiled {
  if (typeOf(field, pointer).family !== "text" && typeOf(field, pointer).family !== "keyword") throw notText(field.path, field.type);
  requireText(field, "fuzzy", pointer);
  const value = termValue(field, text, pointer, context);
  const term = value.kind === "value" ? String(value.value) : text;
  const edits = editsFor(text, fuzzy.fuzziness);
  const near = nearness(term, edits, fuzzy, pointer);
  if (edits === 0 && !fuzzy.constant) {
    return relevant(someValue(field, near.where), termHighlights(field, [value]), valueScore(field, value, pointer, context));
  }
  const covers = fuzzy.most === null ? near.where : expansion({ field, ...near, most: fuzzy.most }, context);
  const where = someValue(field, covers);
  const scoring = fuzzyScore(field, fuzzy, near, covers, context, pointer);
  const highlights = [{ kind: "fuzzy", field, term, edits, prefixLength: fuzzy.prefixLength, swaps: fuzzy.swaps }] as const;
  return fuzzy.constant ? constant(where, 1, highlights) : relevant(where, highlights, scoring);
}

function fuzzyScore(
  field: Field,
  fuzzy: FuzzyOptions,
  near: Nearness,
  covers: (word: Expr) => Expr,
  context: Context,
  pointer: string,
): Expr | undefined {
  if (fuzzy.scores === "boosts") return boostsScore(field, { covers, ...near });
  if (fuzzy.most === null) return undefined;
  const frequencies = takenFrequencies({ field, ...near, most: fuzzy.most }, context);
  return frequencies && takenScore(field, { covers, boost: near.boost, frequencies, alike: fuzzy.scores === "blended" }, context, pointer);
}

/** The words of a field that are near a term, as it is. */
export function fuzzyWords(field: Field, term: string, fuzzy: FuzzyOptions, pointer: string, context: Context): (word: Expr) => Expr {
  const near = nearness(term, editsFor(term, fuzzy.fuzziness), fuzzy, pointer);
  return fuzzy.most === null ? near.where : expansion({ field, ...near, most: fuzzy.most }, context);
}

interface Nearness {
  where(word: Expr): Expr;
  rank(word: Expr): Expr;
  boost(word: Expr): Expr;
}

// Lucene takes the nearest words first: the edits as a share of the shorter word's length.
function nearness(term: string, edits: number, { prefixLength, swaps }: FuzzyOptions, pointer: string): Nearness {
  const prefix = [...term].slice(0, prefixLength).join("");
  const distance = (word: Expr) => editDistance(word, term, swaps, pointer);
  const shorter = (word: Expr) => call("least", call("lengthUTF8", word), param("UInt64", lengthOf(term)));
  return {
    where(word) {
      if (edits === 0) return binary(word, "=", param("String", term));
      const begins = prefix === "" ? [] : [call("startsWith", word, param("String", prefix))];
      return and([lengthNear(word, term, edits), ...begins, binary(distance(word), "<=", param("UInt64", edits))]);
    },
    rank: (word) => binary(distance(word), "/", shorter(word)),
    boost: (word) => nearnessBoost(distance(word), shorter(word)),
  };
}
