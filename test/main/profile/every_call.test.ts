import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Piece } from "../../../src/main/profile/continuous.ts";
import { type BegunCall, EveryCall } from "../../../src/main/profile/every_call.ts";
import { readCpuprofile } from "../../../src/main/profile/formats/cpuprofile.ts";
import { KeptProfiles } from "../../../src/main/profile/kept_profiles.ts";
import { profileNow } from "../../../src/main/profile/window.ts";
import { until } from "../../support/parallax_process.ts";
import { madeUp, stacksOf, thread } from "./made_up_profiles.ts";

const now = (): number => performance.timeOrigin + performance.now();
const call = (target: string, exchange = 0): BegunCall => ({ time: now(), method: "GET", target, exchange });

async function setUp() {
  const logs = mkdtempSync(join(tmpdir(), "every-call-"));
  after(() => rmSync(logs, { recursive: true, force: true }));
  const problems: string[] = [];
  const taker = { take: (_piece: Piece): void => assert.fail("it was not used") };
  const continuous = {
    use: async (take: (piece: Piece) => void) => {
      taker.take = take;
    },
    leave: async () => {},
  };
  const everyCall = new EveryCall({
    continuous,
    kept: new KeptProfiles(logs),
    problem: (message) => problems.push(message),
    changed: () => {},
  });
  await everyCall.start();
  /** A piece from `from` to now, with a sample of each stack at its end. */
  const piece = (from: number, stacks: readonly string[]): void => {
    const to = profileNow() + 1;
    taker.take({
      window: { from, to },
      threads: [thread("main", { ...madeUp(stacks, to - 1000 * (stacks.length - 1) - 1), endTime: to })],
    });
  };
  const files = (): readonly string[] =>
    readdirSync(logs, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith(".cpuprofile"));
  const read = (name: string) => readCpuprofile(readFileSync(join(logs, name), "utf8"));
  return { logs, everyCall, problems, piece, files, read };
}

test("each call gets what was sampled while it was under way, over several pieces too", async () => {
  const { everyCall, piece, files, read } = await setUp();
  const start = profileNow();
  const long = everyCall.begin(call("/long"));
  piece(start, ["a"]);
  const middle = profileNow();
  const short = everyCall.begin(call("/short", 7));
  short();
  long();
  piece(middle, ["b"]);
  const written = await until(files, (names) => names.length === 2);
  await everyCall.stop();
  const long_ = written.find((name) => name.includes("GET-long.")) ?? assert.fail(written.join());
  const short_ = written.find((name) => name.includes("GET-short-exchange7.")) ?? assert.fail(written.join());
  assert.ok(stacksOf(read(long_)[0]?.profile ?? assert.fail()).includes("a"));
  assert.ok(!stacksOf(read(short_)[0]?.profile ?? assert.fail()).includes("a"));
});

test("an exchange ends when it is settled, and one that goes on waits", async () => {
  const { everyCall, piece, files } = await setUp();
  const start = profileNow();
  everyCall.requested(call("/a", 1));
  everyCall.requested(call("/b", 2));
  everyCall.settled(1);
  everyCall.settled(99);
  piece(start, ["x"]);
  assert.deepEqual(
    (await until(files, (names) => names.length > 0)).map((name) => /GET-(\w)-/.exec(name)?.[1]),
    ["a"],
  );
  everyCall.settled(2);
  piece(start, ["x"]);
  assert.equal((await until(files, (names) => names.length > 1)).length, 2);
});

test("where files can't be written it is told, and calls go on", async () => {
  const { logs, everyCall, problems, piece, files } = await setUp();
  writeFileSync(join(logs, "api_profiler"), "");
  everyCall.begin(call("/a"))();
  piece(0, ["x"]);
  await until(
    () => problems,
    (told) => told.length > 0,
  );
  assert.match(problems[0] ?? "", /^Profiles of calls can't be written: .*(ENOTDIR|EEXIST)/);
  rmSync(join(logs, "api_profiler"));
  everyCall.begin(call("/b"))();
  piece(0, ["x"]);
  await until(
    () => problems,
    (told) => told.length > 1,
  );
  assert.equal(problems.at(-1), "");
  assert.equal(files().length, 1);
});

test("past what can wait calls have no profile, which is told once for all of them", async () => {
  const { everyCall, problems, piece, files } = await setUp();
  for (let at = 0; at < 1_010; at += 1) everyCall.begin(call("/a", at + 1))();
  piece(0, ["x"]);
  assert.deepEqual(problems, ["10 calls have no profile so far: more came than profiles can be written."]);
  await until(files, (names) => names.length === 1_000, 60_000);
  assert.equal(files().length, 1_000);
  everyCall.begin(call("/b"))();
  piece(0, ["x"]);
  await until(files, (names) => names.length === 1_001);
  assert.equal(problems.length, 1);
});

test("while it is off calls cost nothing", async () => {
  const { everyCall, piece, files } = await setUp();
  await everyCall.stop();
  everyCall.begin(call("/a"))();
  everyCall.requested(call("/b", 1));
  everyCall.settled(1);
  piece(0, ["x"]);
  assert.deepEqual([everyCall.on, files()], [false, []]);
});
