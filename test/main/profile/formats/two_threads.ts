// Two threads' profiles, small enough to be added up by hand.
import type { CallFrame, ThreadProfile } from "../../../../src/shared/profile.ts";

function frame(functionName: string, url = "", line = 0): CallFrame {
  return { functionName, url, lineNumber: line - 1, columnNumber: line === 0 ? -1 : 2 };
}

/**
 * main, 100 ms: 40 ms idle, 20 ms `inner` in `outer`, 10 ms `outer` alone, 20 ms `inner` in `inner` in `outer`, 10 ms collecting garbage.
 * wire, 60 ms: 30 ms a nameless function, 30 ms `inner`. A third did not answer.
 */
export const TWO_THREADS: readonly ThreadProfile[] = [
  {
    thread: "main",
    profile: {
      nodes: [
        { id: 1, callFrame: frame("(root)"), hitCount: 0, children: [2, 3, 4] },
        { id: 2, callFrame: frame("(idle)"), hitCount: 4 },
        { id: 3, callFrame: frame("(garbage collector)"), hitCount: 1 },
        { id: 4, callFrame: frame("outer", "src/main/outer.ts", 3), hitCount: 1, children: [5] },
        {
          id: 5,
          callFrame: frame("inner", "src/main/inner.ts", 7),
          hitCount: 2,
          children: [6],
          positionTicks: [
            { line: 8, ticks: 3 },
            { line: 9, ticks: 1 },
          ],
        },
        { id: 6, callFrame: frame("inner", "src/main/inner.ts", 7), hitCount: 2 },
      ],
      startTime: 1_000_000,
      endTime: 1_100_000,
      samples: [5, 5, 2, 2, 4, 6, 6, 3, 2, 2],
      timeDeltas: [0, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000],
    },
  },
  {
    thread: "wire",
    profile: {
      nodes: [
        { id: 1, callFrame: frame("(root)"), hitCount: 0, children: [2, 3] },
        { id: 2, callFrame: frame("", "node_modules/package/index.js", 12), hitCount: 1 },
        { id: 3, callFrame: frame("inner", "src/main/inner.ts", 7), hitCount: 1 },
      ],
      startTime: 1_010_000,
      endTime: 1_075_000,
      samples: [2, 3],
      timeDeltas: [5_000, 30_000],
    },
  },
  {
    thread: "script",
    profile: { nodes: [], startTime: 0, endTime: 0, samples: [], timeDeltas: [] },
    problem: "did not answer within 5 s",
  },
];
