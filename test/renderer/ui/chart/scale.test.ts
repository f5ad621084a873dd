import assert from "node:assert/strict";
import { test } from "node:test";
import { countMarks, decadesAround, logPlace, slotMarks, slotsOf } from "../../../../src/renderer/ui/chart/scale.ts";

test("an axis of time has a slot for each gap, and thirty at least", () => {
  assert.deepEqual(slotsOf([], 1000), []);
  const one = slotsOf([{ time: 60_000 }], 1000);
  assert.deepEqual([one.length, one.at(-1), one[0]], [30, { time: 60_000, bucket: { time: 60_000 } }, { time: 31_000 }]);
  const two = slotsOf([{ time: 0 }, { time: 40_000 }], 1000);
  assert.deepEqual([two.length, two[0], two[1]], [41, { time: 0, bucket: { time: 0 } }, { time: 1000 }]);
  const marks = slotMarks(two, String);
  assert.deepEqual(
    marks.map(({ text }) => text),
    ["0", "10000", "20000", "30000", "40000"],
  );
  assert.equal(marks[0]?.at, 0.5 / 41);
});

test("a logarithmic axis has the decades that hold every value", () => {
  assert.deepEqual(decadesAround([]), { domain: [10, 100], ticks: [10, 100] });
  assert.deepEqual(decadesAround([12, 80]), { domain: [10, 100], ticks: [10, 100] });
  assert.deepEqual(decadesAround([0, 0.4, 1200]).ticks, [0.1, 1, 10, 100, 1000, 10_000]);
  assert.deepEqual(decadesAround([1_000_000]).domain, [10, 100_000]);
});

test("a value has its place between the decades, and beyond them at their ends", () => {
  const axis = decadesAround([1, 1000]);
  const places = [1, 10, 1000, 0.2, 5000].map((value) => Math.round(logPlace(axis, value) * 1e9) / 1e9);
  assert.deepEqual(places, [0, 0.333333333, 1, 0, 1]);
});

test("an axis of counts has a few round marks from 0 to above the most", () => {
  assert.deepEqual(countMarks(1), { top: 1, marks: [0, 1] });
  assert.deepEqual(countMarks(2), { top: 2, marks: [0, 1, 2] });
  assert.deepEqual(countMarks(0), { top: 1, marks: [0, 1] });
  assert.deepEqual(countMarks(7), { top: 10, marks: [0, 5, 10] });
  assert.deepEqual(countMarks(108_000), { top: 150_000, marks: [0, 50_000, 100_000, 150_000] });
});
