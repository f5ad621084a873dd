// The debugging interface as a server: who is let in on which route, what its description says, and clients that do not read.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { after, before, describe, test } from "node:test";
import { EventHub, type Send } from "../../../src/main/contract/events.ts";
import type { Handlers } from "../../../src/main/contract/handlers.ts";
import { type Interface, startInterface } from "../../../src/main/contract/http_server.ts";
import { ROUTES } from "../../../src/main/contract/routes.ts";
import { REQUEST_NAMES } from "../../../src/main/contract/validate.ts";
import { WRITES } from "../../../src/shared/contract.ts";
import { NO_PRODUCERS } from "../../support/fake_interface.ts";

const TOKEN = "the-token";

/** Sends what a test says, to all listeners at once. */
class ScriptedEvents extends EventHub {
  readonly sends: Send[] = [];

  override listen(send: Send): () => void {
    this.sends.push(send);
    return () => this.sends.splice(this.sends.indexOf(send), 1);
  }
}

const events = new ScriptedEvents(NO_PRODUCERS);
let server: Interface;
/** Answers `verdicts.get` where a test sets it. */
let slowly: ((gone: AbortSignal) => Promise<unknown>) | null = null;

before(async () => {
  const handlers = new Proxy({} as Handlers, {
    get: (_target, name) => (request: unknown, gone: AbortSignal) => {
      if (name === "verdicts.get" && slowly !== null) return slowly(gone);
      return name === "settings.upload" ? request : name;
    },
  });
  const raw = async (): Promise<{ type: string; body: Buffer }> => ({ type: "text/plain", body: Buffer.from("raw") });
  server = await startInterface({
    handlers,
    events,
    raw,
    har: () => Readable.from(["a", "b"]),
    page: "/nowhere",
    token: TOKEN,
    version: "1.2.3",
    port: 0,
    exactPort: true,
  });
});
after(() => server.stop());

interface Asked {
  readonly status: number;
  readonly body: string;
}

async function ask(method: string, path: string, headers: Readonly<Record<string, string>> = {}, sent = "{}"): Promise<Asked> {
  const all = { host: `127.0.0.1:${server.port}`, ...headers };
  const request = httpRequest({ host: "127.0.0.1", port: server.port, method, path, headers: all }).end(
    method === "POST" ? sent : undefined,
  );
  const [response]: IncomingMessage[] = await once(request, "response");
  if (response === undefined) return { status: 0, body: "" };
  if (response.headers["content-type"] === "text/event-stream") {
    response.destroy();
    return { status: response.statusCode ?? 0, body: "" };
  }
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk));
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() };
}

test("a handler is told when whoever asked goes away before the answer", async () => {
  const asked = Promise.withResolvers<AbortSignal>();
  slowly = async (gone) => {
    asked.resolve(gone);
    if (!gone.aborted) await once(gone, "abort");
    return {};
  };
  const headers = { host: `127.0.0.1:${server.port}`, authorization: `Bearer ${TOKEN}` };
  const request = httpRequest({ host: "127.0.0.1", port: server.port, method: "POST", path: "/api/call/verdicts.get", headers });
  request.on("error", () => {});
  request.end("{}");
  const gone = await asked.promise;
  slowly = null;
  assert.equal(gone.aborted, false);
  request.destroy();
  if (!gone.aborted) await once(gone, "abort");
});

/** Every way in: the routes, the contract by name, and what is beside both. */
function doors(): readonly { readonly method: string; readonly path: string; readonly writes: boolean }[] {
  return [
    ...ROUTES.map(({ method, path, request }) => ({ method, path: path.replace(/:(\w+)/, "7"), writes: WRITES.includes(request) })),
    ...REQUEST_NAMES.map((name) => ({ method: "POST", path: `/api/call/${name}`, writes: WRITES.includes(name) })),
    { method: "POST", path: "/mcp", writes: false },
    { method: "POST", path: "/mcp?allow-writes=true", writes: true },
    ...["/api/events", "/api/openapi.json", "/", "/assets/x.js", "/api/nothing"].map((path) => ({ method: "GET", path, writes: false })),
  ];
}

describe("the debugging interface", () => {
  test("takes a configuration as the whole body, whatever JSON it is", async () => {
    const authorization = `Bearer ${TOKEN}`;
    for (const config of ['{"mode":"tap"}', '[{"_id":"node"}]', "3"]) {
      assert.deepEqual(await ask("POST", "/api/config", { authorization }, config), { status: 200, body: `{"config":${config}}` });
    }
    assert.equal((await ask("POST", "/api/config", { authorization }, "")).status, 400);
  });

  test("refuses a foreign Host or Origin on every route, even with the token", async () => {
    const authorization = `Bearer ${TOKEN}`;
    for (const { method, path } of doors()) {
      const foreign = [
        { host: `evil.example:${server.port}` },
        { host: "127.0.0.1" },
        { origin: "http://evil.example" },
        { origin: "null" },
      ];
      for (const headers of foreign) {
        const { status, body } = await ask(method, path, { authorization, ...headers });
        assert.equal(status, 403, `${method} ${path} ${JSON.stringify(headers)}: ${body}`);
      }
    }
  });

  test("asks the token for every write, by whichever route, and for no read", async () => {
    for (const { method, path, writes } of doors()) {
      const { status, body } = await ask(method, path);
      assert.equal(status === 401, writes, `${method} ${path}: ${status} ${body}`);
      if (!writes) continue;
      assert.match(body, /token_required.*Authorization: Bearer TOKEN/);
      assert.equal((await ask(method, path, { authorization: "Bearer other" })).status, 401, path);
      assert.notEqual((await ask(method, path, { authorization: `Bearer ${TOKEN}` })).status, 401, path);
    }
  });

  test("asks the token for a write by any method, and does nothing by another than POST", async () => {
    for (const method of ["GET", "PUT", "DELETE", "HEAD"]) {
      assert.equal((await ask(method, "/api/call/session.clear")).status, 401, method);
      assert.equal((await ask(method, "/api/call/session.clear", { authorization: `Bearer ${TOKEN}` })).status, 405, method);
    }
  });

  test("finds no file by a name that can't be one", async () => {
    for (const path of ["/%zz", "/..%2f..%2fpackage.json", "/%00.js", "//evil.js"])
      assert.equal((await ask("GET", path)).status, 404, path);
  });

  test("describes itself in OpenAPI's form", async () => {
    const { status, body } = await ask("GET", "/api/openapi.json");
    assert.equal(status, 200);
    const api = JSON.parse(body);
    assert.match(api.openapi, /^3\.1\.\d+$/);
    assert.deepEqual([api.info.title, api.info.version], ["Parallax", "1.2.3"]);
    const ids: string[] = [];
    for (const [path, item] of Object.entries<Record<string, Operation>>(api.paths)) {
      assert.match(path, /^\/api\/[a-z./{}]+$/);
      for (const [method, operation] of Object.entries(item)) {
        assertOperation(path, method, operation, api.components.securitySchemes);
        ids.push(operation.operationId);
      }
    }
    assert.equal(new Set(ids).size, ids.length, "operation ids are unique");
    for (const { method, path } of ROUTES) {
      assert.ok(api.paths[path.replace(/:(\w+)/, "{$1}")]?.[method.toLowerCase()] !== undefined, `${method} ${path}`);
    }
    assert.deepEqual(api.paths["/api/call/{name}"].post.parameters[0].schema.enum.toSorted(), [...REQUEST_NAMES].toSorted());
  });

  test("sends events to a client that reads, and keeps little for one that does not", async () => {
    const socket = connect({ host: "127.0.0.1", port: server.port });
    socket.write(`GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`);
    await once(socket, "data");
    socket.pause();
    while (events.sends.length === 0) await new Promise<void>((resolve) => void setImmediate(resolve));
    const counts = { equal: 1, equivalent: 0, different: 0, unsupported: 0, failed: 0, not_compared: 0, pad: "x".repeat(512 * 1024) };
    for (let i = 0; i < 400; i += 1) {
      for (const send of events.sends) send("verdicts", counts);
      if (i % 20 === 0) await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    let received = 0;
    socket.on("data", (chunk) => (received += chunk.length));
    socket.resume();
    // Silence for a while: all that was kept has come.
    for (let last = -1; last !== received; await new Promise((resolve) => setTimeout(resolve, 300))) last = received;
    assert.ok(received > 512 * 1024 && received < 24 * 1024 * 1024, `${received} of ${400 * 512 * 1024} bytes were kept`);
    socket.destroy();
    await once(socket, "close");
    while (events.sends.length > 0) await new Promise<void>((resolve) => void setImmediate(resolve));
  });
});

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: object }[];
  readonly requestBody?: { readonly content: object };
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

function assertOperation(path: string, method: string, operation: Operation, schemes: object): void {
  assert.ok(["get", "post", "put"].includes(method), `${method} ${path}`);
  assert.ok(operation.operationId !== "" && operation.summary !== "", path);
  for (const [status, response] of Object.entries(operation.responses)) {
    assert.match(status, /^(default|[1-5]\d\d)$/);
    assert.ok(response.description !== "");
  }
  const placeholders = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
  const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
  assert.deepEqual(
    inPath.map(({ name }) => name),
    placeholders,
    path,
  );
  for (const parameter of operation.parameters ?? []) {
    assert.ok(["path", "query"].includes(parameter.in) && typeof parameter.schema === "object", path);
    if (parameter.in === "path") assert.equal(parameter.required, true);
  }
  if (method !== "get") assert.ok(operation.requestBody?.content !== undefined, path);
  for (const wanted of (operation.security ?? []).flatMap(Object.keys)) assert.ok(wanted in schemes, wanted);
}
