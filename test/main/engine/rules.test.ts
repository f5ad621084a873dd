// Rules in a running Parallax: what a rule changed is mirrored as Elasticsearch got it, and the capture says what was done.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { ExchangeDetail, ExchangePage, SqlAnswer } from "../../../src/shared/contract.ts";
import type { RulesState } from "../../../src/shared/rules.ts";
import type { Routes } from "../../../src/shared/statistics.ts";
import { startCountingCluster } from "../../support/counting_cluster.ts";
import { startParallax, until } from "../../support/parallax_process.ts";

describe("rules in the engine", { timeout: 240_000 }, () => {
  test("a write that a rule and a script changed is mirrored as Elasticsearch got it, and the exchange says so", async () => {
    const data = mkdtempSync(join(tmpdir(), "parallax-engine-rules-"));
    const rules = join(data, "given.json");
    writeFileSync(
      rules,
      JSON.stringify([
        {
          name: "elsewhere",
          match: "~u ^http://[^/]*/draft/",
          actions: [{ kind: "change_path", pattern: "^/draft/", replacement: "/load/" }],
        },
        { name: "down", match: "~u /_cluster/stats", actions: [{ kind: "fail", status: 503 }] },
      ]),
    );
    const script = join(data, "script.mjs");
    writeFileSync(
      script,
      `export function request({ request }) {
         if (request.path.endsWith("/_bulk")) request.text = request.text.replaceAll('"n":1', '"n":700');
       }`,
    );
    const elasticsearch = await startCountingCluster();
    const parallax = await startParallax(["--elasticsearch", elasticsearch.url, "--rules", rules, "--script", script], { data });
    // In one hook: they have an order.
    after(async () => {
      await parallax.end("SIGTERM");
      await elasticsearch.stop();
      rmSync(data, { recursive: true, force: true });
    });
    const headers = { "content-type": "application/x-ndjson" };
    const body = '{"index":{"_index":"load","_id":"a"}}\n{"n":1}\n{"index":{"_index":"load","_id":"b"}}\n{"n":2}\n';
    const answer = await fetch(`${parallax.proxyUrl}/draft/_bulk`, { method: "POST", headers, body });
    assert.equal(answer.status, 200);
    await answer.arrayBuffer();
    assert.ok(elasticsearch.requests.includes("POST /load/_bulk"));
    assert.equal((await fetch(`${parallax.proxyUrl}/_cluster/stats`)).status, 503);
    assert.equal(elasticsearch.requests.filter((request) => request.includes("_cluster/stats")).length, 0);

    const rows = await until(
      () =>
        parallax
          .call<SqlAnswer>("sql.run", { sql: "SELECT database || '.' || name FROM system.tables WHERE name = 'load'" })
          .catch(() => null),
      (found) => (found?.rows.length ?? 0) > 0,
    );
    const table = String(JSON.parse(rows?.rows[0]?.[0] ?? '"none"'));
    const mirrored = await until(
      () => parallax.call<SqlAnswer>("sql.run", { sql: `SELECT toString(_source) AS s FROM ${table} ORDER BY s` }).catch(() => null),
      (found) => found?.rows.length === 2,
    );
    assert.deepEqual(
      mirrored?.rows.map(([source]) => JSON.parse(source ?? '""')),
      ['{"n":2}', '{"n":700}'],
    );

    const { exchanges } = await until(
      () => parallax.ask<ExchangePage>("/api/exchanges?filter=draft"),
      (page) => page.exchanges.some(({ note }) => note.includes("mirrored 2")),
    );
    assert.match(exchanges[0]?.note ?? "", /^rule "elsewhere": changed the path to \/load\/_bulk; script: changed the body; .*mirrored 2/);
    const detail = await parallax.ask<ExchangeDetail>(`/api/exchanges/${exchanges[0]?.id}`);
    assert.equal(detail.path, "/draft/_bulk");
    assert.deepEqual([detail.request.sent?.path, detail.request.sent?.body], ["/load/_bulk", "kept"]);
    const bodyOf = async (side: string): Promise<string> =>
      (await fetch(`${parallax.interfaceUrl}/api/exchanges/${detail.id}/${side}`)).text();
    assert.equal(await bodyOf("request"), body);
    assert.equal(await bodyOf("sent"), body.replace('"n":1', '"n":700'));
    assert.match(await bodyOf("given"), /no_body/);
    assert.deepEqual(
      detail.request.changes?.map(({ by }) => by),
      ['rule "elsewhere"', "script"],
    );
    const state = await parallax.ask<RulesState>("/api/rules");
    assert.deepEqual(
      state.rules.map(({ name, origin, used }) => [name, origin, used]),
      [
        ["elsewhere", "config", 1],
        ["down", "config", 1],
      ],
    );
    const { routes } = await parallax.ask<Routes>("/api/statistics/routes");
    assert.ok(routes.top.some(({ name, count }) => name === "POST /{index}/_bulk" && count === 1));
  });
});
