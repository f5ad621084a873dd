import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Dump } from "../../../src/main/capture/dump/dump.ts";
import { DumpFiles } from "../../../src/main/capture/dump/files.ts";
import { compileFilter } from "../../../src/main/capture/index.ts";
import { bytes, exchange, folder, NOON, part, session } from "./records.ts";

test("exchanges are written once, when they are over, as far as the filter lets them through", async (context) => {
  const s = session(context);
  const logs = folder(context);
  const dump = new Dump(new DumpFiles(logs), () => s);
  const filter = compileFilter("!_bulk");
  assert.ok(filter.ok);
  s.put(exchange(1, { source: "127.0.0.1:51234" }), { request: bytes('{"size":0}'), elasticsearch: bytes('{"took":1}') });
  dump.changed(1);
  await dump.flushed();
  assert.equal(dump.info().written, 0, "off");
  dump.set(true, filter.filter);
  dump.changed(1);
  await dump.flushed();
  assert.equal(dump.info().written, 0, "still being compared");
  s.update(1, { verdict: "different", note: "1 path differs", searches: [part(0, "different")], clickhouseMs: 4 });
  s.put(exchange(2, { path: "/_bulk", kind: "write" }));
  s.put(
    exchange(3, {
      path: "/_security/user/x",
      kind: "admin",
      request: { version: "1.1", headers: [["Cookie", "sid=1"]], bodyBytes: 1, truncated: false },
    }),
    {
      request: bytes('{"password":"pw"}'),
    },
  );
  for (const id of [1, 2, 3, 1, 3]) dump.changed(id);
  await dump.flushed();
  dump.changed(1);
  await dump.flushed();
  const { file, written, problem } = dump.info();
  assert.deepEqual([written, problem], [2, ""]);
  const text = readFileSync(file, "utf8");
  assert.match(file, /logs-\d{8}T\d{6}Z-\d{8}T\d{4}00Z\.txt$/);
  assert.match(
    text,
    /^=== 2026-\S+ #1 POST http:\/\/localhost:9280\/logs-web\/_search\?size=0 -> 200 {2}12\.5 ms {2}ClickHouse 4\.0 ms {2}different$/m,
  );
  assert.match(text, /^> X-Opaque-Id: a;kibana:dashboard\n\{"size":0\}\n< HTTP\/1\.1 200 OK$/m);
  assert.match(text, /^from: 127\.0\.0\.1:51234$/m);
  assert.match(text, /ClickHouse's answer:\n\{"took":1\}/);
  assert.match(text, /> Cookie: \[redacted\]\n\{"password":"\[redacted\]"\}/);
  assert.ok(!text.includes("_bulk"));
});

test("a file ends with its window, or when it is full, and the oldest go", async (context) => {
  const logs = folder(context);
  const files = new DumpFiles(logs, { windowMs: 3_600_000, fileBytes: 10, files: 3 });
  const names: string[] = [];
  for (const [text, now] of [
    ["a", NOON],
    ["b", NOON + 1],
    ["too long", NOON + 2],
    ["more", NOON + 3],
    ["next hour", NOON + 3_600_000],
  ] as const) {
    await files.append(`${text}\n`, now);
    names.push(files.file);
  }
  assert.equal(names[0], join(logs, "logs-20260101T000000Z-20260101T010000Z.txt"));
  assert.equal(names[0], names[1]);
  assert.equal(new Set(names).size, 4);
  assert.deepEqual(
    readdirSync(logs)
      .toSorted()
      .map((name) => join(logs, name)),
    names.slice(-3),
  );
  assert.equal(readFileSync(names[4] ?? "", "utf8"), "next hour\n");
});
