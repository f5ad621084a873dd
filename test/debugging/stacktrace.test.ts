// Stack traces as the manual has them: by the API, by SIGUSR1 and by the verb, the last two while the main thread is stuck in a loop.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Status } from "../../src/shared/contract.ts";
import { processesWith, runParallax, until } from "../support/parallax_process.ts";
import { answers, LIMIT_MS, type StuckParallax, startStuckParallax } from "./stuck_parallax.ts";

const windows = process.platform === "win32" ? "Windows has no SIGUSR1" : false;

/** The health checker's own stack traces would come between. */
const NO_CHECKS = ["--health-interval", "86400", "--health-timeout", "86400"];

const traces = (logs: string): readonly string[] =>
  existsSync(logs)
    ? readdirSync(logs)
        .filter((name) => /^stacktrace\.html(?:\.\d+)?$/.test(name))
        .toSorted()
    : [];

/** The text of a page, as a person reads it. */
const textOf = (page: string): string => page.replace(/<style>.*?<\/style>/s, "").replace(/<[^>]+>/g, "");

function assertNamesTheLoop(page: string): void {
  const text = textOf(page);
  assert.match(text, /main thread 0 runs in 5 of 5 samples/);
  assert.match(text, /turnsForEver test\/debugging\/stuck\.ts:\d+:\d+/);
  // What waits for it is told too.
  assert.match(text, /async getsStuckLater|getsStuckLater test/);
  assert.match(text, /async getsStuckAgainAndAgain test\/debugging\/stuck\.ts/);
}

describe("a Parallax that was started by the launcher", () => {
  let stuck: StuckParallax;
  before(async () => {
    stuck = await startStuckParallax(NO_CHECKS, { launcher: true });
  });
  after(() => stuck.stop());

  test("sends a stack trace of all threads, and says of each backend that is away why it has nothing of it", async () => {
    const answer = await fetch(`${stuck.parallax.interfaceUrl}/api/status/stacktrace`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "text/html; charset=utf-8");
    const text = textOf(await answer.text());
    for (const name of ["main", "journal", "proxy"])
      assert.match(text, new RegExp(`^${name} thread \\d+ (?:idle|runs in \\d of 5 samples)`, "m"));
    const { clickhouse, elasticsearch }: Status = await stuck.parallax.ask("/api/status");
    assert.ok(text.includes(`ClickHouse at ${clickhouse.url} gave no answer`), text);
    assert.match(text, new RegExp(`Elasticsearch[^\\n]*${new URL(elasticsearch.url).port}|${new URL(elasticsearch.url).port}`));
    assert.deepEqual(traces(stuck.logs), [], "asked for by the API it is not kept");
  });

  test("names the loop in which its main thread is stuck, by SIGUSR1 to the launcher and by the verb", { skip: windows }, async () => {
    const { pid }: Status = await stuck.parallax.ask("/api/status");
    assert.equal(pid, stuck.parallax.pid, "the process that was started takes the signal");
    await stuck.stick();

    process.kill(pid, "SIGUSR1");
    assertNamesTheLoop(
      await until(
        () => stuck.log("stacktrace.html"),
        (page) => page.includes("</html>"),
        LIMIT_MS,
      ),
    );
    assert.match(stuck.log("stacktrace.html"), /Asked for by SIGUSR1\./);

    const verb = await runParallax(["stacktrace", "--data", stuck.data], { limitMs: LIMIT_MS });
    assert.equal(verb.output.trim(), join(stuck.logs, "stacktrace.html"));
    assert.equal(verb.code, 0);
    assertNamesTheLoop(stuck.log("stacktrace.html"));
    assert.match(stuck.log("stacktrace.html.1"), /Asked for by SIGUSR1\./);

    const shown = await runParallax(["stacktrace", "--data", stuck.data, "--output", "-"], { limitMs: LIMIT_MS });
    assertNamesTheLoop(shown.output);
    assert.deepEqual(traces(stuck.logs), ["stacktrace.html", "stacktrace.html.1"]);

    stuck.free();
    assert.ok(await until(() => answers(stuck.parallax.interfaceUrl), Boolean, LIMIT_MS), "it goes on where it was");
    assert.doesNotMatch(stuck.parallax.printed(), /Debugger listening/);
  });
});

describe("a Parallax without a launcher", { skip: windows }, () => {
  let stuck: StuckParallax;
  before(async () => {
    stuck = await startStuckParallax(NO_CHECKS);
  });
  after(() => stuck.stop());

  test("has a watchdog that takes SIGUSR1, ignores it itself, and leaves nothing behind", async () => {
    const pid = await until(
      async () => (await stuck.parallax.ask<Status>("/api/status")).pid,
      (found) => found !== stuck.parallax.pid,
      LIMIT_MS,
    );
    assert.ok(processesWith(stuck.data).includes(pid), "the watchdog says whose it is");
    await stuck.stick();
    process.kill(stuck.parallax.pid, "SIGUSR1");
    process.kill(pid, "SIGUSR1");
    assertNamesTheLoop(
      await until(
        () => stuck.log("stacktrace.html"),
        (page) => page.includes("</html>"),
        LIMIT_MS,
      ),
    );
    stuck.free();
    assert.deepEqual(traces(stuck.logs), ["stacktrace.html"]);
    assert.doesNotMatch(stuck.parallax.printed(), /Debugger listening/);
    await stuck.parallax.stop();
    assert.deepEqual(
      await until(
        () => processesWith(stuck.data),
        (left) => left.length === 0,
        LIMIT_MS,
      ),
      [],
    );
  });
});

test("the verb says where no Parallax runs", async () => {
  const { code, output } = await runParallax(["stacktrace", "--data", join(import.meta.dirname, "nowhere")]);
  assert.match(output, /No Parallax runs with the data folder .*nowhere/);
  assert.equal(code, 3);
});
