import { parseJson } from "../../../../src/shared/json.ts";
import { testClause } from "../../../support/clause_bench.ts";

testClause("clause_boosting", [
  [
    "the positive query's documents",
    parseJson('{"boosting":{"positive":{"exists":{"field":"d"}},"negative":{"term":{"kw":"a"}},"negative_boost":0.5}}'),
    "notEmpty(d)",
    [0, 1, 2, 3, 5, 11],
  ],
]);
