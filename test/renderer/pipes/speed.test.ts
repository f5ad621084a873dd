import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { measured, type Speeds, sparkline, speedNow } from "../../../src/renderer/pipes/speed.ts";
import type { PipeInfo } from "../../../src/shared/pipe.ts";

function pipe(done: number, part: Partial<PipeInfo> = {}): PipeInfo {
  return {
    id: "generate-logs",
    kind: "generate",
    title: "",
    index: null,
    state: "running",
    rate: null,
    autorun: true,
    started: "2026-01-01T00:00:00.000Z",
    ended: null,
    progress: { done, total: null, unit: "documents", bytes: null, secondsLeft: null, pass: null },
    result: "",
    lastError: "",
    report: null,
    ...part,
  };
}

function after(...told: readonly (readonly [number, number])[]): Speeds {
  return told.reduce<Speeds>((known, [time, done]) => measured(known, pipe(done), time), { run: null, measures: [] });
}

describe("how fast a pipe is", () => {
  test("is what it did between measures that are far enough apart", () => {
    assert.equal(speedNow(after([0, 100])), null);
    assert.equal(speedNow(after([0, 100], [10, 5_000], [1_000, 120], [2_000, 140])), 20);
  });

  test("is told of the last measures, and forgets older ones", () => {
    const many = after(...Array.from({ length: 500 }, (_, at) => [at * 1_000, at * 7] as const));
    assert.equal(speedNow(many), 7);
    assert.ok(many.measures.length <= 40);
  });

  test("begins anew with another run, and is nothing while it does not run", () => {
    const known = after([0, 100], [1_000, 200]);
    assert.equal(speedNow(measured(known, pipe(5, { started: "2026-01-02T00:00:00.000Z" }), 2_000)), null);
    assert.deepEqual(measured(known, pipe(200, { state: "failed" }), 2_000).measures, []);
  });

  test("is drawn as a line from left to right, the fastest at the top", () => {
    assert.equal(sparkline(after([0, 0], [1_000, 10])), "");
    assert.equal(sparkline(after([0, 0], [1_000, 10], [2_000, 30], [3_000, 30])), "0,10 50,1 100,19");
  });
});
