import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMapping } from "../../../../src/main/elasticsearch/mapping.ts";
import { contextOf } from "../../../../src/main/translate/context.ts";
import { RejectedRequest, UnsupportedClause } from "../../../../src/main/translate/failure.ts";
import { readLikeness } from "../../../../src/main/translate/query/likeness/asked.ts";
import { chooseWords } from "../../../../src/main/translate/query/likeness/chosen.ts";
import { countStatements, likedDocuments, wordCounts } from "../../../../src/main/translate/query/likeness/counts.ts";
import { likedWords } from "../../../../src/main/translate/query/likeness/words.ts";
import { compileMoreLikeThis } from "../../../../src/main/translate/query/more_like_this.ts";
import type { IndexTable } from "../../../../src/main/translate/types.ts";
import { isObject, type JsonObject, parseJson } from "../../../../src/shared/json.ts";

const MAPPING = parseMapping({ properties: { t: { type: "text" }, k: { type: "keyword" } } });
const TABLE: IndexTable = { index: "i", database: "d", table: "t", mapping: MAPPING, shards: 1, final: false };
const CONTEXT = contextOf([TABLE], 0);

function json(text: string): JsonObject {
  const parsed = parseJson(text);
  assert.ok(isObject(parsed));
  return parsed;
}

const COUNTS = wordCounts([
  { index: "i", shard: 0, path: "", word: "", documents: 9, length: 0 },
  { index: "i", shard: 0, path: "t", word: "", documents: 9, length: 40 },
  { index: "i", shard: 0, path: "t", word: "fox", documents: 2, length: 0 },
  { index: "i", shard: 0, path: "t", word: "dog", documents: 8, length: 0 },
]);

test("the rarest words are chosen, the least one first", () => {
  const asked = readLikeness(json('{"fields":["t"],"like":"dog fox cat","min_term_freq":1,"min_doc_freq":1,"boost_terms":1}'), "");
  const words = likedWords(asked, "i", new Map(), CONTEXT, "");
  const [shard] = COUNTS;
  assert.ok(words !== null && shard !== undefined);
  const { ofTexts, ofDocuments } = chooseWords(asked, words, shard);
  assert.equal(ofDocuments, null);
  assert.deepEqual(
    ofTexts?.map(({ word }) => word),
    ["dog", "fox"],
  );
  assert.equal(ofTexts?.[0]?.boost, 1);
  assert.ok((ofTexts?.[1]?.boost ?? 0) > 1);
});

test("documents liked are read before, those of the index searched where none is named", () => {
  const body = json('{"query":{"bool":{"must":{"more_like_this":{"like":[{"_id":"1"},{"_index":"other","_id":"2"}]}}}}}');
  assert.deepEqual(likedDocuments(body, ["i"]), [{ index: "i", id: "1", path: "", routing: "" }]);
});

test("words are counted before, in each field by a statement", () => {
  const body = json('{"query":{"more_like_this":{"fields":["t"],"like":"fox fox"}}}');
  const names = countStatements(body, [TABLE], 0, new Map()).map(({ name }) => name);
  assert.deepEqual(names, ["documents of each shard", "lengths of t", "words of t"]);
  assert.deepEqual(countStatements(json('{"query":{"match_all":{}}}'), [TABLE], 0, new Map()), []);
});

test("what is not known, or not there, is refused by its name", () => {
  assert.throws(() => compileMoreLikeThis(json('{"fields":["t"],"like":"a"}'), "/q", CONTEXT), UnsupportedClause);
  const deleted = { ...contextOf([{ ...TABLE, final: true }], 0), wordCounts: COUNTS };
  assert.throws(() => compileMoreLikeThis(json('{"fields":["t"],"like":"a"}'), "/q", deleted), UnsupportedClause);
  assert.throws(() => readLikeness(json('{"fields":["t"]}'), ""), RejectedRequest);
  assert.throws(() => readLikeness(json('{"like":{"_id":"1","x":2}}'), ""), RejectedRequest);
});
