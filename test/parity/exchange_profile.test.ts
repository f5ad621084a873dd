// The profile of an exchange beside a real Elasticsearch: its `profile: true` tree, the logs of the embedded ClickHouse and samples of our threads.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { ExchangePage } from "../../src/shared/contract.ts";
import type { ExchangeSummary } from "../../src/shared/exchange.ts";
import type { ExchangeProfile, ProfileMember } from "../../src/shared/exchange_profile.ts";
import { type FlameNode, functionsOf } from "../../src/shared/flame.ts";
import { type ParallaxProcess, startParallax, until } from "../support/parallax_process.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const skip = address === "" ? (process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH names no server") : false;
const [THREE, ONE] = ["exchange-profile-three", "exchange-profile-one"];
const JSON_TYPE = { "content-type": "application/json" };
const SEARCH = {
  size: 2,
  query: { bool: { must: [{ match: { text: "number" } }], filter: [{ range: { n: { gte: 10 } } }] } },
  sort: [{ n: "desc" }],
  aggs: { groups: { terms: { field: "group" }, aggs: { most: { max: { field: "n" } } } } },
};

describe("the profile of an exchange", { skip, concurrency: false, timeout: 600_000 }, () => {
  let parallax: ParallaxProcess;

  before(async () => {
    await fetch(`${address}/${THREE},${ONE}?ignore_unavailable=true`, { method: "DELETE" });
    parallax = await startParallax(["--elasticsearch", address]);
    const mappings = { properties: { n: { type: "long" }, group: { type: "keyword" }, text: { type: "text" } } };
    for (const [index, shards] of [
      [THREE, 3],
      [ONE, 1],
    ] as const) {
      const settings = { number_of_shards: shards, number_of_replicas: 0 };
      await send("PUT", `/${index}`, JSON.stringify({ settings, mappings }));
      const lines = Array.from(
        { length: 300 },
        (_, n) => `{"index":{"_id":"d${n}"}}\n${JSON.stringify({ n, group: `g${n % 3}`, text: `number ${n}` })}\n`,
      );
      await send("POST", `/${index}/_bulk?refresh=true`, lines.join(""));
    }
  });
  after(async () => {
    await parallax?.stop();
    await fetch(`${address}/${THREE},${ONE}?ignore_unavailable=true`, { method: "DELETE" });
  });

  async function send(method: string, path: string, body: string): Promise<void> {
    const response = await fetch(parallax.proxyUrl + path, { method, headers: JSON_TYPE, body });
    assert.ok(response.ok, await response.text());
  }

  const captured = (): Promise<ExchangePage> => parallax.ask<ExchangePage>("/api/exchanges?limit=50");

  /** Sends a search; resolves with its exchange once that is judged. */
  async function searched(path: string, body: string): Promise<ExchangeSummary> {
    await send("POST", path, body);
    const found = await until(
      async () => (await captured()).exchanges.find((exchange) => exchange.path === path),
      (exchange) => exchange !== undefined && exchange.verdict !== null,
      60_000,
    );
    assert.ok(found !== undefined);
    assert.equal(found.verdict, "equal", found.note);
    return found;
  }

  async function profiled(id: number, members?: readonly ProfileMember[]): Promise<ExchangeProfile> {
    const body = JSON.stringify(members === undefined ? {} : { members });
    const response = await fetch(`${parallax.interfaceUrl}/api/exchanges/${id}/profile`, { method: "POST", headers: JSON_TYPE, body });
    assert.equal(response.status, 200, await response.clone().text());
    return JSON.parse(await response.text());
  }

  /** Every frame's children have at most its time. */
  function assertWhole(node: FlameNode): void {
    const below = node.children.reduce((sum, child) => sum + child.value, 0);
    assert.ok(below <= node.value * 1.000001 && Math.abs(node.value - below - node.self) < 0.01, `${node.name}: ${below} of ${node.value}`);
    for (const child of node.children) assertWhole(child);
  }

  test("a search over three shards has a tree for each, its statements in the query_log, and its comparison in the samples", async () => {
    const exchange = await searched(`/${THREE}/_search`, JSON.stringify(SEARCH));
    const { total } = await captured();
    const known: ExchangeProfile = await parallax.ask(`/api/exchanges/${exchange.id}/profile`);
    assert.deepEqual(
      known.phases.map(({ name }) => name),
      ["forward", "first byte", "last byte", "hand over", "queue", "parse", "translate", "run", "shape", "match"],
    );
    const { runs } = await profiled(exchange.id);
    const [run] = runs;
    assert.equal(run?.verdict, "equal", run?.reason);
    assert.ok(
      run.elasticsearch.state === "there" && run.clickhouse.state === "there" && run.cpu.state === "there",
      JSON.stringify(run).slice(0, 2000),
    );
    const [search] = run.elasticsearch.value.searches;
    assert.equal(search?.shards.length, 3);
    for (const shard of search.shards) {
      assertWhole(shard);
      const names = functionsOf(shard).map(({ name }) => name);
      for (const name of ["rewrite", "TermQuery", "MaxAggregator"]) assert.ok(names.includes(name), `${name} in ${names}`);
    }
    assert.deepEqual(run.clickhouse.value.missing, []);
    for (const statement of run.clickhouse.value.statements) {
      assert.equal(statement.source, "query_log", statement.name);
      assert.match(String(statement.queryId), new RegExp(`^parallax-${exchange.id}-`));
      assert.ok((statement.memoryBytes ?? 0) > 0 && statement.processors.length > 0 && (statement.events.Query ?? 0) > 0, statement.name);
    }
    assert.ok(run.clickhouse.value.statements.some(({ readRows }) => (readRows ?? 0) >= 290));
    const main = run.cpu.value.threads.find(({ thread }) => thread === "main");
    assert.ok((main?.profile.samples.length ?? 0) > 0);
    assert.ok(main?.profile.nodes.some(({ callFrame }) => callFrame.url.startsWith("src/main/")));
    assert.equal((await captured()).total, total, "nothing of it is captured");
    const afterwards: ExchangeProfile = await parallax.ask(`/api/exchanges/${exchange.id}/profile`);
    assert.deepEqual(afterwards.runs, runs);
  });

  test("each search of an _msearch has its own profile, and its own phases", async () => {
    const lines = [
      { index: THREE },
      { size: 1, query: { term: { group: "g1" } } },
      { index: ONE },
      { size: 0, aggs: { mean: { avg: { field: "n" } } } },
    ];
    const exchange = await searched("/_msearch", `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
    const [run] = (await profiled(exchange.id, ["elasticsearch", "clickhouse"])).runs;
    assert.ok(run?.elasticsearch.state === "there" && run.clickhouse.state === "there");
    assert.deepEqual(
      run.elasticsearch.value.searches.map(({ shards }) => shards.length),
      [3, 1],
    );
    assert.deepEqual([...new Set(run.clickhouse.value.statements.map(({ search }) => search))], [0, 1]);
    assert.ok([0, 1].every((search) => run.phases.some((phase) => phase.search === search && phase.name === "match")));
    assert.equal(run.cpu.state, "not asked");
  });

  test("a count and a search with a scroll are asked as plain searches, and it is said", async () => {
    const count = await searched(`/${THREE}/_count`, '{"query":{"range":{"n":{"lt":7}}}}');
    const [counted] = (await profiled(count.id, ["elasticsearch"])).runs;
    assert.ok(counted?.elasticsearch.state === "there");
    assert.match(counted.elasticsearch.value.asked, /count has no profile/);
    assert.equal(counted.elasticsearch.value.searches[0]?.problem, "");
    const scroll = await searched(`/${ONE}/_search?scroll=1m`, '{"size":3,"sort":["n"]}');
    const [paged] = (await profiled(scroll.id)).runs;
    assert.ok(paged?.elasticsearch.state === "there");
    assert.match(paged.elasticsearch.value.asked, /without its scroll/);
    assert.equal(paged.verdict, "equal", paged.reason);
  });

  test("an index that is gone by now is Elasticsearch's reason; a write is refused, and so is what is not known", async () => {
    const exchange = await searched(`/${ONE}/_search`, '{"size":1}');
    await send("DELETE", `/${ONE}`, "");
    const [run] = (await profiled(exchange.id)).runs;
    assert.ok(run?.elasticsearch.state === "missing");
    assert.match(run.elasticsearch.reason, /404: no such index/);
    const statusOf = async (id: number) =>
      (await fetch(`${parallax.interfaceUrl}/api/exchanges/${id}/profile`, { method: "POST", headers: JSON_TYPE, body: "{}" })).status;
    const bulk = (await captured()).exchanges.find(({ kind }) => kind === "write");
    assert.deepEqual([await statusOf(bulk?.id ?? 0), await statusOf(999_999)], [409, 404]);
  });
});
