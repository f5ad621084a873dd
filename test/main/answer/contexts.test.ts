// Ids of what is held between requests.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Contexts, idPrefix } from "../../../src/main/answer/contexts.ts";
import { ASKS, HELD_ASKS } from "../../../src/main/answer/table.ts";

test("an id of ours is no base64 from its first character on: Elasticsearch reads no length out of it", () => {
  for (const kind of ["async", "pit", "scroll"] as const) assert.match(idPrefix(kind), /^[^A-Za-z0-9_+/=-]/);
});

test("what is held goes when its time is over, or when there is too much", () => {
  let now = 0;
  const held = new Contexts<number>(idPrefix("scroll"), () => now);
  const first = held.keep(1, 10);
  const second = held.keep(2, 100);
  now = 11;
  assert.deepEqual([held.get(first), held.get(second)?.value, held.ids()], [undefined, 2, [second]]);
  assert.deepEqual([held.isOurs(first), held.isOurs("FGluY2x1ZGVf")], [true, false]);
  for (let i = 0; i < 500; i += 1) held.keep(i, 100);
  assert.equal(held.ids().length, 500);
  assert.equal(held.get(second), undefined);
});

test("requests that may name what is held are asked for in any mode, those of an index are not", () => {
  const [all, heldOnly] = [new RegExp(ASKS), new RegExp(HELD_ASKS)];
  for (const request of ["POST /_search/scroll", "DELETE /_search/scroll/x", "POST /_search", "DELETE /_pit", "GET /_async_search/x"]) {
    assert.ok(all.test(request) && heldOnly.test(request), request);
  }
  for (const request of ["POST /a/_search", "GET /a/_count", "POST /_msearch", "POST /a/_pit", "GET /a/_doc/1"]) {
    assert.ok(all.test(request) && !heldOnly.test(request), request);
  }
});
