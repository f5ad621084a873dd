import assert from "node:assert/strict";
import { test } from "node:test";
import { match } from "../../../src/main/matcher/index.ts";
import type { JsonObject, JsonValue } from "../../../src/shared/json.ts";

const answer = (names: JsonValue): JsonObject => ({
  hits: { total: { value: 1, relation: "eq" }, max_score: 1, hits: [{ _index: "i", _id: "1", _score: 1, matched_queries: names }] },
});
const compare = (theirs: JsonValue, ours: JsonValue) =>
  match({ endpoint: "search", request: {}, elasticsearch: answer(theirs), clickhouse: answer(ours), tolerances: [] });

test("names in another order are equivalent by name_order", () => {
  const result = compare(["a", "b"], ["b", "a"]);
  assert.equal(result.verdict, "equivalent");
  assert.deepEqual(
    result.rules.map(({ rule }) => rule),
    ["name_order"],
  );
});

test("other names are a difference", () => {
  assert.equal(compare(["a", "b"], ["a", "c"]).verdict, "different");
  assert.equal(compare(["a"], ["a", "b"]).verdict, "different");
});
