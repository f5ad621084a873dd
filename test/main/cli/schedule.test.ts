// `parallax schedule`, as a process, over made-up pipes.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type FakeContract, startFakeContract } from "../../support/fake_contract.ts";
import { freePort, runParallax, until } from "../../support/parallax_process.ts";

describe("parallax schedule", () => {
  let fake: FakeContract;
  let port: string;

  before(async () => {
    fake = await startFakeContract({ exchanges: 1, port: await freePort(), page: "/nowhere" });
    port = new URL(fake.url).port;
  });
  after(() => fake?.stop());

  const run = (...args: readonly string[]) =>
    runParallax(["schedule", ...args, "--ui-port", port], { env: { PARALLAX_TOKEN: "fake-token" }, limitMs: 60_000 });

  test("gives a pipe a schedule, tells what came of it, and takes it away", async () => {
    assert.match((await run()).output, /^No pipe has a schedule\.$/m);
    const given = await run("reconcile-archive-2024.11", "--every", "6h", "--for", "10m", "--exact", "--profiler");
    assert.equal(given.code, 0, given.output);
    assert.match(given.output, /^reconcile-archive-2024\.11: every 6h for 10m profiled; next \d{4}-/);
    await fake.schedules.pass(6 * 3_600_000);
    await until(
      () => fake.indices.pipes(),
      (pipes) => pipes.some(({ result }) => result !== ""),
    );
    const told = await run("reconcile-archive-2024.11");
    assert.match(told.output, /^ {2}last \S+ to \S+: Both sides have the same documents now/m);
    const removed = await run("reconcile-archive-2024.11", "--remove");
    assert.match(removed.output, /^No pipe has a schedule\.$/m);
  });

  test("refuses wrong usage with 2, and says what would fit", async () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [["--every", "6h"], /Which pipe\?/],
      [["mirror", "--every", "6h"], /There is no pipe mirror that runs at certain times/],
      [["backfill-a", "--every", "6"], /"every" is "6"; it must be minutes, hours or days/],
      [["backfill-a", "--evry", "6h"], /did you mean --every/],
      [["backfill-a", "--rate", "fast"], /--rate is "fast"; it must be a whole number/],
      [["backfill-a", "backfill-b"], /one pipe at a time/],
      [["backfill-a", "--remove"], /has no schedule/],
    ];
    for (const [args, message] of wrong) {
      const { code, output } = await run(...args);
      assert.equal(code, 2, `${args.join(" ")}: ${output}`);
      assert.match(output, message);
    }
  });
});
