import { deepEqual, ok } from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { startRecording } from "../../../src/main/profile/recording.ts";
import type { ThreadProfile } from "../../../src/shared/profile.ts";
import { until } from "../../support/parallax_process.ts";
import { spinUntilTold } from "./spinning.ts";

function functionsOf(profiles: readonly ThreadProfile[], thread: string): readonly string[] {
  const found = profiles.find((one) => one.thread === thread);
  return found?.profile.nodes.map(({ callFrame }) => `${callFrame.functionName} ${callFrame.url}`) ?? [];
}

/** A worker that spins in `spinUntilTold` until `stop`. */
async function spinning(name: string): Promise<{ readonly stop: () => Promise<unknown> }> {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL("./spinning.ts", import.meta.url), { name, workerData: flags });
  await until(
    () => Atomics.load(flags, 1),
    (rounds) => rounds > 0,
  );
  return {
    stop: () => {
      Atomics.store(flags, 0, 1);
      return worker.terminate();
    },
  };
}

/** Spins here until something has been sampled for `ms`. */
function spinHere(ms: number): void {
  const end = performance.now() + ms;
  const flags = new Int32Array(2);
  while (performance.now() < end) {
    flags[0] = 1;
    spinUntilTold(flags);
  }
}

test("samples the main thread and each worker under its name, with files relative to the project", async () => {
  const workers = [await spinning("wire"), await spinning("wire"), await spinning("")];
  const recording = await startRecording({ intervalUs: 1000 });
  spinHere(200);
  const profiles = await recording.stop();
  await Promise.all(workers.map(({ stop }) => stop()));
  const labels = profiles.map(({ thread }) => thread);
  deepEqual(labels.slice(0, 3), ["main", "wire", "wire 2"]);
  ok(!labels.includes("watcher"), "the watcher is not in its own profiles");
  for (const { thread, profile } of profiles) ok(profile.samples.length > 0, `${thread} has samples`);
  for (const thread of ["wire", "wire 2"]) {
    // Of a loop that was compiled in its midst before the recording V8 knows the caller only: the module.
    const functions = functionsOf(profiles, thread);
    ok(
      functions.some((each) => each.endsWith(" test/main/profile/spinning.ts")),
      `${thread}: ${functions.join(", ")}`,
    );
  }
  ok(functionsOf(profiles, "main").includes("spinHere test/main/profile/recording.test.ts"));
});

test("runs two recordings beside each other, each at its own interval", async () => {
  const [slow, fast] = [await startRecording({ intervalUs: 20_000 }), await startRecording({ intervalUs: 200 })];
  spinHere(300);
  const [few, many] = [(await slow.stop())[0], (await fast.stop())[0]];
  ok(few !== undefined && many !== undefined);
  ok(
    many.profile.samples.length > 2 * few.profile.samples.length,
    `${many.profile.samples.length} and ${few.profile.samples.length} samples`,
  );
});

test("samples a thread that starts later", async () => {
  const recording = await startRecording({ intervalUs: 1000 });
  const worker = await spinning("late");
  spinHere(100);
  const profiles = await recording.stop();
  await worker.stop();
  ok(profiles.some(({ thread }) => thread === "late"));
});
