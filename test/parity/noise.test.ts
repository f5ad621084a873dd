// Noise, probed in a running Parallax: where the real Elasticsearch disagrees with itself over three shards, where it does not, and a search
// whose noise is remembered. What one Elasticsearch of one node never answers otherwise (an average) is made to waver on its way.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { after, before, describe, test } from "node:test";
import type { ExchangePage } from "../../src/shared/contract.ts";
import type { ExchangeDetail, ExchangeSummary } from "../../src/shared/exchange.ts";
import type { IndexDetail } from "../../src/shared/index_info.ts";
import { type JsonObject, printJson } from "../../src/shared/json.ts";
import type { NoiseFound, NoiseProbe, RememberedNoise } from "../../src/shared/noise.ts";
import { type ParallaxProcess, startParallax, until } from "../support/parallax_process.ts";
import { connectEngines } from "../support/two_engines.ts";

const engines = connectEngines("noise_parity");
const skip = engines === null ? (process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "no Elasticsearch and ClickHouse are named") : false;
const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const INDEX = "noise-parity";
const DOCUMENTS = 60;

/** Elasticsearch, but for the aggregation `wavering`: an eighth, two or three more than it is, in turns. What a probe asks waits for `held`. */
async function startWavering(held: () => Promise<void>): Promise<Server> {
  let turn = 0;
  const waver = (text: string): string =>
    text.replace(/("wavering":\{"value":)([0-9.]+)/g, (_, before: string, value: string) => {
      turn += 1;
      return `${before}${Number(value) + (1 + (turn % 3)) / 8}`;
    });
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    if (request.url?.includes("request_cache=false")) await held();
    const { "content-type": type } = request.headers;
    const body = Buffer.concat(pieces);
    const answer = await fetch(address + (request.url ?? ""), {
      method: request.method ?? "GET",
      headers: type === undefined ? {} : { "content-type": type },
      ...(body.length === 0 ? {} : { body }),
    });
    const given = Buffer.from(waver(await answer.text()));
    response.writeHead(answer.status, {
      "content-type": answer.headers.get("content-type") ?? "application/json",
      "x-elastic-product": "Elasticsearch",
      ...(request.method === "HEAD" ? {} : { "content-length": given.length }),
    });
    response.end(given);
  };
  const server = createServer((request, response) => {
    forward(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function portOf(server: Server): number {
  const own = server.address();
  return own === null || typeof own === "string" ? assert.fail("it listens on no port") : own.port;
}

describe("the noise probe", { skip, concurrency: false, timeout: 300_000 }, () => {
  let wavering: Server;
  let parallax: ParallaxProcess;
  let own = "";
  let asked = 0;
  let held = Promise.resolve();

  const send = async (path: string, body: string, method = "POST"): Promise<void> => {
    const answer = await fetch(parallax.proxyUrl + path, { method, headers: { "content-type": "application/json" }, body });
    assert.ok(answer.status < 500, await answer.text());
  };

  before(async () => {
    await fetch(`${address}/${INDEX}?ignore_unavailable=true`, { method: "DELETE" });
    wavering = await startWavering(() => held);
    const upstream = `http://127.0.0.1:${portOf(wavering)}`;
    parallax = await startParallax(["--elasticsearch", upstream, "--clickhouse", process.env.PARALLAX_TEST_CLICKHOUSE ?? ""]);
    const mappings = { properties: { n: { type: "long" }, x: { type: "double" }, group: { type: "keyword" } } };
    await send(`/${INDEX}`, printJson({ settings: { number_of_shards: 3, number_of_replicas: 0 }, mappings }), "PUT");
    const lines = Array.from(
      { length: DOCUMENTS },
      (_, n) => `{"index":{"_id":"d${n}"}}\n{"n":${n},"x":${(n * 7919) % 61}.1,"group":"g${n % 2}"}\n`,
    );
    await send(`/${INDEX}/_bulk?refresh=true`, lines.join(""));
  });
  after(async () => {
    await parallax?.stop();
    wavering?.close();
    if (own !== "") await engines?.clickhouse.command(`DROP TABLE IF EXISTS ${own}`);
    await fetch(`${address}/${INDEX}?ignore_unavailable=true`, { method: "DELETE" });
  });

  /** Sends a search; resolves with its exchange once that is judged. */
  async function searched(body: JsonObject): Promise<ExchangeSummary> {
    asked += 1;
    const path = `/${INDEX}/_search?preference=client-${asked}`;
    await send(path, printJson(body));
    const found = await until(
      async () => (await parallax.ask<ExchangePage>("/api/exchanges?limit=50")).exchanges.find((exchange) => exchange.path === path),
      (exchange) => exchange !== undefined && exchange.verdict !== null,
      60_000,
    );
    return found ?? assert.fail("it was not captured");
  }

  async function probed(body: JsonObject, times = 6): Promise<NoiseFound> {
    const { id } = await searched(body);
    const { result, problem } = await parallax.call<NoiseProbe>("exchange.probe", { id, times });
    return result ?? assert.fail(problem);
  }

  const places = ({ noisy }: NoiseFound["elasticsearch"]) => noisy.map(({ path, kind }) => `${kind} ${path}`);

  test("finds hits that random scores choose, sampled buckets, and times and numbers of scripts", async () => {
    const random = await probed({ size: 3, query: { function_score: { random_score: {} } } });
    assert.ok(
      random.elasticsearch.noisy.some(({ path, kind }) => path === "/hits/hits/*" && kind === "presence"),
      printJson([...places(random.elasticsearch)]),
    );
    assert.equal(random.elasticsearch.answers, 6);
    assert.match(random.clickhouse.problem, /no SQL/);
    assert.deepEqual([random.clickhouse.answers, random.disturbed], [0, ""]);
    const sampled = await probed({
      size: 0,
      aggs: { some: { random_sampler: { probability: 0.3 }, aggs: { a: { avg: { field: "x" } } } } },
    });
    assert.ok(places(sampled.elasticsearch).includes("value /aggregations/some/seed"));
    const scripts = await probed({ size: 4, sort: ["n"], script_fields: { r: { script: "Math.random()" }, same: { script: "1 + 1" } } });
    assert.deepEqual(places(scripts.elasticsearch), ["value /hits/hits/*/fields/r/0"]);
    assert.equal(scripts.elasticsearch.noisy[0]?.places, 4);
  });

  test("finds none in sums over shards, in hits without an order and in refused searches", async () => {
    const steady = await probed({ size: 5, aggs: { g: { terms: { field: "group" }, aggs: { s: { sum: { field: "x" } } } } } });
    assert.deepEqual([steady.elasticsearch.noisy, steady.elasticsearch.answers, steady.clickhouse.answers], [[], 6, 6]);
    assert.deepEqual([steady.standing, steady.clickhouse.noisy], ["none", []]);
    const { id } = await searched({ aggs: { g: { terms: {} } } });
    const { result } = await parallax.call<NoiseProbe>("exchange.probe", { id });
    assert.match(result?.elasticsearch.problem ?? "", /^it is refused with 400/);
  });

  test("what is remembered leaves later searches of the shape open, hides nothing else, and can be forgotten", async () => {
    const search = (most: number): JsonObject => ({
      size: 0,
      track_total_hits: true,
      query: { range: { n: { lte: most } } },
      aggs: { wavering: { avg: { field: "n" } } },
    });
    const first = await searched(search(50));
    assert.equal(first.verdict, "different", first.note);
    await assert.rejects(parallax.call("noise.remember", { id: first.id }), /has not been probed/);
    const { result } = await parallax.call<NoiseProbe>("exchange.probe", { id: first.id, times: 6 });
    assert.ok(result !== null);
    assert.deepEqual([places(result.elasticsearch), result.clickhouse.noisy], [["value /aggregations/wavering/value"], []]);
    assert.deepEqual([result.standing, result.withinNoise, result.elasticsearch.noisy[0]?.distinct], ["noise", 1, 3]);
    await parallax.call("noise.remember", { id: first.id });
    const [remembered] = await parallax.ask<readonly RememberedNoise[]>("/api/noise");
    assert.deepEqual([remembered?.shape, remembered?.paths.map(({ path }) => path)], [first.shape, ["/aggregations/wavering/value"]]);
    // Another range is the same shape.
    const second = await searched(search(40));
    assert.equal(second.verdict, "equivalent", second.note);
    const rules = (await parallax.ask<ExchangeDetail>(`/api/exchanges/${second.id}`)).searches[0]?.comparison.rules ?? [];
    const use = rules.find(({ rule }) => rule === "noise") ?? assert.fail(printJson(rules.map(({ rule }) => rule)));
    assert.match(use.reason, /^Elasticsearch disagrees with itself here: seen in 6 answers on \d{4}-\d\d-\d\d\.$/);
    const { database, table } = await parallax.ask<IndexDetail>(`/api/indices/${INDEX}`);
    own = `\`${database}\`.\`${table}\``;
    await engines?.clickhouse.command(`ALTER TABLE ${own} DELETE WHERE _id = 'd20' SETTINGS mutations_sync = 2`);
    const lacking = await searched(search(40));
    assert.equal(lacking.verdict, "different", lacking.note);
    const { searches } = await parallax.ask<ExchangeDetail>(`/api/exchanges/${lacking.id}`);
    assert.deepEqual(
      searches[0]?.comparison.differences.map(({ path }) => path),
      ["/hits/total/value"],
    );
    await parallax.call("noise.forget", { shape: first.shape });
    assert.deepEqual(await parallax.ask("/api/noise"), []);
    const again = await searched(search(50));
    assert.equal(again.verdict, "different");
    const { comparison } = (await parallax.ask<ExchangeDetail>(`/api/exchanges/${again.id}`)).searches[0] ?? assert.fail("no search");
    assert.ok(comparison.differences.some(({ path }) => path === "/aggregations/wavering/value"));
  });

  test("writes that go on while it asks are told, and what was found then is not remembered", async () => {
    const { id } = await searched({ size: 0, aggs: { wavering: { avg: { field: "n" } } } });
    const gate = Promise.withResolvers<void>();
    held = gate.promise;
    const probing = parallax.call<NoiseProbe>("exchange.probe", { id, times: 4, remember: true });
    const asking = () => parallax.call<NoiseProbe>("exchange.probe_state", { id });
    await until(asking, ({ state }) => state === "running", 60_000);
    await send(`/${INDEX}/_doc/more?refresh=true`, '{"n":1}', "PUT");
    gate.resolve();
    const { result } = await probing;
    assert.match(result?.disturbed ?? "", new RegExp(`writes to ${INDEX} went on|refresh pending`));
    assert.deepEqual(await parallax.ask("/api/noise"), []);
    await assert.rejects(parallax.call("noise.remember", { id }), /may be no noise/);
  });
});
