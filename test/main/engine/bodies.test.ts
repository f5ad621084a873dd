// Bodies that are large, deep, coded, broken off or no JSON: the client's bytes pass, and each exchange says what became of it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { ExchangePage, IndexInfo, Status } from "../../../src/shared/contract.ts";
import type { ExchangeDetail, ExchangeSummary } from "../../../src/shared/exchange.ts";
import { type CountingCluster, startCountingCluster } from "../../support/counting_cluster.ts";
import { type ParallaxProcess, startParallax, until } from "../../support/parallax_process.ts";

const MIB = 1024 * 1024;
const DEEP = 100_000;
const HITS = '"took":1,"timed_out":false,"_shards":{"total":1,"successful":1,"skipped":0,"failed":0}';

function nested(levels: number): string {
  return `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
}

describe("what clients send and get", { timeout: 240_000 }, () => {
  const big = Buffer.from(
    `{${HITS},"hits":{"total":{"value":0,"relation":"eq"},"max_score":null,"hits":[]},"pad":"${randomBytes(30 * MIB).toString("hex")}"}`,
  );
  let elasticsearch: CountingCluster;
  let parallax: ParallaxProcess;

  before(async () => {
    elasticsearch = await startCountingCluster({
      answer: (request, response) => {
        const target = request.url ?? "";
        const send = (body: string | Buffer): true => {
          response.writeHead(200, { "content-type": "application/json" });
          response.end(body);
          return true;
        };
        if (target.includes("big")) return send(big);
        if (target.includes("deep-answer"))
          return send(`{${HITS},"hits":{"total":{"value":0,"relation":"eq"},"hits":[]},"a":${nested(DEEP)}}`);
        if (target.includes("anything")) return send(`{${HITS},"hits":{"total":{"value":0,"relation":"eq"},"max_score":null,"hits":[]}}`);
        return false;
      },
    });
    parallax = await startParallax(["--elasticsearch", elasticsearch.url]);
    await send("/_bulk?refresh=true", '{"index":{"_index":"logs","_id":"1"}}\n{"n":1}\n');
  });
  after(async () => {
    await parallax.stop();
    await elasticsearch.stop();
  });

  async function send(path: string, body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<Buffer> {
    const answer = await fetch(parallax.proxyUrl + path, {
      method: "POST",
      body: Buffer.from(body),
      headers: { "content-type": "application/json", ...headers },
    });
    return Buffer.from(await answer.arrayBuffer());
  }

  /** The newest exchange, once it has its verdict or its note. */
  async function newest(path: string): Promise<ExchangeSummary> {
    const list = (): Promise<ExchangePage> => parallax.ask<ExchangePage>("/api/exchanges?limit=1");
    const done = ({ exchanges: [one] }: ExchangePage): boolean => one?.path === path && (one.verdict !== null || one.note !== "");
    const [one] = (await until(list, done, 60_000)).exchanges;
    assert.ok(one !== undefined && one.path === path, `${path} is not the newest, but ${one?.path}`);
    return one;
  }

  async function assertVerdict(path: string, verdict: string, words: RegExp): Promise<void> {
    const one = await newest(path);
    assert.equal(one.verdict, verdict, one.note);
    assert.match(one.note, words);
  }

  test("a search that is not JSON is passed on and said to be none", async () => {
    for (const [i, body] of ["not json", '{"query":', "\u0000\u0001", "[1]", '"text"'].entries()) {
      const path = `/anything${i}/_search`;
      await send(path, body);
      await assertVerdict(path, "unsupported", /not a search that can be read: the body is not (JSON|a JSON object)/);
    }
    const path = "/anything/_bulk";
    await send(path, "not json\nat all\n");
    assert.match((await newest(path)).note, /not mirrored/);
  });

  test("JSON nested 100,000 levels deep gets a verdict with that reason, as request, document and answer", async () => {
    await send("/anything/_search", `{"query":${nested(DEEP)}}`);
    await assertVerdict("/anything/_search", "not_compared", /the request is JSON nested 100001 levels deep/);
    await send("/anything/_msearch", `{}\n{"query":${nested(DEEP)}}\n`);
    await assertVerdict("/anything/_msearch", "not_compared", /the request is JSON nested 100001 levels deep/);
    const answer = await send("/logs/_search?deep-answer", '{"size":0}');
    assert.ok(answer.length > 6 * DEEP);
    await assertVerdict("/logs/_search?deep-answer", "not_compared", /Elasticsearch's answer is JSON nested 100001 levels deep/);
    await send("/_bulk", `{"index":{"_index":"deep","_id":"1"}}\n{"a":${nested(DEEP)}}\n{"index":{"_index":"deep","_id":"2"}}\n{"n":2}\n`);
    const bulk = await newest("/_bulk");
    assert.equal(bulk.note, "mirrored 2");
    await send("/logs/_search", '{"size":0}');
    await assertVerdict("/logs/_search", "equal", /./);
  });

  test("JSON nested as deep as Elasticsearch reads is told from its parts, not from a stack that ran out", async () => {
    const deep = `{"size":0,"query":${'{"bool":{"must":'.repeat(400)}{"match_all":{}}${"}}".repeat(400)}}`;
    await send("/logs/_search?a", deep);
    const one = await newest("/logs/_search?a");
    assert.ok(["equal", "unsupported", "different"].includes(one.verdict ?? ""), `${one.verdict}: ${one.note}`);
    assert.doesNotMatch(one.note, /stack/);
  });

  test("gzip'd bulks and searches are read, and a broken gzip is said to be one", async () => {
    await send("/_bulk?refresh=true", gzipSync('{"index":{"_index":"zipped","_id":"1"}}\n{"n":1}\n'), { "content-encoding": "gzip" });
    assert.equal((await newest("/_bulk?refresh=true")).note, "mirrored 1");
    await send("/zipped/_search?anything", gzipSync('{"size":0}'), { "content-encoding": "gzip" });
    assert.notEqual((await newest("/zipped/_search?anything")).verdict, "failed");
    await send("/anything/_search?broken", Buffer.from("this is no gzip"), { "content-encoding": "gzip" });
    await assertVerdict("/anything/_search?broken", "not_compared", /a gzip body of 15 bytes can't be decoded/);
  });

  test("an answer of 60 MB comes whole, is kept, and is not compared", async () => {
    const answer = await send("/logs/_search?big", '{"size":0}');
    assert.equal(createHash("sha256").update(answer).digest("hex"), createHash("sha256").update(big).digest("hex"));
    const one = await newest("/logs/_search?big");
    assert.ok(one.verdict !== "failed", one.note);
    const kept = await fetch(`${parallax.interfaceUrl}/api/exchanges/${one.id}/elasticsearch`);
    assert.equal((await kept.arrayBuffer()).byteLength, big.length);
  });

  test("a client that leaves amid the answer is told of as one, and nothing is judged by half an answer", async () => {
    const path = "/logs/_search?big-left";
    await new Promise<void>((resolve) => {
      const request = httpRequest(
        parallax.proxyUrl + path,
        { method: "POST", headers: { "content-type": "application/json" } },
        (response) => {
          response.once("data", () => response.destroy());
        },
      );
      request.on("close", resolve).on("error", () => {});
      request.end('{"size":0}');
    });
    await assertVerdict(path, "not_compared", /Elasticsearch's answer is not whole: The client closed the connection/);
  });

  test("a bulk of 100 MB is mirrored, in bounded memory", async () => {
    const pad = "x".repeat(1000);
    const lines = Array.from({ length: 100_000 }, (_, i) => `{"index":{"_index":"large","_id":"${i}"}}\n{"n":${i},"name":"${pad}"}\n`);
    const body = Buffer.from(lines.join(""));
    assert.ok(body.length > 100 * MIB);
    const before = residentMib();
    let most = 0;
    const watching = setInterval(() => (most = Math.max(most, residentMib())), 100);
    const answer = await send("/_bulk?large", body);
    assert.ok(answer.length > MIB);
    const one = await newest("/_bulk?large");
    clearInterval(watching);
    process.stdout.write(`  resident memory: ${before} MiB before, ${most} MiB at most; ${one.note}\n`);
    assert.equal(one.note, "mirrored 100000");
    assert.ok(most - before < 1_500, `${most} MiB`);
    const indices = await parallax.ask<readonly IndexInfo[]>("/api/indices");
    assert.deepEqual(indices.find(({ name }) => name === "large")?.clickhouse.docs, 100_000);
    const { status, body: counted } = { status: 200, body: JSON.parse((await send("/large/_count", "{}")).toString()) };
    assert.deepEqual([status, counted.count], [200, 100_000]);
    await assertVerdict("/large/_count", "equal", /./);
  });

  test("no exchange was missed, and no fault met", async () => {
    const { capture, problems } = await parallax.ask<Status>("/api/status");
    assert.equal(capture.missed, 0);
    assert.deepEqual(problems, []);
    const { exchanges } = await parallax.ask<ExchangePage>("/api/exchanges?limit=5000");
    assert.deepEqual(
      exchanges.filter(({ verdict }) => verdict === "failed").map(({ path, note }) => [path, note]),
      [],
    );
    for (const { id } of exchanges) await parallax.ask<ExchangeDetail>(`/api/exchanges/${id}`);
  });

  function residentMib(): number {
    return Math.round(Number(spawnSync("ps", ["-o", "rss=", "-p", String(parallax.pid)], { encoding: "utf8" }).stdout) / 1024);
  }
});
