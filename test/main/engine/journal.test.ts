// Parallax killed with acknowledged writes that ClickHouse does not have: the next start mirrors them, each once.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { ExchangePage, SqlAnswer } from "../../../src/shared/contract.ts";
import { type CountingCluster, startCountingCluster } from "../../support/counting_cluster.ts";
import { clickhouseIn, freePort, type ParallaxProcess, startParallax, until } from "../../support/parallax_process.ts";

const PER_BULK = 100;

async function bulk(parallax: ParallaxProcess, from: number): Promise<void> {
  const lines = Array.from({ length: PER_BULK }, (_, i) => `{"index":{"_index":"load","_id":"${from + i}"}}\n{"n":${from + i}}\n`);
  const headers = { "content-type": "application/x-ndjson", authorization: "Basic c2VjcmV0LW1hcmtlcg==" };
  const answer = await fetch(`${parallax.proxyUrl}/_bulk`, { method: "POST", headers, body: lines.join("") });
  await answer.arrayBuffer();
  assert.equal(answer.status, 200);
}

/** Rows of the table, and how many of them are there twice. */
async function rows(parallax: ParallaxProcess): Promise<readonly [number, number]> {
  const sql = `SELECT count() AS rows, toInt64(count()) - toInt64(uniqExact(_id, _seq_no)) AS twice FROM ${await table(parallax)}`;
  const answer = await parallax.call<SqlAnswer>("sql.run", { sql }).catch(() => null);
  const [row] = answer?.rows ?? [];
  return [cell(row?.[0]), cell(row?.[1])];
}

async function table(parallax: ParallaxProcess): Promise<string> {
  const found = await parallax
    .call<SqlAnswer>("sql.run", { sql: "SELECT database || '.' || name FROM system.tables WHERE name = 'load'" })
    .catch(() => null);
  return String(JSON.parse(found?.rows[0]?.[0] ?? '"system.one"'));
}

/** A number as JSON: a long one is a string in it. */
function cell(text = "0"): number {
  return Number(JSON.parse(text));
}

describe("the journal in the engine", { timeout: 240_000 }, () => {
  async function withFolder(work: (data: string, elasticsearch: CountingCluster) => Promise<void>): Promise<void> {
    const data = mkdtempSync(join(tmpdir(), "parallax-journal-"));
    const elasticsearch = await startCountingCluster();
    try {
      await work(data, elasticsearch);
    } finally {
      await elasticsearch.stop();
      rmSync(data, { recursive: true, force: true });
    }
  }

  test("mirrors after a kill what was acknowledged before it, each document once", async () => {
    await withFolder(async (data, elasticsearch) => {
      let written = 0;
      const nowhere = `http://127.0.0.1:${await freePort()}`;
      for (const clickhouse of ["embedded", nowhere, nowhere]) {
        const parallax = await startParallax(["--elasticsearch", elasticsearch.url, "--clickhouse", clickhouse], { data });
        try {
          for (let i = 0; i < 10; i += 1, written += PER_BULK) await bulk(parallax, written);
          await until(
            () => parallax.ask<ExchangePage>("/api/exchanges?limit=1000"),
            ({ exchanges }) => exchanges.filter(({ status }) => status === 200).length * PER_BULK === written,
          );
        } finally {
          await parallax.end("SIGKILL");
        }
      }
      const parallax = await startParallax(["--elasticsearch", elasticsearch.url], { data });
      try {
        const [all, twice] = await until(
          () => rows(parallax),
          ([count]) => count >= written,
          60_000,
        );
        assert.deepEqual([all, twice, elasticsearch.count()], [written, 0, written]);
      } finally {
        await parallax.stop();
      }
    });
  });

  test("keeps nobody's password", async () => {
    await withFolder(async (data, elasticsearch) => {
      const parallax = await startParallax(["--elasticsearch", elasticsearch.url], { data });
      try {
        await bulk(parallax, 0);
      } finally {
        await parallax.end("SIGKILL");
      }
      for (const suffix of ["", "-wal"]) assert.ok(!readFileSync(join(data, `journal.sqlite${suffix}`)).includes("c2VjcmV0LW1hcmtlcg=="));
    });
  });

  test("leaves to the journal what a paused ClickHouse can't take, and catches up after", async () => {
    await withFolder(async (data, elasticsearch) => {
      const parallax = await startParallax(["--elasticsearch", elasticsearch.url], { data });
      try {
        await bulk(parallax, 0);
        await until(
          () => rows(parallax),
          ([count]) => count === PER_BULK,
        );
        const server = clickhouseIn(data);
        assert.ok(server !== undefined);
        process.kill(server, "SIGSTOP");
        for (let i = 1; i <= 20; i += 1) await bulk(parallax, i * PER_BULK);
        process.kill(server, "SIGCONT");
        const [all, twice] = await until(
          () => rows(parallax),
          ([count]) => count >= 21 * PER_BULK,
          60_000,
        );
        assert.deepEqual([all, twice], [21 * PER_BULK, 0]);
      } finally {
        await parallax.stop();
      }
    });
  });
});
