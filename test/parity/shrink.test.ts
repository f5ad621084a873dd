// A fault planted in ClickHouse's table beside a real Elasticsearch: the search that shows it is made small, kept as a case, and compared again
// from the case and from the session.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parseCase } from "../../src/main/shrink/case_file.ts";
import type { ExchangePage, SqlAnswer } from "../../src/shared/contract.ts";
import type { ExchangeSummary } from "../../src/shared/exchange.ts";
import type { ShrinkState } from "../../src/shared/shrink.ts";
import { type ParallaxProcess, runParallax, startParallax, until } from "../support/parallax_process.ts";
import { connectClickHouse } from "../support/two_engines.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const server = process.env.PARALLAX_TEST_CLICKHOUSE ?? "";
const missing =
  process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH and PARALLAX_TEST_CLICKHOUSE name no servers";
const skip = address === "" || server === "" ? missing : false;
const INDEX = "shrink-planted";
const JSON_TYPE = { "content-type": "application/json" };
const PATIENT = 120_000;

/** What `--json` printed, after what was said of the progress. */
function reportIn(output: string): {
  readonly judged: number;
  readonly changed: number;
  readonly regressions: number;
  readonly counts: object;
  readonly searches: readonly { readonly name: string }[];
} {
  return JSON.parse(output.slice(output.indexOf("{")));
}

/** 200 clauses that all documents match, but for number 137. */
function clauses(odd: object): readonly object[] {
  return Array.from({ length: 200 }, (_, i) => (i === 137 ? odd : { range: { n: { gte: -i - 1 } } }));
}

describe("a differing search", { skip, concurrency: false, timeout: 600_000 }, () => {
  let parallax: ParallaxProcess;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "parallax-shrink-"));
    await fetch(`${address}/${INDEX}?ignore_unavailable=true`, { method: "DELETE" });
    parallax = await startParallax(["--elasticsearch", address, "--clickhouse", server]);
    const mappings = { properties: { n: { type: "long" }, word: { type: "keyword" } } };
    await send("PUT", `/${INDEX}`, JSON.stringify({ settings: { number_of_shards: 3, number_of_replicas: 0 }, mappings }));
    const lines = Array.from({ length: 60 }, (_, n) => `{"index":{"_id":"d${n}"}}\n${JSON.stringify({ n, word: `w${n % 5}` })}\n`);
    await send("POST", `/${INDEX}/_bulk?refresh=true`, lines.join(""));
  });
  after(async () => {
    if (parallax !== undefined) await fetch(`${parallax.proxyUrl}/${INDEX}?ignore_unavailable=true`, { method: "DELETE" });
    await parallax?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function send(method: string, path: string, body: string): Promise<void> {
    const response = await fetch(parallax.proxyUrl + path, { method, headers: JSON_TYPE, body });
    assert.ok(response.ok, await response.text());
  }

  async function searched(path: string, body: object): Promise<ExchangeSummary> {
    await send("POST", path, JSON.stringify(body));
    const found = await until(
      async () => (await parallax.ask<ExchangePage>("/api/exchanges?limit=50")).exchanges.find((exchange) => exchange.path === path),
      (exchange) => exchange !== undefined && exchange.verdict !== null,
      PATIENT,
    );
    assert.ok(found !== undefined);
    return found;
  }

  /** Writes another word into the rows of w3, as a fault of the mirror would. */
  async function plant(): Promise<void> {
    const tables = await parallax.call<SqlAnswer>("sql.run", {
      sql: `SELECT database, table, name FROM system.columns WHERE table = '${INDEX}' AND name LIKE '%word%' ORDER BY length(name)`,
    });
    const [database, table, column] = (tables.rows[0] ?? []).map((cell) => String(JSON.parse(cell)));
    const sql = `ALTER TABLE \`${database}\`.\`${table}\` UPDATE \`${column}\` = ['other'] WHERE has(\`${column}\`, 'w3') SETTINGS mutations_sync = 2`;
    const client = connectClickHouse(server);
    await client.command(sql);
    await client.close();
  }

  test("of 200 clauses becomes one of less than 5 in less than a minute, is kept, and is compared again", async () => {
    const request = {
      size: 3,
      track_total_hits: true,
      sort: [{ n: "asc" }],
      query: { bool: { filter: clauses({ term: { word: "w3" } }) } },
      aggs: { words: { terms: { field: "word" } } },
    };
    const right = await searched(`/${INDEX}/_search?preference=right`, request);
    assert.equal(right.verdict, "equal", right.note);
    await plant();
    const wrong = await searched(`/${INDEX}/_search?preference=wrong`, request);
    assert.equal(wrong.verdict, "different", wrong.note);
    const { total } = await parallax.ask<ExchangePage>("/api/exchanges?limit=1");

    const started = performance.now();
    await parallax.call("exchange.shrink", { id: wrong.id });
    const shrunk = await until(
      () => parallax.call<ShrinkState>("exchange.shrink_state", { id: wrong.id }),
      ({ state }) => state !== "running",
      PATIENT,
    );
    const ms = performance.now() - started;
    assert.equal(shrunk.state, "done", shrunk.problem);
    const small = shrunk.result?.request ?? "";
    assert.ok(shrunk.result?.whole, `after ${shrunk.trials} trials and ${Math.round(ms)} ms: ${small}`);
    assert.match(small, /"term":\{"word":"w3"\}|"terms":\{"field":"word"\}/);
    assert.ok((small.match(/"range"|"term"|"terms"|"bool"/g) ?? []).length < 5, small);
    assert.equal(shrunk.result.comparison.verdict, "different");
    assert.equal((await parallax.ask<ExchangePage>("/api/exchanges?limit=1")).total, total, "nothing of it is captured");

    const { file } = await parallax.call<{ file: string }>("exchange.keep_case", { id: wrong.id, name: "planted" });
    const kept = parseCase(readFileSync(file, "utf8"));
    assert.ok(typeof kept !== "string", String(kept));
    assert.deepEqual([kept.shards, kept.verdict], [3, "different"]);
    assert.ok(kept.documents.length >= 12 && kept.documents.some(({ id }) => id === "d3"), String(kept.documents.length));

    // The fault was in the table: the case's own index is right, on both.
    const junit = join(folder, "junit.xml");
    const compared = await runParallax(
      ["compare", file, "--ui-port", String(parallax.interfacePort), "--fail-on-difference", "--junit", junit],
      { limitMs: PATIENT },
    );
    assert.equal(compared.code, 0, compared.output);
    assert.match(compared.output, /different → equal {2}planted/);
    assert.match(readFileSync(junit, "utf8"), /tests="1" failures="0"/);

    // The session has both: one was right when it was kept, and both differ now.
    const session = join(folder, "session.parallax");
    await parallax.call("session.save", { file: session });
    const again = await runParallax(["compare", session, "--ui-port", String(parallax.interfacePort), "--fail-on-difference", "--json"], {
      limitMs: PATIENT,
    });
    assert.equal(again.code, 1, again.output);
    const report = reportIn(again.output);
    assert.deepEqual([report.judged, report.changed, report.regressions, report.counts], [2, 1, 2, { different: 2 }]);
    assert.match(report.searches[0]?.name ?? "", new RegExp(`^#${right.id} POST /${INDEX}/_search`));

    // An engine of its own copies the index first: there, both are right.
    const own = await runParallax(["compare", session, "--elasticsearch", address, "--fail-on-difference", "--json"], { limitMs: PATIENT });
    assert.equal(own.code, 0, own.output);
    assert.deepEqual(reportIn(own.output).counts, { equal: 2 });
  });

  test("can be judged without being captured; what is no search can't", async () => {
    const judged = await parallax.call<{ verdict: string }>("search.judge", {
      path: `/${INDEX}/_count`,
      body: '{"query":{"range":{"n":{"lt":7}}}}',
    });
    assert.equal(judged.verdict, "equal");
    await assert.rejects(parallax.call("search.judge", { path: `/${INDEX}/_bulk`, body: "" }), /no search/);
  });
});
