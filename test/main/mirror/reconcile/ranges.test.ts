import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BUCKET, type Counted, compareCounts, compareNumbers } from "../../../../src/main/mirror/reconcile/ranges.ts";
import { newSeed, seededRandom } from "../../../support/random.ts";

/** What a side tells of the numbers that it has. */
function counts(numbers: readonly number[]): readonly Counted[] {
  const buckets = Map.groupBy(numbers, (number) => Math.floor(number / BUCKET));
  return [...buckets]
    .toSorted(([a], [b]) => a - b)
    .map(([bucket, own]) => ({
      bucket,
      count: own.length,
      least: Math.min(...own),
      greatest: Math.max(...own),
      sum: own.reduce((sum, number) => sum + number, 0),
    }));
}

const upTo = (end: number, from = 0): readonly number[] => Array.from({ length: end - from }, (_, i) => from + i);
const numbered = (numbers: readonly number[], mark = "") => numbers.map((seqNo) => ({ seqNo, mark }));

describe("the comparison of counts", () => {
  test("finds nothing to look at where both sides have the same numbers", () => {
    const all = counts(upTo(3 * BUCKET + 7));
    assert.deepEqual(compareCounts(all, all, false), { ranges: [], alike: 3 * BUCKET + 7 });
    assert.deepEqual(compareCounts([], [], false), { ranges: [], alike: 0 });
  });

  test("makes one range of all that ClickHouse has nothing of", () => {
    const theirs = counts(upTo(100 * BUCKET));
    assert.deepEqual(compareCounts(theirs, [], false), {
      ranges: [{ from: 0, to: 100 * BUCKET - 1, theirs: 100 * BUCKET, ours: 0 }],
      alike: 0,
    });
    const some = compareCounts(theirs, counts(upTo(BUCKET)), false);
    assert.deepEqual(some, { ranges: [{ from: BUCKET, to: 100 * BUCKET - 1, theirs: 99 * BUCKET, ours: 0 }], alike: BUCKET });
  });

  test("looks at the bucket of a number that is missing, too many, or another", () => {
    const theirs = upTo(3 * BUCKET);
    const bucket = { from: BUCKET, to: 2 * BUCKET - 1 };
    const without = theirs.filter((number) => number !== BUCKET + 5);
    assert.deepEqual(compareCounts(counts(theirs), counts(without), false).ranges, [{ ...bucket, theirs: BUCKET, ours: BUCKET - 1 }]);
    assert.deepEqual(compareCounts(counts(without), counts(theirs), false).ranges, [{ ...bucket, theirs: BUCKET - 1, ours: BUCKET }]);
    const [a, b] = [
      [1, 4],
      [2, 4],
    ].map((numbers) => counts(numbers));
    assert.equal(compareCounts(a ?? [], b ?? [], false).ranges.length, 1);
    assert.equal(compareCounts([], counts([9 * BUCKET]), false).ranges[0]?.from, 9 * BUCKET);
  });

  test("reads many neighbours that both have documents of in ranges of bounded length", () => {
    const theirs = counts(upTo(100 * BUCKET));
    const { ranges } = compareCounts(theirs, theirs, true);
    assert.ok(ranges.every(({ from, to }) => to - from < 40 * BUCKET));
    assert.equal(ranges[0]?.from, 0);
    assert.equal(ranges.at(-1)?.to, 100 * BUCKET - 1);
    assert.equal(
      ranges.reduce((sum, range) => sum + range.theirs, 0),
      100 * BUCKET,
    );
  });
});

describe("the comparison of numbers", () => {
  test("tells what only one side has", () => {
    assert.deepEqual(compareNumbers(numbered([1, 2, 4, 9]), numbered([2, 3, 9])), { missing: [1, 4], surplus: [3] });
    assert.deepEqual(compareNumbers(numbered([]), numbered([])), { missing: [], surplus: [] });
  });

  test("takes another document under the same number for missing and surplus at once", () => {
    assert.deepEqual(compareNumbers(numbered([7], "a"), numbered([7], "b")), { missing: [7], surplus: [7] });
  });

  test("finds the same as counts and numbers do together, whatever was lost", () => {
    const random = seededRandom(newSeed());
    console.log(`seed ${random.seed}`);
    for (let round = 0; round < 20; round += 1) {
      const theirs = upTo(4 * BUCKET).filter(() => random.next() > 0.01);
      const ours = theirs.filter(() => random.next() > 0.0005);
      const { ranges } = compareCounts(counts(theirs), counts(ours), false);
      const within = (numbers: readonly number[]) => numbers.filter((n) => ranges.some(({ from, to }) => n >= from && n <= to));
      const found = compareNumbers(numbered(within(theirs)), numbered(within(ours)));
      const had = new Set(ours);
      assert.deepEqual(found, { missing: theirs.filter((n) => !had.has(n)), surplus: [] });
    }
  });
});
