import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import type { Transport } from "../../../src/renderer/api/transport.ts";
import { drawnRows } from "../../../src/renderer/traffic/row_window.ts";
import { mergeChanged, mergeHead, placeOf } from "../../../src/renderer/traffic/rows.ts";
import { TrafficList } from "../../../src/renderer/traffic/traffic_list.ts";
import type { ExchangeSummary } from "../../../src/shared/exchange.ts";
import { fakeExchanges } from "../../support/fake_exchanges.ts";

const [sample] = fakeExchanges(1, 0);
function row(id: number, note = ""): ExchangeSummary {
  assert.ok(sample !== undefined);
  return { ...sample.detail, id, note };
}
const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => row(from - i));
const ids = (rows: readonly ExchangeSummary[]) => rows.map(({ id }) => id);

describe("rows", () => {
  test("new ones go on top, known ones are replaced in place", () => {
    const merged = mergeChanged(down(3, 1), [row(2, "changed"), row(5), row(4)], true);
    assert.deepEqual(ids(merged), [5, 4, 3, 2, 1]);
    assert.equal(merged[3]?.note, "changed");
  });

  test("under a filter only known ones change: whether a new one matches is not known here", () => {
    assert.deepEqual(ids(mergeChanged(down(3, 1), [row(2, "x"), row(9)], false)), [3, 2, 1]);
  });

  test("a fresh head keeps what lies under it, and drops what no longer matches", () => {
    const list = { rows: down(10, 1), next: null };
    const merged = mergeHead(list, { exchanges: [row(12), row(9), row(8)], next: 8, total: 9 });
    assert.deepEqual(ids(merged.rows), [12, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test("a search through bodies keeps how far it came while its newest part is searched again", () => {
    const list = { rows: [row(900), row(40)], next: 30 };
    const merged = mergeHead(list, { exchanges: [row(1100)], next: 800, total: 1 }, 1000);
    assert.deepEqual([ids(merged.rows), merged.next], [[1100, 40], 30]);
    assert.deepEqual(mergeHead({ rows: [], next: 30 }, { exchanges: [], next: 800, total: 0 }, 1000), { rows: [], next: 30 });
    assert.equal(
      mergeHead({ rows: [], next: 30 }, { exchanges: [], next: 1001, total: 0 }, 1000).next,
      1001,
      "what lies between was not searched",
    );
  });

  test("the place of a row is found among those that fall in steps", () => {
    const rows = [row(90), row(50), row(49), row(3)];
    assert.deepEqual(
      [90, 50, 49, 3, 91, 60, 1].map((id) => placeOf(rows, id)),
      [0, 1, 2, 3, -1, -1, -1],
    );
  });

  test("only rows in view and some around are drawn, and none that are not there", () => {
    const { from, to } = drawnRows({ first: 100, rows: 30 }, 1_000_000);
    assert.ok(from <= 100 && to >= 130 && to - from < 100);
    assert.deepEqual([drawnRows({ first: 900, rows: 30 }, 5).from, drawnRows({ first: 0, rows: 30 }, 5).to], [0, 5]);
  });

  test("a head that does not reach the rows replaces them all: no hole is hidden", () => {
    const merged = mergeHead({ rows: down(10, 1), next: null }, { exchanges: down(500, 301), next: 301, total: 500 });
    assert.equal(merged.rows.length, 200);
    assert.equal(merged.next, 301);
  });
});

/** A transport over rows in memory. */
function memory(rows: ExchangeSummary[]): { readonly transport: Transport; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const call = (name: string, request: { readonly limit?: number; readonly before?: number }) => {
    asked.push({ name, ...request });
    const older = rows.filter(({ id }) => id < (request.before ?? Number.POSITIVE_INFINITY)).toSorted((a, b) => b.id - a.id);
    const exchanges = older.slice(0, request.limit);
    return Promise.resolve({
      ok: true,
      value: { exchanges, next: older.length > exchanges.length ? exchanges.at(-1)?.id : null, total: rows.length },
    });
  };
  const transport: Transport = { call: call as never, on: () => () => undefined, onConnection: () => () => undefined };
  return { transport, asked };
}

/** Until the list says so, at most two seconds. */
async function until(list: TrafficList, holds: () => boolean): Promise<void> {
  if (holds()) return;
  await new Promise<void>((resolve, reject) => {
    const deadline = setTimeout(() => reject(new Error("the list never got there")), 2000);
    const stop = list.listen(() => {
      if (!holds()) return;
      clearTimeout(deadline);
      stop();
      resolve();
    });
  });
}

describe("the list", () => {
  beforeEach(() => {
    Object.assign(globalThis, { document: { hidden: false }, requestAnimationFrame: (run: () => void) => setTimeout(run, 0) });
  });

  test("loads a page, then older ones until the end", async () => {
    const { transport } = memory(down(450, 1));
    const list = new TrafficList(transport);
    list.setFilter("");
    await until(list, () => list.state().rows.length === 200);
    for (let i = 0; i < 3; i += 1) await list.loadOlder();
    assert.deepEqual([list.state().rows.length, list.state().next, list.state().total], [450, null, 450]);
    assert.equal(new Set(ids(list.state().rows)).size, 450);
  });

  test("shows what events bring on the next frame", async () => {
    const { transport } = memory(down(3, 1));
    const list = new TrafficList(transport);
    list.setFilter("");
    await until(list, () => !list.state().loading);
    list.apply({ changed: [row(4)], total: 4 });
    list.apply({ changed: [row(5), row(3, "done")], total: 5 });
    await until(list, () => list.state().rows.length === 5);
    assert.deepEqual(ids(list.state().rows), [5, 4, 3, 2, 1]);
    assert.equal(list.state().rows[2]?.note, "done");
  });

  test("an event that left some out is filled up from the engine: no row is missing", async () => {
    const rows = down(300, 1);
    const list = new TrafficList(memory(rows).transport);
    list.setFilter("");
    await until(list, () => !list.state().loading);
    rows.push(...down(1500, 301));
    list.apply({ changed: down(1500, 1301), total: 1500 });
    await until(list, () => list.state().rows[0]?.id === 1500);
    assert.deepEqual(ids(list.state().rows), ids(down(1500, 1)));
    // The engine's answer is of before the last of these; the second left some out as well.
    rows.push(...down(2900, 1501));
    list.apply({ changed: down(2000, 1801), total: 2000 });
    list.apply({ changed: [row(2901)], total: 2901 });
    list.apply({ changed: down(3500, 3301), total: 3500 });
    rows.push(...down(3500, 2901));
    await until(list, () => list.state().rows[0]?.id === 3500);
    assert.deepEqual(ids(list.state().rows), ids(down(3500, 1)));
  });

  test("stays where it is when a session at its cap lets its oldest go", async () => {
    const { transport, asked } = memory(down(20_000, 1));
    const list = new TrafficList(transport);
    list.setFilter("");
    await until(list, () => !list.state().loading);
    list.apply({ changed: [row(20_001)], total: 19_800 });
    await until(list, () => list.state().rows[0]?.id === 20_001);
    assert.equal(asked.length, 1);
  });

  test("goes on by itself where bodies are searched piece by piece, and stops for another filter", async () => {
    const asked: (number | undefined)[] = [];
    const call = (_: string, { filter, before }: { readonly filter: string; readonly before?: number }) => {
      if (filter === "") return Promise.resolve({ ok: true, value: { exchanges: [row(1)], next: null, total: 1 } });
      asked.push(before);
      const next = (before ?? 1000) - 100;
      return Promise.resolve({ ok: true, value: { exchanges: next === 300 ? [row(333)] : [], next: next > 0 ? next : null, total: 0 } });
    };
    const list = new TrafficList({ call: call as never, on: () => () => undefined, onConnection: () => () => undefined });
    list.setFilter("~b needle");
    await until(list, () => !list.state().loading && list.state().next === null);
    assert.deepEqual([ids(list.state().rows), asked.length], [[333], 10]);
    asked.length = 0;
    list.setFilter("~b other");
    list.setFilter("");
    await until(list, () => list.state().rows[0]?.id === 1);
    assert.ok(asked.length <= 2);
  });

  test("counts what comes while paused, and shows it after", async () => {
    const rows = down(3, 1);
    const list = new TrafficList(memory(rows).transport);
    list.setFilter("");
    await until(list, () => !list.state().loading);
    list.setPaused(true);
    rows.push(row(4), row(5));
    list.apply({ changed: [row(4), row(5)], total: 5 });
    assert.deepEqual([list.state().rows.length, list.state().held], [3, 2]);
    list.setPaused(false);
    await until(list, () => list.state().rows.length === 5);
    assert.equal(list.state().held, 0);
  });

  test("starts over when the session was cleared", async () => {
    const rows = down(3, 1);
    const list = new TrafficList(memory(rows).transport);
    list.setFilter("");
    await until(list, () => list.state().all === 3);
    rows.length = 0;
    list.apply({ changed: [], total: 0 });
    await until(list, () => list.state().rows.length === 0 && !list.state().loading);
  });

  test("says what the engine refused", async () => {
    const refused = { ok: false, error: { code: "bad_filter", message: "At position 1 of the filter: …" } };
    const list = new TrafficList({
      call: () => Promise.resolve(refused) as never,
      on: () => () => undefined,
      onConnection: () => () => undefined,
    });
    list.setFilter("~nonsense");
    await until(list, () => list.state().error !== null);
    assert.equal(list.state().error?.code, "bad_filter");
  });
});
