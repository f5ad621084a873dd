import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Transport } from "../../../src/renderer/api/transport.ts";
import { MOST_TICKED, TickedRows } from "../../../src/renderer/traffic/ticked_rows.ts";
import type { AnswerOf, RequestOf } from "../../../src/shared/contract.ts";

type Asked = RequestOf<"exchanges.list">;

/** An engine that lists ids from `newest` down to 1, those that are whole multiples of `every` where a filter is given. */
function engine(newest: number, every = 1): { readonly transport: Transport; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const list = (request: Asked): AnswerOf<"exchanges.list"> => {
    asked.push(request);
    const { before = newest + 1, limit = 100, filter = "" } = request;
    const step = filter === "" ? 1 : every;
    const ids: number[] = [];
    for (let id = before - 1; id > 0 && ids.length < limit; id -= 1) if (id % step === 0) ids.push(id);
    const last = ids.at(-1) ?? 1;
    return { exchanges: ids.map((id) => ({ id }) as never), next: last > 1 && ids.length === limit ? last : null, total: newest };
  };
  const transport = { call: async (_name: string, request: Asked) => ({ ok: true, value: list(request) }) };
  return { transport: transport as unknown as Transport, asked };
}

const idsOf = (ticked: TickedRows): readonly number[] => [...ticked.state().ids].toSorted((a, b) => a - b);

describe("ticked rows", () => {
  test("are ticked and no longer, one by one", () => {
    const ticked = new TickedRows(engine(10).transport);
    for (const id of [3, 7, 3]) ticked.toggle(id);
    assert.deepEqual(idsOf(ticked), [7]);
    ticked.clear();
    assert.deepEqual(idsOf(ticked), []);
  });

  test("a range goes either way, over rows that no window holds, and takes what passes the filter", async () => {
    const { transport, asked } = engine(30_000, 10);
    const ticked = new TickedRows(transport);
    ticked.toggle(29_001);
    await ticked.extendTo(12_002);
    assert.equal(ticked.state().ids.size, 29_001 - 12_002 + 1);
    assert.ok(asked.length > 1, "more than a page of them");
    ticked.clear();
    ticked.setFilter("~verdict different");
    ticked.toggle(20);
    await ticked.extendTo(60);
    assert.deepEqual(idsOf(ticked), [20, 30, 40, 50, 60]);
  });

  test("a range without a beginning is its end, and one over the most says so", async () => {
    const ticked = new TickedRows(engine(MOST_TICKED * 2).transport);
    await ticked.extendTo(5);
    assert.deepEqual(idsOf(ticked), [5]);
    await ticked.extendTo(MOST_TICKED * 2);
    assert.equal(ticked.state().ids.size, MOST_TICKED);
    assert.match(ticked.state().problem, /Narrow the filter/);
  });

  test("a refusal is told and ticks nothing; clearing meanwhile ends it", async () => {
    const refusing = { call: async () => ({ ok: false, error: { code: "away", message: "Nobody answers." } }) } as unknown as Transport;
    const refused = new TickedRows(refusing);
    refused.toggle(1);
    await refused.extendTo(9);
    assert.deepEqual([idsOf(refused), refused.state().problem, refused.state().working], [[1], "Nobody answers.", false]);
    const ended = new TickedRows(engine(10).transport);
    ended.toggle(1);
    const running = ended.extendTo(9);
    ended.clear();
    await running;
    assert.deepEqual(idsOf(ended), []);
  });
});
