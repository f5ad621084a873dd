// How many documents of each shard have the words that more_like_this clauses may look for: read before the search is translated,
// since which words it looks for depends on it.
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../../../shared/json.ts";
import { binary, call, column, type Expr, literal, param, type Query } from "../../../clickhouse/sql/ast.ts";
import { nestedPaths, upColumn } from "../../../elasticsearch/columns.ts";
import { type Context, contextOf } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import type { LookedUp, TermsLookup } from "../../lookups.ts";
import { indexName, selectDocuments } from "../../source.ts";
import type { IndexTable, Row, Statement } from "../../types.ts";
import type { KnownStatistics } from "../bm25.ts";
import { documentValues } from "../field_values.ts";
import { readLikeness } from "./asked.ts";
import { likedWords } from "./words.ts";

/** A shard's documents, nested objects among them; how many of them have a field, how long it is in them, how many have a word in it. */
export interface ShardCounts {
  readonly index: string;
  readonly shard: number;
  readonly total: number;
  statistics(path: string, word: string): KnownStatistics;
}

export type WordCounts = readonly ShardCounts[];

/** The bodies of all such clauses in a search body. */
function likenesses(body: JsonValue): readonly JsonObject[] {
  const found: JsonObject[] = [];
  const open: JsonValue[] = [body];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (isArray(value)) open.push(...value);
    if (!isObject(value)) continue;
    const clause = member(value, "more_like_this");
    if (isObject(clause)) found.push(clause);
    open.push(...Object.values(value));
  }
  return found;
}

/** The documents of the indices searched that such clauses name. */
export function likedDocuments(body: JsonValue, indices: readonly string[]): readonly TermsLookup[] {
  return likenesses(body).flatMap((clause) => {
    const asked = attempt(() => readLikeness(clause, ""));
    const documents = asked === null ? [] : [...asked.like.documents, ...asked.unlike.documents];
    return documents.flatMap(({ index, id, routing }) => {
      const named = index === null ? indices : indices.filter((each) => each === index);
      return id === null ? [] : named.map((each) => ({ index: each, id, path: "", routing }));
    });
  });
}

// What can't be read is refused, or said to be unsupported, where the clause itself is translated.
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof RejectedRequest || error instanceof UnsupportedClause) return null;
    throw error;
  }
}

const WORD = column("#word");

/** The statements that count; none where no clause needs them. */
export function countStatements(body: JsonValue, tables: readonly IndexTable[], now: number, lookedUp: LookedUp): readonly Statement[] {
  const asked = likenesses(body);
  if (asked.length === 0) return [];
  const context = contextOf(tables, now);
  const sought = new Map<string, Set<string>>();
  for (const clause of asked) {
    for (const { index } of tables) {
      const words = attempt(() => likedWords(readLikeness(clause, ""), index, lookedUp, context, ""));
      if (words === null) continue;
      for (const [path, frequencies] of words.ofDocuments ?? []) addWords(sought, path, frequencies.keys());
      for (const { path } of words.fields) addWords(sought, path, words.ofTexts?.keys() ?? []);
    }
  }
  return [
    { name: "documents of each shard", query: perShard(context, "", numberedDocuments(context), literal(0)) },
    ...[...sought].flatMap(([path, words]) => {
      const field = context.mapping.fields.get(path);
      if (field === undefined || words.size === 0) return [];
      const values = documentValues(field);
      const list = call("arrayIntersect", values, param("Array(String)", [...words]));
      const having = call("countIf", call("notEmpty", values));
      return [
        { name: `lengths of ${path}`, query: perShard(context, path, having, call("sum", call("length", values))) },
        { name: `words of ${path}`, query: perShard(context, path, call("count"), literal(0), list) },
      ];
    }),
  ];
}

function addWords(sought: Map<string, Set<string>>, path: string, words: Iterable<string>): void {
  const known = sought.get(path) ?? new Set<string>();
  for (const word of words) known.add(word);
  sought.set(path, known);
}

/** How many documents Lucene counts: it numbers nested objects among them. */
export function numberedDocuments({ mapping }: Context): Expr {
  return nestedPaths(mapping)
    .map((path) => call("sum", call("length", column(upColumn(path)))))
    .reduce((sum, each) => binary(sum, "+", each), call("count"));
}

function perShard(context: Context, path: string, count: Expr, length: Expr, words?: Expr): Query {
  const keys = [indexName(context), column("_shard"), ...(words === undefined ? [] : [WORD])];
  return selectDocuments(context, {
    columns: [
      { expr: indexName(context), alias: "index" },
      { expr: column("_shard"), alias: "shard" },
      { expr: param("String", path), alias: "path" },
      { expr: words === undefined ? param("String", "") : WORD, alias: "word" },
      { expr: count, alias: "documents" },
      { expr: length, alias: "length" },
    ],
    ...(words === undefined ? {} : { arrayJoin: { items: [{ expr: words, alias: "#word" }] } }),
    groupBy: keys,
  });
}

/** What the statements' rows say. */
export function wordCounts(rows: readonly Row[]): WordCounts {
  const shards = new Map<string, { readonly index: string; readonly shard: number; readonly counts: Map<string, Row> }>();
  for (const row of rows) {
    const [index, shard] = [String(row.index), Number(row.shard)];
    const name = JSON.stringify([index, shard]);
    const known = shards.get(name) ?? { index, shard, counts: new Map<string, Row>() };
    shards.set(name, known);
    known.counts.set(countKey(String(row.path), String(row.word)), row);
  }
  return [...shards.values()].map(({ index, shard, counts }) => {
    const number = (path: string, word: string, name: "documents" | "length"): number =>
      Number(counts.get(countKey(path, word))?.[name] ?? 0);
    return {
      index,
      shard,
      total: number("", "", "documents"),
      statistics: (path, word) => ({
        having: number(path, word, "documents"),
        documents: number(path, "", "documents"),
        length: number(path, "", "length"),
      }),
    };
  });
}

function countKey(path: string, word: string): string {
  return JSON.stringify([path, word]);
}
