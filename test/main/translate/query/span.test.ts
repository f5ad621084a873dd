import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertUnsupported, testClause } from "../../../support/clause_bench.ts";

testClause("clause_span", [
  [
    "a word",
    parseJson('{"span_term":{"t":"fox"}}'),
    "notEmpty(arrayMap(`#3` -> (`#3`, `#3` + 1), arrayMap(`#1` -> toInt64(`#1`), arrayFilter((`#1`, `#2`) -> `#2` = <fox:String>, `t#pos`, `t#tok`))))",
    [0, 1, 6, 8, 10],
  ],
  [
    "words in order, with words between",
    parseJson('{"span_near":{"clauses":[{"span_term":{"t":"quick"}},{"span_term":{"t":"fox"}}],"slop":1}}'),
    "notEmpty(arrayMap(`#15` -> (tupleElement(`#15`, 1), tupleElement(`#15`, 2)), arrayFilter(`#14` -> tupleElement(`#14`, 3) <= <1:Int64>, arrayElement(arrayMap(`#8` -> arrayMap(`#11` -> arrayElement(arrayMap(`#13` -> (tupleElement(`#11`, 1), tupleElement(`#13`, 2), tupleElement(`#11`, 3) + (tupleElement(`#13`, 1) - tupleElement(`#11`, 2))), [arrayFirst(`#12` -> tupleElement(`#12`, 1) >= tupleElement(`#11`, 2), `#8`)]), 1), arrayFilter(`#9` -> arrayExists(`#10` -> tupleElement(`#10`, 1) >= tupleElement(`#9`, 2), `#8`), arrayMap(`#7` -> (tupleElement(`#7`, 1), tupleElement(`#7`, 2), toInt64(0)), arrayMap(`#3` -> (`#3`, `#3` + 1), arrayMap(`#1` -> toInt64(`#1`), arrayFilter((`#1`, `#2`) -> `#2` = <quick:String>, `t#pos`, `t#tok`)))))), [arrayMap(`#6` -> (`#6`, `#6` + 1), arrayMap(`#4` -> toInt64(`#4`), arrayFilter((`#4`, `#5`) -> `#5` = <fox:String>, `t#pos`, `t#tok`)))]), 1))))",
    [0, 1],
  ],
  [
    "words in any order",
    parseJson('{"span_near":{"clauses":[{"span_term":{"t":"fox"}},{"span_term":{"t":"brown"}}],"slop":0,"in_order":false}}'),
    "notEmpty(arrayDistinct(arrayMap(`#14` -> (tupleElement(`#14`, 1), tupleElement(`#14`, 2)), arrayFilter(`#13` -> tupleElement(`#13`, 4) AND tupleElement(`#13`, 3) <= <0:Int64>, arrayMap(`#8` -> arrayElement(arrayMap((`#9`, `#10`) -> (arrayMin(array(tupleElement(arrayElement(`#9`, 1), 1), tupleElement(arrayElement(`#10`, 1), 1))), arrayMax(array(tupleElement(arrayElement(`#9`, 1), 2), tupleElement(arrayElement(`#10`, 1), 2))), arrayMax(array(tupleElement(arrayElement(`#9`, 1), 2), tupleElement(arrayElement(`#10`, 1), 2))) - arrayMin(array(tupleElement(arrayElement(`#9`, 1), 1), tupleElement(arrayElement(`#10`, 1), 1))) - (tupleElement(arrayElement(`#9`, 1), 2) - tupleElement(arrayElement(`#9`, 1), 1) + (tupleElement(arrayElement(`#10`, 1), 2) - tupleElement(arrayElement(`#10`, 1), 1))), notEmpty(`#9`) AND notEmpty(`#10`)), array(arrayFilter(`#11` -> tupleElement(`#11`, 1) >= `#8`, arrayMap(`#3` -> (`#3`, `#3` + 1), arrayMap(`#1` -> toInt64(`#1`), arrayFilter((`#1`, `#2`) -> `#2` = <fox:String>, `t#pos`, `t#tok`))))), array(arrayFilter(`#12` -> tupleElement(`#12`, 1) >= `#8`, arrayMap(`#6` -> (`#6`, `#6` + 1), arrayMap(`#4` -> toInt64(`#4`), arrayFilter((`#4`, `#5`) -> `#5` = <brown:String>, `t#pos`, `t#tok`)))))), 1), arraySort(arrayDistinct(arrayMap(`#7` -> tupleElement(`#7`, 1), arrayConcat(arrayMap(`#3` -> (`#3`, `#3` + 1), arrayMap(`#1` -> toInt64(`#1`), arrayFilter((`#1`, `#2`) -> `#2` = <fox:String>, `t#pos`, `t#tok`))), arrayMap(`#6` -> (`#6`, `#6` + 1), arrayMap(`#4` -> toInt64(`#4`), arrayFilter((`#4`, `#5`) -> `#5` = <brown:String>, `t#pos`, `t#tok`))))))))))))",
    [0, 1],
  ],
  [
    "a word that another is not near",
    parseJson('{"span_not":{"include":{"span_term":{"t":"fox"}},"exclude":{"span_term":{"t":"brown"}},"pre":1}}'),
    "notEmpty(arrayElement(arrayMap(`#7` -> arrayFilter(`#8` -> NOT arrayExists(`#9` -> tupleElement(`#9`, 2) > tupleElement(`#8`, 1) - <1:Int64> AND tupleElement(`#9`, 1) < tupleElement(`#8`, 2) + <0:Int64>, `#7`), arrayMap(`#3` -> (`#3`, `#3` + 1), arrayMap(`#1` -> toInt64(`#1`), arrayFilter((`#1`, `#2`) -> `#2` = <fox:String>, `t#pos`, `t#tok`)))), [arrayMap(`#6` -> (`#6`, `#6` + 1), arrayMap(`#4` -> toInt64(`#4`), arrayFilter((`#4`, `#5`) -> `#5` = <brown:String>, `t#pos`, `t#tok`)))]), 1))",
    [1, 6, 8, 10],
  ],
  [
    "a word at the beginning",
    parseJson('{"span_first":{"match":{"span_multi":{"match":{"prefix":{"t":"qu"}}}},"end":1}}'),
    "notEmpty(arrayFilter(`#4` -> tupleElement(`#4`, 2) <= <1:Int64>, arrayMap(`#3` -> (`#3`, `#3` + 1), arrayMap(`#1` -> toInt64(`#1`), arrayFilter((`#1`, `#2`) -> startsWith(`#2`, <qu:String>), `t#pos`, `t#tok`)))))",
    [0, 6],
  ],
  [
    "words that hold a word",
    parseJson(
      '{"span_containing":{"big":{"span_near":{"clauses":[{"span_term":{"t":"quick"}},{"span_term":{"t":"fox"}}],"slop":3}},"little":{"span_term":{"t":"brown"}}}}',
    ),
    "notEmpty(arrayElement(arrayMap(`#19` -> arrayFilter(`#20` -> arrayExists(`#21` -> tupleElement(`#20`, 1) <= tupleElement(`#21`, 1) AND tupleElement(`#20`, 2) >= tupleElement(`#21`, 2), `#19`), arrayMap(`#15` -> (tupleElement(`#15`, 1), tupleElement(`#15`, 2)), arrayFilter(`#14` -> tupleElement(`#14`, 3) <= <3:Int64>, arrayElement(arrayMap(`#8` -> arrayMap(`#11` -> arrayElement(arrayMap(`#13` -> (tupleElement(`#11`, 1), tupleElement(`#13`, 2), tupleElement(`#11`, 3) + (tupleElement(`#13`, 1) - tupleElement(`#11`, 2))), [arrayFirst(`#12` -> tupleElement(`#12`, 1) >= tupleElement(`#11`, 2), `#8`)]), 1), arrayFilter(`#9` -> arrayExists(`#10` -> tupleElement(`#10`, 1) >= tupleElement(`#9`, 2), `#8`), arrayMap(`#7` -> (tupleElement(`#7`, 1), tupleElement(`#7`, 2), toInt64(0)), arrayMap(`#3` -> (`#3`, `#3` + 1), arrayMap(`#1` -> toInt64(`#1`), arrayFilter((`#1`, `#2`) -> `#2` = <quick:String>, `t#pos`, `t#tok`)))))), [arrayMap(`#6` -> (`#6`, `#6` + 1), arrayMap(`#4` -> toInt64(`#4`), arrayFilter((`#4`, `#5`) -> `#5` = <fox:String>, `t#pos`, `t#tok`)))]), 1)))), [arrayMap(`#18` -> (`#18`, `#18` + 1), arrayMap(`#16` -> toInt64(`#16`), arrayFilter((`#16`, `#17`) -> `#17` = <brown:String>, `t#pos`, `t#tok`)))]), 1))",
    [0, 6],
  ],
]);

test("spans of different lengths, of which Lucene misses some, are pointed at", () => {
  const either =
    '{"span_or":{"clauses":[{"span_term":{"t":"a"}},{"span_near":{"clauses":[{"span_term":{"t":"b"}},{"span_term":{"t":"c"}}]}}]}}';
  const query = parseJson(`{"span_near":{"clauses":[${either},{"span_term":{"t":"d"}}]}}`);
  assertUnsupported(query, "/query/span_near");
});

test("a keyword has no words with positions", () => {
  const query = parseJson('{"span_or":{"clauses":[{"span_term":{"t":"a"}},{"span_term":{"o.x":"b"}}]}}');
  assertUnsupported(query, "/query/span_or/clauses/1/span_term/o.x");
});
