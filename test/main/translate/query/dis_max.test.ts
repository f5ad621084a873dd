import { parseJson } from "../../../../src/shared/json.ts";
import { testClause } from "../../../support/clause_bench.ts";

testClause("clause_dis_max", [
  [
    "any of the queries",
    parseJson('{"dis_max":{"queries":[{"term":{"kw":"a"}},{"term":{"l":42}}]}}'),
    "has(kw, <a:String>) OR has(l, <42:Int64>)",
    [0, 1, 5, 11],
  ],
]);
