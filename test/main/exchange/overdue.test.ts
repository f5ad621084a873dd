import assert from "node:assert/strict";
import { test } from "node:test";
import { Overdue } from "../../../src/main/exchange/overdue.ts";

/** Adds one more and waits until it was told of: those before it have had their turn by then. */
function afterwards(overdue: Overdue<() => void>, id: number): Promise<void> {
  // The timer alone does not keep the process.
  const awake = setInterval(() => undefined, 60_000);
  return new Promise<void>((resolve) => overdue.add(id, resolve)).finally(() => clearInterval(awake));
}

test("what still waits is told of once, in the order in which it came", async () => {
  const told: number[] = [];
  const overdue = new Overdue<() => void>(5, (id, done) => {
    told.push(id);
    done();
  });
  for (const id of [3, 1, 2]) overdue.add(id, () => undefined);
  overdue.remove(1);
  await afterwards(overdue, 9);
  assert.deepEqual(told, [3, 2, 9]);
  await afterwards(overdue, 10);
  assert.deepEqual(told, [3, 2, 9, 10]);
});

test("what comes a second time waits anew", async () => {
  const told: number[] = [];
  const overdue = new Overdue<() => void>(5, (id, done) => {
    told.push(id);
    done();
  });
  for (const id of [1, 2, 1]) overdue.add(id, () => undefined);
  await afterwards(overdue, 9);
  assert.deepEqual(told, [2, 1, 9]);
});

test("of what was cleared nobody is told, of what comes later they are", async () => {
  const told: number[] = [];
  const overdue = new Overdue<() => void>(5, (id, done) => {
    told.push(id);
    done();
  });
  overdue.add(1, () => undefined);
  overdue.clear();
  await afterwards(overdue, 2);
  assert.deepEqual(told, [2]);
});
