import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { ReconcileOptions, Reconciliation } from "../../../src/main/mirror/reconcile/report.ts";
import { type IndexJobOptions, indexJob } from "../../../src/main/pipes/index_job.ts";
import { Pipe } from "../../../src/main/pipes/pipe.ts";
import { WantedBackfills } from "../../../src/main/pipes/wanted.ts";

const folder = mkdtempSync(join(tmpdir(), "parallax-pipes-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const log = { write: () => {}, flushed: () => Promise.resolve() };
const REPORT = { compared: 5, missing: 3, surplus: 0, stale: 1, written: 4, deleted: 0, ranges: 1, ms: 20 };
let files = 0;

function wantedFile(): string {
  files += 1;
  return join(folder, `pipes-${files}.json`);
}

interface Made {
  readonly pipe: Pipe;
  readonly asked: ReconcileOptions[];
  readonly wanted: WantedBackfills;
}

function made(answers: readonly (Reconciliation | "never")[], more: Partial<IndexJobOptions> = {}, file = wantedFile()): Made {
  const asked: ReconcileOptions[] = [];
  const wanted = new WantedBackfills(file, assert.fail);
  const reconcile = (_index: string, options: ReconcileOptions = {}): Promise<Reconciliation> => {
    asked.push(options);
    const answer = answers[asked.length - 1] ?? assert.fail("asked once more");
    return answer === "never" ? new Promise(() => {}) : Promise.resolve(answer);
  };
  const job = indexJob({
    kind: "backfill",
    index: "logs",
    cluster: "c1",
    exact: false,
    mirror: () => Promise.resolve({ reconcile }),
    wanted,
    againMs: { first: 1, most: 2 },
    ...more,
  });
  return { pipe: new Pipe(job, { autorun: true, log, changed: () => {} }), asked, wanted };
}

async function ended(pipe: Pipe): Promise<void> {
  while (pipe.running) await new Promise((resolve) => setImmediate(resolve));
}

describe("a backfill", () => {
  test("is wanted until it is over, with its rate", async () => {
    const { pipe, asked, wanted } = made([{ kind: "equal", report: REPORT }]);
    await pipe.start(500);
    assert.deepEqual(wanted.of("c1"), [{ cluster: "c1", index: "logs", rate: 500 }]);
    await ended(pipe);
    assert.deepEqual([asked[0]?.documentsPerSecond, wanted.of("c1").length], [500, 0]);
    assert.match(
      pipe.info().result,
      /Of 5 documents compared, 3 documents only Elasticsearch had; 1 document ClickHouse had in another version/,
    );
    assert.equal(pipe.info().report?.written, 4);
  });

  test("stays wanted when Parallax ends, and not when it is stopped", async () => {
    const file = wantedFile();
    const left = made(["never"], {}, file);
    await left.pipe.start(null);
    await left.pipe.leave();
    assert.deepEqual(new WantedBackfills(file, assert.fail).of("c1"), [{ cluster: "c1", index: "logs", rate: null }]);
    assert.deepEqual(new WantedBackfills(file, assert.fail).of("c2"), []);
    const stopped = made(["never"], {}, file);
    await stopped.pipe.start(null);
    await stopped.pipe.stop();
    assert.deepEqual(new WantedBackfills(file, assert.fail).of("c1"), []);
  });

  test("waits for a server that is away, says so, and adds up what it did", async () => {
    const away: Reconciliation = {
      kind: "failed",
      reason: "Elasticsearch is away.",
      again: true,
      report: { ...REPORT, written: 2, missing: 2 },
    };
    const errors: string[] = [];
    const { pipe, asked } = made([away, away, { kind: "equal", report: REPORT }]);
    await pipe.start();
    while (pipe.running) {
      errors.push(pipe.info().lastError);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(asked.length, 3);
    assert.ok(errors.some((error) => /Elasticsearch is away\. It is tried again in 1 s/.test(error)));
    assert.deepEqual([pipe.info().state, pipe.info().report?.written, pipe.info().lastError], ["stopped", 8, ""]);
  });

  test("waits for a mirror that is not there yet", async () => {
    let asks = 0;
    const reconcile = (): Promise<Reconciliation> => Promise.resolve({ kind: "equal", report: REPORT });
    const mirror = async () => {
      asks += 1;
      return asks < 3 ? "clickhouse unavailable" : { reconcile };
    };
    const { pipe } = made([], { mirror });
    await pipe.start();
    await ended(pipe);
    assert.deepEqual([pipe.info().state, asks], ["stopped", 3]);
  });

  test("fails with the reason where it is refused or can't go on, and is not wanted any more", async () => {
    const answers: readonly Reconciliation[] = [
      { kind: "refused", reason: "index logs has no _source" },
      { kind: "failed", reason: "2 documents can't be mirrored", again: false, report: REPORT },
    ];
    for (const answer of answers) {
      const { pipe, wanted } = made([answer]);
      await pipe.start();
      await ended(pipe);
      assert.deepEqual([pipe.info().state, pipe.info().lastError], ["failed", "reason" in answer ? answer.reason : ""]);
      assert.deepEqual(wanted.of("c1"), []);
    }
  });

  test("does not try for ever what comes to no end", async () => {
    const differs: Reconciliation = { kind: "failed", reason: "still differs", again: true, report: { ...REPORT, written: 0, deleted: 0 } };
    const { pipe, asked } = made(Array.from({ length: 30 }, () => differs));
    await pipe.start();
    await ended(pipe);
    assert.deepEqual([pipe.info().state, asked.length], ["failed", 20]);
  });

  test("remembers nothing where the file is damaged, and says so once", () => {
    const file = wantedFile();
    writeFileSync(file, "{");
    const problems: string[] = [];
    const wanted = new WantedBackfills(file, (message) => problems.push(message));
    assert.deepEqual([wanted.of("c1"), wanted.of("c1")], [[], []]);
    assert.equal(problems.length, 1);
    wanted.add({ cluster: "c1", index: "logs", rate: null });
    assert.match(readFileSync(file, "utf8"), /"logs"/);
  });
});

describe("a reconciliation", () => {
  test("is never wanted, and passes on how exact it is", async () => {
    const file = wantedFile();
    const { pipe, asked } = made(
      [{ kind: "equal", report: { ...REPORT, missing: 0, stale: 0, written: 0 } }],
      { kind: "reconcile", exact: true },
      file,
    );
    await pipe.start();
    await ended(pipe);
    assert.deepEqual([asked[0]?.exact, existsSync(file)], [true, false]);
    assert.match(pipe.info().result, /Both sides had the same 5 documents/);
  });
});
