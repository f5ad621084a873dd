import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { flameOf, framesOf, functionsOf } from "../../src/shared/flame.ts";
import type { CpuProfile } from "../../src/shared/profile.ts";

const frame = (functionName: string, url = "", lineNumber = -1) => ({ functionName, url, lineNumber, columnNumber: 0 });

/** main → (match → leaf, fetch), idle, and the collector, of 10 µs a sample. */
const PROFILE: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame("(root)"), children: [2, 6, 7] },
    { id: 2, callFrame: frame("judge", "src/main/exchange/judge.ts", 40), children: [3, 5] },
    { id: 3, callFrame: frame("match", "src/main/matcher/match.ts", 9), children: [4] },
    { id: 4, callFrame: frame("match", "src/main/matcher/match.ts", 9) },
    { id: 5, callFrame: frame("fetch", "node:http", 0) },
    { id: 6, callFrame: frame("(idle)") },
    { id: 7, callFrame: frame("(garbage collector)") },
  ],
  startTime: 1_000,
  endTime: 1_080,
  samples: [2, 3, 4, 4, 6, 5, 7, 2],
  timeDeltas: [0, 10, 10, 10, 10, 10, 10, 10],
};

describe("flame graphs of CPU profiles", () => {
  test("a function's time is its own and what it called; idle time is nobody's", () => {
    const root = flameOf(PROFILE, "main");
    assert.equal(root.value, 70);
    const [judge, collector] = root.children;
    assert.deepEqual([judge?.name, judge?.value, judge?.self, judge?.where], ["judge", 60, 20, "src/main/exchange/judge.ts:41"]);
    assert.deepEqual(
      judge?.children.map(({ name, value, self, side }) => [name, value, self, side]),
      [
        ["match", 30, 10, "own"],
        ["fetch", 10, 10, "library"],
      ],
    );
    assert.deepEqual([collector?.name, collector?.side, collector?.value], ["(garbage collector)", "gc", 10]);
  });

  test("samples of one stack that follow each other are one frame in time, and an idle time ends it", () => {
    const lanes = framesOf(PROFILE, 1_000).map(({ name, depth, from, to }) => [name, depth, from, to]);
    assert.deepEqual(lanes, [
      ["judge", 0, 0, 40],
      ["match", 1, 10, 40],
      ["match", 2, 20, 40],
      ["judge", 0, 50, 60],
      ["fetch", 1, 50, 60],
      ["(garbage collector)", 0, 60, 70],
      ["judge", 0, 70, 80],
    ]);
  });

  test("a function that calls itself counts once in its total", () => {
    const match = functionsOf(flameOf(PROFILE, "main")).find(({ name }) => name === "match");
    assert.deepEqual([match?.self, match?.total], [30, 30]);
  });

  test("a profile without samples is an empty tree", () => {
    assert.deepEqual(flameOf({ nodes: [], samples: [], timeDeltas: [], startTime: 0, endTime: 5 }, "journal").children, []);
  });
});
