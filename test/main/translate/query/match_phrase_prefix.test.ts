import { parseJson } from "../../../../src/shared/json.ts";
import { testClause } from "../../../support/clause_bench.ts";

testClause("clause_match_phrase_prefix", [
  [
    "the last word is a beginning",
    parseJson('{"match_phrase_prefix":{"t":"quick f"}}'),
    "arrayExists(i -> arrayElement(`t#tok`, i) = <quick:String> AND arrayElement(`t#tok`, i + 1) IN (\n  SELECT `#word`\n  FROM test_clauses.clause_match_phrase_prefix\n  ARRAY JOIN `t#tok` AS `#word`\n  WHERE startsWith(`#word`, <f:String>)\n  GROUP BY `#word`\n  ORDER BY `#word`\n  LIMIT 50\n) AND arrayElement(`t#pos`, i + 1) = arrayElement(`t#pos`, i) + 1, arrayEnumerate(`t#tok`))",
    [1],
  ],
  [
    "one word alone",
    parseJson('{"match_phrase_prefix":{"t":"fo"}}'),
    "arrayExists(value -> value IN (\n  SELECT `#word`\n  FROM test_clauses.clause_match_phrase_prefix\n  ARRAY JOIN `t#tok` AS `#word`\n  WHERE startsWith(`#word`, <fo:String>)\n  GROUP BY `#word`\n  ORDER BY `#word`\n  LIMIT 50\n), `t#tok`)",
    [0, 1, 5, 6, 8, 10, 11],
  ],
]);
