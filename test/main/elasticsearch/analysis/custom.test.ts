import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { analyzerNamed, analyzeValues, normalizerOf } from "../../../../src/main/elasticsearch/analysis/index.ts";
import { parseMapping } from "../../../../src/main/elasticsearch/mapping.ts";
import { isObject, type JsonObject, parseJson } from "../../../../src/shared/json.ts";

function json(text: string): JsonObject {
  const value = parseJson(text);
  assert.ok(isObject(value));
  return value;
}

const ANALYSIS = json(`{
  "char_filter": {"and": {"type": "mapping", "mappings": ["& => and"]}},
  "filter": {"starts": {"type": "edge_ngram", "min_gram": "2", "max_gram": "3"}, "other": {"type": "phonetic"},
    "two": {"type": "limit", "max_token_count": "2"}},
  "analyzer": {
    "mine": {"type": "custom", "tokenizer": "standard", "char_filter": ["and"], "filter": ["lowercase", "asciifolding", "stop"]},
    "typed": {"tokenizer": "whitespace", "filter": ["starts"]},
    "first": {"tokenizer": "whitespace", "filter": ["two"]},
    "unknown": {"tokenizer": "standard", "filter": ["other"]},
    "default": {"type": "whitespace"}
  },
  "normalizer": {"plain": {"type": "custom", "filter": ["lowercase", "asciifolding"]}, "odd": {"type": "custom", "filter": ["other"]}}
}`);

const tokens = (name: string, ...values: readonly string[]): readonly string[] | undefined => {
  const analyzer = analyzerNamed(name, ANALYSIS);
  return analyzer && analyzeValues(analyzer, values).map(({ term, position, start, end }) => `${term}@${position} ${start}-${end}`);
};

describe("analyzers of an index", () => {
  test("run char filters, tokenizer and token filters, and keep the offsets of the text as it was", () => {
    assert.deepEqual(tokens("mine", "R&D the Café", "x"), ["randd@0 0-3", "cafe@2 8-12", "x@103 0-1"]);
  });

  test("put the pieces of a word at its place", () => {
    assert.deepEqual(tokens("typed", "abc d ef"), ["ab@0 0-3", "abc@0 0-3", "ef@2 6-8"]);
    assert.equal(analyzerNamed("typed", ANALYSIS)?.stacks, true);
  });

  test("stop at the number of tokens that they are limited to", () => {
    assert.deepEqual(tokens("first", "b a c", "d"), ["b@0 0-1", "a@1 2-3", "d@102 0-1"]);
  });

  test("are not there where one of their parts is not", () => {
    assert.equal(tokens("unknown", "x"), undefined);
    const mapping = parseMapping(
      json('{"properties":{"k":{"type":"keyword","normalizer":"plain"},"o":{"type":"keyword","normalizer":"odd"}}}'),
      ANALYSIS,
    );
    const [plain, odd] = ["k", "o"].map((path) => mapping.fields.get(path)).map((field) => field && normalizerOf(field));
    assert.equal(plain?.("ÀB"), "ab");
    assert.equal(odd, undefined);
  });
});
