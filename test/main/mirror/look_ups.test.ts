import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LookUps, rangesOf } from "../../../src/main/mirror/look_ups.ts";
import { newSeed, seededRandom } from "../../support/random.ts";

describe("looking up numbers", () => {
  test("goes together for all who ask while one look is under way, and none is answered by a look that began before", async () => {
    const looks: { readonly numbers: readonly number[]; readonly end: () => void }[] = [];
    const lookUps = new LookUps((numbers) => {
      const { promise, resolve } = Promise.withResolvers<ReadonlySet<string>>();
      looks.push({ numbers, end: () => resolve(new Set(numbers.map((number) => `0 ${number}`))) });
      return promise;
    });
    const first = lookUps.find([1, 2]);
    await Promise.resolve();
    const later = [lookUps.find([3]), lookUps.find([4, 5]), lookUps.find([6])];
    assert.deepEqual(
      looks.map(({ numbers }) => numbers),
      [[1, 2]],
    );
    looks[0]?.end();
    assert.ok((await first).has("0 2"));
    await Promise.resolve();
    assert.deepEqual(looks[1]?.numbers, [3, 4, 5, 6]);
    looks[1]?.end();
    for (const found of await Promise.all(later)) assert.equal(found.size, 4);
  });

  test("that fails is told to those who waited for it, and the next one is made", async () => {
    let fails = true;
    const lookUps = new LookUps((numbers) => (fails ? Promise.reject(new Error("away")) : Promise.resolve(new Set([`0 ${numbers[0]}`]))));
    await assert.rejects(lookUps.find([1]), /away/);
    fails = false;
    assert.ok((await lookUps.find([2])).has("0 2"));
  });

  test("is by few ranges that have every number in them", () => {
    assert.deepEqual(rangesOf([]), []);
    assert.deepEqual(rangesOf([7, 5, 6, 5]), [{ from: 5, to: 7 }]);
    assert.deepEqual(rangesOf([1, 1_000_000, 3]), [
      { from: 1, to: 3 },
      { from: 1_000_000, to: 1_000_000 },
    ]);
    const random = seededRandom(newSeed());
    const numbers = Array.from({ length: 5_000 }, () => random.below(1_000_000_000));
    const ranges = rangesOf(numbers);
    assert.ok(ranges.length <= 50, `seed ${random.seed}`);
    for (const number of numbers)
      assert.ok(
        ranges.some(({ from, to }) => from <= number && number <= to),
        `seed ${random.seed}`,
      );
  });
});
