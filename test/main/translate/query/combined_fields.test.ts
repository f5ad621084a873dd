import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertRejected, testClause } from "../../../support/clause_bench.ts";

testClause("clause_combined_fields", [
  [
    "a word in any of the fields",
    parseJson('{"combined_fields":{"query":"fox","fields":["t","t^2"]}}'),
    "has(`t#tok`, <fox:String>)",
    [0, 1, 6, 8, 10],
  ],
]);

test("fields that are no text, boosts below one and other operators are refused", () => {
  assertRejected(parseJson('{"combined_fields":{"query":"a","fields":["kw"]}}'), "query_shard_exception");
  assertRejected(parseJson('{"combined_fields":{"query":"a","fields":[]}}'), "query_shard_exception");
  assertRejected(parseJson('{"combined_fields":{"query":"a","fields":["t^0.5"]}}'), "x_content_parse_exception");
  assertRejected(parseJson('{"combined_fields":{"query":"a","fields":["t"],"operator":"nor"}}'), "x_content_parse_exception");
  assertRejected(parseJson('{"combined_fields":{"fields":["t"]}}'), "illegal_argument_exception");
});
