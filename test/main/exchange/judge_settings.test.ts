// What is said of rules reaches the comparison: asked for each search by its index expression and shape, when it is judged.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMapping } from "../../../src/main/elasticsearch/mapping.ts";
import { type Judging, judge } from "../../../src/main/exchange/judge.ts";
import { type Fitting, settingsFor } from "../../../src/main/matcher/rule_settings.ts";
import { parseObject } from "../../../src/shared/json.ts";
import type { VerdictEntry } from "../../../src/shared/verdict_rules.ts";

const table = { index: "logs", database: "d", table: "logs", mapping: parseMapping({ properties: {} }), shards: 1, final: false };
const search = {
  position: 0,
  endpoint: "search",
  index: "logs",
  params: new Map<string, string>(),
  text: "",
  body: { size: 0, track_total_hits: true },
} as const;
const SUMMARY = { ms: 1, rows: 1, readRows: 1, readBytes: 1, memoryBytes: null, queryId: null, sentBytes: 0, receivedBytes: 0 };
const ANSWER =
  '{"took":1,"timed_out":false,"_shards":{"total":1,"failed":0},"hits":{"total":{"value":4,"relation":"eq"},"max_score":null,"hits":[]}}';

test("a search is judged by the entries that hold for it when it is judged", async () => {
  let entries: readonly VerdictEntry[] = [];
  const asked: Fitting[] = [];
  const judging: Judging = {
    tables: async () => ({ kind: "tables", tables: [table] }),
    run: async () => ({ columns: [{ name: "#total", type: "UInt64" }], rows: [{ "#total": 3 }], summary: SUMMARY }),
    clock: () => 0,
    unsettled: () => "",
    shapeOf: () => "0123456789",
    settings: async (fitting) => {
      asked.push(fitting);
      return settingsFor(entries, fitting);
    },
  };
  const judged = async () => (await judge(judging, search, { status: 200, body: parseObject(ANSWER) }, 0)).part.comparison;
  assert.equal((await judged()).verdict, "different");
  assert.deepEqual(asked, [{ index: "logs", shape: "0123456789" }]);
  entries = [{ rule: "ignored", path: "/hits/total", shape: "0123456789", reason: "counted elsewhere" }];
  const { verdict, rules } = await judged();
  assert.equal(verdict, "equivalent");
  assert.deepEqual(
    rules.filter(({ byEntry }) => byEntry === true).map(({ rule, reason, paths }) => [rule, reason, paths]),
    [["ignored", "counted elsewhere", ["/hits/total/value"]]],
  );
});
