import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { heldFilter } from "../../../src/renderer/shared/held_filter.ts";
import type { ExchangeDetail } from "../../../src/shared/exchange.ts";
import { exchange, part } from "../../main/capture/records.ts";

const KIBANA = "9d2c;kibana:application:dashboards:722b;lens:lnsXY:c762";
const exchanges: readonly ExchangeDetail[] = [
  exchange(1, {
    path: "/logs-1/_search",
    index: "logs-1",
    client: KIBANA,
    verdict: "different",
    searches: [part(0, "different", { shape: "a1" })],
  }),
  exchange(2, { path: "/logs-2,orders/_search", index: "logs-2,orders", client: "curl/8", verdict: "equal", searches: [] }),
  exchange(3, { path: "/orders/_bulk", index: "orders", client: "curl/8", kind: "write", verdict: null, searches: [] }),
];

function found(filter: string): readonly number[] | null {
  const passes = heldFilter(filter);
  return passes === null ? null : exchanges.filter(passes).map(({ id }) => id);
}

describe("the filter of a shared file", () => {
  for (const [filter, ids] of [
    ["", [1, 2, 3]],
    ["orders", [2, 3]],
    ["LOGS search", [1, 2]],
    ["~verdict different", [1]],
    ["~kind write", [3]],
    ["~shape a1", [1]],
    ["~index logs-*", [1, 2]],
    ["~index orders", [2, 3]],
    ["~application dashboards & ~dashboard 722b", [1]],
    ['(~panel "lens:lnsXY:c762") & (~verdict different)', [1]],
    ["~application curl", [2, 3]],
    ["~verdict equal | ~kind write", [2, 3]],
    ["!~index orders", [1]],
    ["! (~index orders | ~shape a1)", []],
  ] as const) {
    test(`finds by ${filter === "" ? "nothing" : filter}`, () => assert.deepEqual(found(filter), ids));
  }

  test("refuses what is not held, and what is not whole", () => {
    for (const filter of ["~b secret", "~slower 2x", "~verdict", "(orders", "orders |", "orders )", "!"])
      assert.equal(found(filter), null, filter);
  });
});
