import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertRejected, testClause } from "../../../support/clause_bench.ts";

testClause("clause_query_string", [
  [
    "AND binds its neighbours, OR leaves them optional",
    parseJson('{"query_string":{"query":"timeout OR quick AND brown","default_field":"t"}}'),
    "has(`t#tok`, <quick:String>) AND has(`t#tok`, <brown:String>)",
    [0, 1, 6],
  ],
  [
    "plus and minus",
    parseJson('{"query_string":{"query":"+fox -brown","default_field":"t"}}'),
    "has(`t#tok`, <fox:String>) AND NOT has(`t#tok`, <brown:String>)",
    [8, 10],
  ],
  [
    "a field's pattern is its beginning",
    parseJson('{"query_string":{"query":"kw:ab*"}}'),
    "arrayExists(value -> startsWith(value, <ab:String>), kw)",
    [11],
  ],
  [
    "a range with one open end",
    parseJson('{"query_string":{"query":"l:>=42"}}'),
    "arrayExists(value -> value >= <42:Int64>, l)",
    [3, 5, 8, 11],
  ],
  ["a star in a field is exists", parseJson('{"query_string":{"query":"d:*"}}'), "notEmpty(d)", [0, 1, 2, 3, 5, 11]],
  ["a star alone is everything", parseJson('{"query_string":{"query":"*"}}'), "1", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  ["an escape makes a letter", parseJson('{"query_string":{"query":"kw:foo\\\\*bar"}}'), "has(kw, <foo*bar:String>)", [5]],
  [
    "a phrase with slop",
    parseJson('{"query_string":{"query":"\\"quick fox\\"~2","default_field":"t"}}'),
    "has(`t#tok`, <quick:String>) AND has(`t#tok`, <fox:String>) AND arrayExists(`from` -> arrayExists(other -> other >= `from` AND other <= `from` + <2:Int64>, arrayMap(place -> toInt64(place) - 0, arrayFilter((place, word) -> word = <quick:String>, `t#pos`, `t#tok`))) AND arrayExists(other -> other >= `from` AND other <= `from` + <2:Int64>, arrayMap(place -> toInt64(place) - 1, arrayFilter((place, word) -> word = <fox:String>, `t#pos`, `t#tok`))), arrayConcat(arrayMap(place -> toInt64(place) - 0, arrayFilter((place, word) -> word = <quick:String>, `t#pos`, `t#tok`)), arrayMap(place -> toInt64(place) - 1, arrayFilter((place, word) -> word = <fox:String>, `t#pos`, `t#tok`))))",
    [0, 1],
  ],
]);

test("half an edit is refused", () => {
  assertRejected(parseJson('{"query_string":{"query":"fox~0.5","default_field":"t"}}'), "query_shard_exception");
});

test("an open group is refused", () => {
  assertRejected(parseJson('{"query_string":{"query":"(quick"}}'), "query_shard_exception");
});
