import assert from "node:assert/strict";
import { test } from "node:test";
import { OneAtATime } from "../../../src/main/capture/one_at_a_time.ts";

const works = (mostMs = 600_000) => new OneAtATime<{ readonly asked: number }, readonly number[]>({ asked: 0 }, mostMs);

test("a work tells how far it is while it runs, and what came out when it is over", async () => {
  const [all, session, gate] = [works(), {}, Promise.withResolvers<void>()];
  assert.deepEqual(all.state(session, 1), { asked: 0, state: "none", problem: "", result: null });
  const over = all.run(session, 1, { asked: 1 }, async ({ come }) => {
    come({ asked: 2 });
    await gate.promise;
    return [1, 2];
  });
  assert.equal(all.running, 1);
  assert.deepEqual(all.state(session, 1), { asked: 2, state: "running", problem: "", result: null });
  gate.resolve();
  await over;
  assert.equal(all.running, null);
  assert.deepEqual(all.state(session, 1), { asked: 2, state: "done", problem: "", result: [1, 2] });
  assert.equal(all.state({}, 1).state, "none", "ids are the session's own");
});

test("one that is stopped ends with what it has", async () => {
  const [all, session, gate] = [works(), {}, Promise.withResolvers<void>()];
  const over = all.run(session, 1, { asked: 0 }, async ({ goOn }) => {
    await gate.promise;
    return goOn() ? [1] : [];
  });
  assert.equal(all.stop(session, 2).state, "none", "another one's end is not this one's");
  assert.equal(all.stop(session, 1).state, "running");
  gate.resolve();
  await over;
  assert.deepEqual(all.state(session, 1), { asked: 0, state: "stopped", problem: "", result: [] });
});

test("one that fails says why, by its words or by what it threw, and the next may begin", async () => {
  const [all, session] = [works(), {}];
  await all.run(session, 1, { asked: 0 }, async () => "the answers are the same by now");
  await all.run(session, 2, { asked: 0 }, () => Promise.reject(new Error("away")));
  assert.deepEqual(
    [1, 2].map((id) => [all.state(session, id).state, all.state(session, id).problem]),
    [
      ["failed", "the answers are the same by now"],
      ["failed", "away"],
    ],
  );
  assert.equal(all.running, null);
});

test("a work whose time is over is not to go on", async () => {
  const [all, session] = [works(0), {}];
  await all.run(session, 1, { asked: 0 }, async ({ goOn }) => (goOn() ? [1] : []));
  assert.deepEqual(all.state(session, 1).result, []);
});
