import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertRejected, testClause } from "../../../support/clause_bench.ts";

testClause("clause_geo_bounding_box", [
  [
    "within the box",
    parseJson('{"geo_bounding_box":{"g":{"top_left":{"lat":48.55,"lon":2.1},"bottom_right":{"lat":48.2,"lon":2.7}}}}'),
    "arrayExists(value -> tupleElement(value, 1) >= <48.19999999366701:Float64> AND tupleElement(value, 1) <= <48.549999981187284:Float64> AND (tupleElement(value, 2) >= <2.099999925121665:Float64> AND tupleElement(value, 2) <= <2.699999939650297:Float64>), g)",
    [0],
  ],
  [
    "over the dateline",
    parseJson('{"geo_bounding_box":{"g":{"top":80,"left":170,"bottom":-80,"right":-170}}}'),
    "arrayExists(value -> tupleElement(value, 1) >= <-80.00000000931323:Float64> AND tupleElement(value, 1) <= <79.99999996740371:Float64> AND (tupleElement(value, 2) >= <169.9999999254942:Float64> OR tupleElement(value, 2) <= <-170.00000000931323:Float64>), g)",
    [4],
  ],
  [
    "a geohash as corner",
    parseJson('{"geo_bounding_box":{"g":{"top_left":"u0","bottom_right":"u0"}}}'),
    "arrayExists(value -> tupleElement(value, 1) >= <45:Float64> AND tupleElement(value, 1) <= <50.625:Float64> AND (tupleElement(value, 2) >= <0:Float64> AND tupleElement(value, 2) <= <11.25:Float64>), g)",
    [0, 2],
  ],
]);

test("an unmapped field is refused", () => {
  assertRejected(parseJson('{"geo_bounding_box":{"nope":{"top":1,"left":1,"bottom":0,"right":2}}}'), "query_shard_exception");
});
