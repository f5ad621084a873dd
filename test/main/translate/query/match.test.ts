import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertRejected, testClause } from "../../../support/clause_bench.ts";

testClause("clause_match", [
  [
    "any word",
    parseJson('{"match":{"t":"QUICK timeout"}}'),
    "has(`t#tok`, <quick:String>) OR has(`t#tok`, <timeout:String>)",
    [0, 1, 6, 7, 10],
  ],
  [
    "all words",
    parseJson('{"match":{"t":{"query":"quick fox","operator":"and"}}}'),
    "hasAll(`t#tok`, <['quick','fox']:Array(String)>)",
    [0, 1, 6, 10],
  ],
  [
    "some words, repeated ones counted twice",
    parseJson('{"match":{"t":{"query":"fox fox timeout","minimum_should_match":2}}}'),
    "arrayCount(word -> has(`t#tok`, word), <['fox','fox','timeout']:Array(String)>) >= 2",
    [0, 1, 6, 8, 10],
  ],
  ["a comma between digits is inside a word", parseJson('{"match":{"t":"3,000"}}'), "has(`t#tok`, <3,000:String>)", [3]],
  ["no word finds nothing", parseJson('{"match":{"t":"!!!"}}'), "0", []],
  [
    "no word finds all where asked",
    parseJson('{"match":{"t":{"query":"!!!","zero_terms_query":"all"}}}'),
    "1",
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  ],
  ["a keyword is one word", parseJson('{"match":{"kw":"foo*bar"}}'), "has(kw, <foo*bar:String>)", [5]],
  ["a long is a number", parseJson('{"match":{"l":"42"}}'), "has(l, <42:Int64>)", [5, 11]],
  ["lenient forgives", parseJson('{"match":{"l":{"query":"x","lenient":true}}}'), "0", []],
  [
    "a date is its day",
    parseJson('{"match":{"dt":"2024-10-27"}}'),
    "arrayExists(value -> value >= <1729987200000:Int64> AND value <= <1730073599999:Int64>, dt)",
    [0, 1, 2],
  ],
]);

test("a fuzziness past two is refused", () => {
  assertRejected(parseJson('{"match":{"t":{"query":"fox","fuzziness":3}}}'), "illegal_argument_exception");
});
