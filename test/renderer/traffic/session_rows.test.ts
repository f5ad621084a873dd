import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SessionRows } from "../../../src/renderer/traffic/session_rows.ts";
import { down, ids, idsOf, row } from "./rows_in_memory.ts";

/** Rows 1 to 1000, of which the newest 100 are here; the others are counted in ranges of 256. */
function thousand(): SessionRows {
  const rows = new SessionRows({ exchanges: down(1000, 901), next: 901, total: 100 });
  rows.addRanges({
    ranges: [
      { after: 767, count: 133 },
      { after: 511, count: 256 },
      { after: 255, count: 256 },
      { after: -1, count: 255 },
    ],
    next: null,
    counted: true,
  });
  return rows;
}

describe("rows of a session", () => {
  test("know the place of each exchange and the exchange of each place, whether it is here or not", () => {
    const rows = thousand();
    assert.deepEqual([rows.total, rows.end], [1000, null]);
    for (let place = 0; place < 1000; place += 1) {
      const id = rows.idAt(place);
      assert.ok(id !== null);
      assert.equal(rows.placeOf(id), place, `the exchange of place ${place}`);
      assert.ok(Math.abs(id - (1000 - place)) <= 2);
    }
    assert.deepEqual([rows.rowAt(99)?.id, rows.rowAt(100), rows.placeOf(950), rows.placeOf(1001)], [901, null, 50, 0]);
  });

  test("name what is in view and not here first, then what is around", () => {
    const rows = thousand();
    assert.deepEqual(rows.wanted({ from: 0, to: 60 }), { after: 767, before: 901 });
    assert.deepEqual(rows.wanted({ from: 600, to: 640 }), { after: 255, before: 512 });
    rows.fill({ after: 255, before: 512 }, down(511, 256));
    assert.equal(rows.rowAt(600)?.id, 400);
    assert.deepEqual(rows.wanted({ from: 600, to: 640 }), { after: -1, before: 256 });
    rows.fill({ after: -1, before: 256 }, down(255, 1));
    assert.deepEqual(rows.wanted({ from: 600, to: 640 }), { after: 511, before: 768 });
  });

  test("correct a count by the rows that came, and take none that belong elsewhere", () => {
    const rows = thousand();
    rows.fill({ after: 511, before: 768 }, down(767, 700));
    assert.deepEqual([rows.total, rows.placeOf(255)], [1000 - 188, 1000 - 188 - 255]);
    rows.fill({ after: 300, before: 512 }, down(400, 301));
    assert.equal(rows.total, 1000 - 188);
  });

  test("take what comes on top, and keep a bounded number of rows however many come", () => {
    const rows = thousand();
    for (let id = 1001; id <= 41_000; id += 100) rows.putOnTop(down(id + 99, id));
    assert.deepEqual([rows.total, rows.newest, rows.placeOf(500)], [41_000, 41_000, 40_500]);
    const here = idsOf(rows).filter((id) => id !== null);
    assert.ok(here.length < 8000, `${here.length} rows are here`);
    assert.equal(rows.rowAt(300)?.id, 40_700);
  });

  test("keep the rows in view when others come on top", () => {
    const rows = thousand();
    const view = { from: 600, to: 640 };
    for (let ask = rows.wanted(view); ask !== null; ask = rows.wanted(view))
      rows.fill(
        ask,
        down(ask.before - 1, ask.after + 1).filter(({ id }) => id > 0),
      );
    for (let id = 1001; id <= 31_000; id += 100) {
      rows.putOnTop(down(id + 99, id));
      rows.wanted({ from: 600 + id - 901, to: 640 + id - 901 });
    }
    assert.equal(rows.rowAt(30_600)?.id, 400);
  });

  test("replace a row in place, and ask again for a segment in which something may pass no more", () => {
    const rows = thousand();
    assert.equal(rows.replace([row(950, "changed"), row(400, "not here")]), true);
    assert.equal(rows.rowOf(950)?.note, "changed");
    rows.fill({ after: 767, before: 901 }, down(900, 768));
    rows.touch([950, 800]);
    assert.deepEqual(rows.wanted({ from: 120, to: 140 }), { after: 767, before: 901 });
    assert.equal(rows.rowAt(130)?.id, 870, "shown until then");
  });

  test("let the oldest go when the session has", () => {
    const rows = thousand();
    rows.trimTo(600);
    assert.deepEqual([rows.total, rows.rowAt(0)?.id], [600, 1000]);
    rows.trimTo(700);
    assert.equal(rows.total, 600);
  });

  test("do not let go again what was found to be there", () => {
    const rows = thousand();
    rows.trimTo(990);
    assert.equal(rows.total, 990);
    rows.fill({ after: -1, before: 256 }, down(255, 1));
    rows.trimTo(990);
    assert.deepEqual([rows.total, rows.rowAt(999)?.id], [1000, 1]);
    rows.trimTo(980);
    assert.equal(rows.total, 990);
  });

  test("grow downwards where bodies are searched, and search anew only what is newest", () => {
    const rows = new SessionRows({ exchanges: [row(900)], next: 800, total: 1 });
    rows.addFound({ exchanges: [row(750)], next: 700, total: 1 });
    rows.addFound({ exchanges: [], next: 600, total: 0 });
    assert.deepEqual([idsOf(rows), rows.end, rows.placeOf(100)], [[900, 750], 600, null]);
    rows.closeHead(850);
    assert.equal(rows.headAfter, 850);
    rows.setHead([row(1000), row(900)]);
    rows.closeHead(950);
    assert.deepEqual([idsOf(rows), rows.headAfter], [[1000, 900, 750], 950]);
    rows.addFound({ exchanges: [row(3)], next: null, total: 1 });
    assert.deepEqual([idsOf(rows), rows.end, rows.placeOf(1)], [[1000, 900, 750, 3], null, 3]);
  });

  test("of none there are none", () => {
    const rows = new SessionRows({ exchanges: [], next: null, total: 0 });
    assert.deepEqual([rows.total, rows.rowAt(0), rows.idAt(0), rows.wanted({ from: 0, to: 40 })], [0, null, null, null]);
    rows.putOnTop(down(3, 1));
    assert.deepEqual(idsOf(rows), ids(down(3, 1)));
  });
});
