import { test } from "node:test";
import { parseJson } from "../../../../src/shared/json.ts";
import { assertRejected, assertUnsupported } from "../../../support/clause_bench.ts";

test("a number of terms that is no whole number has no SQL", () => {
  assertUnsupported(
    parseJson('{"terms_set":{"kw":{"terms":["a"],"minimum_should_match_field":"d"}}}'),
    "/query/terms_set/kw/minimum_should_match_field",
  );
});

test("without a number of terms it is refused", () => {
  assertRejected(parseJson('{"terms_set":{"kw":{"terms":["a"]}}}'), "query_shard_exception");
});
