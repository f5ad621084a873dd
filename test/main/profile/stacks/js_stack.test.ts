import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Place, readStack, runs } from "../../../../src/main/profile/stacks/js_stack.ts";

const PROBE = "parallax:stack-probe";
const asIs = (place: Place): Place => place;

describe("the text of a stack", () => {
  test("gives names, places and what waits, without the frames of whoever asked", () => {
    const text = `Error: stack
    at ${PROBE}:5:41
    at ${PROBE}:9:3
    at Atomics.wait (<anonymous>)
    at Timeout.waits [as _onTimeout] (file:///p/src/main/a.ts:1:44)
    at new Held (file:///p/src/main/b.ts:7:1)
    at file:///p/src/main/c.ts:3:9
    at listOnTimeout (node:internal/timers:685:17)
    at async Promise.all (index 0)
    at async Engine.start (file:///p/src/main/engine.ts:20:5)
    at async file:///p/src/main/cli.ts:4:20`;
    const frames = readStack(text, PROBE, asIs);
    assert.deepEqual(
      frames.map(({ name, place, async }) => [name, place === null ? null : `${place.file}:${place.line}:${place.column}`, async]),
      [
        ["Atomics.wait", null, false],
        ["Timeout.waits [as _onTimeout]", "file:///p/src/main/a.ts:1:44", false],
        ["new Held", "file:///p/src/main/b.ts:7:1", false],
        ["", "file:///p/src/main/c.ts:3:9", false],
        ["listOnTimeout", "node:internal/timers:685:17", false],
        ["Promise.all", null, true],
        ["Engine.start", "file:///p/src/main/engine.ts:20:5", true],
        ["", "file:///p/src/main/cli.ts:4:20", true],
      ],
    );
    assert.ok(runs(frames));
  });

  test("says that nothing runs where only the one who asked does", () => {
    assert.ok(!runs(readStack(`Error: stack\n    at ${PROBE}:5:41\n    at ${PROBE}:9:3`, PROBE, asIs)));
  });

  test("shows places where they are told to be", () => {
    const [frame] = readStack("Error\n    at f (file:///p/out/main/a.js:9:2)", PROBE, () => ({
      file: "src/main/a.ts",
      line: 3,
      column: 1,
    }));
    assert.deepEqual(frame?.place, { file: "src/main/a.ts", line: 3, column: 1 });
  });

  test("reads a message of several lines, code of an eval, and paths with brackets", () => {
    const frames = readStack(
      "Error: one\ntwo\n    at eval (eval at run (file:///p/a.ts:1:2), <anonymous>:3:4)\n    at f (file:///p/(x)/a.ts:5:6)",
      PROBE,
      asIs,
    );
    assert.deepEqual(
      frames.map(({ name, place }) => [name, place?.line]),
      [
        ["eval", 3],
        ["f", 5],
      ],
    );
  });
});
