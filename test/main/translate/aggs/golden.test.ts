// Each aggregation: the exact SQL of one case, and on ClickHouse the answer that Elasticsearch gave to it.
// To record anew: PARALLAX_RECORD_GOLDEN=1 with test/parity/aggs.test.ts.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { quoteName } from "../../../../src/main/clickhouse/sql/quote.ts";
import { connectClickHouse, differences, mirror, runClickHouse } from "../../../support/two_engines.ts";
import { NOW, readGolden, statementsOf, tableOf, translated } from "./golden.ts";
import { CASES } from "./golden_cases.ts";
import { MAPPING, MAPPINGS, ORDERS } from "./orders.ts";

const DATABASE = "aggs_golden";
const address = process.env.PARALLAX_TEST_CLICKHOUSE;

describe("the golden case of", () => {
  for (const [name, request] of Object.entries(CASES)) {
    test(`${name} becomes the recorded SQL`, () => {
      const golden = readGolden(name);
      assert.ok(golden, `golden/${name}.json is missing`);
      assert.deepEqual(statementsOf(translated(request, tableOf("database", "orders"))), golden.statements);
    });
  }
});

describe("on ClickHouse the golden case of", { skip: address === undefined ? "PARALLAX_TEST_CLICKHOUSE names no server" : false }, () => {
  const clickhouse = connectClickHouse(address ?? "http://localhost");
  const engines = { elasticsearch: "", clickhouse, database: DATABASE };

  before(async () => {
    await mirror(engines, { name: "orders", mappings: MAPPINGS, documents: ORDERS }, MAPPING);
  });

  after(async () => {
    await clickhouse.command(`DROP DATABASE IF EXISTS ${quoteName(DATABASE)} SYNC`);
    await clickhouse.close();
  });

  for (const [name, request] of Object.entries(CASES)) {
    test(`${name} gives Elasticsearch's answer`, async () => {
      const golden = readGolden(name);
      assert.ok(golden, `golden/${name}.json is missing`);
      const body = { size: 0, track_total_hits: false, ...request };
      const tables = [tableOf(DATABASE, "orders")];
      const { answer } = await runClickHouse(clickhouse, { endpoint: "search", body, params: new Map(), tables, now: NOW });
      assert.deepEqual(
        differences({ aggregations: golden.answer }, { aggregations: answer?.body.aggregations ?? null }, answer?.tolerances),
        [],
      );
    });
  }
});
