import assert from "node:assert/strict";
import { test } from "node:test";
import { JoinedProfile } from "../../../src/main/profile/joined_profile.ts";
import { madeUp, stacksOf, thread, timesOf } from "./made_up_profiles.ts";

const FIRST = [thread("main", madeUp(["a", "ab"], 1_000)), thread("proxy", madeUp(["p"], 1_000))];
const SECOND = [thread("main", madeUp(["", "ab", "ac"], 3_000)), thread("journal", madeUp(["j"], 3_000))];

function joined(times: boolean) {
  const profile = new JoinedProfile({ times });
  profile.add(FIRST);
  profile.add(SECOND);
  return new Map(profile.profiles().map((one) => [one.thread, one.profile]));
}

test("pieces follow each other in time, with each function once", () => {
  const threads = joined(true);
  assert.deepEqual([...threads.keys()], ["main", "proxy", "journal"]);
  const main = threads.get("main") ?? assert.fail();
  assert.deepEqual(stacksOf(main), ["a", "ab", "", "ab", "ac"]);
  assert.deepEqual([main.startTime, main.endTime, ...main.timeDeltas], [1_000, 6_000, 0, 1000, 1000, 1000, 1000]);
  assert.equal(main.nodes.length, 4);
});

test("added up, a function has one sample as long as all of its own, however many pieces there were", () => {
  const main = joined(false).get("main") ?? assert.fail();
  assert.deepEqual(timesOf(main), { a: 1000, ab: 2000, ac: 1000, "": 1000 });
  const long = new JoinedProfile({ times: false });
  for (let piece = 0; piece < 500; piece += 1) long.add([thread("main", madeUp(["a", "ab"], piece * 2_000))]);
  const [only] = long.profiles();
  assert.deepEqual([only?.profile.samples.length, timesOf(only?.profile ?? assert.fail())], [2, { a: 500_000, ab: 500_000 }]);
});

test("nothing is nothing", () => {
  assert.deepEqual(new JoinedProfile({ times: true }).profiles(), []);
});
