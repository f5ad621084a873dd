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

  const monthly = (aggs: JsonObject, by: JsonObject = { calendar_interval: "month" }): JsonObject => ({
    filter: { range: { at: { gte: "2024-01-01" } } },
    aggs: { m: { date_histogram: { field: "at", ...by }, aggs } },
  });
  const valuesOf = async (aggregation: JsonObject): Promise<readonly string[]> =>
    [...(await answerTo(aggregation)).matchAll(/"it":\{"value":([^}]*)\}/g)].map((found) => found[1] ?? "");

  test("rate divides documents, sums and numbers of values by the units in a bucket of time", async () => {
    // October to January: 5, 3, 1 and 1 documents.
    assert.deepEqual(await valuesOf(monthly({ it: { rate: { unit: "year" } } })), ["60.0", "36.0", "12.0", "12.0"]);
    assert.deepEqual(await valuesOf(monthly({ it: { rate: {} } })), ["5.0", "3.0", "1.0", "1.0"]);
    const days = await valuesOf(monthly({ it: { rate: { unit: "day", field: "size", mode: "value_count" } } }));
    assert.deepEqual(days, [7 / 31, 2 / 30, 1 / 31, 1 / 31].map(String));
    assert.deepEqual(await valuesOf(monthly({ it: { rate: { unit: "hour", field: "nowhere" } } })), ["0.0", "0.0", "0.0", "0.0"]);
    const spans = await valuesOf(monthly({ it: { rate: { unit: "week", field: "size" } } }, { fixed_interval: "3650d" }));
    assert.deepEqual(spans.map(Number), [(3 + 3 + 7 + 7 + 12 + 9007199254740992 + 7 - 4 + 3 + 5) / (3650 / 7)]);
    const kept = { composite: { sources: [{ at: { date_histogram: { field: "at", calendar_interval: "quarter" } } }] } };
    assert.deepEqual((await valuesOf({ ...kept, aggs: { it: { rate: { unit: "month" } } } })).at(-1), "0.3333333333333333");
  });

  test("rate in another bucket of a month knows months alone, and nothing without buckets of time", async () => {
    const colors = (unit: string): JsonObject =>
      monthly({ t: { terms: { field: "color", size: 1, order: { it: "desc" } }, aggs: { it: { rate: { unit } } } } });
    assert.deepEqual(await valuesOf(colors("quarter")), ["9.0", "3.0", "3.0"]);
    await assert.rejects(answerTo(colors("day")));
    await assert.rejects(answerTo({ terms: { field: "color" }, aggs: { it: { rate: { unit: "day" } } } }));
  });

  test("cumulative_cardinality counts distinct values of a bucket and all before it", async () => {
    const sizes = monthly({ d: { cardinality: { field: "size" } }, it: { cumulative_cardinality: { buckets_path: "d" } } });
    // 3 7 12 9007199254740993 in October, -4 3 in November, -4 in December, 5 in January.
    assert.deepEqual(await valuesOf(sizes), ["4", "5", "5", "6"]);
    const weekly = monthly(
      { d: { cardinality: { field: "color" } }, it: { cumulative_cardinality: { buckets_path: "d" } } },
      { fixed_interval: "30d" },
    );
    assert.deepEqual(await valuesOf(weekly), ["3", "3", "4"]);
  });

  test("moving_percentiles joins the values of the buckets before", async () => {
    const moving = await answerTo(
      monthly({
        p: { percentiles: { field: "price", percents: [50] } },
        it: { moving_percentiles: { buckets_path: "p", window: 2 } },
      }),
    );
    // Prices: 10.1 0.1 0.2 -0 0 in October, 99.99 10.1 0.3 in November, 10.1 in December.
    assert.deepEqual(
      [...moving.matchAll(/"it":\{"values":\{"50.0":([^}]*)\}/g)].map((found) => found[1]),
      ["0.1", "0.25", "10.1"],
    );
  });

  test("t_test tells how likely populations of one mean differ as much", async () => {
    const unpaired = (type: string): JsonObject => ({
      t_test: {
        a: { field: "price", filter: { term: { sold: true } } },
        b: { field: "price", filter: { term: { sold: false } } },
        type,
      },
    });
    const near = (text: string, wanted: number) => {
      const value = Number(/"value":([^}]*)\}/.exec(text)?.[1]);
      assert.ok(Math.abs(value / wanted - 1) < 1e-9, `${value} is not ${wanted}`);
    };
    near(await answerTo(unpaired("homoscedastic")), 0.39854582551090517);
    near(await answerTo(unpaired("heteroscedastic")), 0.4293095014639165);
    const paired = { t_test: { a: { field: "price" }, b: { field: "weight" }, type: "paired", tails: 1 } };
    near(await answerTo({ filter: { bool: { must_not: { term: { sold: false } } } }, aggs: { x: paired } }), 0.27475594511734797);
    await assert.rejects(answerTo(paired));
    await assert.rejects(answerTo({ t_test: { a: { field: "price" }, b: { field: "price" } } }));
  });

  test("geohex_grid names H3's cells, the fullest first", async () => {
    assert.equal(
      await answerTo({ geohex_grid: { field: "place", precision: 4 } }),
      '{"buckets":[{"key":"841fb47ffffffff","doc_count":3},{"key":"849b4cdffffffff","doc_count":1},{"key":"849b421ffffffff","doc_count":1},{"key":"84194adffffffff","doc_count":1}]}',
    );
  });

  test("geo_line joins points in the order of a field, one point alone stays a point", async () => {
    const line = (rest: JsonObject): JsonObject => ({ geo_line: { point: { field: "place" }, sort: { field: "at" }, ...rest } });
    const kept = (aggregation: JsonObject): JsonObject => ({
      filter: { bool: { must_not: [{ terms: { size: [-4] } }, { range: { weight: { gte: 60000 } } }] } },
      aggs: { it: aggregation },
    });
    const [first, second, third] = ["[2.35,48.85]", "[2.36,48.86]", "[178.1,-17.7]"];
    assert.equal(
      await answerTo(kept(line({ include_sort: true }))),
      `{"doc_count":10,"it":{"type":"Feature","geometry":{"type":"LineString","coordinates":[${first},${second},${third}]},"properties":{"complete":true,"sort_values":[1.7299782E12,1.729989E12,1.7299926E12]}}}`,
    );
    // The oldest document has no point, and takes a place all the same.
    assert.match(
      await answerTo(kept(line({ size: 2 }))),
      /"geometry":\{"type":"Point","coordinates":\[2\.35,48\.85\]\},"properties":\{"complete":false\}/,
    );
    assert.match(
      await answerTo(kept(line({ sort: { field: "nowhere" } }))),
      /"LineString","coordinates":\[\]\},"properties":\{"complete":true/,
    );
    await assert.rejects(answerTo(line({})), /several/);
  });
});
