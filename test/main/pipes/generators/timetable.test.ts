import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Allowance, timeInPast } from "../../../../src/main/pipes/generators/timetable.ts";

describe("the past of a generator", () => {
  it("lies within its span, in order, with more by day than by night", () => {
    const end = Date.UTC(2026, 5, 2);
    const span = 86_400_000;
    const times = Array.from({ length: 10_000 }, (_, number) => timeInPast(number, { documents: 10_000, span, end }));
    assert.ok(times.every((time, at) => time >= (times[at - 1] ?? 0)));
    assert.ok((times[0] ?? 0) >= end - span && (times.at(-1) ?? 0) <= end);
    const counted = [0, 0, 0, 0];
    for (const time of times) {
      const quarter = Math.min(3, Math.floor(((time - (end - span)) / span) * 4));
      counted[quarter] = (counted[quarter] ?? 0) + 1;
    }
    assert.ok(Math.min(...counted) > 1_000 && Math.max(...counted) > 1.5 * Math.min(...counted), counted.join(" "));
  });
});

describe("an allowance", () => {
  it("gives what is due, fractions kept, and after a long silence a second's worth", () => {
    const allowance = new Allowance(10, 0);
    assert.deepEqual([allowance.take(150, 1), allowance.take(200, 1), allowance.take(250, 1)], [1, 1, 0]);
    assert.equal(allowance.take(3_600_000, 1), 10);
  });
});
