import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertRejected, assertUnsupported, testClause } from "../../../support/clause_bench.ts";

testClause("clause_intervals", [
  [
    "words in order, side by side",
    parseJson('{"intervals":{"t":{"match":{"query":"quick fox","ordered":true,"max_gaps":0}}}}'),
    "notEmpty(arrayMap(`#16` -> (tupleElement(`#16`, 1), tupleElement(`#16`, 2), tupleElement(`#16`, 2) - tupleElement(`#16`, 1) + 1), arrayElement(arrayMap(`#7` -> arrayElement(arrayMap(`#13` -> arrayFilter(`#14` -> NOT arrayExists(`#15` -> (tupleElement(`#14`, 1) <= tupleElement(`#15`, 1) AND tupleElement(`#14`, 2) >= tupleElement(`#15`, 2)) AND (tupleElement(`#15`, 1) != tupleElement(`#14`, 1) OR tupleElement(`#15`, 2) != tupleElement(`#14`, 2)), `#13`), `#13`), [arrayMap(`#10` -> arrayElement(arrayMap(`#12` -> (tupleElement(`#10`, 1), tupleElement(`#12`, 2), tupleElement(`#10`, 3) + tupleElement(`#12`, 3)), [arrayFirst(`#11` -> tupleElement(`#11`, 1) = tupleElement(`#10`, 2) + 1, `#7`)]), 1), arrayFilter(`#8` -> arrayExists(`#9` -> tupleElement(`#9`, 1) = tupleElement(`#8`, 2) + 1, `#7`), arrayMap(`#3` -> (`#3`, `#3`, toInt64(1)), arrayMap(`#1` -> toInt64(`#1`), arrayFilter((`#1`, `#2`) -> `#2` = <quick:String>, `t#pos`, `t#tok`)))))]), 1), [arrayMap(`#6` -> (`#6`, `#6`, toInt64(1)), arrayMap(`#4` -> toInt64(`#4`), arrayFilter((`#4`, `#5`) -> `#5` = <fox:String>, `t#pos`, `t#tok`)))]), 1)))",
    [1],
  ],
  [
    "words in any order with a gap",
    parseJson('{"intervals":{"t":{"match":{"query":"fox brown","max_gaps":1}}}}'),
    "notEmpty(arrayMap(`#19` -> (tupleElement(`#19`, 1), tupleElement(`#19`, 2), tupleElement(`#19`, 2) - tupleElement(`#19`, 1) + 1), arrayFilter(`#18` -> tupleElement(`#18`, 2) - tupleElement(`#18`, 1) + 1 - tupleElement(`#18`, 3) <= <1:Int64>, arrayElement(arrayMap(`#15` -> arrayFilter(`#16` -> NOT arrayExists(`#17` -> (tupleElement(`#16`, 1) <= tupleElement(`#17`, 1) AND tupleElement(`#16`, 2) >= tupleElement(`#17`, 2)) AND (tupleElement(`#17`, 1) != tupleElement(`#16`, 1) OR tupleElement(`#17`, 2) != tupleElement(`#16`, 2)), `#15`), `#15`), [arraySort(arrayDistinct(arrayMap(`#14` -> (tupleElement(`#14`, 1), tupleElement(`#14`, 2), tupleElement(`#14`, 3)), arrayFilter(`#13` -> tupleElement(`#13`, 4), arrayMap(`#8` -> arrayElement(arrayMap((`#9`, `#10`) -> (arrayMin(array(tupleElement(arrayElement(`#9`, 1), 1), tupleElement(arrayElement(`#10`, 1), 1))), arrayMax(array(tupleElement(arrayElement(`#9`, 1), 2), tupleElement(arrayElement(`#10`, 1), 2))), tupleElement(arrayElement(`#9`, 1), 3) + tupleElement(arrayElement(`#10`, 1), 3), notEmpty(`#9`) AND notEmpty(`#10`)), array(arrayFilter(`#11` -> tupleElement(`#11`, 1) >= `#8`, arrayMap(`#3` -> (`#3`, `#3`, toInt64(1)), arrayMap(`#1` -> toInt64(`#1`), arrayFilter((`#1`, `#2`) -> `#2` = <fox:String>, `t#pos`, `t#tok`))))), array(arrayFilter(`#12` -> tupleElement(`#12`, 1) >= `#8`, arrayMap(`#6` -> (`#6`, `#6`, toInt64(1)), arrayMap(`#4` -> toInt64(`#4`), arrayFilter((`#4`, `#5`) -> `#5` = <brown:String>, `t#pos`, `t#tok`)))))), 1), arraySort(arrayDistinct(arrayMap(`#7` -> tupleElement(`#7`, 1), arrayConcat(arrayMap(`#3` -> (`#3`, `#3`, toInt64(1)), arrayMap(`#1` -> toInt64(`#1`), arrayFilter((`#1`, `#2`) -> `#2` = <fox:String>, `t#pos`, `t#tok`))), arrayMap(`#6` -> (`#6`, `#6`, toInt64(1)), arrayMap(`#4` -> toInt64(`#4`), arrayFilter((`#4`, `#5`) -> `#5` = <brown:String>, `t#pos`, `t#tok`))))))))))))]), 1))))",
    [0, 1],
  ],
  [
    "a word before another",
    parseJson('{"intervals":{"t":{"match":{"query":"quick","filter":{"before":{"prefix":{"prefix":"fo"}}}}}}}'),
    "notEmpty(arrayElement(arrayMap(`#7` -> arrayFilter(`#8` -> arrayExists(`#9` -> tupleElement(`#8`, 2) < tupleElement(`#9`, 1), `#7`), arrayMap(`#3` -> (`#3`, `#3`, toInt64(1)), arrayMap(`#1` -> toInt64(`#1`), arrayFilter((`#1`, `#2`) -> `#2` = <quick:String>, `t#pos`, `t#tok`)))), [arrayMap(`#6` -> (`#6`, `#6`, toInt64(1)), arrayMap(`#4` -> toInt64(`#4`), arrayFilter((`#4`, `#5`) -> startsWith(`#5`, <fo:String>), `t#pos`, `t#tok`)))]), 1))",
    [0, 1, 6],
  ],
]);

test("a script is pointed at", () => {
  const query = parseJson('{"intervals":{"t":{"match":{"query":"fox","filter":{"script":{"source":"true"}}}}}}');
  assertUnsupported(query, "/query/intervals/t/match/filter/script");
});

test("a rule that is not known is refused", () => {
  assertRejected(parseJson('{"intervals":{"t":{"some":{}}}}'), "parsing_exception");
});
