// Requests through the real wire that ask for their own profile, with a profiler that records nothing.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ProxiedCalls } from "../../../src/main/profile/proxied_calls.ts";
import { ProfilerRefusal } from "../../../src/main/profile/refusal.ts";
import { Settling } from "../../../src/main/profile/settling.ts";
import type { ProxyOptions } from "../../../src/main/proxy/proxy_options.ts";
import { type Proxy as Endpoint, startProxy } from "../../../src/main/proxy/reverse.ts";
import type { TappedExchange } from "../../../src/main/proxy/tap.ts";
import { jsonAnswer, type Script, startFakeUpstream } from "../../support/fake_upstream.ts";
import { openRaw } from "../../support/raw_client.ts";
import { recordingTap } from "../../support/recording_tap.ts";

async function setUp({
  script = () => jsonAnswer('{"by":"upstream"}'),
  options = {},
}: {
  script?: Script;
  options?: Partial<ProxyOptions>;
} = {}) {
  const upstream = await startFakeUpstream(script);
  const tap = recordingTap();
  const settling = new Settling();
  const profiler = {
    busy: false,
    titles: [] as string[],
    async call<T>(title: string, work: () => Promise<T>) {
      if (profiler.busy) throw new ProfilerRefusal("busy", "Another recording runs.");
      profiler.titles.push(title);
      return { outcome: await work(), threads: [] };
    },
  };
  let proxy: Endpoint | null = null;
  const calls = new ProxiedCalls({ profiler, settling, proxy: () => proxy });
  const settlingTap = {
    ...tap,
    exchanged(exchange: TappedExchange) {
      tap.exchanged(exchange);
      settling.settled(exchange.id);
    },
  };
  const answerer = { asks: "^$", profiles: true, answer: calls.answer.bind(calls) };
  const endpoint = await startProxy({ upstream: upstream.url, port: 0, tap: settlingTap, answerer, ...options });
  proxy = endpoint;
  after(async () => {
    await endpoint.stop();
    await upstream.close();
  });
  const client = await openRaw(endpoint.port);
  after(() => client.destroy());
  return { upstream, tap, profiler, client, endpoint };
}

const asking = (value: string, start = "POST /a/_search?x=1", body = "{}"): string =>
  `${start} HTTP/1.1\r\nhost: localhost\r\nParallax-API-Profiler: ${value}\r\nx-parallax-backend: elasticsearch\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

const headerOf = (answer: { readonly headers: readonly (readonly [string, string])[] }, name: string): string =>
  answer.headers.find(([one]) => one.toLowerCase() === name)?.[1] ?? "";

test("the call is made as it was sent, its answer is discarded, and neither header is forwarded", async () => {
  const { upstream, tap, profiler, client } = await setUp();
  await client.send(asking(" CallTree "));
  const answer = await client.response();
  assert.match(answer.start, /^HTTP\/1\.1 200 /);
  assert.match(headerOf(answer, "content-disposition"), /^attachment; filename="\d{8}T\d{9}Z-POST-a~_search-exchange1\.calltree"$/);
  assert.equal(headerOf(answer, "x-parallax-status"), "200");
  assert.equal(headerOf(answer, "x-parallax-exchange"), "1");
  assert.match(Buffer.from(answer.body).toString("utf8"), /^# callgrind format/);
  assert.deepEqual(profiler.titles, ["POST /a/_search?x=1"]);

  assert.equal(upstream.requests.length, 1);
  const [sent] = upstream.requests;
  assert.match(sent?.start ?? "", /^POST \/a\/_search\?x=1 HTTP\/1\.1/);
  assert.equal(Buffer.from(sent?.body ?? []).toString("utf8"), "{}");
  assert.doesNotMatch(upstream.received[0]?.toString("latin1") ?? "", /parallax/i);

  const exchange = await tap.exchange("/a/_search?x=1");
  assert.deepEqual([exchange.id, exchange.response?.status, tap.exchanges.length], [1, 200, 1]);
});

test("the connection goes on, the next request has the next id, and one without the header its answer", async () => {
  const { tap, client } = await setUp();
  await client.send(asking("pprof"));
  await client.response();
  await client.send("GET /b HTTP/1.1\r\nhost: localhost\r\n\r\n");
  assert.equal(Buffer.from((await client.response()).body).toString("utf8"), '{"by":"upstream"}');
  assert.equal((await tap.exchange("/b")).id, 2);
});

test("a chunked body arrives whole", async () => {
  const { upstream, client } = await setUp();
  await client.send(
    "POST /a/_bulk HTTP/1.1\r\nhost: localhost\r\nparallax-api-profiler: pprof\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
  );
  await client.send("2\r\nde\r\n0\r\n\r\n");
  assert.equal(headerOf(await client.response(), "x-parallax-status"), "200");
  assert.equal(Buffer.from(upstream.requests[0]?.body ?? []).toString("utf8"), "abcde");
});

test("HEAD has its profile too, without a body", async () => {
  const { client, upstream } = await setUp({ script: () => [Buffer.from("HTTP/1.1 404 Not Found\r\ncontent-length: 9\r\n\r\n")] });
  await client.send("HEAD /a HTTP/1.1\r\nhost: localhost\r\nparallax-api-profiler: pstats\r\n\r\n");
  const answer = await client.response(true);
  assert.equal(headerOf(answer, "x-parallax-status"), "404");
  assert.match(headerOf(answer, "content-disposition"), /-HEAD-a-exchange1\.pstats"$/);
  assert.equal(upstream.requests.length, 1);
});

test("a call whose server is away has its profile", async () => {
  const { client, upstream } = await setUp();
  await upstream.close();
  await client.send(asking("pprof"));
  assert.equal(headerOf(await client.response(), "x-parallax-status"), "502");
});

test("an unknown value is refused with all that there are, and the call is not made", async () => {
  const { client, upstream, tap } = await setUp();
  for (const value of ["flame", ""]) {
    await client.send(asking(value));
    const answer = await client.response();
    assert.match(answer.start, /^HTTP\/1\.1 400 /);
    assert.match(
      JSON.parse(Buffer.from(answer.body).toString("utf8")).error.reason,
      /calltree, pstats, cpuprofile, pprof\. The call was not made\.$/,
    );
  }
  assert.deepEqual([upstream.requests.length, tap.exchanges.length], [0, 0]);
});

test("a second profile at one time is refused in Elasticsearch's shape, and the call is not made", async () => {
  const { client, upstream, profiler } = await setUp();
  profiler.busy = true;
  await client.send(asking("pprof"));
  const answer = await client.response();
  assert.match(answer.start, /^HTTP\/1\.1 409 /);
  assert.equal(JSON.parse(Buffer.from(answer.body).toString("utf8")).status, 409);
  assert.equal(upstream.requests.length, 0);
});

test("an upgrade and a header that is given twice are refused", async () => {
  const { upstream, endpoint } = await setUp();
  const twice = `${asking("pprof").replace("\r\n\r\n", "\r\nparallax-api-profiler: pprof\r\n\r\n")}`;
  const upgrade = asking("pprof").replace("\r\n\r\n", "\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n");
  for (const request of [twice, upgrade]) {
    const client = await openRaw(endpoint.port);
    await client.send(request);
    assert.match((await client.response()).start, /^HTTP\/1\.1 400 /);
    client.destroy();
  }
  assert.equal(upstream.requests.length, 0);
});

test("where nobody makes profiles the header is dropped and the answer given", async () => {
  const { client, upstream } = await setUp({ options: { answerer: { asks: "^$", answer: () => assert.fail("nothing is asked") } } });
  await client.send(asking("pprof"));
  assert.equal(Buffer.from((await client.response()).body).toString("utf8"), '{"by":"upstream"}');
  assert.doesNotMatch(upstream.received[0]?.toString("latin1") ?? "", /parallax/i);
});

test("where nothing is captured the call has its profile and no exchange", async () => {
  const { client, upstream, tap } = await setUp({ options: { capture: false } });
  await client.send(asking("pprof"));
  const answer = await client.response();
  assert.equal(headerOf(answer, "x-parallax-status"), "200");
  assert.equal(headerOf(answer, "x-parallax-exchange"), "");
  assert.deepEqual([upstream.requests.length, tap.exchanges.length], [1, 0]);
});
