import assert from "node:assert/strict";
import { test } from "node:test";
import { Lane } from "../../../src/renderer/api/lane.ts";

test("only so many go at once, the others in their order, also after one that failed", async () => {
  const lane = new Lane(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const going = [0, 1, 2, 3].map((n) =>
    lane.through(async () => {
      begun.push(n);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (n === 0) throw new Error("lost");
      return n;
    }),
  );
  const outcomes = Promise.allSettled(going);
  const begunAre = async (expected: readonly number[]) => {
    while (begun.length < expected.length) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(begun, expected);
  };
  await begunAre([0, 1]);
  ends[0]?.();
  await begunAre([0, 1, 2]);
  ends[2]?.();
  await begunAre([0, 1, 2, 3]);
  ends[1]?.();
  ends[3]?.();
  assert.deepEqual(
    (await outcomes).map(({ status }) => status),
    ["rejected", "fulfilled", "fulfilled", "fulfilled"],
  );
  assert.equal(await lane.through(() => Promise.resolve("free again")), "free again");
});
