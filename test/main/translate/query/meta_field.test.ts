import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertRejected, assertUnsupported, testClause } from "../../../support/clause_bench.ts";

testClause("clause_meta_field", [
  ["an id", parseJson('{"terms":{"_id":["1",3]}}'), "in(_id, <['1','3']:Array(String)>)", [1, 3]],
  ["a pattern of the index's name", parseJson('{"prefix":{"_index":"clause_meta"}}'), "1", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  ["a routing", parseJson('{"prefix":{"_routing":"a"}}'), "_routing != <:String> AND startsWith(_routing, <a:String>)", []],
  ["a number of a change", parseJson('{"term":{"_seq_no":4}}'), "in(_seq_no, <[4]:Array(Int64)>)", [4]],
  ["every document has a number", parseJson('{"bool":{"must_not":{"exists":{"field":"_seq_no"}}}}'), "NOT 1", []],
]);

test("a name that may be an alias is pointed at", () => {
  assertUnsupported(parseJson('{"term":{"_index":"other"}}'), "/query/term/_index");
});

test("an id takes no pattern", () => {
  assertRejected(parseJson('{"wildcard":{"_id":"1*"}}'), "query_shard_exception");
});
