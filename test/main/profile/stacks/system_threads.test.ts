import assert from "node:assert/strict";
import { test } from "node:test";
import { readStat, readSystemThreads } from "../../../../src/main/profile/stacks/system_threads.ts";

test("a thread's line is read whatever its name holds", () => {
  const line = "4711 (a (b) c) R 1 4711 4711 0 -1 4194304 5000 0 0 0 150 50 0 0 20 0 12 0 100 1000 200";
  assert.deepEqual(readStat(line), { id: 4711, name: "a (b) c", state: "R", seconds: 2 });
  assert.equal(readStat(""), null, "it has ended meanwhile");
});

test("the threads of this process are told where the system tells them", async () => {
  const threads = await readSystemThreads();
  if (process.platform !== "linux") assert.equal(threads, null);
  else assert.ok(threads?.some(({ id }) => id === process.pid));
});
