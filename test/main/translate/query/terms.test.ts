import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertRejected, assertUnsupported, testClause } from "../../../support/clause_bench.ts";

testClause("clause_terms", [
  ["any of the values", parseJson('{"terms":{"kw":["a","é"]}}'), "hasAny(kw, <['a','é']:Array(String)>)", [0, 1, 4]],
  [
    "zeros are told apart",
    parseJson('{"terms":{"d":[-0.0,0.1]}}'),
    "hasAny(d, <[0.1]:Array(Float64)>) OR arrayExists(value -> reinterpretAsUInt64(value) = reinterpretAsUInt64(<-0:Float64>), d)",
    [1, 3],
  ],
  [
    "days and networks are ranges",
    parseJson('{"terms":{"dt":["2024-10-27","2024-10-01"]}}'),
    "arrayExists(value -> value >= <1729987200000:Int64> AND value <= <1730073599999:Int64>, dt) OR arrayExists(value -> value >= <1727740800000:Int64> AND value <= <1727827199999:Int64>, dt)",
    [0, 1, 2, 3],
  ],
  ["no value finds nothing", parseJson('{"terms":{"kw":[]}}'), "0", []],
]);

test("a lookup is pointed at", () => {
  assertUnsupported(parseJson('{"terms":{"kw":{"index":"i","id":"1","path":"p"}}}'), "/query/terms/kw");
});

test("null is refused", () => {
  assertRejected(parseJson('{"terms":{"kw":[null]}}'), "parsing_exception");
});
