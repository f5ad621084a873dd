import assert from "node:assert/strict";
import { test } from "node:test";
import { callName, readName, recordingName, runName } from "../../../src/main/profile/names.ts";

const TIME = new Date("2026-11-22T16:45:02.123Z");
const call = (target: string, exchange = 0, method = "POST"): string => callName({ time: TIME, method, target, exchange });

test("a call's name has its time, method, path and exchange, and is read back", () => {
  const name = call("/flights/_search?size=0", 542);
  assert.equal(name, "20261122T164502123Z-POST-flights~_search-exchange542");
  assert.deepEqual(readName(name), {
    origin: "call",
    title: "POST /flights/_search",
    created: "2026-11-22T16:45:02.123Z",
    exchange: 542,
    pipe: null,
  });
  assert.deepEqual(readName(call("/api/exchanges/7"))?.exchange, null);
  assert.equal(readName(call("/"))?.title, "POST /");
});

test("no path leaves the folder, and none is longer than a file system takes", () => {
  for (const target of [
    "/../../etc/passwd",
    '/a\\b:c*?<>|"d',
    "/%2e%2e%2f",
    `/${"x".repeat(5000)}`,
    "//host/",
    "http://host/a/b",
    "/a\r\nb\0",
  ]) {
    const name = call(target, 1);
    assert.match(name, /^[\w.~-]{20,160}$/, target);
    assert.equal(readName(name)?.origin, "call");
  }
  assert.match(call("/a", 0, "G;ET/"), /-GET-a$/);
});

test("runs and recordings are told from each other, whatever the pipe is called", () => {
  assert.deepEqual(readName(runName("backfill-cpu-3s", TIME)), {
    origin: "run",
    title: "Run of backfill-cpu-3s",
    created: "2026-11-22T16:45:02.123Z",
    exchange: null,
    pipe: "backfill-cpu-3s",
  });
  assert.equal(readName(recordingName("cpu", TIME, 10))?.origin, "cpu");
  assert.equal(readName(recordingName("heap", TIME, 0))?.title, "Heap, 0 s");
  for (const other of ["parallax", "node_health", "stacktrace.html", "", "logs-20261122"]) assert.equal(readName(other), null, other);
});
