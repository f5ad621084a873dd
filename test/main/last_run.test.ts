import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { beginRun, crashesBefore, offersSafeMode } from "../../src/main/last_run.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parallax-runs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the runs before this one", () => {
  test("count where they did not end in order, in a row", () => {
    assert.equal(crashesBefore(folder), 0);
    beginRun(folder, 0);
    assert.equal(crashesBefore(folder), 1);
    beginRun(folder, 1);
    assert.deepEqual([crashesBefore(folder), offersSafeMode(1), offersSafeMode(2)], [2, false, true]);
    const end = beginRun(folder, 2);
    end();
    assert.equal(crashesBefore(folder), 0);
  });

  test("are forgotten where their file is spoilt", () => {
    for (const text of ["", "{", "[]", '{"ended":3}', '{"ended":"x","crashes":9}']) {
      writeFileSync(join(folder, "last_run.json"), text);
      assert.equal(crashesBefore(folder), 0, text);
    }
  });
});
