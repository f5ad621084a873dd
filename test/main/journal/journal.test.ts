// The journal by itself: what is kept, taken, asked for and forgotten, across ends of its process.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { MessagePort } from "node:worker_threads";
import { Journal, type JournalListener } from "../../../src/main/journal/journal.ts";
import type { FromJournal, ToJournal } from "../../../src/main/proxy/journal_entry.ts";
import { until } from "../../support/parallax_process.ts";

const UPSTREAM = "http://localhost:9200";
const CLUSTER = "one";
const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text));
const textOf = (of: Uint8Array | null | undefined): string => Buffer.from(of ?? []).toString();

interface Open {
  readonly journal: Journal;
  readonly wire: MessagePort;
  readonly answered: number[];
  readonly unsent: number[];
  /** Exchanges whose writes may go on. */
  readonly kept: number[];
  readonly problem: string;
}

describe("the journal", () => {
  let folder = "";
  let file = "";
  let open: Open;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "parallax-journal-"));
    file = join(folder, "journal.sqlite");
    open = await begin();
  });

  afterEach(async () => {
    await open.journal.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function begin(capBytes?: number): Promise<Open> {
    const { journal, problem } = await Journal.start(file, capBytes);
    const answered: number[] = [];
    const unsent: number[] = [];
    const listener: JournalListener = {
      answered: (exchange) => void answered.push(exchange),
      broken: () => {},
      unsent: (exchange) => void unsent.push(exchange),
      countsChanged: () => {},
      problem: () => {},
    };
    journal.listen(listener);
    journal.cluster(UPSTREAM, CLUSTER);
    const wire = journal.connect();
    const kept: number[] = [];
    wire.on("message", ({ exchanges }: FromJournal) => void kept.push(...exchanges));
    wire.unref();
    return { journal, wire, answered, unsent, kept, problem };
  }

  async function again(capBytes?: number): Promise<void> {
    await open.journal.stop();
    open = await begin(capBytes);
  }

  const doubts = (upstream = UPSTREAM, from = 0, most = 1_000_000) => open.journal.doubts(CLUSTER, upstream, from, most);

  async function intend(exchange: number, body = `body ${exchange}`): Promise<void> {
    const head = bytes("PUT /a/_doc/1 HTTP/1.1\r\n\r\n");
    open.wire.postMessage({ kind: "intent", exchange, time: 5, upstream: UPSTREAM, head, body: bytes(body) } satisfies ToJournal);
    await until(
      () => open.kept,
      (kept) => kept.includes(exchange),
    );
    assert.ok(open.kept.includes(exchange));
  }

  async function answer(exchange: number, body = `answer ${exchange}`): Promise<void> {
    const message: ToJournal = {
      kind: "answer",
      exchange,
      time: 6,
      head: bytes("HTTP/1.1 201 Created\r\n\r\n"),
      body: bytes(body),
    };
    open.wire.postMessage(message);
    await until(
      () => open.answered,
      (answered) => answered.includes(exchange),
    );
  }

  test("keeps an intent before it lets the write go on, and gives an answered one again after its process ended", async () => {
    await intend(1);
    await answer(1);
    assert.deepEqual(await open.journal.take(CLUSTER, 1_000), [], "the engine has it in its hands");
    await again();
    const [row, ...others] = await open.journal.take(CLUSTER, 1_000);
    assert.deepEqual([textOf(row?.body), textOf(row?.answer?.body), row?.time, row?.answer?.time], ["body 1", "answer 1", 5, 6]);
    assert.deepEqual([others, row?.exchange, await open.journal.take("another", 1_000)], [[], 0, []]);
    open.journal.settled([row?.row ?? 0]);
    assert.deepEqual(await open.journal.take(CLUSTER, 1_000), []);
  });

  test("goes on with a file of before, that had the bodies in its rows", async () => {
    await open.journal.stop();
    rmSync(file, { force: true });
    const old = new DatabaseSync(file);
    old.exec(`CREATE TABLE writes (row INTEGER PRIMARY KEY AUTOINCREMENT, exchange INTEGER NOT NULL, upstream TEXT NOT NULL,
      cluster TEXT NOT NULL, time REAL NOT NULL, state INTEGER NOT NULL, head BLOB NOT NULL, body BLOB, answered REAL,
      answer_head BLOB, answer BLOB, bytes INTEGER NOT NULL) STRICT`);
    old.exec(`INSERT INTO writes VALUES (7, 1, '${UPSTREAM}', '${CLUSTER}', 5, 1, x'00', x'62', 6, x'00', x'61', 4)`);
    old.close();
    open = await begin();
    const [row] = await open.journal.take(CLUSTER, 1_000);
    assert.deepEqual([row?.row, textOf(row?.body), textOf(row?.answer?.body), row?.answer?.time], [7, "b", "a", 6]);
    assert.equal(open.problem, "");
  });

  test("moves what it keeps from its log to its file without a commit's doing", async () => {
    for (const exchange of [1, 2, 3]) await intend(exchange, "x".repeat(1_000_000));
    const size = await until(
      () => statSync(file).size,
      (now) => now > 3_000_000,
      60_000,
    );
    assert.ok(size > 3_000_000, `${size}`);
    await open.journal.stop();
    assert.deepEqual(readdirSync(folder), ["journal.sqlite"]);
    open = await begin();
  });

  test("forgets what is done, and hands over what the engine lets go of, oldest first", async () => {
    for (const exchange of [1, 2, 3]) {
      await intend(exchange);
      await answer(exchange);
    }
    open.journal.done(2);
    assert.equal(await open.journal.leave(3, false), "whole");
    assert.equal(await open.journal.leave(1, false), "whole");
    assert.deepEqual(
      (await open.journal.take(CLUSTER, 1_000)).map(({ exchange }) => exchange),
      [1, 3],
    );
    assert.deepEqual(
      (await open.journal.take(CLUSTER, 1)).map(({ exchange }) => exchange),
      [1],
    );
    assert.equal(await open.journal.leave(4, false), "unknown");
  });

  test("asks about a write whose answer never came, also when that is known before the answer's time", async () => {
    await intend(1);
    assert.deepEqual(await doubts(), []);
    await intend(2);
    open.wire.postMessage({ kind: "broken", exchange: 2 } satisfies ToJournal);
    const doubted = await until(
      () => doubts(),
      (rows) => rows.length > 0,
    );
    assert.deepEqual(
      doubted.map(({ exchange, answer: came }) => [exchange, came]),
      [[2, null]],
    );
    await again();
    assert.equal((await doubts()).length, 2);
  });

  test("has a write whose answer never came asked about, whoever tells first, and forgets it when that is done", async () => {
    for (const first of ["engine", "wire"]) {
      const exchange = first === "engine" ? 1 : 2;
      await intend(exchange);
      if (first === "engine") assert.equal(await open.journal.leave(exchange, false), "whole");
      open.wire.postMessage({ kind: "broken", exchange } satisfies ToJournal);
      const [row] = await until(doubts, (rows) => rows.length > 0);
      assert.equal(row?.exchange, exchange);
      if (first === "wire") assert.equal(await open.journal.leave(exchange, false), "whole");
      open.journal.settled([row?.row ?? 0]);
      assert.deepEqual(await doubts(), []);
      assert.equal(await open.journal.leave(exchange, false), "unknown");
    }
  });

  test("gives what is to be asked about by pages of so many octets", async () => {
    for (const exchange of [1, 2, 3]) {
      await intend(exchange, "x".repeat(1_000));
      await open.journal.leave(exchange, true);
    }
    const first = await doubts(UPSTREAM, 0, 1_500);
    const second = await doubts(UPSTREAM, first.at(-1)?.row, 1_500);
    assert.deepEqual(
      [first, second].map((page) => page.map(({ exchange }) => exchange)),
      [[1, 2], [3]],
    );
    assert.deepEqual(await doubts(UPSTREAM, second.at(-1)?.row), []);
  });

  test("asks about a write of which only the beginning came, and takes the whole of one that went on", async () => {
    const head = () => bytes("POST /a/_bulk HTTP/1.1\r\n\r\n");
    for (const exchange of [1, 2]) {
      open.wire.postMessage({ kind: "begun", exchange, time: 5, upstream: UPSTREAM, head: head(), body: null } satisfies ToJournal);
    }
    await intend(2);
    await answer(2);
    assert.equal(await open.journal.leave(2, false), "whole");
    await again();
    assert.deepEqual(
      (await doubts()).map(({ body, answer: came }) => [body, came]),
      [[null, null]],
    );
    const [row, ...others] = await open.journal.take(CLUSTER, 1_000);
    assert.deepEqual([textOf(row?.body), textOf(row?.answer?.body), others], ["body 2", "answer 2", []]);
  });

  test("keeps nothing of a write that came to no Elasticsearch", async () => {
    await intend(1);
    open.wire.postMessage({ kind: "unsent", exchange: 1 } satisfies ToJournal);
    await until(
      () => open.unsent,
      (unsent) => unsent.length > 0,
    );
    assert.deepEqual([open.unsent, await open.journal.leave(1, false)], [[1], "unknown"]);
    await again();
    assert.deepEqual([await doubts(), open.journal.inherited], [[], false]);
  });

  test("asks about answered writes of a cluster that was not known when they came", async () => {
    open.journal.cluster(UPSTREAM, "");
    await intend(1);
    await answer(1);
    await again();
    assert.deepEqual(await open.journal.take(CLUSTER, 1_000), []);
    assert.equal((await doubts()).length, 1);
    assert.equal((await doubts("http://elsewhere:9200")).length, 0);
  });

  test("keeps no bodies past its cap, and says so", async () => {
    await again(2_000);
    await intend(1, "x".repeat(1_500));
    await answer(1);
    await intend(2, "y".repeat(1_500));
    await answer(2);
    assert.equal(await open.journal.leave(2, false), "thin");
    assert.equal(await open.journal.leave(1, false), "whole");
    assert.equal((await open.journal.take(CLUSTER, 10_000)).length, 1);
    const [thin] = await doubts();
    assert.deepEqual([thin?.exchange, thin?.body], [2, null]);
    assert.ok(open.journal.counts.bytes < 2_100, String(open.journal.counts.bytes));
  });

  test("counts what is not mirrored, by index, until the index is filled", async () => {
    const gap = { index: "a", documents: 3, reason: "the journal is full", since: 7 };
    open.journal.addGaps(CLUSTER, [gap, { ...gap, index: "b" }]);
    open.journal.addGaps(CLUSTER, [{ ...gap, documents: 4, since: 9 }]);
    await again();
    assert.deepEqual(await open.journal.gaps(CLUSTER), [
      { ...gap, documents: 7 },
      { ...gap, index: "b" },
    ]);
    open.journal.filled(CLUSTER, "a", 7);
    assert.deepEqual(
      (await open.journal.gaps(CLUSTER)).map(({ index }) => index),
      ["b"],
    );
  });

  test("counts the documents of writes that found no room, once the engine lets go of them", async () => {
    await again(100);
    await intend(1, "x".repeat(200));
    const item = (index: string, result: string, status: number) => ({ index: { _index: index, _id: "1", result, status } });
    const refused = { index: { _index: "a", _id: "1", status: 400, error: {} } };
    const items = [item("a", "created", 201), item("b", "updated", 200), item("b", "created", 201), refused, item("a", "noop", 200)];
    await answer(1, JSON.stringify({ errors: true, items }));
    assert.deepEqual(await open.journal.gaps(CLUSTER), []);
    assert.equal(await open.journal.leave(1, false), "counted");
    const counted = (await open.journal.gaps(CLUSTER)).map(({ index, documents, reason }) => [index, documents, reason]);
    assert.deepEqual(counted, [
      ["a", 1, "the journal was full"],
      ["b", 2, "the journal was full"],
    ]);
    await again();
    assert.deepEqual(await doubts(), []);
    open.journal.filled(CLUSTER, "b", 1);
    assert.deepEqual(
      (await open.journal.gaps(CLUSTER)).map(({ documents }) => documents),
      [1, 1],
    );
  });

  test("puts a damaged file aside and begins a new one", async () => {
    await open.journal.stop();
    writeFileSync(file, "no database, whatever it was".repeat(100));
    open = await begin();
    assert.match(open.problem, /can't be read .* put aside as .*damaged/);
    await intend(1);
    assert.ok(readdirSync(folder).some((name) => name.includes("damaged")));
    assert.match(readFileSync(join(folder, readdirSync(folder).find((name) => name.includes("damaged")) ?? ""), "utf8"), /^no database/);
  });
});
