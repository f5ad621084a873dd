// Requests that the engine answers in the upstream's stead, over raw sockets.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Answerer, AskedRequest, Reply } from "../../../src/main/proxy/answerer.ts";
import type { ProxyOptions } from "../../../src/main/proxy/proxy_options.ts";
import { startProxy } from "../../../src/main/proxy/reverse.ts";
import { jsonAnswer, startFakeUpstream } from "../../support/fake_upstream.ts";
import { openRaw } from "../../support/raw_client.ts";
import { recordingTap } from "../../support/recording_tap.ts";

const ANSWER: Reply = {
  kind: "answer",
  status: 200,
  headers: [["content-type", "application/json"]],
  body: Buffer.from('{"by":"engine"}'),
};

async function setUp(answer: (request: AskedRequest) => Promise<Reply>, options: Partial<ProxyOptions> = {}) {
  const upstream = await startFakeUpstream(() => jsonAnswer('{"by":"upstream"}'));
  const tap = recordingTap();
  const asked: AskedRequest[] = [];
  const answerer: Answerer = {
    asks: "^(GET|POST) /[^?]*/_search",
    answer(request) {
      asked.push(request);
      return answer(request);
    },
  };
  const proxy = await startProxy({ upstream: upstream.url, port: 0, tap, answerer, answering: answerer.asks, ...options });
  after(async () => {
    await proxy.stop();
    await upstream.close();
  });
  const client = await openRaw(proxy.port);
  after(() => client.destroy());
  return { upstream, tap, asked, proxy, client };
}

function search(path: string, body = "{}", headers = ""): string {
  return `POST ${path} HTTP/1.1\r\nhost: localhost\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

test("sends the engine's answer and never asks the upstream", async () => {
  const { upstream, tap, asked, client } = await setUp(async () => ANSWER);
  await client.send(search("/a/_search", '{"size":0}'));
  const answer = await client.response();
  assert.equal(textOf(answer.body), '{"by":"engine"}');
  assert.match(answer.start, /^HTTP\/1\.1 200 OK/);
  assert.equal(textOf(asked[0]?.body ?? new Uint8Array()), '{"size":0}');
  assert.equal(asked[0]?.forced, false);
  const exchange = await tap.exchange("/a/_search");
  assert.equal(exchange.error, "");
  assert.equal(textOf(exchange.response?.body ?? new Uint8Array()), '{"by":"engine"}');
  assert.equal(textOf(exchange.request.body), '{"size":0}');
  assert.equal(upstream.sockets.length, 0);
});

test("passes on what the engine does not answer, byte for byte, and adds the engine's headers to the answer", async () => {
  const { upstream, tap, client } = await setUp(async () => ({ kind: "pass", headers: [["x-parallax-source", "elasticsearch"]] }));
  const chunked = "POST /a/_search HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
  await client.send(chunked);
  const answer = await client.response();
  assert.equal(textOf(answer.body), '{"by":"upstream"}');
  assert.deepEqual(answer.headers.at(-1), ["x-parallax-source", "elasticsearch"]);
  assert.equal(upstream.received[0]?.toString(), chunked);
  const exchange = await tap.exchange("/a/_search");
  assert.deepEqual(exchange.response?.headers.at(-1), ["x-parallax-source", "elasticsearch"]);
});

test("asks only for what fits the pattern, and for what names the engine when it is not asked by itself", async () => {
  const { upstream, asked, client, proxy } = await setUp(async () => ANSWER, { answering: null });
  await client.send(search("/a/_bulk"));
  assert.equal(textOf((await client.response()).body), '{"by":"upstream"}');
  await client.send(search("/a/_search"));
  assert.equal(textOf((await client.response()).body), '{"by":"upstream"}');
  await client.send(search("/a/_search", "{}", "X-Parallax-Backend: clickhouse\r\n"));
  assert.equal(textOf((await client.response()).body), '{"by":"engine"}');
  assert.equal(asked[0]?.forced, true);
  await proxy.setAnswering("^(GET|POST) /[^?]*/_search");
  await client.send(search("/a/_search"));
  assert.equal(textOf((await client.response()).body), '{"by":"engine"}');
  await client.send(search("/a/_search", "{}", "X-Parallax-Backend: Elasticsearch\r\n"));
  assert.equal(textOf((await client.response()).body), '{"by":"upstream"}');
  assert.equal(upstream.requests.length, 3);
  assert.ok(!upstream.received.join("").toLowerCase().includes("x-parallax-backend"));
});

test("refuses a backend that there is not", async () => {
  const { client, upstream } = await setUp(async () => ANSWER);
  await client.send(search("/a/_search", "{}", "x-parallax-backend: postgres\r\n"));
  const answer = await client.response();
  assert.match(answer.start, / 400 /);
  assert.match(textOf(answer.body), /x-parallax-backend names none/);
  assert.equal(upstream.sockets.length, 0);
});

test("keeps the order of pipelined requests, whoever answers them", async () => {
  const { client, asked } = await setUp(async ({ target }) => (target.startsWith("/pass") ? { kind: "pass", headers: [] } : ANSWER));
  const mixed = [search("/x/_bulk"), search("/a/_search"), search("/pass/_search"), search("/b/_search"), search("/y/_bulk")];
  const bytes = Buffer.from(mixed.join(""));
  await client.sendPieces(bytes, [3, 40, 90, 150, 151, 200]);
  const bodies: string[] = [];
  for (let i = 0; i < mixed.length; i += 1) bodies.push(textOf((await client.response()).body));
  assert.deepEqual(bodies, ['{"by":"upstream"}', '{"by":"engine"}', '{"by":"upstream"}', '{"by":"engine"}', '{"by":"upstream"}']);
  assert.deepEqual(
    asked.map(({ target }) => target),
    ["/a/_search", "/pass/_search", "/b/_search"],
  );
});

test("passes a request on when the engine gives no reply in time, and refuses one that it was forced on", async () => {
  const stuck = () => new Promise<Reply>(() => {});
  const { client, upstream } = await setUp(stuck, { limits: { answerMs: 100 } });
  await client.send(search("/a/_search"));
  assert.equal(textOf((await client.response()).body), '{"by":"upstream"}');
  await client.send(search("/a/_search", "{}", "x-parallax-backend: clickhouse\r\n"));
  const answer = await client.response();
  assert.match(answer.start, / 503 /);
  assert.equal(upstream.requests.length, 1);
});

test("passes a request on that is too long to ask for, and refuses one that the engine was forced on", async () => {
  const { client, upstream, asked } = await setUp(async () => ANSWER, { limits: { askedBytes: 1000 } });
  const long = `{"query":"${"x".repeat(5000)}"}`;
  await client.sendPieces(Buffer.from(search("/a/_search", long)), [600, 1200, 3000]);
  assert.equal(textOf((await client.response()).body), '{"by":"upstream"}');
  assert.equal(textOf(upstream.requests[0]?.body ?? Buffer.alloc(0)), long);
  await client.send(search("/a/_search", long, "x-parallax-backend: clickhouse\r\n"));
  assert.match((await client.response()).start, / 413 /);
  assert.equal(asked.length, 0);
});

test("answers with the upstream gone, and ends in its error for what passes", async () => {
  const { client, upstream } = await setUp(async ({ target }) => (target.startsWith("/pass") ? { kind: "pass", headers: [] } : ANSWER));
  await client.send(search("/a/_bulk"));
  await client.response();
  await upstream.close();
  await client.send(search("/a/_search"));
  assert.equal(textOf((await client.response()).body), '{"by":"engine"}');
  await client.send(search("/pass/_search"));
  assert.match((await client.response()).start, / 502 /);
});

test("answers a client that has ended its side, one that asks first whether to send, and one that wants the connection's end", async () => {
  const { proxy } = await setUp(async () => ANSWER);
  const ended = await openRaw(proxy.port);
  await ended.send(search("/a/_search"));
  ended.end();
  assert.match((await ended.untilEnd()).bytes.toString(), /"by":"engine"}$/);
  const asking = await openRaw(proxy.port);
  await asking.send("POST /a/_search HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n");
  assert.match((await asking.receive(25)).toString(), /^HTTP\/1\.1 100 Continue/);
  await asking.send("{}");
  assert.equal(textOf((await asking.response()).body), '{"by":"engine"}');
  asking.destroy();
  const closing = await openRaw(proxy.port);
  await closing.send(search("/a/_search", "{}", "connection: close\r\n"));
  assert.match((await closing.untilEnd()).bytes.toString(), /connection: close\r\n\r\n{"by":"engine"}$/);
});

test("reports an answerer that fails and passes the request on", async () => {
  const problems: string[] = [];
  const { client } = await setUp(
    async () => {
      throw new Error("broken");
    },
    { problem: (message) => problems.push(message) },
  );
  await client.send(search("/a/_search"));
  assert.equal(textOf((await client.response()).body), '{"by":"upstream"}');
  assert.match(problems.join(), /could not be answered: Error: broken/);
});
