// Calls of the real debugging interface that ask for their own profile, with a profiler that records nothing.
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { after, before, test } from "node:test";
import { EventHub } from "../../../src/main/contract/events.ts";
import { ContractFailure, type Handlers } from "../../../src/main/contract/handlers.ts";
import { type Interface, startInterface } from "../../../src/main/contract/http_server.ts";
import { InterfaceCalls } from "../../../src/main/profile/interface_calls.ts";
import { ProfilerRefusal } from "../../../src/main/profile/refusal.ts";

const state = { busy: false, titles: [] as string[], handled: [] as unknown[], seen: [] as string[], every: false };
const profiler = {
  async call<T>(title: string, work: () => Promise<T>) {
    if (state.busy) throw new ProfilerRefusal("busy", "Another recording runs.");
    state.titles.push(title);
    return { outcome: await work(), threads: [] };
  },
  everyCall: {
    get on() {
      return state.every;
    },
    begin({ target }: { readonly target: string }) {
      state.seen.push(target);
      return () => {};
    },
  },
};

const handlers = new Proxy({} as Handlers, {
  get: (_target, name) => (request: unknown) => {
    state.handled.push([name, request]);
    if (name === "exchange.get") throw new ContractFailure("no_exchange", "There is none.", 404);
    return name;
  },
});

let server: Interface;
before(async () => {
  const unused = (): never => assert.fail("no event is due");
  const producers = new Proxy({}, { get: () => unused }) as ConstructorParameters<typeof EventHub>[0];
  server = await startInterface({
    handlers,
    events: new EventHub(producers),
    raw: async () => null,
    har: async function* () {
      yield "{}";
    },
    calls: new InterfaceCalls(profiler),
    page: "/nowhere",
    token: "secret",
    version: "0",
    port: 0,
    exactPort: false,
  });
});
after(() => server.stop());

const ask = (path: string, value: string, init: RequestInit = {}): Promise<Response> =>
  fetch(server.url + path, { ...init, headers: { "PARALLAX-API-PROFILER": value, ...init.headers } });

test("the call is made, its response discarded, and its profile sent as a file", async () => {
  const answer = await ask("/api/pipes", " Calltree");
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-disposition") ?? "", /^attachment; filename="\d{8}T\d{9}Z-GET-api~pipes\.calltree"$/);
  assert.equal(answer.headers.get("x-parallax-status"), "200");
  assert.match(await answer.text(), /^# callgrind format/);
  assert.deepEqual([state.handled.at(-1), state.titles.at(-1)], [["pipes.list", {}], "GET /api/pipes"]);
  const secret = await ask("/api/nothing?a=1&token=hush", "calltree");
  assert.ok(![...secret.headers].join().includes("hush") && !(await secret.text()).includes("hush"));
  assert.equal(state.titles.at(-1), "GET /api/nothing?a=1&token=[redacted]");
});

test("what fails has its profile too, with the status: a handler, a path, the page, a missing token", async () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ["GET", "/api/exchanges/7", 404],
    ["GET", "/api/nothing", 404],
    ["GET", "/", 404],
    ["GET", "/api/har", 200],
    ["POST", "/api/pipes/a/pump", 401],
  ];
  for (const [method, path, status] of cases) {
    const answer = await ask(path, "pstats", { method, ...(method === "POST" ? { body: "operation=start" } : {}) });
    assert.deepEqual([answer.status, answer.headers.get("x-parallax-status")], [200, String(status)], path);
    await answer.arrayBuffer();
  }
});

test("a write with its token is done", async () => {
  const headers = { authorization: "Bearer secret" };
  const answer = await ask("/api/pipes/a/pump", "cpuprofile", {
    method: "POST",
    headers,
    body: new URLSearchParams("operation=start&profiler=true"),
  });
  assert.equal(answer.headers.get("x-parallax-status"), "200");
  await answer.arrayBuffer();
  assert.deepEqual(state.handled.at(-1), ["pipe.pump", { operation: "start", profiler: true, pipe: "a" }]);
});

test("HEAD has the headers of the profile", async () => {
  const answer = await ask("/api/pipes", "pprof", { method: "HEAD" });
  assert.match(answer.headers.get("content-disposition") ?? "", /-HEAD-api~pipes\.pb\.gz"$/);
});

test("an unknown value, a stream without end and a second profile are refused, and nothing is done", async () => {
  const before = state.handled.length;
  const unknown = await ask("/api/pipes", "flame");
  assert.equal(unknown.status, 400);
  assert.match(await unknown.text(), /calltree, pstats, cpuprofile, pprof\. The call was not made\./);
  assert.equal((await ask("/api/events", "pprof")).status, 400);
  state.busy = true;
  const second = await ask("/api/pipes", "pprof");
  state.busy = false;
  assert.deepEqual([second.status, JSON.parse(await second.text()).error.code], [409, "recording"]);
  assert.equal(state.handled.length, before);
});

test("whoever may not call gets no profile", async () => {
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { host: "elsewhere.example", "parallax-api-profiler": "pprof" };
    httpRequest(`${server.url}/api/pipes`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
  assert.equal(status, 403);
});

test("where every call is profiled, those of the API are, and neither the page nor a stream", async () => {
  state.every = true;
  for (const path of ["/api/pipes", "/", "/api/nothing", "/debug/pprof/x"]) await (await fetch(server.url + path)).arrayBuffer();
  const stream = new AbortController();
  await fetch(`${server.url}/api/events`, { signal: stream.signal });
  stream.abort();
  state.every = false;
  await fetch(`${server.url}/api/pipes`);
  assert.deepEqual(state.seen, ["/api/pipes", "/api/nothing", "/debug/pprof/x"]);
});
