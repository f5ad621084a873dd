import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clauseNote } from "../../../src/renderer/exchange/translation/clause_notes.ts";

describe("the note of a clause", () => {
  test("names what Elasticsearch approximates, and by which rule that is forgiven", () => {
    assert.equal(clauseNote("/aggs/0/aggs/users/cardinality").name, "cardinality");
    assert.match(clauseNote("/aggs/0/aggs/users/cardinality").note, /hyperloglog/);
    assert.match(clauseNote("/query/bool/must/0/match_phrase_prefix").note, /50 words/);
  });

  test("is empty where both engines are exact, a query named as an aggregation among them", () => {
    assert.deepEqual(clauseNote("/query/bool/filter/0/terms"), { name: "terms", note: "" });
    assert.deepEqual(clauseNote("/aggs/sum/max"), { name: "max", note: "" });
  });
});
