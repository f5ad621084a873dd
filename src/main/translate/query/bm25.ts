// Relevance: Lucene's BM25 in floats, step by step as Lucene rounds, with the statistics of the document's own shard.
// Deleted documents count in Elasticsearch's statistics until they are merged away: where there may be some, scores are stale.
import { member } from "../../../shared/json.ts";
import { binary, call, column, type Expr, lambda, literal, param, type Query, scalar, select, tuple } from "../../clickhouse/sql/ast.ts";
import { analyzerOf } from "../../elasticsearch/analysis/index.ts";
import { type MadeColumn, placesOf, repeatsColumn } from "../../elasticsearch/columns.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, overDocuments } from "../context.ts";
import { isComputed } from "../field_column.ts";
import { fieldInScope, type NestedScope, overObjects } from "../nested_scope.ts";
import { columnTypes, indexName, selectDocuments } from "../source.ts";
import { typeOf, valuesColumn } from "./field_values.ts";

const K1 = 1.2;
const B = 0.75;

/** Statistics that were read beforehand: how many documents have the word, how many the field, and the sum of its lengths in them. */
export interface KnownStatistics {
  readonly having: number;
  readonly documents: number;
  readonly length: number;
}

/** The score of a word or value, times `repeats`; undefined where it can't be told exactly. */
export function termScore(
  field: Field,
  term: Expr,
  context: Context,
  pointer: string,
  repeats = 1,
  known?: KnownStatistics,
): Expr | undefined {
  if (field.key !== undefined) return undefined;
  if (isUnranked(field)) return param("Float64", repeats);
  if (!isScored(field, context, pointer)) return undefined;
  const frequency = frequencyOf(field, term, context, pointer);
  const statistics = known === undefined ? statisticsOf(field, [term], context, pointer) : knownStatistics(known);
  return score(field, statistics, frequency, constant(repeats), pointer);
}

/** The score of a phrase that stands `frequency` times in the document. */
export function phraseScore(field: Field, terms: readonly string[], frequency: Expr, context: Context, pointer: string): Expr | undefined {
  if (isUnranked(field)) return param("Float64", 1);
  if (!isScored(field, context, pointer)) return undefined;
  const words = terms.map((term) => param("String", term));
  return score(field, statisticsOf(field, words, context, pointer), frequency, constant(1), pointer);
}

// A text that is scored has the word once: only what it repeats is read, not all its words.
function wordFrequency(field: Field, term: Expr, context: Context): Expr {
  const repeats = repeatsColumn(field);
  const all = repeats !== undefined && context.tables.every(({ mapping }) => hasRepeats(columnTypes(mapping), repeats));
  if (repeats === undefined || !all) return call("countEqual", valuesColumn(field), term);
  return binary(literal(1), "+", call("countEqual", column(repeats.name), term));
}

// A table of very many fields has no such column, one without the field needs none.
function hasRepeats(columns: ReadonlyMap<string, string>, { name, of }: MadeColumn): boolean {
  return columns.has(name) || !columns.has(of);
}

/** How often the document has the word or value. */
export function frequencyOf(field: Field, term: Expr, context: Context, pointer: string): Expr {
  return typeOf(field, pointer).family === "text" ? wordFrequency(field, term, context) : literal(1);
}

/** What is rare in a shard: documents with the field and the sum of its lengths in them, documents with each of the words. */
interface Statistics {
  readonly documents: Expr;
  readonly length: Expr;
  readonly having: readonly Expr[];
}

export function statisticsOf(field: Field, terms: readonly Expr[], context: Context, pointer: string): Statistics {
  return {
    documents: collection(field, 1, context, pointer),
    length: collection(field, 2, context, pointer),
    having: terms.map((term) => documentFrequency(field, term, context)),
  };
}

function knownStatistics({ documents, length, having }: KnownStatistics): Statistics {
  const number = (value: number): Expr => param("Float64", value);
  return { documents: number(documents), length: number(length), having: [number(having)] };
}

// A runtime field has no statistics, and of these types none are kept: their values match or they don't.
const UNRANKED = new Set(["match_only_text", "wildcard", "constant_keyword"]);

function isUnranked(field: Field): boolean {
  return isComputed(field) || UNRANKED.has(field.type);
}

const SCORED = new Set(["text", "keyword", "boolean"]);

/** True where the relevance of the field's words can be told; notes in the context where it may be stale. */
export function isScored(field: Field, context: Context, pointer: string): boolean {
  if (!SCORED.has(field.type) || member(field.params, "similarity") !== undefined) return false;
  // A length counts places, not tokens.
  if (field.type === "text" && analyzerOf(field)?.stacks === true) return false;
  if (typeOf(field, pointer).family === "other") return false;
  if (context.tables.every((table) => !table.final)) return true;
  if (context.staleScores === undefined) return false;
  context.staleScores.used = true;
  return true;
}

export const float = (expr: Expr): Expr => call("toFloat32", expr);
export const constant = (value: number): Expr => param("Float32", Math.fround(value));

/** The score of words together that stand `frequency` times in the document, times `boost` (Float32). */
export function score(field: Field, statistics: Statistics, frequency: Expr, boost: Expr, pointer: string): Expr {
  const idfs = statistics.having.map((each) => idf(statistics.documents, each));
  const [first = constant(0), ...others] = idfs;
  const rarity = others.length === 0 ? first : float(others.reduce((sum, each) => binary(sum, "+", each), first));
  return weighed(statistics, rarity, frequency, normOf(field, pointer), boost);
}

/** The length of the field in the document, as Lucene keeps it. */
export function normOf(field: Field, pointer: string): Expr {
  return hasNorms(field) ? storedLength(lengthOf(field, pointer)) : literal(1);
}

/** The score, given how rare the words are and how long the text is. */
export function weighed(
  statistics: Pick<Statistics, "documents" | "length">,
  rarity: Expr,
  frequency: Expr,
  norm: Expr,
  boost: Expr,
): Expr {
  const weight = float(binary(float(binary(boost, "*", constant(1 + K1))), "*", rarity));
  const average = float(binary(statistics.length, "/", statistics.documents));
  const relative = float(binary(float(binary(constant(B), "*", norm)), "/", average));
  const inverse = float(
    binary(literal(1), "/", float(binary(constant(K1), "*", float(binary(constant(Math.fround(1) - Math.fround(B)), "+", relative))))),
  );
  const saturation = float(binary(literal(1), "+", float(binary(frequency, "*", inverse))));
  return call("toFloat64", float(binary(weight, "-", float(binary(weight, "/", saturation)))));
}

/** How rare a word is that `frequency` of the documents have. */
export function idf(documentCount: Expr, frequency: Expr): Expr {
  const others = binary(binary(documentCount, "-", frequency), "+", literal(0.5));
  return float(call("log", binary(literal(1), "+", binary(others, "/", binary(frequency, "+", literal(0.5))))));
}

/** How many documents, or objects, have the field (`part` 1) or the sum of its lengths in them (2): read together, once. */
function collection(field: Field, part: 1 | 2, around: Context, pointer: string): Expr {
  const context = overDocuments(around);
  const counted = total(field, "countIf", (each) => call("notEmpty", valuesColumn(each)), context);
  const summed = total(field, "sum", (each) => lengthOf(each, pointer), context);
  return call("toFloat64", call("tupleElement", statistic(tuple(counted, summed), undefined, context), literal(part)));
}

/** How many documents, or objects, have the word: a condition, not a sum, wherever it can be, since the index of words answers it
 * without reading any. */
export function documentFrequency(field: Field, term: Expr, around: Context): Expr {
  const context = overDocuments(around);
  const has = (each: Field): Expr => call("has", valuesColumn(each), term);
  const [place, ...others] = placesOf(context.mapping.fields.get(field.path) ?? field);
  if (place === undefined || place.scope !== null || others.length > 0) {
    return call("toFloat64", statistic(total(field, "countIf", has, context), undefined, context));
  }
  return call("toFloat64", statistic(call("count"), has(place.field), context));
}

// Over all documents, or objects, that have the field.
function total(field: Field, name: "countIf" | "sum", of: (field: Field) => Expr, context: Context): Expr {
  return placesOf(context.mapping.fields.get(field.path) ?? field)
    .map((place) => {
      if (place.scope === null) return call(name, of(place.field));
      const scope: NestedScope = { path: place.scope, level: 1, around: undefined };
      const objects = of(fieldInScope(context.mapping.fields.get(field.path) ?? field, scope) ?? place.field);
      return call("sum", overObjects(name === "sum" ? "arraySum" : "arrayCount", context.mapping, scope, objects));
    })
    .reduce((sum, each) => binary(sum, "+", each));
}

/** The aggregate over the documents of a row's own shard; nothing, or zeros, where none of them is `where`. */
export function statistic(aggregate: Expr, where: Expr | undefined, context: Context): Expr {
  const matching = where === undefined ? {} : { where };
  const sharded = context.tables.length > 1 || context.tables.some((table) => table.shards > 1);
  if (!sharded) return scalar(selectDocuments(context, { columns: [{ expr: aggregate }], ...matching }));
  const key = call("concat", indexName(context), literal(":"), call("toString", column("_shard")));
  const inner: Query = selectDocuments(context, {
    columns: [
      { expr: key, alias: "#shard" },
      { expr: aggregate, alias: "#value" },
    ],
    ...matching,
    groupBy: [indexName(context), column("_shard")],
  });
  const pairs = call("mapFromArrays", call("groupArray", column("#shard")), call("groupArray", column("#value")));
  return call("arrayElement", scalar(select({ columns: [{ expr: pairs }], from: { kind: "subquery", query: inner } })), key);
}

function lengthOf(field: Field, pointer: string): Expr {
  const values = valuesColumn(field);
  return typeOf(field, pointer).family === "boolean" ? call("length", call("arrayDistinct", values)) : call("length", values);
}

/** Whether scores look at how long the field is. */
export function hasNorms(field: Field): boolean {
  return field.type === "text" && member(field.params, "norms") !== false;
}

/** Lucene keeps a length in one byte: exact below 40, then four significant bits of what is above 24. */
export function storedLength(length: Expr): Expr {
  const above = binary(call("toInt64", length), "-", literal(24));
  const shift = call("toUInt8", binary(call("floor", call("log2", call("greatest", above, literal(16)))), "-", literal(3)));
  const cut = call("bitShiftLeft", call("bitShiftRight", above, shift), shift);
  return call("if", binary(length, "<", literal(40)), call("toInt64", length), binary(cut, "+", literal(24)));
}

/** How often words stand next to each other in a document. */
export function phraseFrequency(exists: Expr): Expr | undefined {
  if (exists.kind !== "call" || exists.name !== "arrayExists") return undefined;
  const [condition, ...arrays] = exists.args;
  return condition?.kind === "lambda" ? call("arrayCount", lambda(condition.args, condition.body), ...arrays) : undefined;
}
