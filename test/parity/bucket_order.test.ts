// Buckets whose metric has no value, ordered by that metric: which of them a shard sends and where they stand in the answer.
// Seeded documents with many keys, so that cuts matter; quarters, so that sums are exact whatever their order.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { JsonObject } from "../../src/shared/json.ts";
import { seededRandom } from "../support/random.ts";
import { connectEngines, differences, type Loaded, load, runBoth, send } from "../support/two_engines.ts";

const SEED = 20_240_717;
const engines = connectEngines("bucket_order_parity");
const missing =
  process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH and PARALLAX_TEST_CLICKHOUSE name no servers";
const MAPPINGS: JsonObject = { properties: { key: { type: "keyword" }, group: { type: "keyword" }, value: { type: "double" } } };

function documents(): readonly string[] {
  const random = seededRandom(SEED);
  return Array.from({ length: 400 }, () => {
    const number = random.below(60);
    const value = number % 10 === 3 ? {} : { value: random.below(40_000) / 4 };
    return JSON.stringify({ key: `k${String(number).padStart(2, "0")}`, group: random.pick(["A", "B"]), ...value });
  });
}

const METRICS: Readonly<Record<string, readonly [metric: JsonObject, path: string]>> = {
  avg: [{ avg: { field: "value" } }, "m"],
  min: [{ min: { field: "value" } }, "m"],
  max: [{ max: { field: "value" } }, "m"],
  sum: [{ sum: { field: "value" } }, "m"],
  percentiles: [{ percentiles: { field: "value", percents: [50] } }, "m.50"],
  stats: [{ stats: { field: "value" } }, "m.avg"],
};

const SIZES: readonly JsonObject[] = [{ size: 3 }, { size: 8 }, { size: 3, shard_size: 56 }, { size: 70 }];

describe(`buckets without a number, seed ${SEED}, stand as in Elasticsearch`, { skip: engines === null ? missing : false }, () => {
  const indices = new Map<number, Loaded>();

  before(async () => {
    assert.ok(engines);
    for (const shards of [1, 3]) {
      indices.set(shards, await load(engines, { name: `bucket-order-${shards}`, mappings: MAPPINGS, documents: documents(), shards }));
    }
  });

  after(async () => {
    assert.ok(engines);
    for (const shards of [1, 3]) await send(engines, "DELETE", `/bucket-order-${shards}`);
    await engines.clickhouse.command("DROP DATABASE IF EXISTS bucket_order_parity SYNC");
    await engines.clickhouse.close();
  });

  for (const shards of [1, 3]) {
    for (const [name, [metric, path]] of Object.entries(METRICS)) {
      for (const direction of ["asc", "desc"]) {
        test(`by ${name} ${direction}, ${shards} shards`, async () => {
          const loaded = indices.get(shards);
          assert.ok(loaded);
          for (const size of SIZES) {
            const terms = { terms: { field: "key", ...size, order: { [path]: direction } }, aggs: { m: metric } };
            const aggs = { top: terms, nested: { terms: { field: "group" }, aggs: { inner: terms } } };
            const query = { term: { group: "A" } };
            for (const body of [{ aggs }, { aggs, query }]) {
              const outcome = await runBoth([loaded], { size: 0, track_total_hits: false, ...body });
              assert.deepEqual(
                differences(
                  { aggregations: outcome.elasticsearch.aggregations ?? null },
                  { aggregations: outcome.answer?.body.aggregations ?? null },
                  outcome.answer?.tolerances,
                ),
                [],
                JSON.stringify({ size, query: "query" in body }),
              );
            }
          }
        });
      }
    }
  }
});
