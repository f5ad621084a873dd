// Loud when not equal: Elasticsearch's real answers to generated searches, changed at one place each. A change that the request determines is a
// difference at that place and nowhere else; one that it leaves open is equivalent by the rule that says so.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { seededRandom as fuzzRandom } from "../../scripts/sample/random.ts";
import { dropDatabase } from "../../src/main/clickhouse/schema.ts";
import { isObject, member, objectAt, printJson } from "../../src/shared/json.ts";
import { loadWorld, unload } from "../fuzz/campaign.ts";
import { anySearch } from "../fuzz/generate/search.ts";
import { makeWorld } from "../fuzz/generate/world.ts";
import { changeAnswer, emptyTally, printCounts } from "../support/mutations/campaign.ts";
import { seededRandom } from "../support/random.ts";
import { connectEngines, send } from "../support/two_engines.ts";

const CHANGES = Number(process.env.PARALLAX_TEST_CHANGES ?? 5000);
const CHANGES_PER_ANSWER = 20;
const SEARCHES_PER_WORLD = 50;
const DEFAULT_SEED = 8001;

const engines = connectEngines("mutations_parity");
const missing =
  process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH and PARALLAX_TEST_CLICKHOUSE name no servers";

describe("changes to Elasticsearch's answers", { skip: engines === null ? missing : false }, () => {
  test(`${CHANGES} of them: none missed, none named elsewhere`, { timeout: 240_000 }, async () => {
    assert.ok(engines);
    const random = seededRandom(DEFAULT_SEED);
    console.log(`seed ${random.seed}`);
    const tally = emptyTally();
    let answers = 0;
    const changes = () => [...tally.counts.values()].reduce((sum, count) => sum + count, 0);
    for (let at = 0; changes() < CHANGES; at += 1) {
      const world = makeWorld(random.seed * 100 + at, 200);
      const loaded = await loadWorld(engines, world, `mutations-parity-${at}`);
      const chance = fuzzRandom(world.seed);
      for (let i = 0; i < SEARCHES_PER_WORLD && changes() < CHANGES; i += 1) {
        const request = anySearch({ random: chance, world });
        const answer = await send(engines, "POST", `/${loaded.table.index}/_search`, printJson(request));
        // An answer in part is not compared.
        if (!isObject(answer) || member(objectAt(answer, "_shards"), "failed") !== 0) continue;
        answers += 1;
        changeAnswer({ answer, request }, Math.min(CHANGES_PER_ANSWER, CHANGES - changes()), random, tally);
      }
      await unload(loaded);
    }
    console.log(`${changes()} changes to ${answers} answers, ${tally.complaints.length} judged wrongly: ${printCounts(tally)}`);
    assert.deepEqual(tally.complaints.slice(0, 20), []);
  });
});

after(async () => {
  await engines?.clickhouse.command(dropDatabase("mutations_parity"));
  await engines?.clickhouse.close();
});
