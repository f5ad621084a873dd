// The tools by themselves: no secrets, bodies in slices, and what every tool has.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { callHandler, type Handlers } from "../../../src/main/contract/handlers.ts";
import { REQUEST_NAMES } from "../../../src/main/contract/validate.ts";
import type { Ask } from "../../../src/main/mcp/tool.ts";
import { callTool, described, isWriting, TOOLS } from "../../../src/main/mcp/tools.ts";
import type { AnswerOf } from "../../../src/shared/contract.ts";
import { isArray, isObject, type JsonObject, member, parseJson } from "../../../src/shared/json.ts";
import { fakeExchanges } from "../../support/fake_exchanges.ts";

/** An engine of these handlers alone; what it is asked passes the contract's own check. */
function askOf(handlers: Partial<Handlers>): Ask {
  return async (name, request) => {
    const { reply } = await callHandler(handlers as Handlers, name, request);
    if (!reply.ok) throw new Error(reply.error.message);
    return reply.value as AnswerOf<typeof name>;
  };
}

async function textsOf(name: string, input: JsonObject, ask: Ask): Promise<readonly string[]> {
  const tool = TOOLS.find((each) => each.name === name) ?? assert.fail(`no tool ${name}`);
  const content = member(await callTool(tool, input, ask), "content");
  assert.ok(isArray(content));
  return content.map((block) => (isObject(block) ? String(member(block, "text")) : assert.fail("no block")));
}

const detail = fakeExchanges(1, Date.UTC(2026, 0, 1))[0]?.detail ?? assert.fail("no exchange");

describe("the tools", () => {
  test("stand on requests of the contract, are named once, and say which of them write", () => {
    assert.equal(new Set(TOOLS.map((tool) => tool.name)).size, TOOLS.length);
    for (const tool of TOOLS) {
      assert.ok(REQUEST_NAMES.includes(tool.request), tool.name);
      assert.match(tool.name, /^[a-z_]+$/);
      assert.equal(objectMember(described(tool), "inputSchema").additionalProperties, false);
    }
    const writing = TOOLS.filter(isWriting).map((tool) => tool.name);
    assert.ok(writing.includes("run_sql") && !writing.includes("get_diff"), writing.join());
  });

  test("hand out no secrets of headers and addresses, and no bodies about users and keys", async () => {
    const headers = [["Authorization", "Basic c2VjcmV0"]] as const;
    const path = "/a/_search?api_key=c2VjcmV0";
    const { request: _, response: __, searches: ___, ...summary } = { ...detail, path };
    const secret = {
      ...detail,
      path,
      request: { ...detail.request, headers, sent: { method: "GET", path, headers, bodyBytes: 0 } },
      response: detail.response === null ? null : { ...detail.response, headers, given: { status: 200, headers, bodyBytes: 0 } },
    };
    const ask = askOf({
      "exchange.get": ({ id }) => ({ ...secret, path: id === 2 ? "/_security/api_key" : path }),
      "exchanges.list": () => ({ exchanges: [summary], next: null, total: 1 }),
      "exchange.body": () => assert.fail("asked for the body"),
    });
    for (const name of ["get_exchange", "list_exchanges"]) {
      const [text = ""] = await textsOf(name, name === "get_exchange" ? { id: 1 } : {}, ask);
      assert.match(text, /redacted/);
      assert.doesNotMatch(text, /c2VjcmV0/);
    }
    assert.match((await textsOf("get_body", { id: 2, side: "request" }, ask))[0] ?? "", /about users and keys/);
  });

  test("give a body in slices that make it up again, text and bytes alike", async () => {
    const text = "é𝒳a".repeat(40_000);
    const bytes = Buffer.from(Array.from({ length: 150_000 }, (_, i) => i % 251));
    const whole = { request: Buffer.from(text), elasticsearch: bytes } as const;
    const ask = askOf({
      "exchange.get": () => detail,
      "exchange.body": ({ side, offset = 0 }) => {
        const body = side === "request" ? whole.request : whole.elasticsearch;
        const encoding = side === "request" ? "utf8" : "base64";
        return { text: body.toString(encoding, offset), encoding, totalBytes: body.length, next: null };
      },
    });
    for (const [side, encoding] of [
      ["request", "utf8"],
      ["elasticsearch", "base64"],
    ] as const) {
      const pieces: Buffer[] = [];
      for (let offset: number | null = 0; offset !== null; ) {
        const [head = "", piece = ""] = await textsOf("get_body", { id: 1, side, offset }, ask);
        assert.ok(Buffer.byteLength(piece) <= 65_536);
        pieces.push(Buffer.from(piece, encoding));
        offset = JSON.parse(head).next;
      }
      assert.ok(pieces.length > 2 && Buffer.concat(pieces).equals(whole[side]), side);
    }
  });

  test("keep the digits of a search that is translated", async () => {
    let seen: unknown;
    const ask = askOf({
      translate: ({ body }) => {
        seen = body;
        return { statements: [], unsupported: [] };
      },
    });
    const body = parseJson('{"query":{"term":{"n":9007199254740993}}}');
    assert.ok(isObject(body));
    await textsOf("translate", { index: "a", body }, ask);
    assert.deepEqual(seen, body);
  });

  test("say where there is no search, or no such one", async () => {
    const ask = askOf({ "exchange.get": ({ id }) => ({ ...detail, id, kind: "write", searches: id === 1 ? [] : detail.searches }) });
    assert.match((await textsOf("get_diff", { id: 1 }, ask))[0] ?? "", /Exchange 1 \(write\) has no search that was compared/);
    assert.match((await textsOf("get_sql", { id: 2, position: 9 }, ask))[0] ?? "", /Exchange 2 has no search 9: "position" is from 0 to 0/);
  });

  test("tell what they left out of a large answer", async () => {
    const ask = askOf({ translate: () => ({ statements: [{ name: "hits", sql: "x".repeat(100_000), params: [] }], unsupported: [] }) });
    const texts = await textsOf("translate", { index: "a", body: {} }, ask);
    assert.match(texts[1] ?? "", /Shortened to fit: \/statements\/0\/sql: 16384 of 100000 characters/);
  });
});

function objectMember(object: JsonObject, name: string): JsonObject {
  const value = member(object, name);
  return isObject(value) ? value : assert.fail(`no ${name}`);
}
