import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertRejected, testClause } from "../../../support/clause_bench.ts";

testClause("clause_geo_polygon", [
  [
    "points inside a triangle",
    parseJson('{"geo_polygon":{"g":{"points":[[2,48],[3,48],[2.5,50]]}}}'),
    "arrayExists(value -> arrayCount((x1, y1, x2, y2) -> (y1 > tupleElement(value, 1)) != (y2 > tupleElement(value, 1)) AND tupleElement(value, 2) < (x2 - x1) * (tupleElement(value, 1) - y1) / (y2 - y1) + x1, <[2,3,2.5]:Array(Float64)>, <[48,48,50]:Array(Float64)>, <[3,2.5,2]:Array(Float64)>, <[48,50,48]:Array(Float64)>) % 2 = 1 OR arrayExists((x1, y1, x2, y2) -> (tupleElement(value, 1) >= least(y1, y2) AND tupleElement(value, 1) <= greatest(y1, y2)) AND (tupleElement(value, 2) >= least(x1, x2) AND tupleElement(value, 2) <= greatest(x1, x2)) AND (x2 - x1) * (tupleElement(value, 1) - y1) = (tupleElement(value, 2) - x1) * (y2 - y1), <[2,3,2.5]:Array(Float64)>, <[48,48,50]:Array(Float64)>, <[3,2.5,2]:Array(Float64)>, <[48,50,48]:Array(Float64)>), g)",
    [0, 2],
  ],
]);

test("a polygon needs three points", () => {
  assertRejected(parseJson('{"geo_polygon":{"g":{"points":[[0,0],[1,1]]}}}'), "illegal_argument_exception");
});
