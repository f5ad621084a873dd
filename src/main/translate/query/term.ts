// term: documents with exactly this value, normalised as the mapping does it; on text it is one word, not analysed.
import { type JsonValue, member } from "../../../shared/json.ts";
import { binary, type Expr, param } from "../../clickhouse/sql/ast.ts";
import type { TermValue } from "../../elasticsearch/fields/field_type.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import { rangeKind } from "../../elasticsearch/fields/range.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { booleanOption, boostOf, fieldClause, scalarText } from "../parameters.ts";
import { termScore } from "./bm25.ts";
import { boosted, constant, relevant, withoutField } from "./compiled.ts";
import { equals, foldAscii, lowerAscii, someValue, termValue, typeOf, valueParam } from "./field_values.ts";
import { compileMetaTerms, isMetaField } from "./meta_field.ts";
import { foldedSource } from "./pattern.ts";
import { holds } from "./range_ranges.ts";
import { termHighlights } from "./term_highlight.ts";
import type { Compiled } from "./types.ts";

export function compileTerm(body: JsonValue, pointer: string, context: Context): Compiled {
  const { path, options, pointer: own } = fieldClause(body, pointer, "term", "value", ["case_insensitive"]);
  const value = member(options, "value") ?? null;
  const boost = boostOf(options);
  if (value === null) throw new RejectedRequest("illegal_argument_exception", "value cannot be null");
  const folded = booleanOption(options, "case_insensitive", false);
  if (isMetaField(path)) {
    if (folded) throw new UnsupportedClause(`${own}/case_insensitive`, `not on [${path}] yet`);
    return compileMetaTerms(path, [value], own, context, boost, true);
  }
  const field = fieldOf(context, path, own);
  if (field === undefined) return withoutField(context, path);
  if (rangeKind(field) !== undefined && !folded) return constant(holds(field, value, context), boost);
  if (folded) {
    const type = fieldType(field) ?? typeOf(field, own);
    if (type.family !== "keyword" && type.family !== "text") {
      throw new RejectedRequest(
        "query_shard_exception",
        `failed to create query: [${path}] field which is of type [${field.type}], does not support case insensitive term queries`,
      );
    }
    const text = foldAscii(scalarText(value));
    return constant(
      someValue(field, (each) => binary(lowerAscii(each), "=", param("String", text))),
      boost,
      [{ kind: "pattern", field, pattern: `^${foldedSource(text)}$` }],
    );
  }
  const type = typeOf(field, own);
  const term = termValue(field, value, own, context);
  const where = equals(field, term, own);
  if (!isIndexedAsTerm(type.family)) return constant(where, boost);
  return boosted(relevant(where, termHighlights(field, [term]), valueScore(field, term, own, context)), boost);
}

/** The relevance of a value that is indexed as a term. */
export function valueScore(field: Field, term: TermValue, pointer: string, context: Context): Expr | undefined {
  return term.kind === "value" ? termScore(field, valueParam(typeOf(field, pointer), term.value), context, pointer) : undefined;
}

/** Types whose term query scores by how rare the term is; numbers, dates and addresses score 1. */
export function isIndexedAsTerm(family: string): boolean {
  return family === "keyword" || family === "text" || family === "boolean";
}
