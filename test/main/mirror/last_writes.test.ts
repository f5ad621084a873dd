// Whether Elasticsearch shows what was written: a refresh shows what was acknowledged before it was sent, and a write that refreshes, what
// is in the shards that it wrote to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { route } from "../../../src/main/elasticsearch/route.ts";
import { LastWrites } from "../../../src/main/mirror/last_writes.ts";

function writesTo(shards: number) {
  const index = { description: { shards, refreshMs: 1_000 }, completeness: { noticedAt: 0 }, isMeantBy: (name: string) => name === "logs" };
  const writes = new LastWrites({ open: new Map([["logs", index]]) });
  const write = (began: number, time: number, refresh = "") =>
    writes.written("logs", { began, time, route: route("POST", `/logs/_bulk${refresh}`) });
  const last = () => {
    const { time, refreshed } = writes.of("logs") ?? { time: -1, refreshed: false };
    return [time, refreshed];
  };
  return { writes, write, last };
}

test("a refresh that was sent before a write was acknowledged may not show it, though its answer came later", () => {
  const { writes, write, last } = writesTo(1);
  write(100, 120);
  writes.refreshed("logs", 110);
  assert.deepEqual(last(), [120, false]);
  writes.refreshed("other", 130);
  assert.deepEqual(last(), [120, false]);
  writes.refreshed("logs", 130);
  assert.deepEqual(last(), [120, true]);
});

test("a write that refreshes shows those before it in its own shard alone", () => {
  const [one, three] = [writesTo(1), writesTo(3)];
  for (const { write } of [one, three]) {
    write(100, 110);
    write(200, 210, "?refresh=true");
  }
  assert.deepEqual(
    [one.last(), three.last()],
    [
      [210, true],
      [210, false],
    ],
  );
  three.writes.refreshed("logs", 220);
  assert.deepEqual(three.last(), [210, true]);
});

test("one that began before another was acknowledged may not show that", () => {
  const { write, last } = writesTo(1);
  write(100, 150);
  write(140, 160, "?refresh=true");
  assert.deepEqual(last(), [160, false]);
});

test("only writes that refresh are shown at once, and what is half a minute old by itself", () => {
  const { write, last } = writesTo(3);
  write(100, 110, "?refresh=wait_for");
  assert.deepEqual(last(), [110, true]);
  write(200, 210);
  write(32_000, 32_010, "?refresh");
  assert.deepEqual(last(), [32_010, true]);
});

test("a write that waited in the journal is older than the last, and may be unseen all the same", () => {
  const { write, last } = writesTo(1);
  write(200, 210, "?refresh=true");
  write(100, 110);
  assert.deepEqual(last(), [210, false]);
});
