import assert from "node:assert/strict";
import { test } from "node:test";
import { PendingWrites } from "../../../src/main/mirror/pending_writes.ts";

test("a write is pending until it ends, and for every index while its documents are not known", async () => {
  const writes = new PendingWrites();
  const done = Promise.withResolvers<string>();
  const told = writes.pend(async (pending) => {
    assert.notEqual(writes.ofThese(["any"]), null);
    pending.indices = new Set(["logs"]);
    return done.promise;
  });
  assert.equal(writes.ofThese(["any"]), null);
  const waited = writes.ofThese(["any", "logs"]);
  assert.notEqual(waited, null);
  assert.equal([...writes.all].length, 1);
  done.resolve("in");
  assert.equal(await told, "in");
  await waited;
  assert.equal([...writes.all].length, 0);
});

test("one that fails is waited for no longer, and its failure is its own", async () => {
  const writes = new PendingWrites();
  const failed = writes.pend(() => Promise.reject(new Error("away")));
  const ended = writes.ended(60_000);
  await assert.rejects(failed, /away/);
  await ended;
  assert.equal(writes.ofThese(["logs"]), null);
});
