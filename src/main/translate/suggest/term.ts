// The term suggester: for each word of a text the words of the index that are near it. One statement a word lists what each shard
// has; which of them are shown is chosen behind the SQL, shard by shard, as Lucene does it.
import { isNumber, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { and, binary, call, column, type Expr, param } from "../../clickhouse/sql/ast.ts";
import type { Token } from "../../elasticsearch/analysis/index.ts";
import { normalizerOf } from "../../elasticsearch/analysis/index.ts";
import { floatJson } from "../../elasticsearch/fields/number_text.ts";
import { findField } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { isComputed, type SeenField } from "../field_column.ts";
import { numberOption, textOption } from "../parameters.ts";
import { editDistance, lengthNear } from "../query/edit_distance.ts";
import { documentValues, typeOf } from "../query/field_values.ts";
import { wordsOf } from "../query/words.ts";
import { indexName, selectDocuments } from "../source.ts";
import type { Row, Statement, StatementRows } from "../types.ts";
import { type Candidate, mergeShards, type Spelling, suggestSimilar } from "./spelling.ts";
import { DISTANCES } from "./string_distance.ts";
import type { Suggester } from "./types.ts";

const MOST_WORDS = 100_000;
const WORD = column("#word");

/** `{text, term: {field, …}}` → its statements and the entries of the answer. `options` are those of `term`. */
export function compileTerm(name: string, text: string | null, options: JsonObject, pointer: string, context: Context): Suggester {
  const spelling = readSpelling(options, pointer);
  const size = sizeOf(options, "size", 5);
  const path = textOption(options, "field", "");
  if (path === "") throw new RejectedRequest("parse_exception", "the required field option [field] is missing");
  if (text === null) throw new RejectedRequest("illegal_argument_exception", "The required text option is missing");
  const field = suggestedField(path, spelling, pointer, context);
  const tokens = tokensOf(field, text, options, pointer);
  const words = tokens.map(({ term }, i) => ({
    name: `suggest ${name} ${i + 1}`,
    query: selectDocuments(context, near(field, term, spelling, pointer, context)),
  }));
  const shards: Statement = { name: `suggest ${name} shards`, query: selectDocuments(context, everyShard(context)) };
  return {
    statements: tokens.length === 0 ? [] : [shards, ...words],
    shape: (rows) => tokens.map((token, i) => entry(token, shardsOf(rows, shards.name, words[i]?.name ?? "", pointer), spelling, size)),
  };
}

function suggestedField(path: string, spelling: Spelling, pointer: string, context: Context): SeenField {
  const field = fieldOf(context, path, `${pointer}/field`);
  if (context.tables.some(({ mapping }) => findField(mapping, path) === undefined) && !isAnyComputed(field)) {
    if (context.tables.some(({ mapping }) => findField(mapping, path) !== undefined))
      throw new UnsupportedClause(`${pointer}/field`, `[${path}] is missing in some of the indices, where Elasticsearch fails`);
    throw new RejectedRequest("illegal_argument_exception", `no mapping found for field [${path}]`);
  }
  if (field === undefined || isComputed(field))
    throw new UnsupportedClause(`${pointer}/field`, `suggestions from [${path}], which no document has words of itself, have no SQL`);
  const { family } = typeOf(field, pointer);
  if (family !== "text" && family !== "keyword")
    throw new UnsupportedClause(`${pointer}/field`, `suggestions from a field of type [${field.type}] have no SQL`);
  if (context.tables.some((table) => table.final))
    throw new UnsupportedClause(pointer, "Elasticsearch counts the words of documents that were overwritten or deleted, too");
  const relative = spelling.mode !== "missing" || (spelling.minDocumentFrequency > 0 && spelling.minDocumentFrequency < 1);
  if (relative && [...context.mapping.objects.values()].includes("nested"))
    throw new UnsupportedClause(pointer, "shares of a shard's documents count nested objects, too");
  return field;
}

function isAnyComputed(field: SeenField | undefined): boolean {
  return field !== undefined && isComputed(field);
}

function tokensOf(field: SeenField, text: string, options: JsonObject, pointer: string): readonly Token[] {
  const analyzer = member(options, "analyzer");
  if (typeOf(field, pointer).family === "text" || analyzer !== undefined)
    return wordsOf(field, text, analyzer === undefined ? undefined : textOption(options, "analyzer", ""), pointer);
  return [{ term: normalizerOf(field)?.(text) ?? text, position: 0, start: 0, end: text.length }];
}

function near(field: SeenField, term: string, { maxEdits, prefixLength }: Spelling, pointer: string, context: Context) {
  const values = call("arrayDistinct", documentValues(field));
  const edits = editDistance(WORD, term, true, pointer);
  const prefix = [...term].slice(0, prefixLength).join("");
  const shard = shardNames(context);
  return {
    columns: [...shard, { expr: WORD }, { expr: call("count"), alias: "#documents" }, { expr: call("any", edits), alias: "#edits" }],
    arrayJoin: { items: [{ expr: values, alias: "#word" }] },
    where: and([
      lengthNear(WORD, term, maxEdits),
      ...(prefix === "" ? [] : [call("startsWith", WORD, param("String", prefix))]),
      binary(edits, "<=", param("UInt64", maxEdits)),
    ]),
    groupBy: [...shard.map(({ expr }) => expr), WORD],
    limit: MOST_WORDS,
  };
}

function everyShard(context: Context) {
  const shard = shardNames(context);
  return { columns: [...shard, { expr: call("count"), alias: "#documents" }], groupBy: shard.map(({ expr }) => expr) };
}

function shardNames(context: Context): readonly { readonly expr: Expr; readonly alias: string }[] {
  return [
    { expr: indexName(context), alias: "#index" },
    { expr: column("_shard"), alias: "#shard" },
  ];
}

interface ShardWords {
  readonly documents: number;
  readonly words: readonly Candidate[];
}

function shardsOf(rows: StatementRows, all: string, near: string, pointer: string): readonly ShardWords[] {
  const found = rows.get(near) ?? [];
  if (found.length >= MOST_WORDS) throw new UnsupportedClause(pointer, `more than ${MOST_WORDS} words are near one that is asked for`);
  const byShard = new Map<string, Candidate[]>();
  for (const row of found) {
    const words = byShard.get(shardKey(row)) ?? [];
    words.push({ word: String(row["#word"]), documents: numberIn(row, "#documents"), edits: numberIn(row, "#edits") });
    byShard.set(shardKey(row), words);
  }
  return (rows.get(all) ?? []).map((row) => ({ documents: numberIn(row, "#documents"), words: byShard.get(shardKey(row)) ?? [] }));
}

function shardKey(row: Row): string {
  return `${String(row["#index"])}\0${String(row["#shard"])}`;
}

function numberIn(row: Row, name: string): number {
  const value = row[name];
  return isNumber(value) ? Number(value) : 0;
}

function entry({ term, start, end }: Token, shards: readonly ShardWords[], spelling: Spelling, size: number): JsonObject {
  const suggested = shards.map(({ documents, words }) => {
    const withTerm = words.find(({ edits }) => edits === 0)?.documents ?? 0;
    return suggestSimilar(
      term,
      words.filter(({ edits }) => edits > 0),
      { withTerm, all: documents },
      spelling,
    );
  });
  const options: readonly JsonValue[] = mergeShards(suggested, size, spelling.byFrequency).map(({ word, documents, score }) => ({
    text: word,
    score: floatJson(score),
    freq: documents,
  }));
  return { text: term, offset: start, length: end - start, options };
}

const KNOWN =
  "analyzer field size shard_size suggest_mode accuracy sort string_distance max_edits max_inspections max_term_freq prefix_length min_word_length min_doc_freq".split(
    " ",
  );

function readSpelling(options: JsonObject, pointer: string): Spelling {
  for (const name of Object.keys(options))
    if (!KNOWN.includes(name)) throw new RejectedRequest("parsing_exception", `suggester[term] doesn't support field [${name}]`);
  const distance = textOption(options, "string_distance", "internal").toLowerCase();
  if (distance === "ngram") throw new UnsupportedClause(`${pointer}/string_distance`, "the likeness by [ngram] has no code here");
  const likeness = Object.hasOwn(DISTANCES, distance) ? DISTANCES[distance] : undefined;
  if (likeness === undefined) throw refused(`Illegal distance option ${distance}`);
  const maxEdits = Math.trunc(numberOption(options, "max_edits", 2));
  if (maxEdits < 1 || maxEdits > 2) throw refused("maxEdits must be between 1 and 2");
  const accuracy = numberOption(options, "accuracy", 0.5);
  if (accuracy < 0 || accuracy > 1) throw refused("accuracy must be between 0 and 1");
  const minWordLength = Math.trunc(numberOption(options, "min_word_length", 4));
  if (minWordLength < 1) throw refused("minWordLength must be greater or equal to 1");
  return {
    mode: modeOf(textOption(options, "suggest_mode", "missing").toLowerCase()),
    accuracy,
    byFrequency: isByFrequency(textOption(options, "sort", "score").toLowerCase()),
    maxEdits,
    maxInspections: inspections(options, pointer),
    maxTermFrequency: frequency(options, "max_term_freq", 0.01, "maxTermFreq"),
    prefixLength: notNegative(Math.trunc(numberOption(options, "prefix_length", 1)), "prefixLength"),
    minWordLength,
    minDocumentFrequency: frequency(options, "min_doc_freq", 0, "minDocFreq"),
    shardSize: sizeOf(options, "shard_size", Math.max(sizeOf(options, "size", 5), 5)),
    likeness,
  };
}

function modeOf(text: string): Spelling["mode"] {
  if (text === "missing" || text === "popular" || text === "always") return text;
  throw refused(`No enum constant org.elasticsearch.search.suggest.term.TermSuggestionBuilder.SuggestMode.${text.toUpperCase()}`);
}

function isByFrequency(text: string): boolean {
  if (text === "score" || text === "frequency") return text === "frequency";
  throw refused(`No enum constant org.elasticsearch.search.suggest.SortBy.${text.toUpperCase()}`);
}

function sizeOf(options: JsonObject, name: string, fallback: number): number {
  const size = Math.trunc(numberOption(options, name, fallback));
  if (size <= 0) throw refused(`${name === "size" ? "size" : "shardSize"} must be positive`);
  return size;
}

function frequency(options: JsonObject, name: string, fallback: number, called: string): number {
  const value = notNegative(numberOption(options, name, fallback), called);
  if (value > 1 && value !== Math.floor(value)) throw refused(`if ${called} is greater than 1, it must not be a fraction`);
  return value;
}

function inspections(options: JsonObject, pointer: string): number {
  const value = notNegative(Math.trunc(numberOption(options, "max_inspections", 5)), "maxInspections");
  if (value === 0) throw new UnsupportedClause(`${pointer}/max_inspections`, "Elasticsearch fails where it may look at no word");
  return value;
}

function notNegative(value: number, called: string): number {
  if (value < 0) throw refused(`${called} must be positive`);
  return value;
}

function refused(reason: string): RejectedRequest {
  return new RejectedRequest("illegal_argument_exception", reason);
}
