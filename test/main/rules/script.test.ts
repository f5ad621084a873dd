// A user's script on its worker: what it may change, and that nothing it does breaks traffic.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startInterveningProxy } from "../../support/intervening_proxy.ts";
import { until } from "../../support/parallax_process.ts";
import { rawRequest } from "../../support/raw_client.ts";

async function setUp(script: string, limitMs = 60_000) {
  const proxy = await startInterveningProxy({ script, limitMs });
  after(() => proxy.close());
  return proxy;
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

test("changes request and response, answers by itself, and leaves notes", async () => {
  const proxy = await setUp(`
    export function request(exchange) {
      if (exchange.request.path === "/own") { exchange.response = { status: 418, headers: { "x-by": "script" }, body: { own: true } }; return; }
      exchange.request.headers.set("x-script", "1");
      exchange.request.path += "?seen";
      exchange.note("looked");
    }
    export async function response(exchange) {
      exchange.response.text = exchange.response.text.replace("upstream", "script");
      exchange.response.headers.set("x-done", String(exchange.response.status));
    }`);
  const answer = await rawRequest(proxy.port, get("/a"));
  assert.equal(answer.body.toString(), '{"by":"script"}');
  assert.ok(answer.headers.some(([name, value]) => name === "x-done" && value === "200"));
  assert.equal(proxy.upstream.requests[0]?.start, "GET /a?seen HTTP/1.1");
  const { id } = await proxy.tap.exchange("/a");
  assert.deepEqual(
    proxy.altered.get(id)?.changes.map(({ did }) => did),
    ["looked", "changed the path, headers", "changed the headers, body of the response"],
  );
  const own = await rawRequest(proxy.port, get("/own"));
  assert.match(own.start, /^HTTP\/1\.1 418/);
  assert.equal(own.body.toString(), '{"own":true}');
  assert.equal(proxy.upstream.requests.length, 1);
});

test("an error costs the exchange its change, and is shown", async () => {
  const proxy = await setUp(`
    export function request(exchange) {
      if (exchange.request.path === "/throws") throw new Error("on purpose");
      if (exchange.request.path === "/bad") exchange.request.path = "//elsewhere";
      if (exchange.request.path === "/header") exchange.request.headers.set("x-bad", "a\\r\\nb");
    }`);
  for (const path of ["/throws", "/bad", "/header"]) {
    await rawRequest(proxy.port, get(path));
    const { id } = await proxy.tap.exchange(path);
    assert.match(proxy.altered.get(id)?.changes[0]?.did ?? "", /^changed nothing: /);
  }
  assert.deepEqual(
    proxy.upstream.requests.map(({ start }) => start),
    ["GET /throws HTTP/1.1", "GET /bad HTTP/1.1", "GET /header HTTP/1.1"],
  );
  const { script } = proxy.interventions.state;
  assert.match(script.faults[0]?.message ?? "", /request\(exchange\) threw: on purpose/);
  assert.ok(proxy.logged.some((line) => line.includes("on purpose")));
});

test("a hook that hangs is ended and started again; its exchange goes on unchanged, and others are served by it", async () => {
  const proxy = await setUp(
    `export function request(exchange) {
      if (exchange.request.path === "/hangs") for (;;);
      exchange.request.headers.set("x-script", "1");
    }`,
    1_500,
  );
  const answers = await Promise.all(["/hangs", "/b", "/c"].map((path) => rawRequest(proxy.port, get(path))));
  for (const answer of answers) assert.match(answer.start, /^HTTP\/1\.1 200/);
  const { id } = await proxy.tap.exchange("/hangs");
  assert.match(proxy.altered.get(id)?.changes[0]?.did ?? "", /^changed nothing: request\(exchange\) took longer than 1500 ms/);
  await rawRequest(proxy.port, get("/later"));
  const changed = proxy.upstream.requests.filter(({ headers }) => headers.some(([name]) => name === "x-script"));
  assert.ok(changed.some(({ start }) => start.startsWith("GET /later ")));
  assert.match(proxy.interventions.state.script.faults[0]?.message ?? "", /its thread is started again/);
});

test("a script that ends its thread, or fills its memory, costs no exchange its answer", async () => {
  const proxy = await setUp(`
    export function request(exchange) {
      if (exchange.request.path === "/exit") process.exit(3);
      exchange.request.headers.set("x-script", "1");
    }`);
  assert.match((await rawRequest(proxy.port, get("/exit"))).start, /^HTTP\/1\.1 200/);
  await until(
    () => proxy.interventions.state.script.state,
    (state) => state === "running",
  );
  await rawRequest(proxy.port, get("/later"));
  assert.ok(proxy.upstream.requests.at(-1)?.headers.some(([name]) => name === "x-script"));
});

test("is loaded anew when its file changes, and a file that is no module leaves the one before at work", async () => {
  const proxy = await setUp(`export function request(exchange) { exchange.request.headers.set("x-version", "1"); }`);
  const version = async (): Promise<string> => {
    await rawRequest(proxy.port, get("/a"));
    return proxy.upstream.requests.at(-1)?.headers.find(([name]) => name === "x-version")?.[1] ?? "";
  };
  assert.equal(await version(), "1");
  proxy.file("script.mjs", `export function request(exchange) { exchange.request.headers.set("x-version", "2, longer"); }`);
  assert.equal(await until(version, (found) => found === "2, longer"), "2, longer");
  proxy.file("script.mjs", "export function request( {");
  const { state, faults } = (
    await until(
      () => proxy.interventions.state,
      ({ script }) => script.faults.length > 0,
    )
  ).script;
  assert.equal(state, "running");
  assert.match(faults[0]?.message ?? "", /script\.mjs: Unexpected/);
  assert.equal(await version(), "2, longer");
});

test("a script that can't be read, or exports no hook, changes nothing and says so", async () => {
  const proxy = await setUp("export const other = 1;");
  assert.match((await rawRequest(proxy.port, get("/a"))).start, /^HTTP\/1\.1 200/);
  assert.equal(proxy.interventions.state.script.state, "failed");
  assert.match(proxy.interventions.state.script.faults[0]?.message ?? "", /exports neither request\(exchange\) nor response\(exchange\)/);
  await proxy.interventions.useScript(`${proxy.folder}/none.mjs`);
  assert.match(proxy.interventions.state.script.faults[0]?.message ?? "", /none\.mjs can't be read/);
  await proxy.interventions.useScript("");
  assert.equal(proxy.interventions.sieve, null);
});
