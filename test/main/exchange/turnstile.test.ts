import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Turnstile } from "../../../src/main/exchange/turnstile.ts";

describe("the turnstile", () => {
  test("hands a write over when the searches before it have run, and runs a search when the writes before it are handed over", async () => {
    const turnstile = new Turnstile(60_000);
    const order: string[] = [];
    const first = turnstile.read();
    const write = turnstile.write(async () => {
      order.push("write");
      return "written";
    });
    const second = turnstile.read();
    const ran = second.ready.then(() => order.push("second search"));
    await first.ready;
    order.push("first search");
    first.done();
    assert.equal(await write, "written");
    await ran;
    second.done();
    assert.deepEqual(order, ["first search", "write", "second search"]);
  });

  test("does not let a slow write hold up the next one", async () => {
    const turnstile = new Turnstile(60_000);
    const slow = Promise.withResolvers<void>();
    const first = turnstile.write(() => slow.promise);
    await turnstile.write(async () => {});
    slow.resolve();
    await first;
  });

  test("lets a write pass a search that takes longer than the limit", async () => {
    const turnstile = new Turnstile(1);
    turnstile.read();
    assert.equal(await turnstile.write(async () => "passed"), "passed");
  });

  test("goes on after a write that failed", async () => {
    const turnstile = new Turnstile(60_000);
    await assert.rejects(turnstile.write(() => Promise.reject(new Error("no room"))));
    assert.equal(await turnstile.write(async () => 1), 1);
  });
});
