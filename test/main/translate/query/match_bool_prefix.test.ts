import { parseJson } from "../../../../src/shared/json.ts";
import { testClause } from "../../../support/clause_bench.ts";

testClause("clause_match_bool_prefix", [
  [
    "words or a beginning",
    parseJson('{"match_bool_prefix":{"t":"timeout fo"}}'),
    "has(`t#tok`, <timeout:String>) OR arrayExists(value -> startsWith(value, <fo:String>), `t#tok`)",
    [0, 1, 5, 6, 7, 8, 10, 11],
  ],
]);
