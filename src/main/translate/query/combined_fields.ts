// combined_fields: texts searched as if they were one field. A word scores by BM25F: its places in all the fields, weighed, against their
// lengths together.
import { type JsonValue, member } from "../../../shared/json.ts";
import { binary, call, type Expr, literal, or, param } from "../../clickhouse/sql/ast.ts";
import { searchAnalyzerNameOf } from "../../elasticsearch/analysis/index.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { boostOf, listOf, parameters, scalarText, textOption } from "../parameters.ts";
import { constant, float, frequencyOf, hasNorms, idf, isScored, normOf, statisticsOf, storedLength, weighed } from "./bm25.ts";
import { boosted, NONE, relevant } from "./compiled.ts";
import { searchedFields, type WeightedField } from "./field_list.ts";
import { valuesColumn } from "./field_values.ts";
import { allOrSome, zeroTerms } from "./match.ts";
import type { Compiled } from "./types.ts";
import { wordsOf } from "./words.ts";

const KNOWN = ["query", "fields", "operator", "minimum_should_match", "zero_terms_query", "auto_generate_synonyms_phrase_query", "boost"];

export function compileCombinedFields(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = parameters(body, pointer, "combined_fields", KNOWN);
  const value = member(options, "query");
  if (value === undefined || value === null) throw new RejectedRequest("illegal_argument_exception", "Required [query]");
  const named = listOf(member(options, "fields"));
  if (named.some((name) => Number(scalarText(name).split("^")[1] ?? 1) < 1)) {
    throw new RejectedRequest("x_content_parse_exception", "[combined_fields] requires field boosts to be >= 1.0");
  }
  checkOperator(textOption(options, "operator", "or"));
  checkZeroTerms(textOption(options, "zero_terms_query", "none"));
  if (named.length === 0) throw refused("In [combined_fields] query, at least one field must be provided");
  const fields = searchedFields(named, `${pointer}/fields`, context);
  checkFields(fields);
  const [first] = fields;
  if (first === undefined) return NONE;
  const words = wordsOf(first.field, scalarText(value), undefined, pointer);
  if (words.length === 0) return zeroTerms(options);
  const clauses = words.map(({ term }) => wordIn(fields, term, pointer, context));
  return boosted(allOrSome(clauses, options), boostOf(options));
}

function checkOperator(option: string): void {
  if (option.toLowerCase() === "or" || option.toLowerCase() === "and") return;
  throw new RejectedRequest("x_content_parse_exception", `No enum constant org.elasticsearch.index.query.Operator.${option.toUpperCase()}`);
}

function checkZeroTerms(option: string): void {
  if (option.toLowerCase() === "none" || option.toLowerCase() === "all") return;
  throw new RejectedRequest("x_content_parse_exception", `unknown zero_terms_query [${option}]`);
}

function refused(reason: string): RejectedRequest {
  return new RejectedRequest("query_shard_exception", `failed to create query: ${reason}`);
}

function checkFields(fields: readonly WeightedField[]): void {
  if (fields.some(({ field }) => member(field.params, "similarity") !== undefined)) {
    throw refused("[combined_fields] queries cannot be used with per-field similarities");
  }
  const other = fields.find(({ field }) => field.type !== "text" && field.type !== "match_only_text");
  if (other !== undefined) {
    throw refused(`Field [${other.field.path}] of type [${other.field.type}] does not support [combined_fields] queries`);
  }
  if (new Set(fields.map(({ field }) => searchAnalyzerNameOf(field))).size > 1) {
    throw refused("All fields in [combined_fields] query must have the same search analyzer");
  }
}

function wordIn(fields: readonly WeightedField[], term: string, pointer: string, context: Context): Compiled {
  const word = param("String", term);
  const where = or(fields.map(({ field }) => call("has", valuesColumn(field), word)));
  const highlights = fields.map(({ field }) => ({ kind: "term", field, term }) as const);
  return relevant(where, highlights, wordScore(fields, word, pointer, context));
}

function wordScore(fields: readonly WeightedField[], word: Expr, pointer: string, context: Context): Expr | undefined {
  if (!fields.every(({ field }) => isScored(field, context, pointer))) return undefined;
  const normed = fields.filter(({ field }) => hasNorms(field)).length;
  if (normed !== 0 && normed !== fields.length) throw new UnsupportedClause(pointer, "fields with norms beside such without have no SQL");
  const weighted = (of: (field: WeightedField["field"], i: number) => Expr): readonly Expr[] =>
    fields.map(({ field, boost }, i) => (boost === 1 ? of(field, i) : binary(param("Float64", Math.fround(boost)), "*", of(field, i))));
  const known = fields.map(({ field }) => statisticsOf(field, [word], context, pointer));
  const documents = greatest(known.map((each) => each.documents));
  const having = greatest(known.flatMap((each) => each.having));
  // The sum of lengths is a whole number: each step is cut.
  const length = weighted((_, i) => known[i]?.length ?? literal(0)).reduce(
    (sum, each) => call("floor", binary(sum, "+", each)),
    literal(0),
  );
  const frequency = sumOf(
    weighted((field) => call("if", call("has", valuesColumn(field), word), frequencyOf(field, word, context, pointer), literal(0))),
  );
  const long = call("toInt64", call("floor", binary(float(sumOf(weighted((field) => normOf(field, pointer)))), "+", literal(0.5))));
  const norm = normed === 0 ? literal(1) : storedLength(long);
  return weighed({ documents, length }, idf(documents, having), float(frequency), norm, constant(1));
}

function sumOf(parts: readonly Expr[]): Expr {
  return parts.reduce((sum, each) => binary(sum, "+", each));
}

function greatest(parts: readonly Expr[]): Expr {
  const [only, ...others] = parts;
  return only !== undefined && others.length === 0 ? only : call("greatest", ...parts);
}
