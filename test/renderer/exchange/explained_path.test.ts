// Which place is explained when a row of the tree is chosen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { explainedPath } from "../../../src/renderer/exchange/diff/explained_path.ts";
import type { Comparison } from "../../../src/shared/exchange.ts";

const comparison = (paths: readonly string[], rules: Readonly<Record<string, readonly string[]>>): Comparison => ({
  verdict: "different",
  reason: "",
  differences: paths.map((path) => ({ path, kind: "value", elasticsearch: "1", clickhouse: "2" })),
  differenceCount: paths.length,
  rules: Object.entries(rules).map(([rule, own]) => ({ rule, reason: "", paths: own, count: own.length })),
  comparedLeaves: 1,
  totalLeaves: 1,
  unsupported: [],
});

test("a chosen place that differs is explained, else the first that does inside it", () => {
  const differing = comparison(["/a/b", "/a/c", "/ab"], {});
  assert.equal(explainedPath(differing, null), "/a/b");
  assert.equal(explainedPath(differing, "/a/c"), "/a/c");
  assert.equal(explainedPath(differing, "/a"), "/a/b");
  assert.equal(explainedPath(differing, "/b"), null);
});

test("places that a rule excuses are explained, too, but not how an answer was made", () => {
  const excused = comparison([], { envelope: ["/took"], tied_hits: ["/hits/hits/[_id=1]"] });
  assert.equal(explainedPath(excused, null), "/hits/hits/[_id=1]");
  assert.equal(explainedPath(excused, "/took"), null);
});
