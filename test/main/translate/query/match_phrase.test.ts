import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertUnsupported, testClause } from "../../../support/clause_bench.ts";

testClause("clause_match_phrase", [
  [
    "words in order",
    parseJson('{"match_phrase":{"t":"brown fox"}}'),
    "arrayExists(i -> arrayElement(`t#tok`, i) = <brown:String> AND arrayElement(`t#tok`, i + 1) = <fox:String> AND arrayElement(`t#pos`, i + 1) = arrayElement(`t#pos`, i) + 1, arrayEnumerate(`t#tok`))",
    [0, 1],
  ],
  [
    "not over two values",
    parseJson('{"match_phrase":{"t":"fox quick"}}'),
    "arrayExists(i -> arrayElement(`t#tok`, i) = <fox:String> AND arrayElement(`t#tok`, i + 1) = <quick:String> AND arrayElement(`t#pos`, i + 1) = arrayElement(`t#pos`, i) + 1, arrayEnumerate(`t#tok`))",
    [],
  ],
  [
    "slop lets two words stand apart",
    parseJson('{"match_phrase":{"t":{"query":"quick fox","slop":2}}}'),
    "has(`t#tok`, <quick:String>) AND has(`t#tok`, <fox:String>) AND arrayExists(`from` -> arrayExists(other -> other >= `from` AND other <= `from` + <2:Int64>, arrayMap(place -> toInt64(place) - 0, arrayFilter((place, word) -> word = <quick:String>, `t#pos`, `t#tok`))) AND arrayExists(other -> other >= `from` AND other <= `from` + <2:Int64>, arrayMap(place -> toInt64(place) - 1, arrayFilter((place, word) -> word = <fox:String>, `t#pos`, `t#tok`))), arrayConcat(arrayMap(place -> toInt64(place) - 0, arrayFilter((place, word) -> word = <quick:String>, `t#pos`, `t#tok`)), arrayMap(place -> toInt64(place) - 1, arrayFilter((place, word) -> word = <fox:String>, `t#pos`, `t#tok`))))",
    [0, 1],
  ],
  ["a keyword is itself", parseJson('{"match_phrase":{"t.raw":"foxes"}}'), "has(`t/raw`, <foxes:String>)", [11]],
]);

test("slop with a repeated word is pointed at", () => {
  assertUnsupported(parseJson('{"match_phrase":{"t":{"query":"a b a","slop":1}}}'), "/query/match_phrase/t/slop");
});
