// The noise that is remembered: what the rule is told of a shape, and what stands in the file afterwards.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { NoiseBook } from "../../../src/main/noise/noise_book.ts";
import type { RememberedNoise } from "../../../src/shared/noise.ts";

const NOISE: RememberedNoise = {
  shape: "0123456789",
  sketch: "_search logs · avg(x)",
  index: "logs",
  time: Date.UTC(2026, 10, 22, 12),
  times: 5,
  paths: [
    { path: "/aggregations/a/value", kind: "value", spread: { share: 0.5, distance: 2.5 }, sides: ["elasticsearch"] },
    { path: "/hits/hits/*", kind: "order", spread: { share: 1, distance: 3 }, sides: ["elasticsearch", "clickhouse"] },
    { path: "/hits/hits/*/fields/now/0", kind: "value", spread: null, sides: ["clickhouse"] },
  ],
};

describe("the noise that is remembered", () => {
  const folder = mkdtempSync(join(tmpdir(), "parallax-noise-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const opened = (name: string) => {
    const problems: string[] = [];
    return { book: new NoiseBook({ file: join(folder, name), problem: (message) => problems.push(message) }), problems };
  };

  test("outlasts the run, is told with when and by whom it was seen, and is forgotten", () => {
    const { book } = opened("noise.json");
    book.remember(NOISE);
    book.remember({ ...NOISE, shape: "other" });
    const again = opened("noise.json");
    assert.deepEqual(again.problems, []);
    assert.deepEqual(again.book.list(), [{ ...NOISE, shape: "other" }, NOISE]);
    assert.deepEqual(
      again.book.seen(NOISE.shape).map(({ path, reason }) => [path, reason]),
      [
        ["/aggregations/a/value", "Elasticsearch disagrees with itself here: seen in 5 answers on 2026-11-22."],
        ["/hits/hits/*", "Elasticsearch and ClickHouse disagree with themselves here: seen in 5 answers on 2026-11-22."],
        ["/hits/hits/*/fields/now/0", "ClickHouse disagrees with itself here: seen in 5 answers on 2026-11-22."],
      ],
    );
    assert.deepEqual([again.book.forget(NOISE.shape), again.book.forget(NOISE.shape)], [true, false]);
    assert.deepEqual([again.book.seen(NOISE.shape), opened("noise.json").book.list().length], [[], 1]);
  });

  test("what is remembered anew takes the place of what was", () => {
    const { book } = opened("anew.json");
    book.remember(NOISE);
    book.remember({ ...NOISE, times: 20, paths: [] });
    assert.deepEqual(book.list(), [{ ...NOISE, times: 20, paths: [] }]);
  });

  test("a file that can't be read says so, and entries that don't fit are left out", () => {
    writeFileSync(join(folder, "broken.json"), "{");
    const broken = opened("broken.json");
    assert.deepEqual([broken.book.list(), broken.problems.length], [[], 1]);
    const entries = [
      NOISE,
      { ...NOISE, shape: 7 },
      { ...NOISE, time: 1e30 },
      { ...NOISE, shape: "p", paths: [{ path: "/x", kind: "presence" }, ...NOISE.paths] },
    ];
    writeFileSync(join(folder, "half.json"), JSON.stringify({ noise: entries }));
    assert.deepEqual(opened("half.json").book.list(), [{ ...NOISE, shape: "p" }, NOISE]);
  });
});
