import assert from "node:assert/strict";
import { test } from "node:test";
import { RejectedRequest, UnsupportedClause } from "../../../../src/main/translate/failure.ts";
import { compileSource } from "../../../../src/main/translate/hits/source_option.ts";
import type { JsonValue } from "../../../../src/shared/json.ts";

const asked = (vectors: JsonValue): unknown => compileSource({ _source: { exclude_vectors: vectors } }, true);

test("sources with their vectors are asked for as whole ones", () => {
  for (const value of [false, "false"]) assert.equal(typeof asked(value), "function");
});
test("sources without their vectors have no SQL", () => {
  assert.throws(() => asked(true), UnsupportedClause);
});
test("anything else is refused as Elasticsearch refuses it", () => {
  assert.throws(() => asked(7), RejectedRequest);
});
