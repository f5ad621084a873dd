import assert from "node:assert/strict";
import { test } from "node:test";
import { cutThreads, cutter, profileNow } from "../../../src/main/profile/window.ts";
import { madeUp, stacksOf, thread, timesOf } from "./made_up_profiles.ts";

const PROFILE = madeUp(["a", "ab", "abc", "d", "de"], 10_000);

test("a window has the samples between its moments, with their functions and those above, and their times", () => {
  const cut = cutter(PROFILE)({ from: 10_500, to: 12_400 });
  assert.deepEqual(stacksOf(cut), ["ab", "abc"]);
  assert.deepEqual(
    cut.nodes.map(({ callFrame, hitCount }) => [callFrame.functionName, hitCount]),
    [
      ["(root)", 0],
      ["a", 0],
      ["b", 1],
      ["c", 1],
    ],
  );
  assert.deepEqual([cut.startTime, cut.endTime, ...cut.timeDeltas], [10_500, 12_400, 500, 1000]);
  assert.deepEqual(timesOf(cut), { ab: 1000, abc: 400 });
});

test("a window beyond the profile's ends is the profile, and one beside it is empty", () => {
  const all = cutter(PROFILE)({ from: 0, to: 1_000_000 });
  assert.deepEqual([stacksOf(all), all.startTime, all.endTime], [stacksOf(PROFILE), 10_000, 15_000]);
  const none = cutter(PROFILE)({ from: 20_000, to: 30_000 });
  assert.deepEqual([none.samples, none.nodes.length, none.endTime >= none.startTime], [[], 1, true]);
});

test("threads without a sample are left out, but for the main thread", () => {
  const threads = [thread("main", madeUp([])), thread("proxy", PROFILE), thread("journal", madeUp(["x"], 90_000))];
  assert.deepEqual(
    cutThreads(threads, { from: 10_000, to: 15_000 }).map((one) => one.thread),
    ["main", "proxy"],
  );
});

test("the clock goes on", () => {
  const before = profileNow();
  assert.ok(Number.isSafeInteger(before));
  assert.ok(profileNow() >= before);
});
