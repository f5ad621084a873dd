import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertUnsupported, testClause } from "../../../support/clause_bench.ts";

testClause("clause_bool", [
  [
    "must_not keeps documents without the field",
    parseJson('{"bool":{"must_not":[{"term":{"b":true}}]}}'),
    "NOT has(b, <1:UInt8>)",
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 11],
  ],
  [
    "one of should is needed where nothing else is",
    parseJson('{"bool":{"should":[{"term":{"kw":"a"}},{"term":{"l":42}}]}}'),
    "has(kw, <a:String>) OR has(l, <42:Int64>)",
    [0, 1, 5, 11],
  ],
  [
    "should is optional beside a filter",
    parseJson('{"bool":{"filter":[{"exists":{"field":"d"}}],"should":[{"term":{"kw":"a"}}]}}'),
    "notEmpty(d)",
    [0, 1, 2, 3, 5, 11],
  ],
  [
    "minimum_should_match counts",
    parseJson('{"bool":{"should":[{"term":{"kw":"a"}},{"term":{"l":5}},{"term":{"b":false}}],"minimum_should_match":"-1"}}'),
    "has(kw, <a:String>) + has(l, <5:Int64>) + has(b, <0:UInt8>) >= 2",
    [0, 1],
  ],
  ["more than there are clauses finds nothing", parseJson('{"bool":{"should":[{"term":{"kw":"a"}}],"minimum_should_match":2}}'), "0", []],
  ["empty it is match_all", parseJson('{"bool":{"must":[],"should":[]}}'), "1", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
]);

test("a name that is no text is pointed at", () => {
  assertUnsupported(parseJson('{"bool":{"_name":5}}'), "/query/bool/_name");
});

test("a clause inside is pointed at by its place", () => {
  assertUnsupported(parseJson('{"bool":{"filter":[{"term":{"kw":"a"}},{"has_child":{}}]}}'), "/query/bool/filter/1/has_child");
});
