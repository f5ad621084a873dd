// Requests and responses that are held: let go, changed, aborted, and never for ever.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { HeldMessages } from "../../../src/main/rules/breakpoints.ts";
import type { HeldSummary } from "../../../src/shared/rules.ts";
import { type InterveningProxy, startInterveningProxy } from "../../support/intervening_proxy.ts";
import { until } from "../../support/parallax_process.ts";
import { openRaw, rawRequest } from "../../support/raw_client.ts";

async function setUp(on: "request" | "response" | "both", match = "~u /a") {
  const proxy = await startInterveningProxy();
  after(() => proxy.close());
  proxy.interventions.putBreakpoint({ match, on });
  return proxy;
}

const post = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

async function held(proxy: InterveningProxy, count = 1): Promise<HeldSummary> {
  const list = await until(
    () => proxy.interventions.state.held,
    ({ length }) => length === count,
  );
  const last = list.at(-1);
  assert.ok(last !== undefined && list.length === count);
  return last;
}

test("holds a request, and sends what was made of it", async () => {
  const proxy = await setUp("request");
  const answer = rawRequest(proxy.port, post("/a", "before"));
  const { id, path, side } = await held(proxy);
  assert.deepEqual([path, side], ["/a", "request"]);
  assert.equal(proxy.interventions.heldMessage(id)?.body, "before");
  assert.match(proxy.interventions.release(id, { path: "elsewhere" }), /does not begin with one slash/);
  assert.equal(proxy.interventions.release(id, { path: "/b", headers: [["Host", "localhost"]], body: "after" }), "");
  assert.match((await answer).start, /^HTTP\/1\.1 200/);
  const [sent] = proxy.upstream.requests;
  assert.equal(sent?.start, "POST /b HTTP/1.1");
  assert.equal(sent?.body.toString(), "after");
  assert.match(proxy.interventions.release(id, null), /not held any more/);
  const exchange = await proxy.tap.exchange("/a");
  assert.equal(proxy.altered.get(exchange.id)?.sent?.target, "/b");
});

test("one that is let go as it was goes on the wire, byte for byte", async () => {
  const proxy = await setUp("request");
  const answer = rawRequest(proxy.port, post("/a", "as it was"));
  proxy.interventions.release((await held(proxy)).id, null);
  await answer;
  assert.equal(proxy.upstream.received[0]?.toString(), post("/a", "as it was"));
});

test("holds a response, and gives the client what was made of it", async () => {
  const proxy = await setUp("response", "~c 200 & ~u /a");
  const answer = rawRequest(proxy.port, post("/a", "x"));
  const { id, side, status } = await held(proxy);
  assert.deepEqual([side, status], ["response", 200]);
  assert.equal(proxy.interventions.release(id, { status: 404, body: "gone" }), "");
  assert.match((await answer).start, /^HTTP\/1\.1 404 Not Found/);
  assert.equal((await answer).body.toString(), "gone");
});

test("an aborted request never reaches the upstream", async () => {
  const proxy = await setUp("request");
  const client = await openRaw(proxy.port);
  await client.send(post("/a", "x"));
  assert.equal(proxy.interventions.abort((await held(proxy)).id), true);
  await client.untilEnd();
  assert.match((await proxy.tap.exchange("/a")).error, /Aborted at a breakpoint/);
  assert.equal(proxy.upstream.requests.length, 0);
});

test("is forgotten when its client leaves, in order or not", async () => {
  const proxy = await setUp("request");
  for (const leave of ["destroy", "resetAndDestroy"] as const) {
    const client = await openRaw(proxy.port);
    await client.send(post("/a", "x"));
    await held(proxy);
    if (leave === "destroy") client.destroy();
    else client.socket.resetAndDestroy();
    const left = await until(
      () => proxy.interventions.state.held,
      ({ length }) => length === 0,
    );
    assert.deepEqual(left, []);
  }
  assert.equal(proxy.upstream.requests.length, 0);
});

test("all are let go at once, and when the proxy's end comes", async () => {
  const proxy = await setUp("request");
  const answers = [1, 2, 3].map((n) => rawRequest(proxy.port, post("/a", String(n))));
  await held(proxy, 3);
  assert.equal(proxy.interventions.releaseAll(), 3);
  for (const answer of answers) assert.match((await answer).start, /^HTTP\/1\.1 200/);
  const last = rawRequest(proxy.port, post("/a", "4"));
  await held(proxy);
  await proxy.interventions.close();
  assert.match((await last).start, /^HTTP\/1\.1 200/);
});

test("is bounded in number, bytes and time", async () => {
  const holding = new HeldMessages(() => {}, { count: 2, bytes: 10, ms: 20 });
  const gone = new AbortController().signal;
  const request = { method: "GET", target: "/", headers: [], body: Buffer.from("123456") };
  const hold = (body: string) =>
    holding.hold({ exchange: 1, side: "request", request: { ...request, body: Buffer.from(body) }, response: null, gone });
  const first = hold("123456");
  assert.equal((await hold("12345")).kind, "full");
  const second = hold("1");
  assert.equal((await hold("")).kind, "full");
  assert.deepEqual([(await first).kind, (await second).kind], ["expired", "expired"]);
  assert.deepEqual(holding.list(), []);
});
