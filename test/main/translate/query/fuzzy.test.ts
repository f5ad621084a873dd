import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertRejected, testClause } from "../../../support/clause_bench.ts";

testClause("clause_fuzzy", [
  [
    "all words within one edit, where the rewriting takes all",
    parseJson('{"fuzzy":{"t":{"value":"fxo","fuzziness":1,"rewrite":"constant_score"}}}'),
    "arrayExists(value -> abs(toInt64(lengthUTF8(value)) - <3:Int64>) <= <1:Int64> AND damerauLevenshteinDistance(replaceRegexpAll(value, <[^\\\\x00-\\\\x7F]:String>, <\u0001:String>), <fxo:String>) <= <1:UInt64>, `t#tok`)",
    [0, 1, 6, 8, 10],
  ],
  [
    "the nearest words of a shard",
    parseJson('{"fuzzy":{"t":{"value":"qiuck","prefix_length":1}}}'),
    "arrayExists(value -> value IN (\n  SELECT `#word`\n  FROM test_clauses.clause_fuzzy\n  ARRAY JOIN `t#tok` AS `#word`\n  WHERE abs(toInt64(lengthUTF8(`#word`)) - <5:Int64>) <= <1:Int64>\n    AND startsWith(`#word`, <q:String>)\n    AND damerauLevenshteinDistance(replaceRegexpAll(`#word`, <[^\\\\x00-\\\\x7F]:String>, <\u0001:String>), <qiuck:String>) <= <1:UInt64>\n  GROUP BY `#word`\n  ORDER BY damerauLevenshteinDistance(replaceRegexpAll(`#word`, <[^\\\\x00-\\\\x7F]:String>, <\u0001:String>), <qiuck:String>) / least(lengthUTF8(`#word`), <5:UInt64>), `#word`\n  LIMIT 50\n), `t#tok`)",
    [0, 1, 6, 10],
  ],
  [
    "characters past ASCII are one each",
    parseJson('{"fuzzy":{"kw":{"value":"éa","fuzziness":1}}}'),
    "arrayExists(value -> value IN (\n  SELECT `#word`\n  FROM test_clauses.clause_fuzzy\n  ARRAY JOIN kw AS `#word`\n  WHERE abs(toInt64(lengthUTF8(`#word`)) - <2:Int64>) <= <1:Int64>\n    AND damerauLevenshteinDistance(replaceRegexpAll(translateUTF8(`#word`, <é\u0002:String>, <\u0002\u0001:String>), <[^\\\\x00-\\\\x7F]:String>, <\u0001:String>), <\u0002a:String>) <= <1:UInt64>\n  GROUP BY `#word`\n  ORDER BY damerauLevenshteinDistance(replaceRegexpAll(translateUTF8(`#word`, <é\u0002:String>, <\u0002\u0001:String>), <[^\\\\x00-\\\\x7F]:String>, <\u0001:String>), <\u0002a:String>) / least(lengthUTF8(`#word`), <2:UInt64>), `#word`\n  LIMIT 50\n), kw)",
    [0, 1, 4],
  ],
  ["no edit", parseJson('{"fuzzy":{"kw":{"value":"ab","fuzziness":"AUTO"}}}'), "arrayExists(value -> value = <ab:String>, kw)", [11]],
]);

test("edits past two are refused", () => {
  assertRejected(parseJson('{"fuzzy":{"kw":{"value":"a","fuzziness":3}}}'), "illegal_argument_exception");
});

test("numbers are refused", () => {
  assertRejected(parseJson('{"fuzzy":{"l":"5"}}'), "query_shard_exception");
});
