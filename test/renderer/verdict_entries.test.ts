import assert from "node:assert/strict";
import { test } from "node:test";
import { entriesIn, everywhere, patternOf, scoped, scopesOf, switched, withFirst } from "../../src/renderer/verdict_rules/entries.ts";
import { parseJson } from "../../src/shared/json.ts";

const PART = { index: "logs-*", shape: "0123456789" };

test("a path of one hit or bucket becomes the pattern of all", () => {
  assert.equal(patternOf("/hits/hits/[_id=a~1b]/_source/at"), "/hits/hits/*/_source/at");
  assert.equal(patternOf("/aggregations/2/buckets/[key=0.0#2]/doc_count"), "/aggregations/2/buckets/*/doc_count");
  assert.equal(patternOf("/aggregations/2/value"), "/aggregations/2/value");
});

test("an entry holds for a shape, for an index or everywhere, as far as the search has them", () => {
  assert.deepEqual(scopesOf(PART), ["shape", "index", "everywhere"]);
  assert.deepEqual(scopesOf({ index: "", shape: "" }), ["everywhere"]);
  assert.deepEqual(scoped("shape", PART), { shape: "0123456789" });
  assert.deepEqual(scoped("index", PART), { index: "logs-*" });
  assert.deepEqual(scoped("everywhere", PART), {});
});

test("a new entry goes before the others, and in the place of one for the same", () => {
  const old = { rule: "ignored", path: "/a", reason: "old" };
  const other = { rule: "score", on: false, reason: "x" };
  assert.deepEqual(withFirst([other, old], { ...old, reason: "new" }), [{ ...old, reason: "new" }, other]);
});

test("a rule is switched as a whole after all that is said of places", () => {
  const first = { rule: "score", on: true, index: "a", reason: "x" };
  const off = switched([first], "score", false, "y");
  assert.deepEqual(off, [first, { rule: "score", on: false, reason: "y" }]);
  assert.equal(everywhere(off, "score")?.on, false);
  assert.deepEqual(switched(off, "score", true, ""), [first]);
  assert.equal(everywhere([first], "score"), null);
});

test("the setting's value is read as it is kept", () => {
  const value = parseJson(
    '[{"rule":"ignored","field":"a.b","index":"i","reason":"r"},{"rule":"score","on":false,"path":"/x","reason":"s"}]',
  );
  assert.deepEqual(entriesIn(value), [
    { rule: "ignored", index: "i", field: "a.b", reason: "r" },
    { rule: "score", on: false, path: "/x", reason: "s" },
  ]);
  assert.deepEqual(entriesIn(null), []);
});
