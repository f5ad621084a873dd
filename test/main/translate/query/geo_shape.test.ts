import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertUnsupported, testClause } from "../../../support/clause_bench.ts";

testClause("clause_geo_shape", [
  [
    "an envelope",
    parseJson('{"geo_shape":{"g":{"shape":{"type":"envelope","coordinates":[[2,49],[2.55,48]]}}}}'),
    "arrayExists(value -> tupleElement(value, 1) >= <47.99999998882413:Float64> AND tupleElement(value, 1) <= <48.999999971129:Float64> AND (tupleElement(value, 2) >= <1.9999999646097422:Float64> AND tupleElement(value, 2) <= <2.549999998882413:Float64>), g)",
    [0],
  ],
  [
    "outside of a box in WKT",
    parseJson('{"geo_shape":{"g":{"shape":"BBOX(2,2.55,49,48)","relation":"disjoint"}}}'),
    "notEmpty(g) AND NOT arrayExists(value -> tupleElement(value, 1) >= <47.99999998882413:Float64> AND tupleElement(value, 1) <= <48.999999971129:Float64> AND (tupleElement(value, 2) >= <1.9999999646097422:Float64> AND tupleElement(value, 2) <= <2.549999998882413:Float64>), g)",
    [2, 4],
  ],
  [
    "a circle holds every point",
    parseJson('{"geo_shape":{"g":{"shape":{"type":"circle","coordinates":[2.5,48.5],"radius":"5km"},"relation":"within"}}}'),
    "notEmpty(g) AND arrayAll(value -> <12742017.5428:Float64> * asin(least(1, sqrt(pow(sin(radians(tupleElement(value, 1) - <48.5:Float64>) / 2), 2) + cos(radians(<48.5:Float64>)) * cos(radians(tupleElement(value, 1))) * pow(sin(radians(tupleElement(value, 2) - <2.5:Float64>) / 2), 2)))) <= <5000:Float64>, g)",
    [0],
  ],
]);

test("a line is pointed at", () => {
  const query = parseJson('{"geo_shape":{"g":{"shape":{"type":"linestring","coordinates":[[0,0],[1,1]]}}}}');
  assertUnsupported(query, "/query/geo_shape/g/shape");
});
