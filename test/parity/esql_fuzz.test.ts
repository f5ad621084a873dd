// Generated ES|QL pipelines on both engines, judged by the matcher and by the naive comparison. The seed is printed;
// `npm run fuzz -- --esql --seed N --shrink` makes what it finds small.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { printJson } from "../../src/shared/json.ts";
import { runPipelines } from "../fuzz/esql/campaign.ts";
import { holds, printTally } from "../fuzz/tally.ts";
import { connectEngines } from "../support/two_engines.ts";

const REQUESTS = 240;
const LIMIT_MS = 120_000;
const DEFAULT_SEED = 8819;
const reference = process.env.PARALLAX_TEST_ESQL;
const engines = reference === undefined ? null : connectEngines("esql_fuzz_parity", reference);
const missing = process.env.PARALLAX_TEST_ESQL_MISSING ?? "PARALLAX_TEST_ESQL or PARALLAX_TEST_CLICKHOUSE is not set";

describe("generated ES|QL", { skip: engines === null ? missing : false }, () => {
  test(`${REQUESTS} pipelines: none wrong and called equal, next to none different`, { timeout: LIMIT_MS + 60_000 }, async () => {
    assert.ok(engines);
    const seed = Number(process.env.PARALLAX_TEST_SEED ?? DEFAULT_SEED);
    console.log(`seed ${seed}`);
    const faults: string[] = [];
    const campaign = { engines, seed, requests: REQUESTS, until: Date.now() + LIMIT_MS, prefix: "esql-fuzz-parity" };
    const tally = await runPipelines(campaign, false, ({ seed: world, request, trial }) => {
      faults.push(`${trial.outcome} (world ${world}): ${trial.reason}\n  ${printJson(request)}`);
    });
    printTally(tally);
    assert.ok(holds(tally), `seed ${seed}:\n${faults.slice(0, 10).join("\n")}`);
  });
});

after(async () => {
  await engines?.clickhouse.command("DROP DATABASE IF EXISTS esql_fuzz_parity SYNC");
  await engines?.clickhouse.close();
});
