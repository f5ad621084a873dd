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
    "arrayExists((word, start) -> word = <quick:String> AND arrayExists((other, place) -> other = <fox:String> AND abs(toInt64(place) - (toInt64(start) + 1)) <= 2, `t#tok`, `t#pos`), `t#tok`, `t#pos`)",
    [0, 1],
  ],
  ["a keyword is itself", parseJson('{"match_phrase":{"t.raw":"foxes"}}'), "has(`t/raw`, <foxes:String>)", [11]],
]);

test("slop over three words is pointed at", () => {
  assertUnsupported(parseJson('{"match_phrase":{"t":{"query":"a b c","slop":1}}}'), "/query/match_phrase/t/slop");
});
