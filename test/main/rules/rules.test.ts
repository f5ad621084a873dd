// Rewrite rules, over raw sockets: what the upstream gets, what the client gets, and what is said of it.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { readRule } from "../../../src/main/rules/read_rule.ts";
import { RuleBook } from "../../../src/main/rules/rule_book.ts";
import type { JsonValue } from "../../../src/shared/json.ts";
import { startInterveningProxy } from "../../support/intervening_proxy.ts";
import { openRaw, type RawMessage, rawRequest } from "../../support/raw_client.ts";

async function setUp(rules: readonly JsonValue[], options: Omit<Parameters<typeof startInterveningProxy>[0] & object, "rules"> = {}) {
  const proxy = await startInterveningProxy({ ...options, rules });
  after(() => proxy.close());
  return proxy;
}

const get = (path: string, headers = ""): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
const post = (path: string, body: string, headers = ""): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const headersOf = (message: RawMessage | undefined, name: string): readonly string[] =>
  (message?.headers ?? []).filter(([own]) => own.toLowerCase() === name).map(([, value]) => value);
const text = ({ body }: RawMessage): string => body.toString("utf8");

test("sets and removes headers of the request, keeps the order of the others, and the capture says so", async () => {
  const proxy = await setUp([
    {
      name: "headers",
      match: "~u /a",
      actions: [
        { kind: "set_header", name: "x-one", value: "1" },
        { kind: "remove_header", name: "X-Gone" },
      ],
    },
  ]);
  const answer = await rawRequest(proxy.port, post("/a", '{"q":1}', "X-First: f\r\nX-Gone: yes\r\nX-ONE: 0\r\nx-last: l\r\n"));
  assert.equal(text(answer), '{"by":"upstream"}');
  const [sent] = proxy.upstream.requests;
  assert.deepEqual(
    sent?.headers.filter(([name]) => /^x-/i.test(name)),
    [
      ["X-First", "f"],
      ["x-one", "1"],
      ["x-last", "l"],
    ],
  );
  assert.equal(sent?.body.toString(), '{"q":1}');
  const exchange = await proxy.tap.exchange("/a");
  assert.deepEqual(headersOf({ ...answer, headers: [...exchange.request.headers] }, "x-gone"), ["yes"]);
  const altered = proxy.altered.get(exchange.id);
  assert.deepEqual(altered?.changes, [
    { by: 'rule "headers"', did: "set the header x-one" },
    { by: 'rule "headers"', did: "removed the header X-Gone" },
  ]);
  assert.equal(altered?.by, "elasticsearch");
  assert.equal(proxy.interventions.state.rules[0]?.used, 1);
});

test("leaves what no rule matches on the wire, byte for byte", async () => {
  const proxy = await setUp([{ match: "~u /a & ~bq secret", actions: [{ kind: "fail", status: 503 }] }]);
  const request = post("/a", "plain", "x-Odd:  1 \r\n");
  await rawRequest(proxy.port, request);
  assert.equal(proxy.upstream.received[0]?.toString("latin1"), request);
  const failed = await rawRequest(proxy.port, post("/a", "a secret"));
  assert.match(failed.start, /^HTTP\/1\.1 503 Service Unavailable/);
  assert.match(text(failed), /"status":503/);
  const elsewhere = await rawRequest(proxy.port, get("/b"));
  assert.equal(text(elsewhere), '{"by":"upstream"}');
  assert.equal(proxy.altered.size, 1);
});

test("changes the path, and the rules after it see the new one", async () => {
  const proxy = await setUp([
    { match: "", actions: [{ kind: "change_path", pattern: "^/old/(.*)", replacement: "/new/$1" }] },
    { match: "~u /new/", actions: [{ kind: "set_header", name: "x-moved", value: "yes" }] },
    { name: "bad", match: "~u /bad", actions: [{ kind: "change_path", pattern: "^/bad", replacement: "//elsewhere/" }] },
  ]);
  await rawRequest(proxy.port, get("/old/x?y=1"));
  assert.equal(proxy.upstream.requests[0]?.start, "GET /new/x?y=1 HTTP/1.1");
  assert.deepEqual(headersOf(proxy.upstream.requests[0], "x-moved"), ["yes"]);
  await rawRequest(proxy.port, get("/bad"));
  assert.equal(proxy.upstream.requests[1]?.start, "GET /bad HTTP/1.1");
  assert.match(proxy.interventions.state.rules[2]?.problem ?? "", /does not begin with one slash/);
});

test("changes headers of the response, by what the response says too", async () => {
  const rules = [
    { name: "teapot", match: "~c 200 & ~bs upstream", actions: [{ kind: "set_header", side: "response", name: "x-seen", value: "yes" }] },
    { name: "none", match: "~c 404", actions: [{ kind: "set_header", side: "response", name: "x-none", value: "yes" }] },
  ];
  const head = "HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n";
  const proxy = await setUp(rules, {
    answers: ({ start }) => [Buffer.from(start.startsWith("HEAD") ? head : `${head}{"by":"upstream"}`)],
  });
  const answer = await rawRequest(proxy.port, get("/a"));
  assert.deepEqual(headersOf(answer, "x-seen"), ["yes"]);
  assert.deepEqual(headersOf(answer, "x-none"), []);
  const bodiless = await rawRequest(proxy.port, get("/a").replace("GET", "HEAD"), true);
  assert.deepEqual(headersOf(bodiless, "content-length"), ["17"]);
});

test("answers from a file, and says when it can't", async () => {
  const proxy = await setUp([]);
  const file = proxy.file("answer.json", '{"by":"file"}');
  proxy.interventions.putRule({ name: "file", match: "~u /a", actions: [{ kind: "map_to_file", file, status: 201 }] });
  proxy.interventions.putRule({ name: "gone", match: "~u /b", actions: [{ kind: "map_to_file", file: `${file}.gone` }] });
  const answer = await rawRequest(proxy.port, get("/a"));
  assert.match(answer.start, /^HTTP\/1\.1 201 Created/);
  assert.equal(text(answer), '{"by":"file"}');
  assert.equal(proxy.upstream.requests.length, 0);
  assert.equal(text(await rawRequest(proxy.port, get("/b"))), '{"by":"upstream"}');
  const exchange = await proxy.tap.exchange("/b");
  assert.match(proxy.altered.get(exchange.id)?.changes[0]?.did ?? "", /^changed nothing: .* can't be read/);
});

test("resets a connection, and keeps the next one whole", async () => {
  const proxy = await setUp([{ name: "cut", match: "~u /a", actions: [{ kind: "reset" }] }]);
  const client = await openRaw(proxy.port);
  await client.send(get("/a"));
  assert.equal((await client.untilEnd()).error, "ECONNRESET");
  const exchange = await proxy.tap.exchange("/a");
  assert.match(exchange.error, /rule "cut"/);
  assert.equal(text(await rawRequest(proxy.port, get("/b"))), '{"by":"upstream"}');
});

test("delays, and forgets a request whose client has left", async () => {
  const proxy = await setUp([
    { match: "~u /short", actions: [{ kind: "delay", ms: 30 }] },
    { match: "~u /long", actions: [{ kind: "delay", ms: 600_000 }] },
  ]);
  const before = Date.now();
  await rawRequest(proxy.port, get("/short"));
  assert.ok(Date.now() - before >= 25);
  const client = await openRaw(proxy.port);
  await client.send(get("/long"));
  client.destroy();
  const exchange = await proxy.tap.exchange("/long");
  assert.match(exchange.error, /client closed/);
  assert.deepEqual(
    proxy.upstream.requests.map(({ start }) => start),
    ["GET /short HTTP/1.1"],
  );
});

test("asks ClickHouse where a rule says so, and Elasticsearch where it passes", async () => {
  const own = {
    kind: "answer",
    status: 200,
    headers: [["x-parallax-source", "clickhouse"]],
    body: Buffer.from('{"by":"clickhouse"}'),
  } as const;
  const rules = [{ match: "~u /a", actions: [{ kind: "backend", backend: "clickhouse" }] }];
  const proxy = await setUp(rules, { clickhouse: own });
  assert.equal(text(await rawRequest(proxy.port, post("/a/_search", "{}"))), '{"by":"clickhouse"}');
  assert.equal(text(await rawRequest(proxy.port, post("/a/_doc", "{}"))), '{"by":"upstream"}');
  const passing = await setUp(rules, { clickhouse: { kind: "pass", headers: [["x-parallax-verdict", "unsupported"]] } });
  assert.deepEqual(headersOf(await rawRequest(passing.port, post("/a/_search", "{}")), "x-parallax-verdict"), ["unsupported"]);
});

test("an upstream that is away is a 502 for a changed request too", async () => {
  const proxy = await setUp([{ match: "", actions: [{ kind: "set_header", name: "x-a", value: "1" }] }]);
  await proxy.upstream.close();
  const answer = await rawRequest(proxy.port, get("/a"));
  assert.match(answer.start, /^HTTP\/1\.1 502 /);
  assert.match(text(answer), /refused the connection/);
});

test("a request that is too long to be looked at goes on as it came, and that is said", async () => {
  const proxy = await setUp([{ match: "", actions: [{ kind: "fail", status: 503 }] }], { limits: { askedBytes: 100_000 } });
  const body = "x".repeat(300_000);
  const answer = await rawRequest(proxy.port, post("/big", body));
  assert.equal(text(answer), '{"by":"upstream"}');
  const exchange = await proxy.tap.exchange("/big");
  assert.equal(exchange.request.bodyBytes, body.length);
  assert.match(proxy.altered.get(exchange.id)?.changes[0]?.did ?? "", /longer than 100000 bytes/);
});

test("changed requests one after another on one connection, pipelined, are answered in order", async () => {
  const proxy = await setUp([{ match: "~u /[13]", actions: [{ kind: "set_header", name: "x-a", value: "1" }] }], {
    answers: ({ start }) => {
      const body = start.split(" ")[1] ?? "";
      return [Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`)];
    },
  });
  const client = await openRaw(proxy.port);
  await client.send([1, 2, 3, 4].map((n) => get(`/${n}`)).join(""));
  const bodies = [];
  for (let n = 0; n < 4; n += 1) bodies.push(text(await client.response()));
  assert.deepEqual(bodies, ["/1", "/2", "/3", "/4"]);
  client.destroy();
});

test("a rule that asks ClickHouse of indices that are not mirrored warns of it", () => {
  const backends = ["compare", "clickhouse", "elasticsearch"];
  const rules = backends.map((backend, i) =>
    readRule({ name: backend, match: "", actions: [{ kind: "backend", backend }] }, "", `rule-${i}`),
  );
  const book = new RuleBook("/nowhere/rules.json", rules);
  const warned = (taps: boolean): readonly string[] => book.list(taps).flatMap(({ name, warning }) => (warning === "" ? [] : [name]));
  assert.deepEqual(warned(true), ["compare", "clickhouse"]);
  assert.deepEqual(warned(false), []);
});
