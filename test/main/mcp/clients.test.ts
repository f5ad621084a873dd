// The protocol's own client, of both of its ways to begin, over both transports, against a made-up engine.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Client, StreamableHTTPClientTransport, type VersionNegotiationOptions } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { offered, TOOLS } from "../../../src/main/mcp/tools.ts";
import { type FakeContract, startFakeContract } from "../../support/fake_contract.ts";
import { freePort } from "../../support/parallax_process.ts";

const CLI = join(import.meta.dirname, "../../../src/main/cli.ts");

let fake: FakeContract;
before(async () => {
  fake = await startFakeContract({ exchanges: 40, port: await freePort(), page: "/nowhere" });
});
after(() => fake?.stop());

type Door = { readonly over: "stdio" | "http"; readonly writes?: boolean };

function transportOf({ over, writes = false }: Door): StdioClientTransport | StreamableHTTPClientTransport {
  if (over === "http") {
    const url = new URL(writes ? "/mcp?allow-writes=true" : "/mcp", fake.url);
    return new StreamableHTTPClientTransport(url, { requestInit: { headers: { authorization: "Bearer fake-token" } } });
  }
  const flags = ["--ui-port", new URL(fake.url).port, "--token", "fake-token", ...(writes ? ["--allow-writes"] : [])];
  return new StdioClientTransport({ command: process.execPath, args: ["--disable-warning=ExperimentalWarning", CLI, "mcp", ...flags] });
}

async function connected(door: Door, mode: VersionNegotiationOptions["mode"] = "legacy"): Promise<Client> {
  const client = new Client({ name: "test", version: "0" }, { versionNegotiation: { mode, probe: { timeoutMs: 60_000 } } });
  await client.connect(transportOf(door), { timeout: 60_000 });
  return client;
}

interface Called {
  readonly isError: boolean;
  readonly texts: readonly string[];
}

async function called(client: Client, name: string, input: Record<string, unknown> = {}): Promise<Called> {
  const result = await client.callTool({ name, arguments: input }, { timeout: 60_000 });
  return {
    isError: result.isError === true,
    texts: result.content.map((block) => (block.type === "text" ? block.text : assert.fail(`a block of ${block.type}`))),
  };
}

async function read(client: Client, name: string, input: Record<string, unknown> = {}) {
  const { isError, texts } = await called(client, name, input);
  assert.equal(isError, false, texts.join("\n"));
  return JSON.parse(texts[0] ?? "");
}

for (const over of ["stdio", "http"] as const) {
  for (const mode of ["legacy", { pin: "2026-07-28" }] as const) {
    describe(`a client over ${over}, ${mode === "legacy" ? "that says initialize" : `of ${mode.pin}`}`, () => {
      let client: Client;
      before(async () => {
        client = await connected({ over }, mode);
      });
      after(() => client?.close());

      test("is told who serves, and which tools only read", async () => {
        assert.equal(client.getServerVersion()?.name, "parallax");
        const { tools } = await client.listTools();
        assert.deepEqual(
          tools.map((tool) => tool.name),
          offered(false).map((tool) => tool.name),
        );
        assert.ok(tools.every((tool) => tool.annotations?.readOnlyHint === true));
        assert.ok(!tools.some((tool) => tool.name === "run_sql"));
      });

      test("goes from the verdicts to the place where an exchange differs", async () => {
        const { shapes } = await read(client, "list_verdicts", { verdict: "different" });
        assert.ok(shapes[0].counts.different > 0);
        const { groups } = await read(client, "list_groups", { by: "shape" });
        assert.ok(groups[0].searches > 0);
        assert.equal((await read(client, "list_groups", { by: "index", shape: groups[0].key })).all.searches, groups[0].searches);
        const why = await read(client, "explain_group", { filter: "~verdict different", most: 20 });
        assert.equal(why.waiting, 0);
        assert.equal(
          why.causes.reduce((sum: number, { searches }: { searches: number }) => sum + searches, 0),
          why.differing,
        );
        const list = await read(client, "list_exchanges", { filter: "~verdict different", limit: 1 });
        assert.equal(list.exchanges.length, 1);
        const older = await read(client, "list_exchanges", { filter: "~verdict different", limit: 1, before: list.next });
        assert.ok(older.exchanges[0].id < list.exchanges[0].id);
        const { id } = list.exchanges[0];
        assert.equal((await read(client, "get_exchange", { id })).searches[0].verdict, "different");
        const diff = await read(client, "get_diff", { id });
        assert.ok(diff.differences[0].path.startsWith("/"));
        assert.match((await read(client, "get_sql", { id })).statements[0].sql, /SELECT/);
        const [head = "", body = ""] = (await called(client, "get_body", { id, side: "request" })).texts;
        assert.equal(JSON.parse(head).totalBytes, Buffer.byteLength(body));
      });

      test("is answered wrong calls in words", async () => {
        const wrong: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
          ["get_exchange", {}, /get_exchange needs "id": Id of the exchange/],
          ["get_exchange", { id: "7" }, /"id" of get_exchange must be a whole number from 0/],
          ["get_exchange", { id: 999_999 }, /There is no exchange 999999/],
          ["list_exchanges", { limt: 3 }, /list_exchanges takes no "limt"; it takes filter, limit, before/],
          ["list_exchanges", { limit: 201 }, /a whole number from 1 to 200/],
          ["list_exchanges", { filter: "~nothing x" }, /At position 1 of the filter/],
          ["get_body", { id: 1, side: "left" }, /must be one of request, elasticsearch, clickhouse/],
          ["translate", { index: "a", body: [] }, /"body" of translate must be an object/],
        ];
        for (const [name, input, said] of wrong) {
          const { isError, texts } = await called(client, name, input);
          assert.equal(isError, true, name);
          assert.match(texts[0] ?? "", said);
        }
        await assert.rejects(client.callTool({ name: "drop_everything" }), /"drop_everything" is no tool; there are list_exchanges/);
        await assert.rejects(client.callTool({ name: "run_sql", arguments: { sql: "SELECT 1" } }), /run_sql.*--allow-writes/);
      });

      test("reads what filters and verdicts mean", async () => {
        const { resources } = await client.listResources();
        assert.equal(resources.length, 2);
        for (const { uri } of resources) {
          const { contents } = await client.readResource({ uri });
          assert.match(JSON.stringify(contents), uri.endsWith("filters") ? /~verdict/ : /equivalent/);
        }
        await assert.rejects(client.readResource({ uri: "parallax://docs/secrets" }), /There is no resource.*parallax:\/\/docs\/filters/);
      });
    });
  }

  test(`a client over ${over} may run SQL where writes are allowed`, async () => {
    const client = await connected({ over, writes: true });
    try {
      const { tools } = await client.listTools();
      assert.equal(tools.length, TOOLS.length);
      assert.equal(tools.find((tool) => tool.name === "run_sql")?.annotations?.readOnlyHint, false);
      const answer = await read(client, "run_sql", { sql: "SELECT number, text" });
      assert.equal(answer.rows.length, 200);
      assert.equal(answer.rows[0][0], "9007199254740993");
      assert.equal(answer.total, 500);
      assert.match((await called(client, "run_sql", { sql: "FAIL" })).texts[0] ?? "", /Code: 62/);
      assert.match(
        (await called(client, "run_sql", { sql: "SELECT 1", params: { a: 1 } })).texts[0] ?? "",
        /object of strings; "a" is none/,
      );
    } finally {
      await client.close();
    }
  });
}

test("without a Parallax that runs, a tool says so", async () => {
  const port = String(await freePort());
  const args = ["--disable-warning=ExperimentalWarning", CLI, "mcp", "--ui-port", port];
  const client = new Client({ name: "test", version: "0" });
  await client.connect(new StdioClientTransport({ command: process.execPath, args }), { timeout: 60_000 });
  try {
    const { isError, texts } = await called(client, "get_status");
    assert.equal(isError, true);
    assert.match(texts[0] ?? "", new RegExp(`No Parallax answers at http://127\\.0\\.0\\.1:${port}`));
  } finally {
    await client.close();
  }
});
