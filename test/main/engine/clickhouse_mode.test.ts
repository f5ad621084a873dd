// Mode clickhouse: who answers, what is kept of it, and what becomes of a request when one of the two servers is gone.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ExchangeDetail, ExchangePage, Status } from "../../../src/shared/contract.ts";
import { startCountingCluster } from "../../support/counting_cluster.ts";
import { clickhouseIn, type ParallaxProcess, startParallax, until } from "../../support/parallax_process.ts";

interface Reply {
  readonly status: number;
  readonly source: string | null;
  readonly verdict: string | null;
  readonly text: string;
}

async function ask(parallax: ParallaxProcess, path: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const response = await fetch(parallax.proxyUrl + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  const text = await response.text();
  return {
    status: response.status,
    source: response.headers.get("x-parallax-source"),
    verdict: response.headers.get("x-parallax-verdict"),
    text,
  };
}

const FORCED = { "x-parallax-backend": "clickhouse" };
const BULK = Array.from({ length: 50 }, (_, i) => `{"index":{"_index":"load","_id":"${i}"}}\n{"n":${i}}\n`).join("");
const SUM = '{"size":0,"track_total_hits":true,"aggs":{"n":{"sum":{"field":"n"}}}}';

async function exchanges(parallax: ParallaxProcess): Promise<ExchangePage["exchanges"]> {
  return (await parallax.ask<ExchangePage>("/api/exchanges?limit=100")).exchanges;
}

describe("mode clickhouse", { timeout: 240_000 }, () => {
  test("answers what has SQL, passes on what has none, keeps both, and outlives either server", async () => {
    const elasticsearch = await startCountingCluster();
    const parallax = await startParallax(["--elasticsearch", elasticsearch.url, "--mode", "clickhouse"]);
    try {
      assert.equal((await parallax.ask<Status>("/api/status")).mode, "clickhouse");
      // Not refreshed: an answer of ClickHouse sees it all the same.
      assert.equal((await ask(parallax, "/_bulk", BULK)).status, 200);
      const own = await ask(parallax, "/load/_search", SUM);
      assert.deepEqual([own.status, own.source, own.verdict], [200, "clickhouse", null]);
      assert.match(own.text, /"total":\{"value":50,"relation":"eq"\}.*"value":1225/);
      assert.deepEqual(
        elasticsearch.requests.filter((request) => request.includes("_search")),
        [],
      );
      const [kept] = await until(
        () => exchanges(parallax),
        ([newest]) => newest?.endpoint === "_search" && newest.verdict !== null,
      );
      assert.deepEqual([kept?.verdict, kept?.note, kept?.elasticsearchMs], ["not_compared", "answered by ClickHouse alone", null]);
      const detail = await parallax.ask<ExchangeDetail>(`/api/exchanges/${kept?.id}`);
      assert.ok((detail.searches[0]?.statements.length ?? 0) > 0, "the SQL is kept");
      assert.equal(await (await fetch(`${parallax.interfaceUrl}/api/exchanges/${kept?.id}/clickhouse`)).text(), own.text);

      const unknown = '{"query":{"percolate":{"field":"q","document":{}}}}';
      const passed = await ask(parallax, "/load/_search", unknown);
      assert.deepEqual([passed.status, passed.source, passed.verdict], [200, "elasticsearch", "unsupported"]);
      const refused = await ask(parallax, "/load/_search", unknown, FORCED);
      assert.deepEqual([refused.status, refused.source, refused.verdict], [501, null, "unsupported"]);
      assert.match(refused.text, /"type":"unsupported_operation_exception".*percolate/);
      const asked = await ask(parallax, "/load/_search", SUM, { "x-parallax-backend": "elasticsearch" });
      assert.deepEqual([asked.status, asked.source], [200, null]);
      assert.equal((await ask(parallax, "/load/_count", "{}", { "x-parallax-backend": "nobody" })).status, 400);
      const [last] = await until(
        () => exchanges(parallax),
        (all) =>
          all[0]?.endpoint === "_count" && all.filter(({ endpoint, verdict }) => endpoint === "_search" && verdict !== null).length === 4,
      );
      assert.match(last?.note ?? "", /names none of elasticsearch, clickhouse, compare/);

      await parallax.call("proxy.set", { mode: "compare" });
      assert.equal((await ask(parallax, "/load/_search", SUM)).source, null);
      assert.equal((await ask(parallax, "/load/_search", SUM, FORCED)).source, "clickhouse");
      await parallax.call("proxy.set", { mode: "clickhouse" });

      await withoutClickHouse(parallax, async () => {
        const fallen = await ask(parallax, "/load/_search", SUM);
        assert.deepEqual([fallen.status, fallen.source, fallen.verdict], [200, "elasticsearch", "not_compared"]);
        assert.equal((await ask(parallax, "/load/_search", SUM, FORCED)).status, 503);
      });
      await until(
        () => parallax.ask<Status>("/api/status"),
        ({ clickhouse }) => clickhouse.status === "ok",
        60_000,
      );
      assert.equal(
        (
          await until(
            () => ask(parallax, "/load/_search", SUM),
            ({ source }) => source === "clickhouse",
            30_000,
          )
        ).status,
        200,
      );

      await elasticsearch.stop();
      const alone = await ask(parallax, "/load/_search", SUM);
      assert.deepEqual([alone.status, alone.source], [200, "clickhouse"]);
      assert.match(alone.text, /"value":1225/);
      await until(
        () => parallax.ask<Status>("/api/status"),
        (status) => status.elasticsearch.status === "away",
        30_000,
      );
      const later = await ask(parallax, "/load/_search", SUM);
      assert.deepEqual([later.status, later.source], [200, "clickhouse"]);
      assert.equal((await ask(parallax, "/load/_search", unknown)).status, 502);
    } finally {
      await parallax.stop();
      await elasticsearch.stop().catch(() => {});
    }
  });

  test("falls back when ClickHouse is killed in the middle of its answers, and no client hangs", async () => {
    const elasticsearch = await startCountingCluster();
    const parallax = await startParallax(["--elasticsearch", elasticsearch.url, "--mode", "clickhouse"]);
    try {
      assert.equal((await ask(parallax, "/_bulk?refresh=true", BULK)).status, 200);
      assert.equal((await ask(parallax, "/load/_search", SUM)).source, "clickhouse");
      let slowest = 0;
      let killing: NodeJS.Timeout | undefined;
      const replies: Awaited<ReturnType<typeof ask>>[] = [];
      const search = async (): Promise<void> => {
        while (replies.length < 150 || replies.every(({ source }) => source === "clickhouse")) {
          const started = performance.now();
          replies.push(await ask(parallax, "/load/_search", SUM));
          slowest = Math.max(slowest, performance.now() - started);
          // Again and again: one that is started meanwhile would answer the rest where the machine is slow.
          if (replies.length >= 20) killing ??= setInterval(() => killClickHouse(parallax), 100);
        }
      };
      await Promise.all(Array.from({ length: 20 }, search)).finally(() => clearInterval(killing));
      const sources = Map.groupBy(replies, ({ source }) => source);
      process.stdout.write(
        `  slowest ${Math.round(slowest)} ms; ${[...sources].map(([source, all]) => `${source}: ${all.length}`).join(", ")}\n`,
      );
      assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200]);
      assert.ok((sources.get("clickhouse")?.length ?? 0) > 0 && (sources.get("elasticsearch")?.length ?? 0) > 0);
      assert.ok(slowest < 15_000, `a client waited ${slowest} ms`);
    } finally {
      await parallax.stop();
      await elasticsearch.stop();
    }
  });
});

/** Kills the ClickHouse that Parallax runs now. */
function killClickHouse(parallax: ParallaxProcess): void {
  const pid = clickhouseIn(parallax.data);
  if (pid !== undefined) kill(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended since it was listed.
  }
}

/** Runs `work` while ClickHouse is away and known to be: each server that is started meanwhile is killed before it answers. */
async function withoutClickHouse(parallax: ParallaxProcess, work: () => Promise<void>): Promise<void> {
  const killing = setInterval(() => killClickHouse(parallax), 100);
  try {
    const { clickhouse } = await until(
      () => parallax.ask<Status>("/api/status"),
      ({ clickhouse: { status } }) => status === "away",
    );
    assert.equal(clickhouse.status, "away");
    await work();
  } finally {
    clearInterval(killing);
  }
}
