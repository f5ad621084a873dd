import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BoundedQueue } from "../../../src/main/exchange/queue.ts";

describe("the bounded queue", () => {
  test("runs so many at once, keeps so many waiting and refuses the rest", async () => {
    const queue = new BoundedQueue(2, 3);
    const gate = Promise.withResolvers<void>();
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await gate.promise;
      running -= 1;
    };
    const taken = Array.from({ length: 7 }, () => queue.offer(work));
    assert.deepEqual(taken, [true, true, true, true, true, false, false]);
    gate.resolve();
    await queue.drained();
    assert.equal(most, 2);
    assert.ok(queue.offer(async () => {}));
    await queue.drained();
  });
});
