import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { End, Job, Run } from "../../../src/main/pipes/job.ts";
import { Pipe } from "../../../src/main/pipes/pipe.ts";

const log = { write: () => {}, flushed: () => Promise.resolve() };
const DONE = { sentence: "Done.", report: null };

interface Told {
  readonly pipe: Pipe;
  readonly ends: ("begun" | End)[];
}

function pipeOf(run: (run: Run) => Promise<typeof DONE>, more: Partial<Job> = {}, autorun = false): Told {
  const ends: ("begun" | End)[] = [];
  const job: Job = { id: "p", kind: "backfill", title: "P", index: "p", run, changed: (how) => ends.push(how), ...more };
  return { pipe: new Pipe(job, { autorun, log, changed: () => {} }), ends };
}

/** Works until it is stopped. */
function endless({ signal }: Run): Promise<typeof DONE> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
}

describe("a pipe", () => {
  test("runs to its end, and says what was done", async () => {
    const { pipe, ends } = pipeOf(async (run) => {
      run.progress({ done: 1, total: 2, unit: "documents", bytes: 5, secondsLeft: 1, pass: 1 });
      return DONE;
    });
    assert.deepEqual([pipe.info().state, pipe.info().started], ["stopped", null]);
    await pipe.start(7);
    assert.deepEqual([pipe.info().state, pipe.info().rate], ["running", 7]);
    await pipe.leave();
    const { state, result, progress, ended, lastError } = pipe.info();
    assert.deepEqual([state, result, progress?.done, ended !== null, lastError], ["stopped", "Done.", 1, true, ""]);
    assert.deepEqual(ends, ["begun", "done"]);
  });

  test("fails alone, whatever its job throws, at once or later", async () => {
    const throwers: readonly ((run: Run) => Promise<typeof DONE>)[] = [
      () => {
        throw new Error("at once");
      },
      () => Promise.reject(new Error("later")),
      () => Promise.reject("no error"),
    ];
    for (const [i, message] of ["at once", "later", "no error"].entries()) {
      const { pipe, ends } = pipeOf(throwers[i] ?? endless);
      await pipe.start();
      await untilEnded(pipe);
      assert.deepEqual([pipe.info().state, pipe.info().lastError], ["failed", message]);
      assert.deepEqual(ends, ["begun", "failed"]);
    }
  });

  test("starts again after a failure", async () => {
    let runs = 0;
    const { pipe } = pipeOf(() => {
      runs += 1;
      return runs === 1 ? Promise.reject(new Error("first")) : Promise.resolve(DONE);
    });
    await pipe.start();
    await untilEnded(pipe);
    assert.equal(pipe.info().state, "failed");
    await pipe.start();
    await untilEnded(pipe);
    assert.deepEqual([pipe.info().state, pipe.info().lastError, pipe.info().result], ["stopped", "", "Done."]);
  });

  test("tells a stop from a failure, and from being left", async () => {
    const stopped = pipeOf(endless);
    await stopped.pipe.start();
    await assert.rejects(stopped.pipe.start(), { why: "running" });
    await stopped.pipe.stop();
    assert.deepEqual([stopped.pipe.info().state, stopped.pipe.info().lastError], ["stopped", ""]);
    assert.deepEqual(stopped.ends, ["begun", "stopped"]);
    await assert.rejects(stopped.pipe.stop(), { why: "idle" });
    const left = pipeOf(endless);
    await left.pipe.start();
    await left.pipe.leave();
    assert.deepEqual(left.ends, ["begun", "left"]);
  });

  test("is kicked where it may be asked twice, and not stopped where it is needed", async () => {
    let kicks = 0;
    const { pipe } = pipeOf(endless, { kick: () => (kicks += 1), needed: () => "It is needed." });
    await pipe.start();
    await pipe.start();
    assert.equal(kicks, 1);
    await assert.rejects(pipe.stop(), { why: "needed", message: "It is needed." });
    await pipe.leave();
  });

  test("keeps its rate when it is kept back and started without one", async () => {
    const { pipe } = pipeOf(endless);
    pipe.keepBack(250);
    assert.deepEqual([pipe.info().state, pipe.info().rate], ["kept-back", 250]);
    await pipe.start();
    assert.deepEqual([pipe.info().state, pipe.info().rate], ["running", 250]);
    await pipe.leave();
  });

  test("is kept back while it runs, to go on with it, unless it is needed", async () => {
    const { pipe, ends } = pipeOf(endless, {}, true);
    await pipe.start(250);
    await pipe.stopAndKeepBack();
    assert.deepEqual([pipe.info().state, pipe.info().rate, ends], ["kept-back", 250, ["begun", "left"]]);
    await pipe.start();
    await pipe.stop();
    assert.deepEqual(ends, ["begun", "left", "begun", "stopped"]);
    const needed = pipeOf(endless, { needed: () => "It is needed." });
    await needed.pipe.start();
    await needed.pipe.stopAndKeepBack();
    assert.equal(needed.pipe.running, true);
    await needed.pipe.leave();
  });

  test("makes everything anew where a second run needs it", async () => {
    let anew = 0;
    const renew = async (): Promise<void> => {
      anew += 1;
    };
    const { pipe } = pipeOf(() => Promise.resolve(DONE), { renew });
    await pipe.start();
    await untilEnded(pipe);
    await pipe.start();
    assert.equal(anew, 1);
  });
});

async function untilEnded(pipe: Pipe): Promise<void> {
  while (pipe.running) await new Promise((resolve) => setImmediate(resolve));
}
