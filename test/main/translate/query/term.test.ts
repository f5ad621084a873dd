import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertRejected, testClause } from "../../../support/clause_bench.ts";

testClause("clause_term", [
  ["a keyword equals one of the values", parseJson('{"term":{"kw":"a"}}'), "has(kw, <a:String>)", [0, 1]],
  ["the empty string is a value", parseJson('{"term":{"kw":""}}'), "has(kw, <:String>)", [3]],
  [
    "case is folded for ASCII letters only",
    parseJson('{"term":{"kw":{"value":"foo","case_insensitive":true}}}'),
    "arrayExists(value -> lower(value) = <foo:String>, kw)",
    [6],
  ],
  [
    "an accent keeps its case",
    parseJson('{"term":{"kw":{"value":"É","case_insensitive":true}}}'),
    "arrayExists(value -> lower(value) = <É:String>, kw)",
    [],
  ],
  ["a long past 2^53 is exact", parseJson('{"term":{"l":9007199254740993}}'), "has(l, <9007199254740993:Int64>)", [3]],
  ["a fraction equals no long", parseJson('{"term":{"l":5.5}}'), "0", []],
  [
    "0.0 is not -0.0",
    parseJson('{"term":{"d":0}}'),
    "arrayExists(value -> reinterpretAsUInt64(value) = reinterpretAsUInt64(<0:Float64>), d)",
    [0],
  ],
  ["a float constant is narrowed", parseJson('{"term":{"f":0.1}}'), "has(f, <0.10000000149011612:Float32>)", [0]],
  ["a half float constant is rounded", parseJson('{"term":{"hf":0.1}}'), "has(hf, <0.0999755859375:Float32>)", [0]],
  [
    "a day is all of it",
    parseJson('{"term":{"dt":"2024-10-27"}}'),
    "arrayExists(value -> value >= <1729987200000:Int64> AND value <= <1730073599999:Int64>, dt)",
    [0, 1, 2],
  ],
  [
    "a network is its range",
    parseJson('{"term":{"ip":"10.0.0.0/25"}}'),
    "arrayExists(value -> value >= <10.0.0.0:IPv6> AND value <= <10.0.0.127:IPv6>, ip)",
    [0],
  ],
  ["text is not analysed", parseJson('{"term":{"t":"QUICK"}}'), "has(`t#tok`, <QUICK:String>)", []],
  ["an alias is its field", parseJson('{"term":{"al":"a"}}'), "has(kw, <a:String>)", [0, 1]],
  ["an unmapped field matches nothing", parseJson('{"term":{"nope":1}}'), "0", []],
  ["a field of nested objects matches nothing outside", parseJson('{"term":{"n.a":"x"}}'), "0", []],
  ["_id is a column", parseJson('{"term":{"_id":"3"}}'), "in(_id, <['3']:Array(String)>)", [3]],
]);

test("an option that Elasticsearch does not know is refused, as is a list of values", () => {
  assertRejected(parseJson('{"term":{"kw":{"value":"a","rewrite":"x"}}}'), "parsing_exception");
  assertRejected(parseJson('{"term":{"kw":["a"]}}'), "parsing_exception");
  assertRejected(parseJson('{"wildcard":{"kw":[]}}'), "illegal_argument_exception");
  assertRejected(parseJson('{"bool":{"boost":{}}}'), "x_content_parse_exception");
});

test("text on a long is refused", () => {
  assertRejected(parseJson('{"term":{"l":"abc"}}'), "query_shard_exception");
});

test("two fields are refused", () => {
  assertRejected(parseJson('{"term":{"kw":"a","l":1}}'), "parsing_exception");
});
