// How a search ends that ClickHouse's limits ended: a failure that names the statement and the limit, never a hang.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ClickHouseRefused } from "../../../src/main/clickhouse/failure.ts";
import { parseMapping } from "../../../src/main/elasticsearch/mapping.ts";
import { type Running, runSearch } from "../../../src/main/exchange/run_search.ts";

const mapping = parseMapping({ properties: { host: { type: "keyword" } } });
const table = { index: "logs", database: "d", table: "logs", mapping, shards: 1, final: false };
const search = {
  position: 0,
  endpoint: "search",
  index: "logs",
  params: new Map<string, string>(),
  text: "",
  body: { size: 0, aggs: { hosts: { terms: { field: "host" } } } },
} as const;

function running(run: Running["run"]): Running {
  return { tables: async () => ({ kind: "tables", tables: [table] }), run, clock: () => 0 };
}

describe("a search past ClickHouse's limits", () => {
  const cases: readonly (readonly [code: number, named: RegExp])[] = [
    [159, /^too large: statement ".+" passed ClickHouse's limit max_execution_time \(clickhouse\.maxSeconds\): Timeout exceeded/],
    [241, /^too large: statement ".+" passed ClickHouse's limit max_memory_usage \(clickhouse\.maxMemoryBytes\): /],
  ];
  for (const [code, named] of cases) {
    test(`fails with the limit of code ${code}`, async () => {
      const outcome = await runSearch(
        running(async () => {
          throw new ClickHouseRefused(code, "Timeout exceeded: elapsed 60 seconds");
        }),
        search,
        0,
      );
      assert.ok(outcome.kind === "failed" && outcome.tooLarge);
      assert.match(outcome.reason, named);
    });
  }

  test("fails as ClickHouse refused anything else", async () => {
    const outcome = await runSearch(
      running(async () => {
        throw new ClickHouseRefused(60, "no such table");
      }),
      search,
      0,
    );
    assert.ok(outcome.kind === "failed" && !outcome.tooLarge);
    assert.match(outcome.reason, /^ClickHouse refused statement "/);
  });
});
