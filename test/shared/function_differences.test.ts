import assert from "node:assert/strict";
import { test } from "node:test";
import type { FlameNode } from "../../src/shared/flame.ts";
import { functionDifferences } from "../../src/shared/function_differences.ts";

function leaf(name: string, self: number): FlameNode {
  return { name, where: "", side: "own", value: self, self, children: [] };
}

function root(...children: readonly FlameNode[]): FlameNode {
  return { ...leaf("all", 0), value: children.reduce((sum, { value }) => sum + value, 0), children };
}

test("functions of two profiles are compared by their share, the largest change first", () => {
  const rows = functionDifferences(root(leaf("a", 10), leaf("b", 30)), root(leaf("a", 60), leaf("c", 20)));
  assert.deepEqual(
    rows.map(({ name, before, after, beforeShare, afterShare }) => [name, before, after, beforeShare, afterShare]),
    [
      ["b", 30, 0, 0.75, 0],
      ["a", 10, 60, 0.25, 0.75],
      ["c", 0, 20, 0, 0.25],
    ],
  );
  assert.deepEqual(functionDifferences(root(), root()), []);
});
