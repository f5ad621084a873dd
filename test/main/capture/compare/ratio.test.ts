import assert from "node:assert/strict";
import { test } from "node:test";
import { percentileOf, placesAround, ratioOf } from "../../../../src/main/capture/compare/ratio.ts";

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

test("a median lies between its two values with 97.5 % nearly, at any number of searches", () => {
  for (let n = 20; n <= 1000; n += 7) {
    const { low, high } = placesAround(n);
    const rank = low + 1;
    assert.equal(low + high, n - 1);
    // The value of rank `rank` is too high where at most `rank` - 1 values lie below the median.
    assert.ok(2 * chanceBelow(rank, n) < 0.026, `${n} searches: rank ${rank}, ${2 * chanceBelow(rank, n)}`);
  }
});

test("a percentile lies between two values in proportion", () => {
  assert.equal(percentileOf(Float64Array.of(), 0.5), null);
  assert.equal(percentileOf(Float64Array.of(7), 0.95), 7);
  assert.equal(percentileOf(Float64Array.of(10, 20), 0.25), 12.5);
});

test("the interval of a ratio takes the ends that are furthest apart", () => {
  const [slow, fast] = [Float64Array.from({ length: 20 }, (_, i) => 20 + i), Float64Array.from({ length: 20 }, (_, i) => 10 + i)];
  const { low, high } = placesAround(20);
  const ratio = ratioOf(slow, fast);
  assert.deepEqual(ratio, { searches: 20, ratio: 29.5 / 19.5, low: (20 + low) / (10 + high), high: (20 + high) / (10 + low) });
  assert.equal(ratioOf(slow.subarray(1), fast.subarray(1)).ratio, null);
  assert.equal(ratioOf(slow, new Float64Array(20)).ratio, null);
});
