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

/** Spins here for so long. */
function spinHere(ms: number): void {
  const end = performance.now() + ms;
  const flags = new Int32Array(2);
  while (performance.now() < end) {
    flags[0] = 1;
    spinUntilTold(flags);
  }
}

/** Records until what is found is enough: on a busy machine few samples are taken. */
function recorded(enough: (profiles: readonly ThreadProfile[]) => boolean): Promise<readonly ThreadProfile[]> {
  const record = async (): Promise<readonly ThreadProfile[]> => {
    const recording = await startRecording({ intervalUs: 1000 });
    spinHere(200);
    return recording.stop();
  };
  return until(record, enough, WITHIN_MS);
}

const WITHIN_MS = 60_000;
const HERE = "spinHere test/main/profile/recording.test.ts";
// Of a loop that was compiled in its midst before the recording V8 knows the caller only: the module.
const spins = (each: string): boolean => each.endsWith(" test/main/profile/spinning.ts");

test("samples the main thread and each worker under its name, with files relative to the project", async () => {
  const workers = [await spinning("wire"), await spinning("wire"), await spinning("")];
  const profiles = await recorded(
    (found) => functionsOf(found, "main").includes(HERE) && ["wire", "wire 2"].every((thread) => functionsOf(found, thread).some(spins)),
  );
  await Promise.all(workers.map(({ stop }) => stop()));
  const labels = profiles.map(({ thread }) => thread);
  deepEqual(labels.slice(0, 3), ["main", "wire", "wire 2"]);
  ok(!labels.includes("watcher"), "the watcher is not in its own profiles");
  for (const thread of ["wire", "wire 2"]) {
    const functions = functionsOf(profiles, thread);
    ok(functions.some(spins), `${thread}: ${functions.join(", ")}`);
  }
  ok(functionsOf(profiles, "main").includes(HERE));
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
  const late = async (): Promise<readonly ThreadProfile[]> => {
    const recording = await startRecording({ intervalUs: 1000 });
    const worker = await spinning("late");
    const profiles = await recording.stop();
    await worker.stop();
    return profiles;
  };
  const isLate = ({ thread }: ThreadProfile): boolean => thread === "late";
  ok((await until(late, (profiles) => profiles.some(isLate), WITHIN_MS)).some(isLate));
});
