// match_phrase_prefix: a phrase whose last word is a beginning. Elasticsearch takes only the first 50 words of each shard
// with that beginning, in byte order, and so does the SQL.
import type { JsonObject, JsonValue } from "../../../shared/json.ts";
import { call, column, type Expr, isIn, param, type Query, select, tuple } from "../../clickhouse/sql/ast.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { boostOf, fieldClause, numberOption, scalarText } from "../parameters.ts";
import { documents, indexName } from "../source.ts";
import { boosted, NOTHING, relevant } from "./compiled.ts";
import { someValue, typeOf, valuesColumn } from "./field_values.ts";
import { analyzerOption, queryValue, zeroTerms } from "./match.ts";
import { phraseHighlight } from "./match_phrase.ts";
import { phrasePrefixCondition } from "./phrase.ts";
import type { Compiled } from "./types.ts";
import { wordsOf } from "./words.ts";

export function compileMatchPhrasePrefix(body: JsonValue, pointer: string, context: Context): Compiled {
  const known = ["slop", "analyzer", "max_expansions", "zero_terms_query"];
  const { path, options, pointer: own } = fieldClause(body, pointer, "match_phrase_prefix", "query", known);
  const value = queryValue(options, "match_phrase_prefix");
  const field = fieldOf(context, path, own);
  return field === undefined ? NOTHING : boosted(phrasePrefixField(field, value, options, own, context), boostOf(options));
}

/** One field searched for a phrase with an unfinished last word. */
export function phrasePrefixField(field: Field, value: JsonValue, options: JsonObject, pointer: string, context: Context): Compiled {
  if (typeOf(field, pointer).family !== "text") {
    throw new RejectedRequest(
      "query_shard_exception",
      `failed to create query: Can only use phrase prefix queries on text fields - not on [${field.path}] which is of type [${field.type}]`,
    );
  }
  const words = wordsOf(field, scalarText(value), analyzerOption(options), pointer);
  const last = words.at(-1);
  if (last === undefined) return zeroTerms(options);
  if (numberOption(options, "slop", 0) > 0) {
    throw new UnsupportedClause(`${pointer}/slop`, "slop before an unfinished word has no SQL");
  }
  const expansion = new Expansion(field, last.term, numberOption(options, "max_expansions", 50), context);
  const where =
    words.length === 1
      ? someValue(field, (word) => expansion.covers(word))
      : phrasePrefixCondition(field, words, (word) => expansion.covers(word));
  const phrase = phraseHighlight(field, words, 0);
  return relevant(where, [phrase.kind === "phrase" ? { ...phrase, lastIsPrefix: true } : { kind: "prefix", field, prefix: last.term }]);
}

class Expansion {
  readonly #query: Query;
  readonly #shard: readonly Expr[];

  constructor(field: Field, prefix: string, most: number, context: Context) {
    const sharded = context.tables.length > 1 || context.tables.some((table) => table.shards > 1);
    this.#shard = sharded ? [indexName(context), column("_shard")] : [];
    const begins = call("startsWith", column("#word"), param("String", prefix));
    const columns = [...this.#shard.map((expr, i) => ({ expr, alias: `shard${i}` })), { expr: column("#word") }];
    const names = columns.map((_, i) => (i < this.#shard.length ? column(`shard${i}`) : column("#word")));
    this.#query = select({
      columns,
      from: documents(context, [valuesColumn(field), ...this.#shard]),
      arrayJoin: { items: [{ expr: valuesColumn(field), alias: "#word" }] },
      where: begins,
      groupBy: names,
      orderBy: names.map((expr) => ({ expr })),
      ...(sharded ? { limitBy: { limit: most, by: names.slice(0, -1) } } : { limit: most }),
    });
  }

  covers(word: Expr): Expr {
    return isIn(this.#shard.length === 0 ? word : tuple(...this.#shard, word), this.#query);
  }
}
