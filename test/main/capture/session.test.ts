import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "node:test";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { openSession, SessionError, type SessionProblem } from "../../../src/main/capture/index.ts";
import type { HeaderPairs } from "../../../src/shared/exchange.ts";
import { bytes, exchange, folder, NOON, part, session } from "./records.ts";

describe("what is put comes back", () => {
  test("whole, before and after it is on disk, and after reopening", (context) => {
    const file = join(folder(context), "a", "s.parallax");
    const first = openSession(file);
    const id = first.nextId();
    const record = exchange(id, { verdict: "different", searches: [part(0, "different")], note: "1 place", pinned: true });
    first.put(record, { request: bytes('{"size":0}'), elasticsearch: bytes('{"took":1}') });
    assert.deepEqual(first.get(id), record);
    first.close();
    const second = openSession(file);
    context.after(() => second.close());
    assert.deepEqual(second.get(id), record);
    assert.equal(second.body(id, "request").text, '{"size":0}');
    assert.deepEqual(second.stats().exchanges, 1);
    assert.equal(second.nextId(), id + 1);
    assert.equal(second.get(99), null);
  });

  test("a waiting request is replaced by the whole exchange, a pin stays, a patch changes only its members", (context) => {
    const s = session(context);
    s.put(exchange(1, { status: 0, response: null, elasticsearchMs: null }));
    assert.equal(s.list().exchanges[0]?.status, 0);
    assert.equal(s.pin(1, true)?.pinned, true);
    s.put(exchange(1), { request: bytes("q") });
    assert.deepEqual(s.get(1), exchange(1, { pinned: true }));
    s.update(1, { verdict: "equal", clickhouseMs: 3, searches: [part(0, "equal")] });
    assert.deepEqual(s.get(1), exchange(1, { pinned: true, verdict: "equal", clickhouseMs: 3, searches: [part(0, "equal")] }));
    assert.equal(s.body(1, "request").text, "q");
    assert.equal(s.stats().exchanges, 1);
    s.update(77, { verdict: "equal" });
    assert.equal(s.get(77), null);
  });

  test("lists come newest first, page by page, with the total of all pages", (context) => {
    const s = session(context);
    for (let id = 1; id <= 450; id += 1) s.put(exchange(id));
    const first = s.list({ limit: 200 });
    assert.deepEqual([first.exchanges[0]?.id, first.exchanges.length, first.next, first.total], [450, 200, 251, 450]);
    const second = s.list({ limit: 200, ...(first.next === null ? {} : { before: first.next }) });
    assert.deepEqual([second.exchanges[0]?.id, second.next], [250, 51]);
    const last = s.list({ before: 51 });
    assert.deepEqual([last.exchanges.length, last.next, last.total], [50, null, 450]);
    assert.equal(s.list({ limit: 1_000_000 }).exchanges.length, 450);
  });

  test("the timeline counts requests and loud verdicts by bucket", (context) => {
    const s = session(context);
    s.put(exchange(1, { time: NOON, verdict: "different" }));
    s.put(exchange(2, { time: NOON + 50, verdict: "failed" }));
    s.put(exchange(3, { time: NOON + 5000, verdict: "unsupported" }));
    const { bucketMs, buckets } = s.timeline();
    assert.deepEqual(buckets, [
      { time: NOON, count: 2, different: 1, unsupported: 0, failed: 1 },
      { time: NOON + 5000, count: 1, different: 0, unsupported: 1, failed: 0 },
    ]);
    assert.equal(bucketMs, 100);
  });
});

describe("bodies", () => {
  const text = JSON.stringify({ hits: Array.from({ length: 500 }, (_, at) => `Grüße ${at}`) });
  const codings = { "": bytes(text), gzip: gzipSync(text), br: brotliCompressSync(text), zstd: zstdCompressSync(text) };
  for (const [coding, data] of Object.entries(codings)) {
    test(`come out decoded: ${coding === "" ? "no coding" : coding}`, (context) => {
      const s = session(context);
      const headers: HeaderPairs = coding === "" ? [] : [["Content-Encoding", coding]];
      const response = { version: "1.1", headers, bodyBytes: data.byteLength, truncated: false, reason: "OK" };
      s.put(exchange(1, { response }), { elasticsearch: data });
      assert.deepEqual(s.body(1, "elasticsearch"), { text, encoding: "utf8", totalBytes: Buffer.byteLength(text), next: null });
      assert.deepEqual(Buffer.from(s.rawBody(1, "elasticsearch") ?? []), Buffer.from(data));
    });
  }

  test("a body cut at the capture limit is decoded as far as it goes", (context) => {
    const s = session(context);
    const cut = gzipSync(text).subarray(0, 600);
    const response = {
      version: "1.1",
      headers: [["content-encoding", "gzip"]] as HeaderPairs,
      bodyBytes: 9999,
      truncated: true,
      reason: "OK",
    };
    s.put(exchange(1, { response, truncated: true }), { elasticsearch: cut });
    const slice = s.body(1, "elasticsearch");
    assert.equal(slice.encoding, "utf8");
    assert.ok(slice.text.length > 100 && text.startsWith(slice.text.replace(/\uFFFD$/, "")));
  });

  test("large ones come in slices that cut no character", (context) => {
    const s = session(context);
    const large = "äöü€😀".repeat(300_000);
    s.put(exchange(1), { elasticsearch: bytes(large) });
    let read = "";
    let slices = 0;
    for (let offset: number | null = 0; offset !== null; slices += 1) {
      const slice = s.body(1, "elasticsearch", offset);
      assert.ok(Buffer.byteLength(slice.text) <= 1024 * 1024);
      read += slice.text;
      offset = slice.next;
    }
    assert.ok(read === large && slices > 3);
  });

  test("bytes that are no text come as base64, an unknown coding too, none as nothing", (context) => {
    const s = session(context);
    const response = {
      version: "1.1",
      headers: [["content-encoding", "gzip"]] as HeaderPairs,
      bodyBytes: 3,
      truncated: false,
      reason: "OK",
    };
    s.put(exchange(1, { response }), { request: new Uint8Array([0xff, 0x00, 0xfe]), elasticsearch: new Uint8Array([0xff, 1, 2]) });
    assert.deepEqual(s.body(1, "request"), { text: "/wD+", encoding: "base64", totalBytes: 3, next: null });
    assert.equal(s.body(1, "elasticsearch").encoding, "base64");
    assert.deepEqual(s.body(1, "clickhouse"), { text: "", encoding: "utf8", totalBytes: 0, next: null });
    assert.equal(s.body(42, "request").totalBytes, 0);
  });

  test("ClickHouse's answer is that of the search, or of all of an _msearch", (context) => {
    const s = session(context);
    s.put(exchange(1, { searches: [part(0, "equal", { clickhouse: '{"a":1}' })] }));
    s.put(exchange(2, { searches: [part(0, "equal", { clickhouse: '{"a":1}' }), part(1, "unsupported", { clickhouse: null })] }));
    assert.equal(s.body(1, "clickhouse").text, '{"a":1}');
    assert.equal(s.body(2, "clickhouse").text, '{"responses":[{"a":1},null]}');
  });
});

describe("verdicts", () => {
  test("count each search once: three items of an _msearch are three", (context) => {
    const s = session(context);
    const searches = [part(0, "equal"), part(1, "equal"), part(2, "different", { shape: "xyz", body: "{}" })];
    s.put(exchange(1, { endpoint: "_msearch", verdict: "different", searches }));
    s.put(exchange(2, { verdict: "not_compared", note: "over capacity" }));
    s.put(exchange(3, { kind: "write", note: "mirrored 5" }));
    s.put(exchange(4));
    const { total, counts, shapes } = s.verdicts();
    assert.equal(total, 4);
    assert.deepEqual(counts, { equal: 2, equivalent: 0, different: 1, unsupported: 0, failed: 0, not_compared: 1 });
    assert.deepEqual(s.verdictCounts(), counts);
    const [first] = shapes;
    assert.deepEqual([first?.shape, first?.example, first?.index, first?.counts.equal], ["abc", 1, "logs-web", 2]);
    assert.match(first?.sketch ?? "", /_msearch logs-web · terms\(host\) > avg\(bytes\)/);
    assert.equal(shapes.find(({ shape }) => shape === "xyz")?.reason, "it is different");
  });

  test("follow when a verdict changes, when exchanges go, when the session is cleared", (context) => {
    const s = session(context);
    s.put(exchange(1, { verdict: "not_compared" }));
    assert.equal(s.verdictCounts().not_compared, 1);
    s.update(1, { verdict: "equal", searches: [part(0, "equal", { clickhouseMs: 7 })] });
    const { total, counts, shapes } = s.verdicts();
    assert.deepEqual([total, counts.equal, shapes.length, shapes[0]?.elasticsearchMs, shapes[0]?.clickhouseMs], [1, 1, 1, 12.5, 7]);
    s.clear();
    assert.deepEqual([s.verdicts().total, s.list().total, s.stats().exchanges], [0, 0, 0]);
    assert.equal(s.nextId(), 2);
  });
});

describe("space", () => {
  const noise = () => randomBytes(20_000);

  test("past the cap the oldest unpinned go, and the file does not grow", (context) => {
    const s = session(context, { capBytes: 4 * 1024 * 1024 });
    for (let id = 1; id <= 1000; id += 1) {
      s.put(exchange(id, { verdict: "equal", searches: [part(0, "equal")], pinned: id === 3 }), { elasticsearch: noise() });
      if (id % 40 === 0) s.flush();
    }
    s.flush();
    const { exchanges, bytes: used } = s.stats();
    assert.ok(used <= 4 * 1024 * 1024, `${used} bytes`);
    assert.ok(exchanges > 50 && exchanges < 250, `${exchanges} exchanges`);
    assert.equal(s.list({ limit: 5000 }).exchanges.length, exchanges);
    assert.equal(s.verdicts().total, exchanges);
    assert.ok(s.get(3) !== null && s.get(1000) !== null && s.get(4) === null);
    assert.ok(statSync(s.file).size < 6 * 1024 * 1024, "freed pages are used again");
  });

  test("when there is no room it says so once, counts what is missed, and goes on when there is", (context) => {
    const told: (SessionProblem | null)[] = [];
    const options = { hardLimitBytes: 1024 * 1024, onProblem: (problem: SessionProblem | null) => told.push(problem) };
    const s = session(context, options);
    for (let id = 1; id <= 3000; id += 1) s.put(exchange(id), { elasticsearch: noise() });
    s.flush();
    s.flush();
    assert.deepEqual(
      told.map((problem) => problem?.code),
      ["full"],
    );
    assert.match(told[0]?.message ?? "", /can't be written .*Free some space/);
    assert.ok(s.stats().missed > 0);
    assert.ok(s.list().total > 0, "what was written is still read");
    s.clear();
    s.put(exchange(5000), { elasticsearch: noise() });
    s.flush();
    assert.equal(told.at(-1), null);
    assert.notEqual(s.get(5000), null);
  });

  test("an exchange larger than the cap does not stop the session", (context) => {
    const told: (SessionProblem | null)[] = [];
    const s = session(context, { capBytes: 1024 * 1024, onProblem: (problem) => told.push(problem) });
    for (let id = 1; id <= 5; id += 1) {
      s.put(exchange(id), { elasticsearch: id === 2 ? randomBytes(3_000_000) : noise() });
      s.flush();
    }
    assert.deepEqual(told, []);
    assert.deepEqual(
      s.list().exchanges.map(({ id }) => id),
      [5, 4, 3],
    );
  });

  test("a session full of pins takes nothing more, until some are let go", (context) => {
    const told: (SessionProblem | null)[] = [];
    const s = session(context, { capBytes: 1024 * 1024, onProblem: (problem) => told.push(problem) });
    for (let id = 1; id <= 200; id += 1) {
      s.put(exchange(id, { pinned: true }), { elasticsearch: noise() });
      if (id % 10 === 0) s.flush();
    }
    assert.match(told[0]?.message ?? "", /everything in it is pinned/);
  });

  test("saving writes one compact file that opens by itself", async (context) => {
    const s = session(context);
    for (let id = 1; id <= 50; id += 1) s.put(exchange(id), { elasticsearch: noise() });
    const target = join(folder(context), "copy.parallax");
    writeFileSync(target, "something older");
    const { bytes: size } = await s.saveAs(target);
    assert.equal(size, statSync(target).size);
    const copy = openSession(target, { readOnly: true });
    context.after(() => copy.close());
    assert.equal(copy.list().total, 50);
    copy.put(exchange(51));
    copy.update(1, { note: "x" });
    assert.deepEqual([copy.list().total, copy.get(1)?.note], [50, ""]);
    await assert.rejects(s.saveAs(s.file), /open session itself/);
  });
});

describe("files that are not right", () => {
  test("a damaged session is set aside with a message, and a new one begun", (context) => {
    const file = join(folder(context), "s.parallax");
    writeFileSync(file, "SQLite format 3\0 and then nonsense".repeat(200));
    const told: (SessionProblem | null)[] = [];
    const s = openSession(file, { onProblem: (problem) => told.push(problem) });
    context.after(() => s.close());
    s.put(exchange(1));
    assert.equal(s.list().total, 1);
    assert.equal(told[0]?.code, "corrupt");
    const aside = readdirSync(join(file, "..")).find((name) => name.includes(".corrupt-"));
    assert.ok(aside !== undefined && told[0].message.includes(aside));
    assert.match(readFileSync(join(file, "..", aside), "latin1"), /nonsense/);
  });

  test("one that a person chose is refused and left alone, as is another program's database", (context) => {
    const path = folder(context);
    const notes = join(path, "notes.txt");
    writeFileSync(notes, "my notes ".repeat(100));
    assert.throws(
      () => openSession(notes, { onCorrupt: "refuse" }),
      (error) => error instanceof SessionError && error.code === "corrupt",
    );
    assert.throws(() => openSession(notes, { readOnly: true }), SessionError);
    const other = join(path, "other.db");
    const db = new DatabaseSync(other);
    db.exec("CREATE TABLE t (x)");
    db.close();
    assert.throws(
      () => openSession(other),
      (error) => error instanceof SessionError && error.code === "not_a_session",
    );
    assert.throws(() => openSession(join(path, "none"), { readOnly: true }), /There is no session at/);
    assert.deepEqual(
      readdirSync(path).filter((name) => name.includes("corrupt")),
      [],
    );
  });

  test("one of a newer version says so", (context) => {
    const file = join(folder(context), "s.parallax");
    openSession(file).close();
    const db = new DatabaseSync(file);
    db.exec("PRAGMA user_version = 99");
    db.close();
    assert.throws(() => openSession(file), /newer version of Parallax/);
  });

  test("bits flipped or the end cut off at 60 seeded places: it opens or is set aside, and works", (context) => {
    const path = folder(context);
    const whole = join(path, "whole.parallax");
    const s = openSession(whole);
    for (let id = 1; id <= 100; id += 1)
      s.put(exchange(id, { verdict: "equal", searches: [part(0, "equal")] }), { elasticsearch: bytes(`${id}`.repeat(500)) });
    s.close();
    const image = readFileSync(whole);
    for (let seed = 1; seed <= 60; seed += 1) {
      const file = join(path, `${seed}.parallax`);
      const place = (seed * 2_654_435_761) % image.byteLength;
      const damaged = Buffer.from(image);
      damaged[place] = (damaged[place] ?? 0) ^ (1 << (seed % 8));
      writeFileSync(file, damaged);
      if (seed % 3 === 0) truncateSync(file, place);
      let newest = 0;
      const again = openOrExplain(file);
      if (again === null) continue;
      newest = again.nextId();
      again.put(exchange(newest, { verdict: "equal", searches: [part(0, "equal")] }), { elasticsearch: bytes("x") });
      assert.equal(again.list().exchanges[0]?.id, newest, `seed ${seed}`);
      // A flipped bit of a count itself is met by nothing: the counts can be asked for, no more.
      assert.equal(typeof again.verdicts().total, "number", `seed ${seed}`);
      again.close();
    }
  });

  test("damage that shows while writing is set aside too", (context) => {
    const told: (SessionProblem | null)[] = [];
    const s = session(context, { onProblem: (problem) => told.push(problem) });
    for (let id = 1; id <= 300; id += 1) s.put(exchange(id), { elasticsearch: bytes("x".repeat(3000)) });
    s.close();
    const image = readFileSync(s.file);
    image.fill(0x5a, 4096 * 3, 4096 * 40);
    const other = join(folder(context), "s.parallax");
    // Past the size that is checked at the start, damage is met in use.
    writeFileSync(other, image);
    const again = openSession(other, { onProblem: (problem) => told.push(problem) });
    context.after(() => again.close());
    again.put(exchange(1001));
    again.flush();
    again.flush();
    assert.equal(again.get(1001)?.id, 1001);
    assert.ok(told.some((problem) => problem?.code === "corrupt"));
  });
});

function openOrExplain(file: string) {
  try {
    return openSession(file);
  } catch (error) {
    assert.ok(error instanceof SessionError && error.message.includes(file), String(error));
    assert.ok(existsSync(file));
    return null;
  }
}
