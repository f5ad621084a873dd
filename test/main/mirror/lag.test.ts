import assert from "node:assert/strict";
import { test } from "node:test";
import { lagOfAll, lagText } from "../../../src/main/mirror/lag.ts";

test("documents that wait are added, and the oldest tells since when", () => {
  const lag = lagOfAll([
    { documents: 3, seconds: 0.5 },
    { documents: 117, seconds: 1.24 },
  ]);
  assert.deepEqual(lag, { documents: 120, seconds: 1.24 });
  assert.equal(lagText(lag), "120 documents, 1.2 s: ");
  assert.equal(lagText({ documents: 1, seconds: 2 }), "1 document, 2.0 s: ");
});

test("nothing is said where nothing is known to wait", () => {
  assert.deepEqual(lagOfAll([]), { documents: 0, seconds: 0 });
  assert.equal(lagText(lagOfAll([])), "");
});
