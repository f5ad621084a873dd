// ClickHouse killed, missing or away: clients never notice, no search is judged wrongly, nothing acknowledged is lost.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { ExchangePage, Health, IndexInfo, SqlAnswer, Status, Verdicts } from "../../../src/shared/contract.ts";
import { startTestClickHouse } from "../../support/clickhouse_server.ts";
import { startCountingCluster } from "../../support/counting_cluster.ts";
import { clickhouseIn, freePort, type ParallaxProcess, startParallax, until } from "../../support/parallax_process.ts";

const BULKS = 120;
const PER_BULK = 200;

async function bulk(parallax: ParallaxProcess, from: number, count: number): Promise<number> {
  const lines = Array.from({ length: count }, (_, i) => `{"index":{"_index":"load","_id":"${from + i}"}}\n{"n":${from + i}}\n`);
  const answer = await fetch(`${parallax.proxyUrl}/_bulk?refresh=true`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: lines.join(""),
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function search(parallax: ParallaxProcess): Promise<number> {
  const body = '{"size":0,"track_total_hits":true}';
  const answer = await fetch(`${parallax.proxyUrl}/load/_search`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function mirrored(parallax: ParallaxProcess): Promise<IndexInfo | undefined> {
  return (await parallax.ask<readonly IndexInfo[]>("/api/indices")).find(({ name }) => name === "load");
}

describe("ClickHouse", { timeout: 240_000 }, () => {
  test("killed twice under load comes back by itself, and has every document", async () => {
    const elasticsearch = await startCountingCluster();
    const parallax = await startParallax(["--elasticsearch", elasticsearch.url]);
    try {
      const port = (await parallax.ask<Status>("/api/status")).clickhouse.port;
      let slowest = 0;
      let searches = 0;
      for (let i = 0; i < BULKS; i += 1) {
        const started = performance.now();
        assert.equal(await bulk(parallax, i * PER_BULK, PER_BULK), 200);
        if (i % 3 === 0) {
          assert.equal(await search(parallax), 200);
          searches += 1;
        }
        slowest = Math.max(slowest, performance.now() - started);
        if (i === 30 || i === 80) await kill(parallax);
      }
      assert.ok(slowest < 1_000, `a client waited ${slowest} ms`);
      const { counts } = await until(
        () => parallax.ask<Verdicts>("/api/verdicts"),
        ({ total }) => total === searches,
        60_000,
      );
      const reasons = new Set(
        (await parallax.ask<ExchangePage>("/api/exchanges?limit=1000&filter=~verdict%20not_compared")).exchanges.map(({ note }) => note),
      );
      process.stdout.write(`  slowest ${Math.round(slowest)} ms; ${JSON.stringify(counts)}; ${[...reasons].join(" | ")}\n`);
      assert.deepEqual([counts.different, counts.failed, counts.unsupported], [0, 0, 0], JSON.stringify(counts));
      assert.ok(counts.not_compared > 0 && counts.equal + counts.equivalent > 0, JSON.stringify(counts));
      assert.ok(reasons.has("clickhouse unavailable"), [...reasons].join(" | "));
      const index = await until(
        () => mirrored(parallax),
        (info) => info?.clickhouse.docs === BULKS * PER_BULK && info.lag.documents === 0,
        60_000,
      );
      assert.deepEqual([index?.clickhouse.docs, elasticsearch.count(), index?.notMirrored], [BULKS * PER_BULK, BULKS * PER_BULK, 0]);
      const status = await parallax.ask<Status>("/api/status");
      assert.deepEqual([status.clickhouse.status, status.clickhouse.port, status.problems], ["ok", port, []]);
      assert.equal(await search(parallax), 200);
      const after = await until(
        () => parallax.ask<Verdicts>("/api/verdicts"),
        ({ total }) => total === searches + 1,
      );
      assert.equal(after.counts.not_compared, counts.not_compared, "searches are compared again");
    } finally {
      await parallax.stop();
      await elasticsearch.stop();
    }
  });

  test("is asked about the documents that each search saw, under writers and searchers side by side", async () => {
    const elasticsearch = await startCountingCluster();
    const parallax = await startParallax(["--elasticsearch", elasticsearch.url]);
    try {
      await bulk(parallax, 0, 1);
      const writer = async (w: number): Promise<void> => {
        for (let i = 0; i < 30; i += 1) assert.equal(await bulk(parallax, 1 + (w * 30 + i) * 50, 50), 200);
      };
      const searcher = async (): Promise<void> => {
        for (let i = 0; i < 40; i += 1) assert.equal(await search(parallax), 200);
      };
      await Promise.all([...[0, 1, 2].map(writer), ...[0, 1, 2].map(searcher)]);
      for (let i = 0; i < 5; i += 1) await search(parallax);
      const { counts } = await until(
        () => parallax.ask<Verdicts>("/api/verdicts"),
        ({ total }) => total === 125,
        60_000,
      );
      const page = await parallax.ask<ExchangePage>("/api/exchanges?limit=1000&filter=~verdict%20not_compared");
      process.stdout.write(
        `  ${JSON.stringify(counts)}; ${[...new Set(page.exchanges.map(({ note }) => note))].slice(0, 4).join(" | ")}\n`,
      );
      assert.deepEqual([counts.different, counts.failed, counts.unsupported], [0, 0, 0], JSON.stringify(counts));
      assert.ok(counts.equal >= 5, JSON.stringify(counts));
      for (const { note } of page.exchanges) assert.match(note, /went on while it was searched|refresh pending|mirror behind/);
      const index = await until(
        () => mirrored(parallax),
        (info) => info?.clickhouse.docs === 4501,
        30_000,
      );
      assert.equal(index?.clickhouse.docs, 4501);
    } finally {
      await parallax.stop();
      await elasticsearch.stop();
    }
  });

  async function kill(parallax: ParallaxProcess): Promise<void> {
    await until(
      () => parallax.ask<Status>("/api/status"),
      ({ clickhouse }) => clickhouse.status === "ok",
    );
    const server = clickhouseIn(parallax.data);
    assert.ok(server !== undefined, "ClickHouse runs");
    process.kill(server, "SIGKILL");
    await until(
      () => parallax.ask<Status>("/api/status"),
      ({ clickhouse }) => clickhouse.status === "away",
    );
    assert.equal((await parallax.ask<Health>("/api/health")).status, "degraded");
    assert.match((await parallax.ask<Status>("/api/status")).problems.join("\n"), /ClickHouse ended \(SIGKILL\); restarting it/);
  }

  test("whose library is missing leaves the capture, and says what to do", async () => {
    const elasticsearch = await startCountingCluster();
    const patch = `import Module from "node:module"; const resolve = Module._resolveFilename; Module._resolveFilename = (name, ...rest) => { if (name.startsWith("@chdb/")) throw new Error("missing"); return resolve.call(Module, name, ...rest); };`;
    const parallax = await startParallax(["--elasticsearch", elasticsearch.url], {
      preload: `data:text/javascript,${encodeURIComponent(patch)}`,
    });
    try {
      const { clickhouse, problems } = await parallax.ask<Status>("/api/status");
      assert.equal(clickhouse.status, "absent");
      assert.match(
        problems.join("\n"),
        /The embedded ClickHouse is not installed: the package @chdb\/.* is missing. Run `npm ci`.*--clickhouse URL/,
      );
      assert.equal((await parallax.ask<Health>("/api/health")).status, "degraded");
      assert.equal(await bulk(parallax, 0, 10), 200);
      assert.equal(await search(parallax), 200);
      const { exchanges } = await until(
        () => parallax.ask<ExchangePage>("/api/exchanges"),
        (page) => page.total === 2 && page.exchanges.every(({ note }) => note !== ""),
      );
      assert.deepEqual(
        exchanges.map(({ verdict, note }) => [verdict, note]),
        [
          ["not_compared", "clickhouse unavailable"],
          [null, "1 not mirrored: clickhouse unavailable; it waits in the journal"],
        ],
      );
      await assert.rejects(parallax.call("sql.run", { sql: "SELECT 1" }), /503 ClickHouse is not there/);
    } finally {
      await parallax.stop();
      await elasticsearch.stop();
    }
  });

  test("given by a URL may be away at the start, and is used when it comes", async () => {
    const elasticsearch = await startCountingCluster();
    const port = await freePort();
    const parallax = await startParallax(["--elasticsearch", elasticsearch.url, "--clickhouse", `http://127.0.0.1:${port}`]);
    try {
      const { problems, clickhouse } = await parallax.ask<Status>("/api/status");
      assert.equal(clickhouse.status, "away");
      assert.match(
        problems.join("\n"),
        new RegExp(`ClickHouse at http://127.0.0.1:${port} gave no answer: .*ECONNREFUSED.*Check --clickhouse`),
      );
      assert.equal(await bulk(parallax, 0, 10), 200);
      assert.equal(await search(parallax), 200);
      const { counts } = await until(
        () => parallax.ask<Verdicts>("/api/verdicts"),
        ({ total }) => total === 1,
      );
      assert.equal(counts.not_compared, 1);
    } finally {
      await parallax.stop();
      await elasticsearch.stop();
    }
  });

  test("that refuses the password says so, and the sample opens all the same", async () => {
    const server = await startTestClickHouse();
    const wrong = new URL(server.url);
    wrong.password = "wrong";
    const parallax = await startParallax(["--sample", "--clickhouse", wrong.href]);
    try {
      const { problems, session } = await parallax.ask<Status>("/api/status");
      assert.match(problems.join("\n"), /Authentication failed.*Check --clickhouse, user and password/s);
      assert.ok(!problems.join("\n").includes("wrong"), "no password is shown");
      assert.equal(session.sample, true);
      const played = await until(
        () => parallax.ask<Status>("/api/status"),
        (status) => (status.session.replay?.played ?? 0) > 3,
      );
      assert.ok((played.session.replay?.played ?? 0) > 3);
    } finally {
      await parallax.stop();
      await server.stop();
    }
  });

  test("takes up again what was mirrored before the whole app was killed", async () => {
    const elasticsearch = await startCountingCluster();
    const data = mkdtempSync(join(tmpdir(), "parallax-killed-"));
    let parallax = await startParallax(["--elasticsearch", elasticsearch.url], { data });
    try {
      for (let i = 0; i < 10; i += 1) await bulk(parallax, i * PER_BULK, PER_BULK);
      await until(
        () => mirrored(parallax),
        (info) => info?.clickhouse.docs === 10 * PER_BULK,
      );
      await parallax.end("SIGKILL");
      parallax = await startParallax(["--elasticsearch", elasticsearch.url], { data });
      const captured = (await parallax.ask<ExchangePage>("/api/exchanges")).total;
      assert.equal(captured, 10, "what was captured is still there");
      await search(parallax);
      const { counts } = await until(
        () => parallax.ask<Verdicts>("/api/verdicts"),
        ({ total }) => total === 1,
      );
      const { exchanges } = await parallax.ask<ExchangePage>("/api/exchanges?limit=1");
      assert.equal(counts.equal + counts.equivalent, 1, exchanges[0]?.note);
      const rows = await parallax.call<SqlAnswer>("sql.run", { sql: "SELECT count() FROM system.tables WHERE name = 'load'" });
      assert.deepEqual(rows.rows, [["1"]]);
    } finally {
      await parallax.stop();
      await elasticsearch.stop();
      rmSync(data, { recursive: true, force: true });
    }
  });
});
