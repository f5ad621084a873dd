import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertRejected, testClause } from "../../../support/clause_bench.ts";

testClause("clause_range", [
  [
    "one value lies within both bounds",
    parseJson('{"range":{"l":{"gt":1,"lt":9}}}'),
    "arrayExists(value -> value >= <2:Int64> AND value <= <8:Int64>, l)",
    [0, 6, 11],
  ],
  [
    "a fraction moves to the integer inside",
    parseJson('{"range":{"l":{"gt":4.5,"lte":42.9}}}'),
    "arrayExists(value -> value >= <5:Int64> AND value <= <42:Int64>, l)",
    [0, 1, 5, 6, 11],
  ],
  [
    "gte 0 leaves -0.0 out",
    parseJson('{"range":{"d":{"gte":0}}}'),
    "arrayExists(value -> value >= <0:Float64> AND reinterpretAsInt64(value) >= 0, d)",
    [0, 2, 3, 5, 11],
  ],
  [
    "lt 0 takes -0.0 in",
    parseJson('{"range":{"d":{"lt":0}}}'),
    "arrayExists(value -> value < <0:Float64> OR reinterpretAsInt64(value) < 0, d)",
    [1, 2],
  ],
  [
    "float bounds are narrowed",
    parseJson('{"range":{"f":{"gte":0.1,"lte":0.2}}}'),
    "arrayExists(value -> value >= <0.10000000149011612:Float32> AND value <= <0.20000000298023224:Float32>, f)",
    [0],
  ],
  [
    "keywords are ordered by bytes",
    parseJson('{"range":{"kw":{"gte":"a","lt":"b"}}}'),
    "arrayExists(value -> value >= <a:String> AND value < <b:String>, kw)",
    [0, 1, 11],
  ],
  [
    "a day as the upper bound is all of it",
    parseJson('{"range":{"dt":{"gte":"2024-10-27","lte":"2024-10-27"}}}'),
    "arrayExists(value -> value >= <1729987200000:Int64> AND value <= <1730073599999:Int64>, dt)",
    [0, 1, 2],
  ],
  [
    "a month as the upper bound is its first day",
    parseJson('{"range":{"dt":{"gte":"2024-10","lte":"2024-10"}}}'),
    "arrayExists(value -> value >= <1727740800000:Int64> AND value <= <1727827199999:Int64>, dt)",
    [3],
  ],
  [
    "date math rounds",
    parseJson('{"range":{"dt":{"gte":"now-1d/d","lt":"now/d"}}}'),
    "arrayExists(value -> value >= <1729987200000:Int64> AND value < <1730073600000:Int64>, dt)",
    [0, 1, 2],
  ],
  [
    "a zone moves dates without one",
    parseJson('{"range":{"dt":{"gte":"2024-10-28","lt":"2024-10-29","time_zone":"+02:00"}}}'),
    "arrayExists(value -> value >= <1730066400000:Int64> AND value < <1730152800000:Int64>, dt)",
    [2],
  ],
  [
    "a format reads the bounds",
    parseJson('{"range":{"dt":{"gte":"27/10/2024","lte":"27/10/2024","format":"dd/MM/yyyy"}}}'),
    "arrayExists(value -> value >= <1729987200000:Int64> AND value <= <1730073599999:Int64>, dt)",
    [0, 1, 2],
  ],
  [
    "addresses are ordered as 16 bytes",
    parseJson('{"range":{"ip":{"gt":"10.0.0.5","lte":"192.168.1.1"}}}'),
    "arrayExists(value -> value > <10.0.0.5:IPv6> AND value <= <192.168.1.1:IPv6>, ip)",
    [0, 3],
  ],
  ["without bounds it is exists", parseJson('{"range":{"l":{}}}'), "notEmpty(l)", [0, 1, 3, 4, 5, 6, 8, 11]],
  ["bounds that nothing fulfils find nothing", parseJson('{"range":{"l":{"gt":9,"lt":3}}}'), "0", []],
]);

test("a relation that there is not is refused", () => {
  assertRejected(parseJson('{"range":{"l":{"gte":1,"relation":"beside"}}}'), "illegal_argument_exception");
});

test("a number beside text is refused", () => {
  assertRejected(parseJson('{"range":{"dt":{"gte":1730002800000,"lt":"2024-10-28"}}}'), "parse_exception");
});
