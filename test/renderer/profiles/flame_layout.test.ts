import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isFound, neighbourOf, placeFrames } from "../../../src/renderer/profiles/flame/layout.ts";
import type { FlameNode } from "../../../src/shared/flame.ts";

const node = (name: string, value: number, children: readonly FlameNode[] = []): FlameNode => ({
  name,
  value,
  self: value - children.reduce((sum, child) => sum + child.value, 0),
  children,
  where: `src/main/${name}.ts:1`,
  side: "own",
});
const ROOT = node("all", 100, [node("a", 60, [node("b", 30), node("c", 20)]), node("d", 40, [node("thin", 0.01)])]);

describe("the layout of a flame graph", () => {
  test("frames stand in their order, as wide as their share; one narrower than a pixel is left out", () => {
    assert.deepEqual(
      placeFrames(ROOT, "0").map(({ id, name, depth, left, width }) => [id, name, depth, left, width]),
      [
        ["0", "all", 0, 0, 1],
        ["0/0", "a", 1, 0, 0.6],
        ["0/1", "d", 1, 0.6, 0.4],
        ["0/0/0", "b", 2, 0, 0.3],
        ["0/0/1", "c", 2, 0.3, 0.2],
      ],
    );
  });

  test("a chosen frame takes the whole width, and so do those above it", () => {
    const frames = placeFrames(ROOT, "0/0");
    assert.deepEqual(
      frames.map(({ name, depth, width }) => [name, depth, width]),
      [
        ["all", 0, 1],
        ["a", 1, 1],
        ["b", 2, 0.5],
        ["c", 2, 20 / 60],
      ],
    );
  });

  test("arrow keys go to the caller, the callee and to both sides, and stay where there is none", () => {
    const frames = placeFrames(ROOT, "0");
    assert.equal(neighbourOf(frames, "0", "down"), "0/0");
    assert.equal(neighbourOf(frames, "0/0", "right"), "0/1");
    assert.equal(neighbourOf(frames, "0/0/1", "left"), "0/0/0");
    assert.equal(neighbourOf(frames, "0/0/1", "up"), "0/0");
    assert.equal(neighbourOf(frames, "0/1", "down"), "0/1");
    assert.equal(neighbourOf(frames, "0", "up"), "0");
  });

  test("functions are found by name and by file, whatever the case", () => {
    assert.equal(isFound({ name: "translateTerms", where: "src/main/translate/aggs/terms.ts:9" }, "TERMS"), true);
    assert.equal(isFound({ name: "x", where: "src/main/matcher/match.ts:9" }, "matcher/"), true);
    assert.equal(isFound({ name: "x", where: "" }, " "), false);
  });
});
