import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { axisOf, placeLane, ticksOf } from "../../../src/renderer/exchange/profile/axis.ts";
import { allFunctions, differencesOf, figuresOf, unitOf } from "../../../src/renderer/exchange/profile/figures.ts";
import { lanesOf, type Shown } from "../../../src/renderer/exchange/profile/lanes.ts";
import type { StatementProfile } from "../../../src/shared/exchange_profile.ts";
import type { LaneFrame } from "../../../src/shared/flame.ts";
import { fakeThread } from "../../support/fake_exchange_profiles.ts";

const processor = (name: string, waitedUs: number, workedUs: number, depth: number) => ({
  name,
  step: "Step",
  instances: 2,
  depth,
  busiest: { waitedUs, workedUs },
  workedUs: workedUs + 10,
  waitedForInputUs: waitedUs,
  waitedForOutputUs: 0,
  inputRows: 5,
  outputRows: 5,
});
const STATEMENT: StatementProfile = {
  search: 0,
  name: "hits",
  queryId: "parallax-1-x",
  source: "query_log",
  from: 3_000,
  to: 8_000,
  waitedUs: 5_400,
  resultRows: 5,
  readRows: 4_000,
  readBytes: 36_000,
  memoryBytes: 7_000_000,
  threads: 4,
  peakThreads: 2,
  events: { SelectedRows: 4_000, OSCPUVirtualTimeMicroseconds: 900 },
  processors: [
    processor("MergeTreeSelect(pool: X)", 0, 2_000, 0),
    processor("FilterTransform", 2_000, 500, 1),
    processor("NullSource", 0, 0, 0),
  ],
  pipeline: [],
  error: null,
};
const SHOWN: Shown = {
  phases: [
    { name: "ask", by: "es", search: null, from: 0, to: 2_000 },
    { name: "translate", by: "own", search: null, from: 2_000, to: 3_000 },
    { name: "run", by: "ch", search: null, from: 3_000, to: 8_500 },
  ],
  totalUs: 8_500,
  clickhouse: { state: "there", value: { statements: [STATEMENT], missing: [] } },
  elasticsearch: {
    state: "there",
    value: {
      asked: "",
      searches: [
        {
          search: 0,
          tookMs: 2,
          problem: "",
          shards: [
            {
              name: "shard 0",
              where: "",
              side: "es",
              value: 1_500,
              self: 0,
              children: [
                { name: "query", where: "", side: "es", value: 1_000, self: 1_000, children: [] },
                { name: "fetch", where: "", side: "es", value: 500, self: 500, children: [] },
              ],
            },
          ],
        },
      ],
    },
  },
  cpu: {
    state: "there",
    value: { intervalUs: 100, origin: 1_000, threads: [fakeThread("main", 1_000, 8_500), fakeThread("proxy", 90_000, 100)] },
  },
};

describe("the lanes of an exchange's profile", () => {
  test("all sides stand on one axis; a thread that did nothing meanwhile has an empty lane", () => {
    const lanes = lanesOf(SHOWN);
    assert.deepEqual(
      lanes.map(({ id, tag, frames }) => [id, tag, frames.length > 0]),
      [
        ["phases", "px", true],
        ["thread main", "px", true],
        ["thread proxy", "px", false],
        ["clickhouse", "ch", true],
        ["elasticsearch", "es", true],
      ],
    );
    assert.ok(lanes.flatMap(({ frames }) => frames).every(({ from, to }) => from >= 0 && to <= SHOWN.totalUs && to > from));
  });

  test("processors stand where their rows came, those that did nothing are left out; a shard's parts follow each other", () => {
    const frames = (id: string) =>
      (lanesOf(SHOWN).find((lane) => lane.id === id)?.frames ?? []).map(({ name, depth, from, to }) => [name, depth, from, to]);
    assert.deepEqual(frames("clickhouse"), [
      ["hits", 0, 3_000, 8_000],
      ["MergeTreeSelect", 1, 3_000, 5_000],
      ["FilterTransform", 1, 5_000, 5_500],
    ]);
    assert.deepEqual(frames("elasticsearch"), [
      ["shard 0", 0, 0, 1_500],
      ["query", 1, 0, 1_000],
      ["fetch", 1, 1_000, 1_500],
    ]);
  });
});

describe("the axis of the lanes", () => {
  const frame = (from: number, to: number, depth = 0): LaneFrame => ({ name: `${from}`, where: "", side: "own", depth, from, to });
  const frames = [frame(0, 100), frame(0, 10, 1), frame(90, 100, 1)];

  test("a stretch in which nothing begins or ends is drawn shorter, and the ruler knows by how much", () => {
    const axis = axisOf(frames, 0, 100, true);
    assert.deepEqual(axis.cuts[1], { from: 10, to: 90 });
    assert.equal(axis.at(0), 0);
    assert.equal(axis.at(100), 1);
    const [before, between] = [axis.at(10), axis.at(90)];
    assert.ok(between - before <= 0.34 && before > 0.3, `${before} ${between}`);
    assert.ok(axis.at(50) > before && axis.at(50) < between);
  });

  test("a wait of seconds leaves what worked for milliseconds most of the width", () => {
    const seconds = [frame(0, 10), frame(10, 5_000), frame(5_000, 5_020), frame(5_020, 5_050)];
    const axis = axisOf(seconds, 0, 5_050, true);
    assert.deepEqual(axis.cuts, [{ from: 10, to: 5_000 }]);
    assert.ok(axis.at(5_000) - axis.at(10) < 0.25, `${axis.at(10)} to ${axis.at(5_000)}`);
    assert.equal(axis.at(5_050), 1);
  });

  test("as it was, each time stands at its share", () => {
    const axis = axisOf(frames, 0, 100, false);
    assert.deepEqual([axis.at(10), axis.at(50), axis.cuts.length], [0.1, 0.5, 0]);
    assert.deepEqual(
      placeLane(frames, axis).map(({ left, width, value, self }) => [left, Number(width.toFixed(6)), value, self]),
      [
        [0, 1, 100, 80],
        [0, 0.1, 10, 10],
        [0.9, 0.1, 10, 10],
      ],
    );
  });

  test("what is not in the window is left out, what reaches out of it is cut there", () => {
    const axis = axisOf(frames, 90, 100, true);
    assert.deepEqual(
      placeLane(frames, axis).map(({ name, left, width }) => [name, left, width]),
      [
        ["0", 0, 1],
        ["90", 0, 1],
      ],
    );
    assert.deepEqual(ticksOf(frames, axis), [90]);
  });
});

describe("the figures of a profile", () => {
  test("functions of all sides are one list, each processor with its step", () => {
    const functions = allFunctions(SHOWN);
    assert.ok(functions.some(({ name, side }) => name === "judgeExchange" && side === "own"));
    assert.ok(functions.some(({ name, side, self }) => name === "query" && side === "es" && self === 1_000));
    const filter = functions.find(({ name }) => name === "FilterTransform");
    assert.deepEqual([filter?.side, filter?.self, filter?.where], ["ch", 510, "Step, hits, 2×"]);
  });

  test("two profiles side by side: what differs, and what only one has", () => {
    const slower: Shown = {
      ...SHOWN,
      phases: SHOWN.phases.map((phase) => (phase.name === "run" ? { ...phase, to: 10_500 } : phase)),
      clickhouse: {
        state: "there",
        value: { statements: [{ ...STATEMENT, readRows: 8_000, events: { SelectedRows: 8_000, FileOpen: 1 } }], missing: [] },
      },
    };
    const rows = differencesOf(figuresOf(SHOWN), figuresOf(slower));
    assert.deepEqual(rows[0], { group: "phases", name: "run on ClickHouse", unit: "us", before: 5_500, after: 7_500 });
    const named = (name: string) => rows.find((row) => row.name === `1 hits: ${name}`);
    assert.deepEqual([named("rows read")?.before, named("rows read")?.after], [4_000, 8_000]);
    assert.deepEqual([named("FileOpen")?.before, named("FileOpen")?.after], [null, 1]);
    assert.equal(
      rows.some(({ group }) => group === "elasticsearch"),
      false,
    );
  });

  test("a ProfileEvent says its unit by its name", () => {
    assert.deepEqual(["OSCPUVirtualTimeMicroseconds", "SelectedBytes", "SelectedRows"].map(unitOf), ["us", "bytes", "count"]);
  });
});
