// Aggregations on both engines: the golden cases live, on one shard and on three, and Kibana's sample data where it is there.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { isObject, type JsonObject, member, parseJson, printJson } from "../../src/shared/json.ts";
import { NOW, statementsOf, tableOf, translated, writeGolden } from "../main/translate/aggs/golden.ts";
import { CASES } from "../main/translate/aggs/golden_cases.ts";
import { MAPPINGS, ORDERS } from "../main/translate/aggs/orders.ts";
import { connectEngines, differences, type Loaded, load, runBoth, runClickHouse, send } from "../support/two_engines.ts";

const engines = connectEngines("aggs_parity");
const missing =
  process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH and PARALLAX_TEST_CLICKHOUSE name no servers";
const recording = process.env.PARALLAX_RECORD_GOLDEN === "1";

/** A shard returns its own first hit: which of equals comes first over several shards is left to the merge. */
const ONE_SHARD_ONLY = new Set<string>();

for (const shards of [1, 3]) {
  describe(`aggregations over ${shards} shard${shards === 1 ? "" : "s"} agree on`, { skip: engines === null ? missing : false }, () => {
    const name = `aggs-orders-${shards}`;
    let orders: Loaded;

    before(async () => {
      assert.ok(engines);
      orders = await load(engines, { name, mappings: MAPPINGS, documents: ORDERS, shards });
    });

    after(async () => {
      assert.ok(engines);
      await send(engines, "DELETE", `/${name}`);
    });

    for (const [kind, request] of Object.entries(CASES)) {
      test(kind, { skip: shards > 1 && ONE_SHARD_ONLY.has(kind) ? "a merge decides" : false }, async () => {
        const outcome = await runBoth([orders], { size: 0, track_total_hits: false, ...request }, NOW);
        const expected = aggregationsOf(outcome.elasticsearch);
        const found = outcome.answer === null ? null : (member(outcome.answer.body, "aggregations") ?? null);
        if (recording && shards === 1) {
          writeGolden(kind, request, {
            statements: statementsOf(translated(request, tableOf("database", "orders"))),
            answer: renamed(expected, name),
          });
        }
        assert.deepEqual(differences({ aggregations: expected }, { aggregations: found }, outcome.answer?.tolerances), []);
      });
    }

    test("names that say what each is (typed_keys)", async () => {
      assert.ok(engines);
      const { table } = orders;
      const params = new Map([["typed_keys", "true"]]);
      for (const [kind, request] of Object.entries(CASES)) {
        const body = { size: 0, track_total_hits: false, ...request };
        const elasticsearch = await send(engines, "POST", `/${name}/_search?typed_keys=true`, printJson(body));
        const { translation, answer } = await runClickHouse(engines.clickhouse, {
          endpoint: "search",
          body,
          params,
          tables: [table],
          now: NOW,
        });
        assert.equal(translation.kind, "translated", kind);
        const theirs = { aggregations: aggregationsOf(isObject(elasticsearch) ? elasticsearch : {}) };
        const ours = { aggregations: (answer === null ? undefined : member(answer.body, "aggregations")) ?? null };
        assert.deepEqual(differences(theirs, ours, answer?.tolerances), [], kind);
      }
    });
  });
}

// The golden index has a name of its own.
function renamed(answer: JsonObject, name: string): JsonObject {
  const value = parseJson(printJson(answer).replaceAll(name, "orders"));
  return isObject(value) ? value : answer;
}

function aggregationsOf(response: JsonObject): JsonObject {
  const aggregations = member(response, "aggregations");
  assert.ok(isObject(aggregations), JSON.stringify(response));
  return aggregations;
}

after(async () => {
  await engines?.clickhouse.command("DROP DATABASE IF EXISTS aggs_parity SYNC");
  await engines?.clickhouse.close();
});
