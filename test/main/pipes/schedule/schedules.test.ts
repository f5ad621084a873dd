import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { type Job, PipeRefusal, type Run } from "../../../../src/main/pipes/job.ts";
import { Pipe } from "../../../../src/main/pipes/pipe.ts";
import { type ScheduledPipes, Schedules } from "../../../../src/main/pipes/schedule/schedules.ts";
import type { PipeInfo } from "../../../../src/shared/pipe.ts";
import type { ScheduleInfo } from "../../../../src/shared/schedule.ts";
import { FakeClock } from "../../../support/fake_clock.ts";

const folder = mkdtempSync(join(tmpdir(), "parallax-schedules-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.parse("2026-05-01T10:00:00Z");
const DONE = { sentence: "Done.", report: null };
let files = 0;

/** Real pipes whose jobs end when they are told to. */
class TestPipes implements ScheduledPipes {
  cluster: string | null = "c1";
  runsByItself = true;
  /** Thrown by whatever would be started. */
  refusal: PipeRefusal | null = null;
  ended: (pipe: PipeInfo, how: "done" | "stopped" | "left" | "failed") => void = () => {};
  /** What was begun, in order. */
  readonly begun: string[] = [];
  readonly #pipes = new Map<string, Pipe>();
  readonly #ends = new Map<string, PromiseWithResolvers<typeof DONE>>();

  list(): readonly PipeInfo[] {
    return [...this.#pipes.values()].map((pipe) => pipe.info());
  }

  async begin({ kind, index, exact }: Parameters<ScheduledPipes["begin"]>[0], profiler: boolean): Promise<PipeInfo> {
    return this.#run(`${kind}-${index}`, [exact ? "exact" : "", profiler ? "profiled" : ""]);
  }

  async generate({ kind, rate }: Parameters<ScheduledPipes["generate"]>[0], profiler: boolean): Promise<PipeInfo> {
    return this.#run(`generate-${kind}`, ["anew", rate === undefined ? "" : String(rate), profiler ? "profiled" : ""]);
  }

  async pump(id: string, operation: "start" | "stop"): Promise<PipeInfo> {
    const pipe = this.#pipes.get(id);
    if (pipe === undefined) throw new PipeRefusal("unknown", "no such pipe");
    if (operation === "start") return this.#run(id, ["again"]);
    await pipe.stop();
    return pipe.info();
  }

  async play({ id }: Job): Promise<PipeInfo> {
    return this.#run(id, []);
  }

  async clusterOf(index: string | null): Promise<string> {
    if (index === "absent") throw new PipeRefusal("no index", "There is no index absent in Elasticsearch.");
    return this.cluster ?? "c1";
  }

  #run(id: string, how: readonly string[]): PipeInfo {
    if (this.refusal !== null) throw this.refusal;
    this.begun.push([id, ...how.filter((word) => word !== "")].join(" "));
    const ending = Promise.withResolvers<typeof DONE>();
    this.#ends.set(id, ending);
    const run = ({ signal, progress }: Run): Promise<typeof DONE> => {
      progress({ done: 1_200, total: null, unit: "documents", bytes: null, secondsLeft: null, pass: null });
      signal.addEventListener("abort", () => ending.reject(new Error("stopped")));
      return ending.promise;
    };
    const job: Job = { id, kind: "reconcile", title: id, index: null, run };
    const log = { write: () => {}, flushed: () => Promise.resolve() };
    const pipe = new Pipe(job, { autorun: false, log, changed: () => {}, ended: (end) => this.ended(pipe.info(), end) });
    this.#pipes.set(id, pipe);
    pipe.run(null);
    return pipe.info();
  }

  async end(id: string, how: "done" | "failed" = "done"): Promise<void> {
    const ending = this.#ends.get(id);
    if (how === "done") ending?.resolve(DONE);
    else ending?.reject(new Error("It broke."));
    while (this.#pipes.get(id)?.running === true) await new Promise((resolve) => setImmediate(resolve));
  }

  /** As when Parallax ends, or its cluster is left. */
  async leave(): Promise<void> {
    this.cluster = null;
    await Promise.all([...this.#pipes.values()].map((pipe) => pipe.leave()));
    this.#pipes.clear();
  }
}

function rig(file = `schedules-${++files}.json`, clock = new FakeClock(START)) {
  const pipes = new TestPipes();
  const logged: string[] = [];
  const log = { write: (_: string, message: string) => void logged.push(message), flushed: () => Promise.resolve() };
  const replay = (): Job => ({ id: "replay-session", kind: "replay", title: "", index: null, run: async () => DONE });
  const schedules = new Schedules({ pipes, file: join(folder, file), clock, replay, log, changed: () => {} });
  pipes.ended = (pipe, how) => schedules.ended(pipe, how);
  const one = (): ScheduleInfo => {
    const [info] = schedules.list();
    assert.ok(info !== undefined);
    return info;
  };
  /** Time goes on by so much, minute by minute or at once. */
  const pass = async (ms: number, step = MINUTE): Promise<void> => {
    for (let left = ms; left > 0; left -= step) {
      clock.put(clock.now() + Math.min(step, left));
      await schedules.look();
    }
  };
  return { pipes, schedules, clock, logged, one, pass, file };
}

describe("schedules", () => {
  test("run a pipe each time that it is due, and say what came of it", async () => {
    const { pipes, schedules, one, pass } = rig();
    await schedules.put("reconcile-logs", { every: "6h", exact: true, profiler: true });
    assert.deepEqual([one().state, one().next, one().last], ["waiting", "2026-05-01T16:00:00.000Z", null]);
    await pass(6 * HOUR - MINUTE);
    assert.deepEqual(pipes.begun, []);
    await pass(MINUTE);
    assert.deepEqual(pipes.begun, ["reconcile-logs exact profiled"]);
    assert.deepEqual([one().state, one().next, one().ends], ["running", "2026-05-01T22:00:00.000Z", null]);
    await pass(5 * MINUTE);
    await pipes.end("reconcile-logs");
    const last = { started: "2026-05-01T16:00:00.000Z", ended: "2026-05-01T16:05:00.000Z", ok: true, sentence: "Done." };
    assert.deepEqual([one().state, one().last], ["waiting", last]);
    await pass(6 * HOUR);
    assert.equal(pipes.begun.length, 2);
    await pipes.end("reconcile-logs", "failed");
    assert.deepEqual([one().last?.ok, one().last?.sentence, one().missed], [false, "It broke.", null]);
  });

  test("never have two runs at once: what is due meanwhile is missed, said, and not made up for", async () => {
    const { pipes, schedules, one, pass, logged } = rig();
    await schedules.put("backfill-logs", { every: "1h" });
    await pass(3 * HOUR + MINUTE);
    assert.deepEqual(pipes.begun, ["backfill-logs"]);
    assert.deepEqual(one().missed, { count: 2, last: "2026-05-01T13:00:00.000Z", why: "It was running already." });
    assert.match(logged.at(-1) ?? "", /A run of pipe backfill-logs by its schedule did not begin, and will not be made up for/);
    await pipes.end("backfill-logs");
    await pass(10 * MINUTE);
    assert.equal(pipes.begun.length, 1);
    await pass(HOUR);
    assert.deepEqual([pipes.begun.length, one().missed], [2, null]);
  });

  test("stop a run when its time is over, and go on the next time", async () => {
    const { pipes, schedules, one, pass } = rig();
    await schedules.put("generate-logs", { every: "1h", for: "10m", rate: 50 });
    await pass(HOUR);
    assert.equal(one().ends, "2026-05-01T11:10:00.000Z");
    await pass(9 * MINUTE);
    assert.equal(one().state, "running");
    await pass(MINUTE);
    assert.equal(one().state, "waiting");
    assert.deepEqual([one().last?.ok, one().last?.sentence], [true, "Stopped when its time was over. 1\u2009200 documents."]);
    await pass(50 * MINUTE);
    assert.deepEqual(pipes.begun, ["generate-logs anew 50", "generate-logs again"]);
    await pipes.pump("generate-logs", "stop");
    assert.equal(one().last?.sentence, "Stopped before its end. 1\u2009200 documents.");
  });

  test("leave alone what somebody else began", async () => {
    const { pipes, schedules, one, pass } = rig();
    await schedules.put("generate-logs", { every: "1h", for: "10m" });
    await pipes.generate({ kind: "logs" }, false);
    await pass(2 * HOUR);
    assert.deepEqual([pipes.begun.length, pipes.list()[0]?.state, one().last], [1, "running", null]);
    assert.deepEqual([one().state, one().missed?.count], ["waiting", 2]);
  });

  test("go on after a restart, and say how many were due meanwhile", async () => {
    const before = rig();
    await before.schedules.put("reconcile-logs", { every: "1h" });
    await before.pass(HOUR);
    await before.pipes.end("reconcile-logs");
    const { pipes, schedules, clock, one, pass, logged } = rig(before.file, before.clock);
    clock.put(START + DAY + 30 * MINUTE);
    await schedules.look();
    assert.deepEqual(pipes.begun, []);
    assert.deepEqual([one().missed?.count, one().missed?.last], [23, "2026-05-02T10:00:00.000Z"]);
    assert.match(one().missed?.why ?? "", /Parallax did not run then/);
    assert.match(logged.join(), /23 runs of pipe reconcile-logs/);
    assert.equal(one().next, "2026-05-02T11:00:00.000Z");
    await pass(30 * MINUTE);
    assert.deepEqual([pipes.begun, one().missed], [["reconcile-logs"], null]);
  });

  test("say of a run that Parallax's end cut off that it was, and end one that went on by itself at its time", async () => {
    const cut = rig();
    await cut.schedules.put("reconcile-logs", { every: "1h" });
    await cut.pass(HOUR);
    const later = rig(cut.file, cut.clock);
    later.schedules.start();
    later.schedules.met();
    later.clock.pass(1_000);
    await later.schedules.look();
    later.schedules.stop();
    assert.deepEqual([later.pipes.begun, later.one().state, later.one().last?.ok], [[], "waiting", false]);
    assert.match(later.one().last?.sentence ?? "", /Parallax ended/);

    const left = rig();
    await left.schedules.put("generate-logs", { every: "1h", for: "30m" });
    await left.pass(HOUR);
    await left.pipes.leave();
    const again = rig(left.file, left.clock);
    await again.pipes.generate({ kind: "logs" }, false);
    await again.pass(29 * MINUTE);
    assert.equal(again.one().state, "running");
    await again.pass(MINUTE);
    assert.deepEqual([again.pipes.list()[0]?.state, again.one().last?.ok], ["stopped", true]);
  });

  test("begin nothing while pipes are kept back, and go on when they are not any more", async () => {
    const { pipes, schedules, one, pass } = rig();
    await schedules.put("backfill-logs", { every: "1h" });
    pipes.runsByItself = false;
    await pass(2 * HOUR);
    assert.deepEqual([pipes.begun, one().state, one().missed?.count, one().missed?.why], [[], "kept-back", 2, "Pipes were kept back."]);
    pipes.runsByItself = true;
    await pass(59 * MINUTE);
    assert.deepEqual(pipes.begun, []);
    await pass(MINUTE);
    assert.deepEqual([pipes.begun, one().missed], [["backfill-logs"], null]);
  });

  test("are of the cluster that they were made for", async () => {
    const { pipes, schedules, pass } = rig();
    await schedules.put("backfill-logs", { every: "1h" });
    pipes.cluster = "another";
    await pass(2 * HOUR);
    assert.deepEqual([pipes.begun, schedules.list()], [[], []]);
    assert.throws(() => schedules.remove("backfill-logs"), PipeRefusal);
    pipes.cluster = null;
    await pass(HOUR);
    pipes.cluster = "c1";
    await pass(HOUR);
    assert.deepEqual(pipes.begun, ["backfill-logs"]);
  });

  test("say why a run could not begin", async () => {
    const { pipes, schedules, one, pass, logged } = rig();
    await schedules.put("reconcile-logs", { every: "1h" });
    pipes.refusal = new PipeRefusal("away", "Elasticsearch is away.");
    await pass(HOUR);
    assert.deepEqual([one().state, one().last, one().missed?.count, one().missed?.why], ["waiting", null, 1, "Elasticsearch is away."]);
    assert.match(logged.join(), /Elasticsearch is away/);
    pipes.refusal = null;
    await pass(HOUR);
    assert.equal(one().state, "running");
  });

  test("run once where the clock jumps forward, and not again where it is put back", async () => {
    const { pipes, schedules, clock, one } = rig();
    await schedules.put("reconcile-logs", { at: "12:00" });
    const noon = Date.parse(one().next);
    clock.put(noon + 20_000);
    await schedules.look();
    await pipes.end("reconcile-logs");
    clock.put(noon - HOUR);
    await schedules.look();
    clock.put(noon);
    await schedules.look();
    assert.deepEqual(pipes.begun, ["reconcile-logs"]);
    assert.ok(Date.parse(one().next) - noon > 22 * HOUR, "the next is tomorrow's");
    clock.put(noon + 3 * DAY + HOUR);
    await schedules.look();
    assert.deepEqual([pipes.begun.length, one().missed?.count], [1, 3]);
  });

  test("find back to the clock where that had been wrong by years, and let no run go on for as long", async () => {
    const { pipes, schedules, clock, one, pass } = rig();
    await schedules.put("generate-logs", { every: "1h", for: "10m" });
    clock.put(START + 400 * DAY + 30 * MINUTE);
    await schedules.look();
    await pass(30 * MINUTE);
    assert.deepEqual([pipes.begun.length, one().state], [1, "running"]);
    clock.put(START);
    await pass(11 * MINUTE);
    assert.equal(one().last?.ok, true);
    assert.ok(Date.parse(one().next) < START + 2 * HOUR);
    await pass(HOUR);
    assert.equal(pipes.begun.length, 2);
  });

  test("are woken when something is due, and within half a minute where nothing is", async () => {
    const { pipes, schedules, clock } = rig();
    schedules.start();
    assert.equal(clock.nextIn, 30_000);
    await schedules.put("reconcile-logs", { every: "1m" });
    assert.equal(clock.nextIn, 30_000);
    clock.pass(30_000);
    await schedules.look();
    while (clock.nextIn === null) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(clock.nextIn, 30_000);
    clock.pass(30_000);
    while (clock.nextIn === null) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(pipes.begun, ["reconcile-logs"]);
    schedules.stop();
    assert.equal(clock.nextIn, null);
    clock.put(clock.now() + HOUR);
    assert.equal(pipes.begun.length, 1);
  });

  test("are looked at soon after their cluster is met", async () => {
    const { pipes, schedules, clock } = rig();
    await schedules.put("reconcile-logs", { every: "1h" });
    pipes.cluster = null;
    schedules.start();
    clock.pass(HOUR + 20_000);
    await schedules.look();
    assert.deepEqual(pipes.begun, []);
    pipes.cluster = "c1";
    schedules.met();
    assert.equal(clock.nextIn, 1_000);
    clock.pass(1_000);
    await schedules.look();
    assert.deepEqual(pipes.begun, ["reconcile-logs"]);
    schedules.stop();
  });

  test("take the place of one another, and are removed", async () => {
    const { pipes, schedules, one, pass } = rig();
    await schedules.put("reconcile-logs", { every: "1h" });
    await pass(HOUR);
    await schedules.put("reconcile-logs", { every: "3h", for: "20m" });
    assert.deepEqual([schedules.list().length, one().every, one().for, one().state], [1, "3h", "20m", "running"]);
    await pass(20 * MINUTE);
    assert.equal(one().state, "waiting");
    schedules.remove("reconcile-logs");
    await pass(3 * HOUR);
    assert.deepEqual([pipes.begun.length, schedules.list()], [1, []]);
    assert.throws(() => schedules.remove("reconcile-logs"), /has no schedule/);
  });

  test("refuse what can't be, with the reason", async () => {
    const { schedules } = rig();
    const wrong: readonly (readonly [string, Parameters<Schedules["put"]>[1], RegExp])[] = [
      ["mirror", { every: "1h" }, /There is no pipe mirror that runs at certain times/],
      ["generate-cats", { every: "1h", for: "1m" }, /There is no generator "cats"; there are logs/],
      ["generate-logs", { every: "1h" }, /generate-logs goes on until it is stopped: say "for" how long/],
      ["reconcile-absent", { every: "1h" }, /There is no index absent/],
      ["reconcile-logs", { every: "1h", from: "22:00" }, /"from" and "to" go together/],
      ["backfill-logs", { every: "1h", exact: true }, /"exact" says nothing of backfill-logs/],
      ["backfill-logs", { every: "1h", url: "http://127.0.0.1:1" }, /"url" says nothing of backfill-logs/],
      ["backfill-logs", { every: "1h", rate: 0 }, /"rate" must be 1 document a second or more/],
      ["replay-session", { every: "1h", rate: 5 }, /"rate" says nothing of replay-session/],
    ];
    for (const [pipe, schedule, message] of wrong) await assert.rejects(schedules.put(pipe, schedule), message);
    assert.deepEqual(schedules.list(), []);
    await schedules.put("replay-session", { at: "02:30", filter: "~verdict different", speed: 0 });
    assert.equal(schedules.list()[0]?.speed, 0);
  });
});
