// Aggregations that the reference server lacks, on ClickHouse: what Elasticsearch's manual and source say they give.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { quoteName } from "../../../../src/main/clickhouse/sql/quote.ts";
import { isObject, type JsonObject, member, printJson } from "../../../../src/shared/json.ts";
import { connectClickHouse, mirror, runClickHouse } from "../../../support/two_engines.ts";
import { NOW, tableOf } from "./golden.ts";
import { MAPPING, MAPPINGS, ORDERS } from "./orders.ts";

const DATABASE = "aggs_unreferenced";
const address = process.env.PARALLAX_TEST_CLICKHOUSE;

describe("without a reference", { skip: address === undefined ? "PARALLAX_TEST_CLICKHOUSE names no server" : false }, () => {
  const clickhouse = connectClickHouse(address ?? "http://localhost");
  const engines = { elasticsearch: "", clickhouse, database: DATABASE };
  const answerTo = async (aggregation: JsonObject): Promise<string> => {
    const body = { size: 0, track_total_hits: false, aggs: { x: aggregation } };
    const tables = [tableOf(DATABASE, "orders")];
    const { translation, answer } = await runClickHouse(clickhouse, { endpoint: "search", body, params: new Map(), tables, now: NOW });
    assert.equal(translation.kind, "translated", printJson(body));
    const all = answer?.body.aggregations;
    return printJson((isObject(all) ? member(all, "x") : null) ?? null);
  };

  before(async () => {
    await mirror(engines, { name: "orders", mappings: MAPPINGS, documents: ORDERS }, MAPPING);
  });
  after(async () => {
    await clickhouse.command(`DROP DATABASE IF EXISTS ${quoteName(DATABASE)} SYNC`);
    await clickhouse.close();
  });

  test("top_metrics gives the values of the newest documents, dates as text, missing ones as null", async () => {
    assert.equal(
      await answerTo({
        top_metrics: { metrics: [{ field: "price" }, { field: "color" }, { field: "at" }], sort: { at: "desc" }, size: 2 },
      }),
      '{"top":[{"sort":["2025-01-01T00:00:00.000Z"],"metrics":{"price":2.5,"color":"éa","at":"2025-01-01T00:00:00.000Z"}},{"sort":["2024-12-24T18:00:00.000Z"],"metrics":{"price":10.1,"color":null,"at":"2024-11-05T12:00:00.000Z"}}]}',
    );
    assert.equal(
      await answerTo({ top_metrics: { metrics: { field: "size" }, sort: [{ price: { order: "desc" } }] } }),
      '{"top":[{"sort":[1000.0],"metrics":{"size":0}}]}',
    );
  });

  test("string_stats counts UTF-16 units, and the entropy of the characters", async () => {
    const stats = await answerTo({
      filter: { term: { color: "red" } },
      aggs: { s: { string_stats: { field: "color", show_distribution: true } } },
    });
    assert.match(stats, /"count":4,"min_length":3,"max_length":4,"avg_length":3\.25,"entropy":2\.3535/);
    assert.match(stats, /"e":0\.3076923/);
    assert.match(await answerTo({ string_stats: { field: "nowhere" } }), /"count":0,"min_length":null.*"entropy":0\.0/);
  });

  test("boxplot gives quartiles, and whiskers within one and a half times their distance", async () => {
    assert.equal(
      await answerTo({ filter: { range: { size: { gte: 0, lt: 100 } } }, aggs: { b: { boxplot: { field: "size" } } } }),
      '{"doc_count":8,"b":{"min":0.0,"max":12.0,"q1":3.0,"q2":5.0,"q3":7.0,"lower":0.0,"upper":12.0}}',
    );
    assert.match(await answerTo({ boxplot: { field: "nowhere" } }), /"min":"Infinity","max":"-Infinity","q1":"NaN"/);
  });

  test("normalize puts each bucket on the scale of all", async () => {
    const by = (method: string): JsonObject => ({
      filters: { filters: { a: { term: { size: 3 } }, b: { term: { size: 5 } }, c: { term: { size: 7 } } } },
      aggs: { n: { normalize: { buckets_path: "_count", method } } },
    });
    const valuesOf = async (method: string) =>
      [...(await answerTo(by(method))).matchAll(/"n":\{"value":([^}]*)\}/g)].map((found) => found[1]);
    assert.deepEqual(await valuesOf("rescale_0_100"), ["0.0", "0.0", "100.0"]);
    assert.deepEqual(await valuesOf("percent_of_sum"), ["0.2857142857142857", "0.2857142857142857", "0.42857142857142855"]);
    assert.deepEqual(await valuesOf("mean"), ["-0.3333333333333335", "-0.3333333333333335", "0.6666666666666665"]);
  });
});
