import assert from "node:assert/strict";
import { test } from "node:test";
import { Continuous, type Piece } from "../../../src/main/profile/continuous.ts";
import { profileNow } from "../../../src/main/profile/window.ts";
import { madeUp, stacksOf, thread } from "./made_up_profiles.ts";

/** A recorder whose recordings have one sample each, at their end, named by a letter in their order. */
function recorder() {
  const made = { running: 0, most: 0, begun: 0, fails: false };
  const start = async () => {
    if (made.fails) throw new Error("no inspector");
    made.begun += 1;
    made.running += 1;
    made.most = Math.max(made.most, made.running);
    const name = String.fromCharCode(96 + made.begun);
    const began = profileNow();
    const stop = async () => {
      made.running -= 1;
      return [thread("main", { ...madeUp([name], began), endTime: profileNow() })];
    };
    return { stop, write: () => assert.fail("nothing is written") };
  };
  return { made, start };
}

function setUp() {
  const { made, start } = recorder();
  const problems: string[] = [];
  const pieces: Piece[] = [];
  const continuous = new Continuous({ intervalUs: 1000, start, problem: (message) => problems.push(message) });
  return { made, problems, pieces, continuous, take: (piece: Piece) => void pieces.push(piece) };
}

test("pieces follow each other without a gap, and the next begins before the last ends", async () => {
  const { made, pieces, continuous, take } = setUp();
  await continuous.use(take);
  await continuous.flush();
  await continuous.flush();
  await continuous.leave(take);
  assert.equal(pieces.length, 3);
  for (const [at, { window }] of pieces.entries()) {
    assert.ok(window.to >= window.from);
    if (at > 0) assert.equal(window.from, pieces[at - 1]?.window.to);
  }
  assert.deepEqual([made.most, made.running], [2, 0]);
});

test("nothing is recorded while nobody needs it", async () => {
  const { made, continuous, take } = setUp();
  await continuous.flush();
  assert.equal(made.begun, 0);
  await continuous.use(take);
  const other = (): void => {};
  await continuous.use(other);
  assert.equal(made.running, 1);
  await continuous.leave(take);
  assert.equal(made.running, 1);
  await continuous.leave(other);
  await continuous.flush();
  assert.equal(made.running, 0);
});

test("whoever leaves has all up to then, and nothing after", async () => {
  const { pieces, continuous, take } = setUp();
  await continuous.use(() => {});
  await continuous.use(take);
  const before = profileNow();
  await continuous.leave(take);
  await continuous.flush();
  assert.equal(pieces.length, 1);
  assert.ok((pieces[0]?.window.to ?? 0) >= before);
  assert.deepEqual(stacksOf(pieces[0]?.threads[0]?.profile ?? assert.fail()).length <= 1, true);
});

test("a recorder that fails is told of, the first time by the one who asks, and tried again", async () => {
  const { made, problems, pieces, continuous, take } = setUp();
  made.fails = true;
  await assert.rejects(continuous.use(take), /no inspector/);
  made.fails = false;
  await continuous.use(take);
  made.fails = true;
  await continuous.flush();
  assert.equal(problems.at(-1), "no inspector");
  made.fails = false;
  await continuous.flush();
  assert.equal(problems.at(-1), "");
  await continuous.leave(take);
  assert.ok(pieces.length >= 1);
  assert.equal(made.running, 0);
});
