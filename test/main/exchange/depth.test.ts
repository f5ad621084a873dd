import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { depthOf, tooDeep } from "../../../src/main/exchange/depth.ts";

describe("how deep JSON is nested", () => {
  test("counts the brackets that are open at once", () => {
    for (const [json, depth] of [
      ["", 0],
      ["1", 0],
      ["{}", 1],
      ['{"a":[1,{"b":{}}]}', 4],
      ["[[],[],[]]", 2],
    ] as const) {
      assert.equal(depthOf(Buffer.from(json)), depth, json);
    }
  });

  test("leaves strings out, escaped quotes and all", () => {
    assert.equal(depthOf(Buffer.from('{"a[[[":"\\"{{{ \\\\","b":["]"]}')), 2);
  });

  test("says how deep, past what Elasticsearch reads", () => {
    assert.equal(tooDeep("the request", Buffer.from("[".repeat(1000) + "]".repeat(1000))), "");
    assert.match(
      tooDeep("the request", Buffer.from("[".repeat(100_000))),
      /^the request is JSON nested 100000 levels deep: more than 1000/,
    );
  });
});
