import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { percentilesAround, ratioOf } from "../../../../src/main/capture/compare/ratio.ts";

/** Chance that the median lies below the value of that rank (from 1) of `n`: fewer than `rank` of them are below the median. */
function chanceBelow(rank: number, n: number): number {
  let term = 0.5 ** n;
  let sum = 0;
  for (let k = 0; k < rank; k++) {
    sum += term;
    term *= (n - k) / (k + 1);
  }
  return sum;
}

test("a median lies between its two values with 97.5 % nearly, at any number of searches", (context) => {
  const db = new DatabaseSync(":memory:");
  context.after(() => db.close());
  const { low, high } = percentilesAround("n");
  const places = db.prepare(`SELECT ${low} AS low, ${high} AS high FROM (SELECT ? AS n)`);
  for (let n = 20; n <= 1000; n += 7) {
    const row = places.get(n);
    const rank = Math.round((Number(row?.low) / 100) * (n - 1)) + 1;
    assert.ok(Math.abs(Number(row?.low) + Number(row?.high) - 100) < 1e-9);
    // The value of rank `rank` is too high where at most `rank` - 1 values lie below the median.
    assert.ok(2 * chanceBelow(rank, n) < 0.026, `${n} searches: rank ${rank}, ${2 * chanceBelow(rank, n)}`);
  }
});

test("the interval of a ratio takes the ends that are furthest apart", () => {
  const ratio = ratioOf(20, { median: 10, low: 8, high: 12 }, { median: 5, low: 4, high: 6 });
  assert.deepEqual(ratio, { searches: 20, ratio: 2, low: 8 / 6, high: 3 });
  assert.equal(ratioOf(19, { median: 10, low: 8, high: 12 }, { median: 5, low: 4, high: 6 }).ratio, null);
  assert.equal(ratioOf(20, { median: 10, low: 8, high: 12 }, { median: 0, low: 0, high: 0 }).ratio, null);
});
