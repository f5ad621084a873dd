// The protocol at /mcp, message by message: who is let in, which status goes with which error, and that no digit is lost.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { after, before, describe, test } from "node:test";
import { type FakeContract, startFakeContract } from "../../support/fake_contract.ts";
import { freePort } from "../../support/parallax_process.ts";

let fake: FakeContract;
before(async () => {
  fake = await startFakeContract({ exchanges: 3, port: await freePort(), page: "/nowhere" });
});
after(() => fake?.stop());

interface Asked {
  readonly status: number;
  readonly text: string;
}

/** Node's own client, since fetch sends no foreign Host. */
async function ask(sent: unknown, headers: Readonly<Record<string, string>> = {}, path = "/mcp", method = "POST"): Promise<Asked> {
  const { port, host } = new URL(fake.url);
  const request = httpRequest({ host: "127.0.0.1", port, method, path, headers: { host, "content-type": "application/json", ...headers } });
  request.end(method === "POST" ? (typeof sent === "string" ? sent : JSON.stringify(sent)) : undefined);
  const [response]: IncomingMessage[] = await once(request, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of response ?? []) chunks.push(Buffer.from(chunk));
  return { status: response?.statusCode ?? 0, text: Buffer.concat(chunks).toString() };
}

const LIST = { jsonrpc: "2.0", id: 1, method: "tools/list" };
const META = { "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {} };

/** A request of the latest version with the headers that belong to it. */
function latest(
  method: string,
  params: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, string>> = {},
): Promise<Asked> {
  const headers = { "mcp-protocol-version": "2026-07-28", "mcp-method": method, ...more };
  return ask({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: META } }, headers);
}

function codeOf({ text }: Asked): number {
  return JSON.parse(text).error.code;
}

describe("/mcp", () => {
  test("refuses pages of other origins and foreign names, even with the token", async () => {
    const authorization = "Bearer fake-token";
    for (const headers of [{ origin: "http://evil.example" }, { origin: "null" }, { host: "evil.example" }]) {
      for (const path of ["/mcp", "/mcp?allow-writes=true"]) {
        const { status, text } = await ask(LIST, { authorization, ...headers }, path);
        assert.equal(status, 403);
        assert.match(text, /foreign_/);
      }
    }
  });

  test("wants the token where writes are allowed, and offers none elsewhere", async () => {
    assert.equal((await ask(LIST, {}, "/mcp?allow-writes=true")).status, 401);
    assert.equal((await ask(LIST, { authorization: "Bearer other" }, "/mcp?allow-writes=true")).status, 401);
    assert.match((await ask(LIST, { authorization: "Bearer fake-token" }, "/mcp?allow-writes=true")).text, /"run_sql"/);
    assert.doesNotMatch((await ask(LIST, { authorization: "Bearer fake-token" })).text, /"run_sql"/);
  });

  test("takes a message a POST, and nothing else", async () => {
    for (const method of ["GET", "DELETE", "PUT"]) assert.equal((await ask(null, {}, "/mcp", method)).status, 405);
    const notification = await ask({ jsonrpc: "2.0", method: "notifications/initialized" });
    assert.deepEqual(notification, { status: 202, text: "" });
    const bad: readonly (readonly [unknown, number])[] = [
      ["{", -32700],
      ["", -32600],
      [[LIST], -32600],
      [{ ...LIST, jsonrpc: "1.0" }, -32600],
      [{ ...LIST, id: { a: 1 } }, -32600],
      [{ ...LIST, params: [] }, -32600],
    ];
    for (const [sent, code] of bad) {
      const answer = await ask(sent);
      assert.deepEqual([answer.status, codeOf(answer)], [400, code], JSON.stringify(sent));
    }
  });

  test("tells the versions that it speaks to whoever asks for another", async () => {
    const initialize = (protocolVersion: string) => ({ jsonrpc: "2.0", id: 1, method: "initialize", params: { protocolVersion } });
    for (const [asked, agreed] of [
      ["2025-06-18", "2025-06-18"],
      ["2099-01-01", "2025-11-25"],
    ] as const) {
      assert.equal(JSON.parse((await ask(initialize(asked))).text).result.protocolVersion, agreed);
    }
    const header = await ask(LIST, { "mcp-protocol-version": "1999-01-01" });
    assert.deepEqual([header.status, codeOf(header)], [400, -32022]);
    const meta = { "io.modelcontextprotocol/protocolVersion": "2099-01-01" };
    const body = await ask({ ...LIST, params: { _meta: meta } }, { "mcp-protocol-version": "2099-01-01", "mcp-method": "tools/list" });
    assert.deepEqual([body.status, codeOf(body)], [400, -32022]);
    assert.deepEqual(JSON.parse(body.text).error.data, {
      supported: ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26"],
      requested: "2099-01-01",
    });
  });

  test("refuses headers that say another thing than the body", async () => {
    const call = { name: "get_health", arguments: {} };
    assert.equal((await latest("tools/call", call, { "mcp-name": "get_health" })).status, 200);
    assert.equal((await latest("tools/call", call, { "mcp-name": `=?base64?${btoa("get_health")}?=` })).status, 200);
    for (const wrong of [
      await latest("tools/call", call),
      await latest("tools/call", call, { "mcp-name": "get_status" }),
      await latest("tools/call", call, { "mcp-name": "get_health", "mcp-method": "tools/list" }),
      await latest("tools/list", {}, { "mcp-protocol-version": "2025-11-25" }),
    ]) {
      assert.deepEqual([wrong.status, codeOf(wrong)], [400, -32020]);
    }
  });

  test("has no other method, and says so in the latest version's status, too", async () => {
    const before = await ask({ ...LIST, method: "prompts/list" });
    assert.deepEqual([before.status, codeOf(before)], [200, -32601]);
    for (const method of ["prompts/list", "initialize", "constructor"]) {
      const now = await latest(method);
      assert.deepEqual([now.status, codeOf(now)], [404, -32601]);
    }
    assert.deepEqual(JSON.parse((await ask({ ...LIST, method: "ping" })).text), { jsonrpc: "2.0", id: 1, result: {} });
    const discovered = JSON.parse((await latest("server/discover")).text).result;
    assert.deepEqual([discovered.resultType, discovered.supportedVersions[0]], ["complete", "2026-07-28"]);
    assert.equal(codeOf(await ask({ ...LIST, params: { cursor: "2" } })), -32602);
    assert.equal(codeOf(await ask({ ...LIST, method: "tools/call", params: { name: "get_status", arguments: [] } })), -32602);
  });

  test("gives an id back to the digit", async () => {
    for (const id of ["9007199254740993", "1.0", '"1"']) {
      assert.ok((await ask(`{"jsonrpc":"2.0","id":${id},"method":"ping"}`)).text.includes(`"id":${id},`));
    }
  });
});
