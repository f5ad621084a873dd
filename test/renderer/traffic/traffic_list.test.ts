import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { TrafficList } from "../../../src/renderer/traffic/traffic_list.ts";
import type { ExchangeSummary } from "../../../src/shared/exchange.ts";
import { down, ids, idsOf, memory, row, transportOf } from "./rows_in_memory.ts";

/** Until the list says so, at most ten seconds. */
async function until(list: TrafficList, holds: () => boolean): Promise<void> {
  if (holds()) return;
  await new Promise<void>((resolve, reject) => {
    const deadline = setTimeout(() => reject(new Error("the list never got there")), 10_000);
    const stop = list.listen(() => {
      if (!holds()) return;
      clearTimeout(deadline);
      stop();
      resolve();
    });
  });
}

/** A list of all rows of an engine, once it knows where each is. */
async function listOf(
  rows: ExchangeSummary[],
  filter = "",
): Promise<{ readonly list: TrafficList; readonly asked: { readonly name: string }[] }> {
  const { transport, asked } = memory(rows);
  const list = new TrafficList(transport);
  list.setFilter(filter);
  await until(list, () => list.state().filter === filter && !list.state().loading && list.state().rows.end === null);
  return { list, asked };
}

describe("the list", () => {
  beforeEach(() => {
    Object.assign(globalThis, { document: { hidden: false }, requestAnimationFrame: (run: () => void) => setTimeout(run, 0) });
  });

  test("has the newest rows at once, the place of all others soon, and their rows when they are looked at", async () => {
    const { list } = await listOf(down(2000, 1));
    const { rows } = list.state();
    assert.deepEqual([list.state().total, rows.rowAt(199)?.id, rows.rowAt(1500)], [2000, 1801, null]);
    list.look({ from: 1490, to: 1540 }, 40);
    await until(list, () => rows.rowAt(1490) !== null && rows.rowAt(1539) !== null);
    assert.deepEqual([rows.rowAt(1490)?.id, rows.rowAt(1539)?.id], [510, 461]);
  });

  test("gives the exchange of any place, the oldest one too", async () => {
    const { list } = await listOf(down(2000, 1));
    assert.deepEqual([await list.idAt(1999), await list.idAt(0), await list.idAt(1000), await list.idAt(2000)], [1, 2000, 1000, null]);
  });

  test("shows what events bring on the next frame", async () => {
    const { list } = await listOf(down(3, 1));
    list.apply({ changed: [row(4)], total: 4 });
    list.apply({ changed: [row(5), row(3, "done")], total: 5 });
    await until(list, () => list.state().rows.total === 5);
    assert.deepEqual(idsOf(list.state().rows), [5, 4, 3, 2, 1]);
    assert.equal(list.state().rows.rowAt(2)?.note, "done");
  });

  test("an event that left some out is filled up from the engine: no row is missing", async () => {
    const rows = down(150, 1);
    const { list } = await listOf(rows);
    const newest = () => list.state().rows.newest;
    rows.push(...down(1500, 151));
    list.apply({ changed: down(1500, 1301), total: 1500 });
    await until(list, () => newest() === 1500);
    assert.equal(list.state().rows.total, 1500);
    // The engine's answer is of before the last of these; the second left some out as well.
    rows.push(...down(2900, 1501));
    list.apply({ changed: down(2000, 1801), total: 2000 });
    list.apply({ changed: [row(2901)], total: 2901 });
    list.apply({ changed: down(3500, 3301), total: 3500 });
    rows.push(...down(3500, 2901));
    await until(list, () => newest() === 3500);
    const all: (number | null)[] = [];
    for (let place = 0; place < 3500; place += 1) all.push(await list.idAt(place));
    assert.deepEqual(all, ids(down(3500, 1)));
  });

  test("what comes while the newest rows are on their way is not lost", async () => {
    const rows = down(3, 1);
    const { transport } = memory(rows);
    const list = new TrafficList(transport);
    list.setFilter("");
    list.apply({ changed: [row(4)], total: 4 });
    await until(list, () => list.state().rows.newest === 4);
    assert.deepEqual(idsOf(list.state().rows), [4, 3, 2, 1]);
  });

  test("starts over where more came than a page holds, and keeps the list until it is whole again", async () => {
    const rows = down(300, 1);
    const { list } = await listOf(rows);
    list.setPaused(true);
    rows.push(...down(9000, 301));
    list.apply({ changed: down(9000, 8801), total: 9000 });
    const seen: number[] = [];
    list.listen(() => seen.push(list.state().rows.total));
    list.setPaused(false);
    await until(list, () => list.state().rows.total === 9000);
    assert.ok(seen.every((total) => total === 300 || total === 9000));
  });

  test("stays where it is when a session at its cap lets its oldest go", async () => {
    const { list, asked } = await listOf(down(20_000, 1));
    const before = asked.length;
    list.apply({ changed: [row(20_001)], total: 19_800 });
    await until(list, () => list.state().rows.newest === 20_001);
    assert.deepEqual([asked.length, list.state().total], [before, 19_800]);
  });

  test("under a filter asks again for the newest rows, and for a segment in which a row may pass no more", async () => {
    const rows = down(2000, 1);
    const { list } = await listOf(rows, "~verdict different");
    list.look({ from: 1490, to: 1540 }, 40);
    await until(list, () => list.state().rows.rowOf(500) !== null);
    rows.splice(
      rows.findIndex(({ id }) => id === 500),
      1,
      row(2001),
    );
    list.apply({ changed: [row(500, "passes no more"), row(2001)], total: 2001 });
    await until(list, () => list.state().rows.newest === 2001 && list.state().rows.rowOf(500) === null);
    assert.equal(list.state().total, 2000);
  });

  test("goes on by itself where bodies are searched piece by piece, and stops for another filter", async () => {
    const asked: (number | undefined)[] = [];
    const list = new TrafficList(
      transportOf((name, { filter, before }) => {
        if (name === "exchanges.ranges") return Promise.resolve({ ok: true, value: { ranges: [], next: before, counted: false } });
        if (filter === "") return Promise.resolve({ ok: true, value: { exchanges: [row(1)], next: null, total: 1 } });
        asked.push(before);
        const next = (before ?? 1000) - 100;
        return Promise.resolve({ ok: true, value: { exchanges: next === 300 ? [row(333)] : [], next: next > 0 ? next : null, total: 0 } });
      }),
    );
    list.setFilter("~b needle");
    await until(list, () => !list.state().loading && list.state().rows.end === null);
    assert.deepEqual([idsOf(list.state().rows), asked.length], [[333], 10]);
    asked.length = 0;
    list.setFilter("~b other");
    list.setFilter("");
    await until(list, () => list.state().rows.newest === 1);
    assert.ok(asked.length <= 2);
  });

  test("steps from mismatch to mismatch in both directions, over all of the session and piece by piece", async () => {
    const asked: unknown[] = [];
    const list = new TrafficList(
      transportOf((_, { filter, before, after, oldestFirst }) => {
        asked.push(filter);
        if (oldestFirst === true && after === 300) return Promise.resolve({ ok: true, value: { exchanges: [], next: 400, total: 0 } });
        const found = oldestFirst === true ? 450 : before === 300 ? 7 : null;
        return Promise.resolve({ ok: true, value: { exchanges: found === null ? [] : [row(found)], next: null, total: 1 } });
      }),
    );
    assert.deepEqual([await list.mismatch(300, 1), await list.mismatch(300, -1), await list.mismatch(7, 1)], [7, 450, null]);
    assert.match(String(asked[0]), /~verdict different/);
  });

  test("counts what comes while paused, and shows it after", async () => {
    const rows = down(3, 1);
    const { list } = await listOf(rows);
    list.setPaused(true);
    rows.push(row(4), row(5));
    list.apply({ changed: [row(4), row(5)], total: 5 });
    assert.deepEqual([list.state().rows.total, list.state().held], [3, 2]);
    list.setPaused(false);
    await until(list, () => list.state().rows.total === 5);
    assert.equal(list.state().held, 0);
  });

  test("starts over when the session was cleared", async () => {
    const rows = down(3, 1);
    const { list } = await listOf(rows);
    rows.length = 0;
    list.apply({ changed: [], total: 0 });
    await until(list, () => list.state().rows.total === 0 && !list.state().loading);
  });

  test("asks again by itself while Parallax starts, and keeps saying so until there is a session", async () => {
    const starting = { ok: false, error: { code: "no_session", message: "No session is open yet." } };
    const ready = { ok: true, value: { exchanges: down(3, 1), next: null, total: 3 } };
    let refusals = 0;
    const list = new TrafficList(transportOf(() => Promise.resolve(refusals++ < 2 ? starting : ready)));
    list.setFilter("");
    await until(list, () => list.state().error?.code === "no_session");
    await until(list, () => list.state().error === null);
    assert.deepEqual([refusals > 2, list.state().loading, list.state().rows.total], [true, false, 3]);
    list.dispose();
  });

  test("says what the engine refused", async () => {
    const refused = { ok: false, error: { code: "bad_filter", message: "At position 1 of the filter: …" } };
    const list = new TrafficList(transportOf(() => Promise.resolve(refused)));
    list.setFilter("~nonsense");
    await until(list, () => list.state().error !== null);
    assert.equal(list.state().error?.code, "bad_filter");
  });
});
