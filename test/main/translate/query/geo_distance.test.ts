import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertUnsupported, testClause } from "../../../support/clause_bench.ts";

testClause("clause_geo_distance", [
  [
    "within the distance",
    parseJson('{"geo_distance":{"distance":"5km","g":[2.5,48.5]}}'),
    "arrayExists(value -> <12742017.5428:Float64> * asin(least(1, sqrt(pow(sin(radians(tupleElement(value, 1) - <48.5:Float64>) / 2), 2) + cos(radians(<48.5:Float64>)) * cos(radians(tupleElement(value, 1))) * pow(sin(radians(tupleElement(value, 2) - <2.5:Float64>) / 2), 2)))) <= <5000:Float64>, g)",
    [0],
  ],
]);

test("a plane is pointed at", () => {
  assertUnsupported(
    parseJson('{"geo_distance":{"distance":"5km","distance_type":"plane","g":[2.5,48.5]}}'),
    "/query/geo_distance/distance_type",
  );
});
