import { parseJson } from "../../../../src/shared/json.ts";
import { testClause } from "../../../support/clause_bench.ts";

testClause("clause_constant_score", [
  ["the filter's documents", parseJson('{"constant_score":{"filter":{"term":{"kw":"a"}}}}'), "has(kw, <a:String>)", [0, 1]],
]);
