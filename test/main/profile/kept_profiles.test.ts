import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { KeptProfiles } from "../../../src/main/profile/kept_profiles.ts";
import { ProfileNotKept } from "../../../src/main/profile/refusal.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "kept-profiles-"));
  after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const CALL = "20261122T164502123Z-POST-flights~_search-exchange542";
const LATER_CALL = "20261122T164503000Z-GET-api~pipes";
const RUN = "backfill-flights-20261122T164501000Z";
const HEAP = "heap-5s-20261122T164500000Z";
const bytes = (text: string): Uint8Array => Buffer.from(text);

async function filled() {
  const logs = folder();
  const kept = new KeptProfiles(logs);
  await kept.keep(CALL, { ".cpuprofile": bytes("12345") });
  await kept.keep(LATER_CALL, { ".cpuprofile": bytes("1") });
  await kept.keep(RUN, { ".cpuprofile": bytes("123"), ".calltree": bytes("12"), ".pstat": bytes("1") });
  await kept.keep(HEAP, { ".heapprofile": bytes("1234") });
  return { logs, kept };
}

test("profiles are kept by their origin and listed by it, the newest first", async () => {
  const { logs, kept } = await filled();
  assert.deepEqual(
    (await kept.list(10)).map(({ id, origin, bytes: size, formats, exchange, pipe }) => [id, origin, size, formats[0], exchange, pipe]),
    [
      [LATER_CALL, "call", 1, "cpuprofile", null, null],
      [CALL, "call", 5, "cpuprofile", 542, null],
      [RUN, "run", 6, "cpuprofile", null, "backfill-flights"],
      [HEAP, "heap", 4, "heapprofile", null, null],
    ],
  );
  assert.equal((await kept.list(2)).length, 2);
  assert.deepEqual(readdirSync(logs).toSorted(), ["api_profiler", `${RUN}.calltree`, `${RUN}.cpuprofile`, `${RUN}.pstat`, "profiles"]);
  assert.deepEqual(await kept.amounts(), { calls: { files: 2, bytes: 6 }, total: { files: 6, bytes: 16 } });
});

test("what is no profile, or lies in another folder, is neither listed nor removed", async () => {
  const { logs, kept } = await filled();
  for (const name of ["parallax.log", "stacktrace.html", `${CALL}.cpuprofile`, "x.cpuprofile"]) writeFileSync(join(logs, name), "");
  mkdirSync(join(logs, "api_profiler", "more.cpuprofile"));
  assert.equal((await kept.list(100)).length, 4);
  assert.deepEqual(await kept.cleanCalls(), { files: 2, bytes: 6 });
  assert.deepEqual(
    (await kept.list(100)).map(({ id }) => id),
    [RUN, HEAP],
  );
  for (const name of ["parallax.log", "stacktrace.html", `${CALL}.cpuprofile`, "x.cpuprofile"])
    assert.ok(existsSync(join(logs, name)), name);
});

test("one is found by its id alone, and removed with all its files", async () => {
  const { logs, kept } = await filled();
  for (const id of ["../parallax", "x", `${RUN}.pstat`, ""]) assert.equal(await kept.find(id), null, id);
  const run = (await kept.find(RUN)) ?? assert.fail();
  assert.equal(run.files[0], `${RUN}.cpuprofile`);
  await kept.remove(run);
  assert.deepEqual(readdirSync(logs).toSorted(), ["api_profiler", "profiles"]);
  assert.equal(await kept.find(RUN), null);
});

test("a profile that can't be written is told, and no part of it is left", async () => {
  const logs = folder();
  writeFileSync(join(logs, "api_profiler"), "a file where the folder should be");
  const kept = new KeptProfiles(logs);
  await assert.rejects(kept.keep(CALL, { ".cpuprofile": bytes("1") }), ProfileNotKept);
  mkdirSync(join(logs, `${RUN}.calltree`));
  await assert.rejects(kept.keep(RUN, { ".cpuprofile": bytes("1"), ".calltree": bytes("1") }), /can't be kept: \w+/);
  assert.ok(!existsSync(join(logs, `${RUN}.cpuprofile`)));
  assert.deepEqual(await kept.list(10), []);
});

test("folders that are not there hold nothing", async () => {
  const kept = new KeptProfiles(join(folder(), "nowhere"));
  assert.deepEqual([await kept.list(10), await kept.cleanCalls()], [[], { files: 0, bytes: 0 }]);
});
