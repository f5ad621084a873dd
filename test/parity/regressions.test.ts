// Every fault that the fuzzer found and that was kept: the two engines answer alike now, to both comparers.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { printJson } from "../../src/shared/json.ts";
import { documentsOf, loadWorld, unload } from "../fuzz/campaign.ts";
import { readRegressions } from "../fuzz/regression.ts";
import { FAULTS, tryRequest } from "../fuzz/trial.ts";
import { connectEngines } from "../support/two_engines.ts";

const engines = connectEngines("fuzz_regressions");
const missing =
  process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH and PARALLAX_TEST_CLICKHOUSE name no servers";

describe("what once differed is the same now", { skip: engines === null ? missing : false }, () => {
  for (const { name, world, request, params } of readRegressions()) {
    test(name, async () => {
      assert.ok(engines);
      const loaded = await loadWorld(engines, world, `fuzz-regression-${name.toLowerCase()}`);
      const { outcome, reason } = await tryRequest(loaded, documentsOf(world), request, params);
      await unload(loaded);
      assert.ok(!FAULTS.has(outcome), `${outcome}: ${reason}\n${printJson(request)}`);
    });
  }
});

after(async () => {
  await engines?.clickhouse.command("DROP DATABASE IF EXISTS fuzz_regressions SYNC");
  await engines?.clickhouse.close();
});
