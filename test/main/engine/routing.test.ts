// Modes of single indices in the running process: who is asked, what is said, and what a restart keeps.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { ExchangePage } from "../../../src/shared/contract.ts";
import type { IndexInfo } from "../../../src/shared/index_info.ts";
import { startCountingCluster } from "../../support/counting_cluster.ts";
import { type ParallaxProcess, startParallax, until } from "../../support/parallax_process.ts";

const SUM = '{"size":0,"aggs":{"n":{"sum":{"field":"n"}}}}';

async function ask(parallax: ParallaxProcess, path: string, body: string, headers: Readonly<Record<string, string>> = {}) {
  const type = { "content-type": "application/json" };
  const response = await fetch(parallax.proxyUrl + path, { method: "POST", headers: { ...type, ...headers }, body });
  await response.text();
  return [response.status, response.headers.get("x-parallax-source"), response.headers.get("x-parallax-verdict")];
}

test("an endpoint in mode tap mirrors and answers for the indices of a rule alone, and a choice outlives a restart", {
  timeout: 240_000,
}, async () => {
  const elasticsearch = await startCountingCluster();
  const data = mkdtempSync(join(tmpdir(), "parallax-routing-"));
  const args = ["--elasticsearch", elasticsearch.url, "--mode", "tap", "--route", "fast-*=clickhouse"];
  let parallax = await startParallax(args, { data });
  const modes = async () =>
    (await parallax.ask<readonly IndexInfo[]>("/api/indices")).map(({ name, mode, modeFrom }) => [name, mode, modeFrom]);
  try {
    const bulk = ["fast-1", "other"].flatMap((index) => [0, 1, 2].map((n) => `{"index":{"_index":"${index}","_id":"${n}"}}\n{"n":${n}}\n`));
    assert.deepEqual(await ask(parallax, "/_bulk", bulk.join("")), [200, null, null]);
    assert.deepEqual(await ask(parallax, "/fast-1/_search", SUM), [200, "clickhouse", null]);
    const unknown = '{"query":{"percolate":{"field":"q","document":{}}}}';
    assert.deepEqual(await ask(parallax, "/fast-1/_search", unknown), [200, "elasticsearch", "unsupported"]);
    const { exchanges } = await until(
      () => parallax.ask<ExchangePage>("/api/exchanges?limit=1&filter=~kind search"),
      ({ exchanges: [own] }) => own?.verdict === "unsupported",
      60_000,
    );
    assert.match(exchanges[0]?.note ?? "", /percolate/);
    assert.deepEqual(await ask(parallax, "/other/_search", SUM), [200, null, null]);
    assert.deepEqual(await ask(parallax, "/other/_search?nothing=known", SUM), [200, null, null], "nothing is said of what is only tapped");
    assert.deepEqual(await ask(parallax, "/other/_search", SUM, { "x-parallax-backend": "clickhouse" }), [503, null, "not_compared"]);
    await parallax.call("index.mode", { name: "other", mode: "compare" });
    await parallax.stop();
    parallax = await startParallax(args, { data });
    assert.deepEqual(await modes(), [
      ["fast-1", "clickhouse", "configuration"],
      ["other", "compare", "window"],
    ]);
  } finally {
    await parallax.stop();
    await elasticsearch.stop();
    rmSync(data, { recursive: true, force: true });
  }
});
