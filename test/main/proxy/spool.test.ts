// Copies that the engine is too far behind to take wait in files: none is missed, all come in order, and those of a run that ended are
// taken at the next start.
import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { createAssembler } from "../../../src/main/proxy/assemble.ts";
import { CopyWriter } from "../../../src/main/proxy/copy.ts";
import { COUNTERS, SPOOLED_TAKEN, TAKEN } from "../../../src/main/proxy/copy_format.ts";
import { Handover } from "../../../src/main/proxy/handover.ts";
import { Intake, type Item } from "../../../src/main/proxy/intake.ts";
import { findLeftCopies } from "../../../src/main/proxy/left_copies.ts";
import { Pace } from "../../../src/main/proxy/pace.ts";
import { removeSpooled } from "../../../src/main/proxy/spool_writer.ts";
import { type RecordingTap, recordingTap } from "../../support/recording_tap.ts";

const HEAD = Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
const ANSWER = Buffer.from("HTTP/1.1 200 OK\r\n\r\n");
const LIMITS = { request: 100_000, response: 100_000 };
const BODY_BYTES = 8000;
/** Twice what waits in memory. */
const MANY = 1000;

interface Rig {
  readonly tap: RecordingTap;
  readonly place: { readonly folder: string; readonly prefix: string; readonly limitBytes: number };
  readonly handover: Handover;
  readonly items: Item[];
  readonly problems: string[];
  send(from: number, count: number): Promise<void>;
  take(): Promise<void>;
}

function rig(
  context: TestContext,
  options: { readonly folder?: string; readonly limitBytes?: number; readonly queueBytes?: number } = {},
): Rig {
  const parent = mkdtempSync(join(tmpdir(), "parallax-spool-"));
  context.after(() => rmSync(parent, { recursive: true, force: true }));
  const place = { folder: options.folder ?? join(parent, "waiting"), prefix: "1-endpoint", limitBytes: options.limitBytes ?? 1e9 };
  const counters = new Int32Array(COUNTERS);
  const items: Item[] = [];
  const problems: string[] = [];
  const handover = new Handover({
    post: (batch) => void items.push({ kind: "batch", batch, taken: (bytes) => Atomics.add(counters, TAKEN, bytes) }),
    spooled: (spooled) => void items.push({ kind: "in file", spooled, taken: (bytes) => Atomics.add(counters, SPOOLED_TAKEN, bytes) }),
    counters,
    queueBytes: options.queueBytes ?? 1e9,
    spool: place,
    problem: (message) => void problems.push(message),
  });
  const copy = new CopyWriter({ queue: handover, requestLimit: LIMITS.request, responseLimit: LIMITS.response });
  const tap = recordingTap();
  const assembler = createAssembler(tap, LIMITS);
  const intake = new Intake({
    take: (batch, from, to) => assembler.take(batch, from, to),
    pressed: () => 0,
    fill: () => 0,
    problem: assert.fail,
  });
  return {
    tap,
    place,
    handover,
    items,
    problems,
    async send(from, count) {
      for (let id = from; id < from + count; id += 1) pass(copy, id);
      copy.flush();
      await handover.settled();
    },
    async take() {
      for (const item of items.splice(0)) intake.add(item);
      await intake.drain(60_000);
    },
  };
}

function pass(copy: CopyWriter, id: number): void {
  const one = {
    id,
    time: id,
    clientPort: 0,
    copying: true,
    apart: false,
    requestBytes: 0,
    responseBytes: 0,
    requestExpected: 0,
    responseExpected: BODY_BYTES,
  };
  copy.requestHead(one, HEAD, 0, HEAD.length);
  copy.requestEnd(one, id);
  copy.responseHead(one, id, ANSWER, 0, ANSWER.length);
  copy.responseBody(one, Buffer.alloc(BODY_BYTES, String(id)), 0, BODY_BYTES);
  copy.responseEnd(one, id);
}

function whole(tap: RecordingTap, first: number, count: number): void {
  assert.deepEqual(
    tap.exchanges.map(({ id }) => id),
    Array.from({ length: count }, (_, at) => first + at),
  );
  for (const { id, error, response } of tap.exchanges) {
    assert.equal(error, "");
    assert.deepEqual(Buffer.from(response?.body ?? []), Buffer.alloc(BODY_BYTES, String(id)));
  }
}

describe("copies that wait", () => {
  test("lie in files past a few MiB, come whole and in order, and memory is used again when all are taken", async (context) => {
    const waiting = rig(context);
    await waiting.send(1, MANY);
    assert.deepEqual([waiting.items[0]?.kind, waiting.items.at(-1)?.kind], ["batch", "in file"]);
    await waiting.send(MANY + 1, 10);
    assert.equal(waiting.items.at(-1)?.kind, "in file", "nothing overtakes what is in a file");
    await waiting.take();
    whole(waiting.tap, 1, MANY + 10);
    await waiting.send(MANY + 11, 10);
    assert.equal(waiting.items.at(-1)?.kind, "batch");
    await waiting.take();
    whole(waiting.tap, 1, MANY + 20);
    await removeSpooled(waiting.place);
    assert.equal(existsSync(waiting.place.folder), false);
  });

  test("are missed and counted past what the files may take", async (context) => {
    const waiting = rig(context, { limitBytes: 3_000_000 });
    await waiting.send(1, MANY);
    await waiting.take();
    await waiting.send(MANY + 1, 1);
    await waiting.take();
    assert.ok(waiting.tap.missedCount > 0 && waiting.tap.exchanges.length > MANY / 2, `${waiting.tap.missedCount} missed`);
    assert.equal(waiting.tap.exchanges.length + waiting.tap.missedCount, MANY + 1);
  });

  test("wait in memory, as far as that goes, where files can't be written, and it is said", async (context) => {
    const file = join(mkdtempSync(join(tmpdir(), "parallax-spool-")), "file");
    writeFileSync(file, "");
    const waiting = rig(context, { folder: file });
    await waiting.send(1, MANY);
    await waiting.take();
    whole(waiting.tap, 1, MANY);
    assert.match(waiting.problems.join("\n"), /can't be written/);
  });

  test("are taken at the next start, as far as they were written", async (context) => {
    const waiting = rig(context);
    await waiting.send(1, MANY);
    const [name = ""] = readdirSync(waiting.place.folder);
    const file = join(waiting.place.folder, name);
    const inFiles = waiting.items.filter(({ kind }) => kind === "in file").length;
    assert.ok(inFiles > 0);
    // As after a kill amid a write, and with what was never a record.
    truncateSync(file, 3_000_001);
    const left = await findLeftCopies(waiting.place.folder);
    const tap = recordingTap();
    await left.take(tap);
    const ids = tap.exchanges.filter(({ error }) => error === "").map(({ id }) => id);
    assert.ok(ids.length > 300, `${ids.length} are whole`);
    assert.ok(left.lastId >= (ids.at(-1) ?? 0));
    assert.ok(tap.exchanges.length - ids.length <= 1, "one was cut off, and says so");
    assert.deepEqual(readdirSync(waiting.place.folder), []);
  });

  test("that are no copies harm nobody", async (context) => {
    const waiting = rig(context);
    await waiting.send(1, MANY);
    const [name = ""] = readdirSync(waiting.place.folder);
    appendFileSync(join(waiting.place.folder, name), Buffer.alloc(5000, 0xff));
    writeFileSync(join(waiting.place.folder, "2-other"), "no record at all, but longer than one's head is");
    const tap = recordingTap();
    const left = await findLeftCopies(waiting.place.folder);
    assert.equal(left.lastId, MANY);
    await left.take(tap);
    assert.equal(tap.exchanges.at(-1)?.id, MANY);
    assert.equal((await findLeftCopies(join(waiting.place.folder, "nowhere"))).lastId, 0);
  });
});

describe("the intake", () => {
  const quiet = { pressed: () => 0, fill: () => 0, problem: assert.fail };

  function copies(count: number): Item[] {
    return Array.from({ length: count }, () => ({ kind: "batch", batch: new ArrayBuffer(8), taken: () => undefined }));
  }

  test("hurries for whoever waits, who hears of the copies that matter first, and what comes after a question after it", async () => {
    const heard: string[] = [];
    // Rests before the second batch.
    const intake = new Intake({ ...quiet, take: () => void heard.push("copy"), pressed: () => 1000 });
    intake.call(() => heard.push("at once"), 0);
    intake.call(() => heard.push("before any"), 16);
    intake.call(() => heard.push("after that"), null);
    const done = Promise.withResolvers<void>();
    intake.call(() => done.resolve(), 24);
    for (const item of copies(4)) intake.add(item);
    await done.promise;
    await intake.drain(60_000);
    assert.deepEqual(heard, ["at once", "copy", "copy", "before any", "after that", "copy", "copy"]);
  });

  test("counts anew for the thread that takes another one's place", async () => {
    const heard: string[] = [];
    const intake = new Intake({ ...quiet, take: () => void heard.push("copy") });
    for (const item of copies(3)) intake.add(item);
    intake.add({ kind: "end", call: () => heard.push("end") });
    intake.call(() => heard.push("asked"), 8);
    for (const item of copies(1)) intake.add(item);
    await intake.drain(60_000);
    assert.deepEqual(heard, ["copy", "copy", "copy", "end", "copy", "asked"]);
  });

  test("rests while the wire lacks processor time, the less the more waits, and not once the wire is quiet", () => {
    let [pressed, fill] = [0, 0];
    const pace = new Pace({ pressed: () => pressed, fill: () => fill });
    let [now, used] = [1000, 0];
    /** A batch that costs 4 ms every 4 ms. */
    const rest = (): number => {
      now += 4;
      used += 4;
      pace.came(now);
      return pace.rest(now, used);
    };
    const after = (batches: number): number => Array.from({ length: batches }, rest).at(-1) ?? 0;
    assert.equal(after(100), 0);
    pressed = 500;
    assert.equal(after(100), 200);
    fill = 0.5;
    assert.equal(after(1), 0, "there is no more time to be lost");
    fill = 0;
    assert.ok(after(1) > 50, "a batch of 4 ms is a twentieth of 80");
    now += 101;
    assert.equal(pace.rest(now, used), 0);
    pressed = 0;
    assert.equal(after(200), 0);
  });
});
