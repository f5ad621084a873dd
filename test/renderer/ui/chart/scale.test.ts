import assert from "node:assert/strict";
import { test } from "node:test";
import { decadesAround, slotsOf, timeMarks } from "../../../../src/renderer/ui/chart/scale.ts";

test("an axis of time has a slot for each gap, and thirty at least", () => {
  assert.deepEqual(slotsOf([], 1000), []);
  const one = slotsOf([{ time: 60_000 }], 1000);
  assert.deepEqual([one.length, one.at(-1), one[0]], [30, { time: 60_000, bucket: { time: 60_000 } }, { time: 31_000 }]);
  const two = slotsOf([{ time: 0 }, { time: 40_000 }], 1000);
  assert.deepEqual([two.length, two[0], two[1]], [41, { time: 0, bucket: { time: 0 } }, { time: 1000 }]);
  assert.deepEqual(timeMarks(two), [0, 10_000, 20_000, 30_000, 40_000]);
});

test("a logarithmic axis has the decades that hold every value", () => {
  assert.deepEqual(decadesAround([]), { domain: [10, 100], ticks: [10, 100] });
  assert.deepEqual(decadesAround([12, 80]), { domain: [10, 100], ticks: [10, 100] });
  assert.deepEqual(decadesAround([0, 0.4, 1200]).ticks, [0.1, 1, 10, 100, 1000, 10_000]);
  assert.deepEqual(decadesAround([1_000_000]).domain, [10, 100_000]);
});
