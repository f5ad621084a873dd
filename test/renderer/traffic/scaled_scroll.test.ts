import assert from "node:assert/strict";
import { test } from "node:test";
import { drawnRows } from "../../../src/renderer/traffic/row_window.ts";
import { ROW, ScaledScroll } from "../../../src/renderer/traffic/scaled_scroll.ts";

const VIEW = 800;

function scroll(rows: number): ScaledScroll {
  const made = new ScaledScroll();
  made.layOut(rows, VIEW);
  return made;
}

/** Turns the wheel and lets the scrollbar say the truth after each turn, as an element would. */
function turn(made: ScaledScroll, by: number): void {
  const at = made.top - made.shift;
  made.scrolled(Math.max(0, Math.min(at + by, made.height - VIEW)));
  if (made.isStuck || made.isFarOff) made.put(made.truth);
}

test("of few rows the scrollbar is what it is everywhere", () => {
  const made = scroll(1000);
  assert.equal(made.height, 1000 * ROW);
  for (const at of [0, 10, 20_000, 27_200]) {
    made.scrolled(at);
    assert.deepEqual([made.top, made.shift, made.truth], [at, 0, at]);
  }
});

test("of a million rows each is reached, in an element that every browser can lay out", () => {
  for (const rows of [600_000, 1_000_000, 10_000_000]) {
    const made = scroll(rows);
    assert.ok(made.height < 17_000_000);
    made.scrolled(made.height - VIEW);
    assert.equal(made.top, rows * ROW - VIEW, "the end is the end");
    made.scrolled(made.height / 2);
    const middle = (made.top + VIEW / 2) / (rows * ROW);
    assert.ok(Math.abs(middle - 0.5) < 0.01, `the middle is the middle: ${middle}`);
    made.scrolled(0);
    assert.equal(made.top, 0);
  }
});

test("a turn of the wheel goes as far as it says anywhere, and gets to both ends", () => {
  const made = scroll(1_000_000);
  made.scrolled(made.height / 2);
  const { top } = made;
  made.scrolled(made.top - made.shift + 700);
  assert.equal(made.top, top + 700);
  made.goTo(20_000);
  made.put(made.truth);
  for (let turns = 0; made.top > 0; turns += 1) {
    assert.ok(turns <= 20_000 / 700 + 1);
    turn(made, -700);
  }
  const end = 1_000_000 * ROW - VIEW;
  made.goTo(end - 20_000);
  made.put(made.truth);
  for (let turns = 0; made.top < end; turns += 1) {
    assert.ok(turns <= 20_000 / 700 + 1);
    turn(made, 700);
  }
});

test("rows that come above move nothing that is seen, and the scrollbar follows before it must", () => {
  const made = scroll(1000);
  made.scrolled(5000);
  made.layOut(1100, VIEW);
  made.goTo(5000 + 100 * ROW);
  assert.equal(made.shift, 100 * ROW, "drawn where it was");
  assert.equal(made.isFarOff, true);
  made.put(made.truth);
  assert.deepEqual([made.shift, made.isFarOff, made.isStuck], [0, false, false]);
  made.layOut(2000, VIEW);
  made.goTo(made.top + 900 * ROW);
  made.scrolled(0);
  assert.equal(made.isStuck || made.top === 0, true);
});

test("only rows in view and some around are drawn, and none that are not there", () => {
  const { from, to } = drawnRows({ first: 100, rows: 30 }, 1_000_000);
  assert.ok(from <= 100 && to >= 130 && to - from < 100);
  assert.deepEqual([drawnRows({ first: 900, rows: 30 }, 5).from, drawnRows({ first: 0, rows: 30 }, 5).to], [0, 5]);
});
