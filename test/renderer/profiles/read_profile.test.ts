import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readProfile } from "../../../src/renderer/profiles/read_profile.ts";

const FRAME = { functionName: "f", url: "src/main/engine.ts", lineNumber: 9, columnNumber: 0 };
const ROOT = { functionName: "(root)", url: "", lineNumber: -1, columnNumber: -1 };

describe("a kept profile", () => {
  test("is parted by its threads where it has several", () => {
    const nodes = [
      { id: 1, callFrame: ROOT, children: [2, 4] },
      { id: 2, callFrame: { ...ROOT, functionName: "main" }, children: [3] },
      { id: 3, callFrame: FRAME },
      { id: 4, callFrame: { ...ROOT, functionName: "journal" } },
    ];
    const profile = { nodes, startTime: 0, endTime: 3000, samples: [3, 4], timeDeltas: [0, 2000], parallax: { threads: [] } };
    const { root, threads, format } = readProfile(JSON.stringify(profile), "CPU, 1 s");
    assert.deepEqual([root.name, root.value, format(root.value)], ["CPU, 1 s", 3000, format(3000)]);
    assert.deepEqual(
      threads.map(({ name, value }) => [name, value]),
      [
        ["main", 2000],
        ["journal", 1000],
      ],
    );
    assert.equal(threads[0]?.children[0]?.where, "src/main/engine.ts:10");
  });

  test("of the heap has bytes, what holds nothing left out", () => {
    const empty = { callFrame: FRAME, selfSize: 0, children: [] };
    const head = { callFrame: ROOT, selfSize: 0, children: [{ callFrame: FRAME, selfSize: 2048, children: [empty] }] };
    const { root, threads } = readProfile(JSON.stringify({ head, samples: [] }), "Heap");
    assert.deepEqual([root.value, root.children[0]?.name, root.children[0]?.children, threads], [2048, "f", [], []]);
  });

  test("of another form is refused", () => {
    assert.throws(() => readProfile("{}", "x"), /no profile/);
    assert.throws(() => readProfile("<", "x"), SyntaxError);
  });
});
