import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertRejected, testClause } from "../../../support/clause_bench.ts";

testClause("clause_multi_match", [
  [
    "each field with its own words",
    parseJson('{"multi_match":{"query":"a fox","fields":["t","kw"]}}'),
    "(has(`t#tok`, <a:String>) OR has(`t#tok`, <fox:String>)) OR has(kw, <a fox:String>)",
    [0, 1, 6, 8, 10],
  ],
  [
    "all words in one field",
    parseJson('{"multi_match":{"query":"quick fox","fields":["t","kw"],"operator":"and"}}'),
    "hasAll(`t#tok`, <['quick','fox']:Array(String)>) OR has(kw, <quick fox:String>)",
    [0, 1, 6, 10],
  ],
  [
    "a phrase in patterns of fields",
    parseJson('{"multi_match":{"query":"brown fox","fields":["t*"],"type":"phrase"}}'),
    "arrayExists(i -> arrayElement(`t#tok`, i) = <brown:String> AND arrayElement(`t#tok`, i + 1) = <fox:String> AND arrayElement(`t#pos`, i + 1) = arrayElement(`t#pos`, i) + 1, arrayEnumerate(`t#tok`)) OR has(`t/raw`, <brown fox:String>)",
    [0, 1],
  ],
  [
    "cross_fields",
    parseJson('{"multi_match":{"query":"a fox","fields":["t","kw"],"type":"cross_fields","operator":"and"}}'),
    "hasAll(`t#tok`, <['a','fox']:Array(String)>) OR has(kw, <a fox:String>)",
    [8],
  ],
]);

test("an unknown type is refused", () => {
  assertRejected(parseJson('{"multi_match":{"query":"a","fields":["t"],"type":"x"}}'), "parsing_exception");
});
