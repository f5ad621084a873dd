import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { redactionRules } from "../../../src/main/capture/redact/rules.ts";
import { redactedProfile, redactedWhy } from "../../../src/main/capture/redact/said.ts";
import type { WhyAnswer } from "../../../src/shared/compare.ts";
import type { ExchangeProfile, ProfileRun } from "../../../src/shared/exchange_profile.ts";

const SECRET = "ada@example.org";
const RUN: ProfileRun = {
  run: 1,
  time: 0,
  totalUs: 9,
  phases: [],
  verdict: "different",
  reason: `differs at ${SECRET}`,
  elasticsearch: {
    state: "there",
    value: {
      asked: `GET /x?q=${SECRET}`,
      searches: [
        {
          search: 0,
          tookMs: 1,
          problem: `refused ${SECRET}`,
          shards: [
            {
              ...{ name: "x[0]", value: 9, self: 0, where: "", side: "es" },
              children: [{ name: "TermQuery", value: 9, self: 9, where: `email:${SECRET}`, side: "es", children: [] }],
            },
          ],
        },
      ],
    },
  },
  clickhouse: { state: "missing", reason: `Code: 62, at '${SECRET}'` },
  cpu: { state: "not asked" },
};
const PROFILE: ExchangeProfile = {
  ...{ id: 1, time: 0, totalUs: 9, phases: [] },
  wire: { request: { head: 1, body: 2 }, response: null, clickhouse: null },
  clickhouse: {
    state: "there",
    value: {
      missing: [],
      statements: [
        {
          ...{ search: 0, name: "hits", queryId: "q", source: "query_log", from: 1, to: 5, waitedUs: 4, resultRows: 1, readRows: 1 },
          ...{ readBytes: 1, memoryBytes: 1, threads: 1, peakThreads: 1, events: { SelectedRows: 7 }, processors: [] },
          pipeline: [`Filter ${SECRET}`],
          error: `at ${SECRET}`,
        },
      ],
    },
  },
  runs: [RUN],
};
const WHY: WhyAnswer = {
  differing: 4,
  kinds: 1,
  waiting: 0,
  causes: [
    {
      cause: "unknown",
      searches: 4,
      kinds: [{ exchange: 1, position: 0, path: `/b/[key=${SECRET}]`, shape: "a1", searches: 4, sentence: `Of ${SECRET} there are 2.` }],
    },
  ],
};

describe("what was said of exchanges", () => {
  for (const [name, choices] of [
    ["a field that is chosen", { fields: ["email"] }],
    ["a body that goes", { bodies: ["answers"] }],
    ["a kind of secret", { secrets: ["email"] }],
  ] as const) {
    test(`holds no value of ${name}`, () => {
      const rules = redactionRules(choices);
      assert.ok(!JSON.stringify([redactedProfile(PROFILE, rules), redactedWhy(WHY, rules)]).includes(SECRET));
    });
  }

  test("keeps its figures, and stays as it is where nothing is chosen", () => {
    const cleaned = redactedProfile(PROFILE, redactionRules({ fields: ["email"] }));
    assert.equal(cleaned.totalUs, 9);
    assert.deepEqual(cleaned.clickhouse.state === "there" && cleaned.clickhouse.value.statements[0]?.events, { SelectedRows: 7 });
    assert.equal(redactedWhy(WHY, redactionRules({ fields: ["email"] })).causes[0]?.searches, 4);
    const none = redactionRules({});
    assert.deepEqual([redactedProfile(PROFILE, none), redactedWhy(WHY, none)], [PROFILE, WHY]);
  });
});
