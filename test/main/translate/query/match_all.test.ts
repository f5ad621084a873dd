import { parseJson } from "../../../../src/shared/json.ts";
import { testClause } from "../../../support/clause_bench.ts";

testClause("clause_match_all", [
  ["match_all finds every document", parseJson('{"match_all":{}}'), "1", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
]);
