// The verbs that ask a running Parallax, as processes, over made-up indices.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type FakeContract, startFakeContract } from "../../support/fake_contract.ts";
import { freePort, runParallax } from "../../support/parallax_process.ts";

describe("the verbs that ask a running Parallax", () => {
  let fake: FakeContract;
  let port: string;

  before(async () => {
    fake = await startFakeContract({ exchanges: 1, port: await freePort(), page: "/nowhere" });
    port = new URL(fake.url).port;
    fake.indices.copyMs = 2_500;
  });
  after(() => fake?.stop());

  const run = (...args: readonly string[]) =>
    runParallax([...args, "--ui-port", port], { env: { PARALLAX_TOKEN: "fake-token" }, limitMs: 60_000 });

  test("backfill prints progress and the end of each index, and takes patterns", async () => {
    const { code, output } = await run("backfill", "archive-*", "logs-kafka.log-default");
    assert.equal(code, 0, output);
    assert.match(output, /archive-2024\.11: \d+ of 611204 documents/);
    assert.match(output, /archive-2024\.11: Both sides have the same documents now/);
    assert.match(output, /logs-kafka\.log-default: Both sides/);
    assert.doesNotMatch(output, /nginx/);
  });

  test("reconcile and status do likewise", async () => {
    const reconciled = await run("reconcile", "kibana_sample_data_flights", "--exact");
    assert.equal(reconciled.code, 0, reconciled.output);
    const { code, output } = await run("status");
    assert.equal(code, 0, output);
    assert.match(output, /pipe +reconcile-kibana_sample_data_flights +stopped: Both sides/);
    assert.match(output, /journal +0 writes/);
    const json = await run("status", "--json");
    assert.equal(JSON.parse(json.output).pipes.at(-1).index, "kibana_sample_data_flights");
  });

  test("refuse wrong usage with 2, and say what would fit", async () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [["backfill"], /Which index\?/],
      [["backfill", "a", "--rat", "5"], /did you mean --rate/],
      [["backfill", "a", "--rate", "0"], /--rate is "0"; it must be a whole number from 1/],
      [["backfill", "nothing-*"], /No index of Elasticsearch is called like nothing-\*/],
      [["backfill", "nothing"], /There is no index nothing/],
      [["backfill", "a", "--exact"], /--exact is for `parallax reconcile`/],
      [["backfill", "a", "--elasticsearch", "http://127.0.0.1:1"], /forwards to recorded Elasticsearch/],
      [["status", "--jsn"], /did you mean --json/],
    ];
    for (const [args, message] of wrong) {
      const { code, output } = await run(...args);
      assert.equal(code, 2, `${args.join(" ")}: ${output}`);
      assert.match(output, message);
    }
  });

  test("end with 2 without a token, and with 3 where no Parallax is", async () => {
    const refused = await runParallax(["backfill", "kibana_sample_data_flights", "--ui-port", port]);
    assert.equal(refused.code, 2, refused.output);
    assert.match(refused.output, /--token TOKEN/);
    for (const verb of [["backfill", "a"], ["reconcile", "a"], ["status"]]) {
      const { code, output } = await runParallax([...verb, "--ui-port", String(await freePort())]);
      assert.equal(code, 3, output);
      assert.match(output, /No Parallax answers/);
    }
  });
});
