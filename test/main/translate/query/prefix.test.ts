import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertRejected, testClause } from "../../../support/clause_bench.ts";

testClause("clause_prefix", [
  ["a keyword starts so", parseJson('{"prefix":{"kw":"ab"}}'), "arrayExists(value -> startsWith(value, <ab:String>), kw)", [11]],
  [
    "a word starts so",
    parseJson('{"prefix":{"t":"qui"}}'),
    "arrayExists(value -> startsWith(value, <qui:String>), `t#tok`)",
    [0, 1, 6, 10],
  ],
  [
    "ASCII case is folded",
    parseJson('{"prefix":{"kw":{"value":"f","case_insensitive":true}}}'),
    "arrayExists(value -> startsWith(lower(value), <f:String>), kw)",
    [5, 6],
  ],
]);

test("a long has no beginning", () => {
  assertRejected(parseJson('{"prefix":{"l":"1"}}'), "query_shard_exception");
});
