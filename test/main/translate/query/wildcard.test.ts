import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertUnsupported, testClause } from "../../../support/clause_bench.ts";

testClause("clause_wildcard", [
  ["* is any text, newlines too", parseJson('{"wildcard":{"kw":"line*k"}}'), "arrayExists(value -> value LIKE <line%k:String>, kw)", [7]],
  [
    "? is one character, whatever its bytes",
    parseJson('{"wildcard":{"kw":"?"}}'),
    "arrayExists(value -> value LIKE <_:String>, kw)",
    [0, 1, 4, 10],
  ],
  ["% and _ are letters", parseJson('{"wildcard":{"kw":"1??%"}}'), "arrayExists(value -> value LIKE <1__\\\\%:String>, kw)", [8]],
  [
    "an escaped * is a letter",
    parseJson('{"wildcard":{"kw":"foo\\\\*bar"}}'),
    "arrayExists(value -> value LIKE <foo*bar:String>, kw)",
    [5],
  ],
  ["a word is matched as it is", parseJson('{"wildcard":{"t":"QU*"}}'), "arrayExists(value -> value LIKE <QU%:String>, `t#tok`)", []],
]);

test("a rewrite is pointed at", () => {
  assertUnsupported(parseJson('{"wildcard":{"kw":{"value":"a","rewrite":"scoring_boolean"}}}'), "/query/wildcard/kw/rewrite");
});
