// Fixed intervals that reach back over several changes of a zone's clock: their keys, and the empty buckets between them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { seededRandom } from "../support/random.ts";
import { connectEngines, differences, type Loaded, load, runBoth, send } from "../support/two_engines.ts";

const SEED = 365;
const engines = connectEngines("long_intervals_parity");
const missing =
  process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH and PARALLAX_TEST_CLICKHOUSE name no servers";
const YEAR = 365 * 86_400_000;

function documents(): readonly string[] {
  const random = seededRandom(SEED);
  return Array.from({ length: 3000 }, () => JSON.stringify({ at: 6 * YEAR + Math.floor(random.next() * 48 * YEAR) }));
}

describe(`long fixed intervals, seed ${SEED}, agree`, { skip: engines === null ? missing : false }, () => {
  let loaded: Loaded;

  before(async () => {
    assert.ok(engines);
    loaded = await load(engines, { name: "long-intervals", mappings: { properties: { at: { type: "date" } } }, documents: documents() });
  });

  after(async () => {
    assert.ok(engines);
    await send(engines, "DELETE", "/long-intervals");
    await engines.clickhouse.command("DROP DATABASE IF EXISTS long_intervals_parity SYNC");
    await engines.clickhouse.close();
  });

  for (const zone of ["America/New_York", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata"]) {
    for (const interval of ["7d", "30d", "200d", "365d", "1500d", "100h"]) {
      test(`${interval} in ${zone}`, async () => {
        const histogram = { field: "at", fixed_interval: interval, time_zone: zone };
        const outcome = await runBoth([loaded], { size: 0, aggs: { filled: { date_histogram: histogram } } });
        assert.deepEqual(
          differences({ a: outcome.elasticsearch.aggregations ?? null }, { a: outcome.answer?.body.aggregations ?? null }),
          [],
        );
      });
    }
  }
});
