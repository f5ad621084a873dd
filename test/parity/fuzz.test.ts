// Generated requests over generated documents on both engines, judged by the matcher and by the naive comparison. The seed
// is printed; PARALLAX_TEST_SEED repeats a run, `npm run fuzz -- --seed N --shrink` makes what it finds small.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { printJson } from "../../src/shared/json.ts";
import { runCampaign } from "../fuzz/campaign.ts";
import { holds, printTally } from "../fuzz/tally.ts";
import { connectEngines } from "../support/two_engines.ts";

const REQUESTS = 1000;
const LIMIT_MS = 200_000;
const DEFAULT_SEED = 2027;
const engines = connectEngines("fuzz_parity");
const missing =
  process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH and PARALLAX_TEST_CLICKHOUSE name no servers";

describe("generated requests", { skip: engines === null ? missing : false }, () => {
  test(`${REQUESTS} of them: none wrong and called equal, nothing dropped, next to none different`, {
    timeout: LIMIT_MS + 60_000,
  }, async () => {
    assert.ok(engines);
    const seed = Number(process.env.PARALLAX_TEST_SEED ?? DEFAULT_SEED);
    console.log(`seed ${seed}`);
    const faults: string[] = [];
    const campaign = { engines, seed, requests: REQUESTS, until: Date.now() + LIMIT_MS, prefix: "fuzz-parity" };
    const tally = await runCampaign(campaign, async ({ world, request, trial }) => {
      faults.push(`${trial.outcome} (world ${world.seed}): ${trial.reason}\n  ${printJson(request)}`);
    });
    printTally(tally);
    if (tally.requests < REQUESTS) console.log(`only ${tally.requests} of ${REQUESTS} requests within ${LIMIT_MS / 1000} s`);
    assert.ok(holds(tally), `seed ${seed}:\n${faults.slice(0, 10).join("\n")}`);
  });
});

after(async () => {
  await engines?.clickhouse.command("DROP DATABASE IF EXISTS fuzz_parity SYNC");
  await engines?.clickhouse.close();
});
