// The end: however it comes, within seconds, and with nothing left behind.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Status } from "../../../src/shared/contract.ts";
import { type CountingCluster, startCountingCluster } from "../../support/counting_cluster.ts";
import { clickhouseIn, processesWith, runParallax, startParallax, until } from "../../support/parallax_process.ts";

const WITHIN_MS = 5_000;

async function assertGone(data: string): Promise<void> {
  const left = await until(
    () => processesWith(data),
    (pids) => pids.length === 0,
    WITHIN_MS,
  );
  assert.deepEqual(left, [], "processes that are left");
}

describe("the end of the app", { timeout: 120_000 }, () => {
  let elasticsearch: CountingCluster;
  before(async () => {
    elasticsearch = await startCountingCluster();
  });
  after(() => elasticsearch.stop());

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    for (const launcher of [false, true]) {
      test(`by ${signal} ${launcher ? "to the launcher" : "to the engine"} during a replay is in order`, async () => {
        const parallax = await startParallax(["--sample"], { launcher });
        try {
          const { session } = await until(
            () => parallax.ask<Status>("/api/status"),
            (status) => (status.session.replay?.played ?? 0) > 5,
          );
          assert.ok((session.replay?.played ?? 0) > 5);
          const ended = await parallax.end(signal);
          assert.deepEqual([ended.code, ended.signal], [0, null], parallax.printed());
          assert.ok(ended.ms < WITHIN_MS, `ended after ${ended.ms} ms`);
          assert.deepEqual(processesWith(parallax.data), []);
          assert.doesNotMatch(parallax.printed(), /Error|fault of its own|Unhandled/);
        } finally {
          await parallax.stop();
        }
      });
    }
  }

  test("by a signal while it still starts is in order", async () => {
    // A preload is run in each thread: one signal is meant.
    const code = `import { isMainThread } from "node:worker_threads"; if (isMainThread) {
      setTimeout(() => { console.log("signalled at " + Date.now()); process.kill(process.pid, "SIGTERM"); }, 700);
    }`;
    const preload = `data:text/javascript,${encodeURIComponent(code)}`;
    const data = mkdtempSync(join(tmpdir(), "parallax-end-"));
    const ended = await runParallax(["serve", "--no-open", "--data", data, "--elasticsearch", "http://127.0.0.1:1"], { preload });
    assert.equal(ended.code, 0, ended.output);
    const ms = Date.now() - Number(/signalled at (\d+)/.exec(ended.output)?.[1]);
    assert.ok(ms < WITHIN_MS, `ended ${ms} ms after the signal`);
    await assertGone(data);
    rmSync(data, { recursive: true });
  });

  test("of the launcher by SIGKILL ends the engine and ClickHouse", async () => {
    const parallax = await startParallax(["--elasticsearch", elasticsearch.url], { launcher: true });
    try {
      assert.ok(processesWith(parallax.data).length >= 3, "launcher, engine and ClickHouse");
      const ended = await parallax.end("SIGKILL");
      assert.equal(ended.signal, "SIGKILL");
      await assertGone(parallax.data);
    } finally {
      await parallax.stop();
    }
  });

  test("of the engine by SIGKILL ends ClickHouse, and the launcher says so by its code", async () => {
    const parallax = await startParallax(["--elasticsearch", elasticsearch.url], { launcher: true });
    try {
      const engine = processesWith(parallax.data).find((pid) => pid !== parallax.pid);
      assert.ok(engine !== undefined);
      process.kill(engine, "SIGKILL");
      await assertGone(parallax.data);
      assert.equal((await parallax.end("SIGTERM")).code, 137);
    } finally {
      await parallax.stop();
    }
  });

  test("with clients waiting and ClickHouse stuck is in time all the same", async () => {
    const silent = await startCountingCluster({ answer: (request) => (request.url ?? "").includes("_search") });
    const parallax = await startParallax(["--elasticsearch", silent.url]);
    try {
      const clickhouse = clickhouseIn(parallax.data);
      assert.ok(clickhouse !== undefined);
      const waiting = fetch(`${parallax.proxyUrl}/x/_search`).catch(() => undefined);
      await until(
        () => silent.requests,
        (requests) => requests.some((request) => request.includes("_search")),
      );
      process.kill(clickhouse, "SIGSTOP");
      await fetch(`${parallax.proxyUrl}/_bulk`, { method: "POST", body: '{"index":{"_index":"x"}}\n{"n":1}\n' });
      const ended = await parallax.end("SIGTERM");
      assert.equal(ended.code, 0, parallax.printed());
      assert.ok(ended.ms < WITHIN_MS, `ended after ${ended.ms} ms`);
      await waiting;
      await assertGone(parallax.data);
    } finally {
      await parallax.stop();
      await silent.stop();
    }
  });
});
