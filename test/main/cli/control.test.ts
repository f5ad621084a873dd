// The verbs that do what the tray does, against the debugging interface as a process asks it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startCountingCluster } from "../../support/counting_cluster.ts";
import { type FakeContract, startFakeContract } from "../../support/fake_contract.ts";
import { runParallax, startParallax, until } from "../../support/parallax_process.ts";

const LIMIT_MS = 120_000;

describe("the verbs of the tray", () => {
  let fake: FakeContract;
  before(async () => {
    fake = await startFakeContract({ exchanges: 1, port: 0, page: "/nowhere" });
  });
  after(() => fake.stop());

  const run = (...args: string[]) =>
    runParallax([...args, "--ui-port", new URL(fake.url).port, "--token", "fake-token"], { limitMs: LIMIT_MS });

  test("start and stop what clients reach", async () => {
    assert.match((await run("stop")).output, /^stopped: clients are refused/);
    assert.match((await run("start")).output, /^listening at http:\/\/127\.0\.0\.1:9280, mode compare/);
  });

  test("tell and change the mode", async () => {
    assert.equal((await run("mode", "clickhouse")).output, "clickhouse\n");
    assert.equal((await run("mode")).output, "clickhouse\n");
    const wrong = await run("mode", "both");
    assert.deepEqual([wrong.code, wrong.output], [2, 'parallax mode: There is no mode "both"; there are tap, compare and clickhouse.\n']);
  });

  test("list what was opened lately, and say why a file is not opened", async () => {
    assert.match((await run("open", "--recent")).output, /^\d{4}-.*Z {2}\/home\/me\/slow dashboard\.parallax$/m);
    const missing = await run("open", "/nowhere.parallax");
    assert.deepEqual([missing.code, /there is no such file/.test(missing.output)], [2, true]);
    assert.match((await run("intercept")).output, /listens at http/);
    assert.equal((await run("intercept", "maybe")).code, 2);
    assert.equal((await run("stop", "now")).code, 2);
  });
});

test("quit ends a Parallax that runs, in order", async (t) => {
  const cluster = await startCountingCluster();
  t.after(() => cluster.stop());
  const parallax = await startParallax(["--elasticsearch", cluster.url]);
  t.after(() => parallax.stop());
  const { code } = await runParallax(["quit", "--ui-port", String(parallax.interfacePort)], { limitMs: LIMIT_MS });
  assert.equal(code, 0);
  const answers = () =>
    fetch(`${parallax.interfaceUrl}/api/status`).then(
      () => true,
      () => false,
    );
  assert.equal(await until(answers, (there) => !there, LIMIT_MS), false);
});
