import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Leisure } from "../../../src/main/mirror/leisure.ts";

const LARGE = 1024 * 1024;

/** Two cores whose idle time grows as `share` says. */
function cores(share: number): { share: number; idleMs: () => number } {
  const own = {
    share,
    idleMs: () => {
      const now = performance.now();
      total += (now - before) * own.share;
      before = now;
      return total;
    },
  };
  let total = 0;
  let before = performance.now();
  return own;
}

async function begun(turn: Promise<() => void>, withinMs: number): Promise<boolean> {
  const limit = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => limit.resolve(false), withinMs);
  const result = await Promise.race([turn.then(() => true), limit.promise]);
  clearTimeout(timer);
  return result;
}

describe("the mirror's leisure", () => {
  test("lets a little work begin at once, on a busy machine too", async () => {
    const leisure = new Leisure({ idleMs: cores(0).idleMs });
    for (let write = 0; write < 100; write += 1) (await leisure.turn(1000))();
  });

  test("holds a load while the cores are busy, and begins it when one is idle", async () => {
    const machine = cores(0);
    const leisure = new Leisure({ idleMs: machine.idleMs });
    const turn = leisure.turn(LARGE);
    assert.equal(await begun(turn, 200), false);
    machine.share = 1;
    (await turn)();
  });

  test("begins one after another, oldest first", async () => {
    const leisure = new Leisure({ idleMs: cores(1).idleMs });
    const order: number[] = [];
    await Promise.all(
      [1, 2, 3].map(async (write) => {
        const done = await leisure.turn(LARGE);
        order.push(write);
        done();
      }),
    );
    assert.deepEqual(order, [1, 2, 3]);
    const first = await leisure.turn(LARGE);
    const second = leisure.turn(LARGE);
    assert.equal(await begun(second, 100), false, "the first goes on");
    first();
    (await second)();
  });

  test("begins everything when somebody waits for it", async () => {
    const leisure = new Leisure({ idleMs: cores(0).idleMs });
    const waiting = [leisure.turn(LARGE), leisure.turn(LARGE)];
    const relaxed = leisure.hurry();
    for (const turn of waiting) (await turn)();
    (await leisure.turn(LARGE))();
    relaxed();
    const later = leisure.turn(LARGE);
    assert.equal(await begun(later, 100), false);
    leisure.hurry();
    (await later)();
  });

  test("begins what has waited long enough or is too much to hold, however busy the machine", async () => {
    const leisure = new Leisure({ idleMs: cores(0).idleMs, mostMs: 100, mostBytes: 2 * LARGE });
    const oldest = leisure.turn(LARGE);
    const others = [leisure.turn(LARGE), leisure.turn(LARGE)];
    assert.equal(await begun(oldest, 50), true, "three are more than two");
    for (const turn of others) (await turn)();
    (await oldest)();
  });

  test("begins at once where the idle time can't be told", async () => {
    const leisure = new Leisure({ idleMs: () => null });
    (await leisure.turn(LARGE))();
  });
});
