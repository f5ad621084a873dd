import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertRejected, testClause } from "../../../support/clause_bench.ts";

testClause("clause_wrapper", [
  ["the query inside counts", parseJson('{"wrapper":{"query":"eyJ0ZXJtIjp7Imt3IjoiYSJ9fQ=="}}'), "has(kw, <a:String>)", [0, 1]],
]);

test("what is not base64 is refused", () => {
  assertRejected(parseJson('{"wrapper":{"query":"!!"}}'), "x_content_parse_exception");
});
