import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Piece } from "../../../src/main/profile/continuous.ts";
import { readCpuprofile } from "../../../src/main/profile/formats/cpuprofile.ts";
import { KeptProfiles } from "../../../src/main/profile/kept_profiles.ts";
import { ProfileNotKept, ProfilerRefusal } from "../../../src/main/profile/refusal.ts";
import { Runs } from "../../../src/main/profile/runs.ts";
import { profileNow } from "../../../src/main/profile/window.ts";
import { until } from "../../support/parallax_process.ts";
import { madeUp, thread, timesOf } from "./made_up_profiles.ts";

function setUp() {
  const logs = join(mkdtempSync(join(tmpdir(), "runs-")), "logs");
  after(() => rmSync(join(logs, ".."), { recursive: true, force: true }));
  const problems: string[] = [];
  const takers = new Set<(piece: Piece) => void>();
  const state = { fails: false };
  const continuous = {
    async use(take: (piece: Piece) => void) {
      if (state.fails) throw new Error("no inspector");
      takers.add(take);
    },
    async leave(take: (piece: Piece) => void) {
      takers.delete(take);
    },
  };
  const runs = new Runs({ continuous, kept: new KeptProfiles(logs), changed: () => {}, problem: (message) => problems.push(message) });
  const piece = (from: number, stacks: readonly string[]): void => {
    const window = { from, to: from + 1000 * stacks.length };
    for (const take of takers) take({ window, threads: [thread("main", madeUp(stacks, from))] });
  };
  return { logs, runs, problems, piece, takers, state };
}

test("a run is added up from its start to its end and written in three formats", async () => {
  const { logs, runs, piece, takers } = setUp();
  await runs.begin("backfill-flights", null);
  assert.deepEqual(
    runs.list().map(({ pipe }) => pipe),
    ["backfill-flights"],
  );
  const start = profileNow() + 10_000;
  piece(start - 1_000_000, ["before"]);
  piece(start, ["ab", "ab"]);
  piece(start + 2000, ["ab"]);
  const id = (await runs.end("backfill-flights")) ?? assert.fail();
  assert.match(id, /^backfill-flights-\d{8}T\d{9}Z$/);
  assert.deepEqual(readdirSync(logs).toSorted(), [`${id}.calltree`, `${id}.cpuprofile`, `${id}.pstat`]);
  const [main] = readCpuprofile(readFileSync(join(logs, `${id}.cpuprofile`), "utf8"));
  assert.deepEqual(timesOf(main?.profile ?? assert.fail()), { ab: 3000 });
  assert.deepEqual([runs.list(), takers.size, await runs.end("backfill-flights")], [[], 0, null]);
});

test("who ends it twice gets the same files", async () => {
  const { runs, logs } = setUp();
  await runs.begin("mirror", null);
  const [one, other] = await Promise.all([runs.end("mirror"), runs.end("mirror")]);
  assert.equal(one, other);
  assert.equal(readdirSync(logs).length, 3);
});

test("one that has a limit ends by itself", async () => {
  const { runs, logs } = setUp();
  await runs.begin("mirror", 1);
  await until(
    () => runs.has("mirror"),
    (has) => !has,
  );
  assert.equal(readdirSync(logs).length, 3);
});

test("one that is dropped leaves nothing", async () => {
  const { runs, takers, logs } = setUp();
  await runs.begin("mirror", 1_000_000);
  await runs.drop("mirror");
  assert.deepEqual([takers.size, runs.list()], [0, []]);
  assert.throws(() => readdirSync(logs), /ENOENT/);
});

test("what can't be recorded or written is told", async () => {
  const { logs, runs, problems, state } = setUp();
  state.fails = true;
  await assert.rejects(runs.begin("mirror", null), ProfilerRefusal);
  assert.equal(runs.has("mirror"), false);
  state.fails = false;
  await runs.begin("mirror", null);
  writeFileSync(logs, "a file where the folder should be");
  await assert.rejects(runs.end("mirror"), ProfileNotKept);
  assert.match(problems.at(-1) ?? "", /mirror-\w+ can't be kept/);
  assert.equal(runs.has("mirror"), false);
});
