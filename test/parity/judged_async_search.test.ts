// Asynchronous searches that Elasticsearch answers in several requests, judged once by the last answer. The reference server
// lacks `_async_search`: a server in front of it answers that API by its `_search`, in part at first.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { after, before, describe, test } from "node:test";
import type { ExchangePage } from "../../src/shared/contract.ts";
import type { ExchangeSummary } from "../../src/shared/exchange.ts";
import { type ParallaxProcess, startParallax, until } from "../support/parallax_process.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const clickhouse = process.env.PARALLAX_TEST_CLICKHOUSE ?? "";
const skip = address === "" ? (process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH names no server") : false;
const INDEX = "paging-async";
const PART = { took: 1, timed_out: false, _shards: { total: 3, successful: 1, skipped: 0, failed: 0 }, hits: { total: 0, hits: [] } };

/** Answers `_async_search` in part, and whole when it is asked for the second time. */
async function startAsyncServer(): Promise<Server> {
  const open = new Map<string, { readonly path: string; readonly body: string; asked: number }>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const url = request.url ?? "";
    const forward = async (path: string, method: string, sent: string): Promise<Response> =>
      fetch(address + path, {
        method,
        headers: { "content-type": request.headers["content-type"] ?? "application/json" },
        ...(sent === "" ? {} : { body: sent }),
      });
    const json = (status: number, value: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    const part = (id: string) => ({ id, is_partial: true, is_running: true, start_time_in_millis: 1, response: PART });
    if (request.method === "POST" && url.includes("_async_search")) {
      const id = `async-${open.size}`;
      open.set(id, { path: url.split("?")[0]?.replace("_async_search", "_search") ?? "", body, asked: 0 });
      json(200, part(id));
      return;
    }
    const own = open.get(url.split("?")[0]?.split("/").at(-1) ?? "");
    if (own !== undefined) {
      own.asked += 1;
      const whole = own.asked === 1 ? null : await (await forward(own.path, "POST", own.body)).json();
      json(
        200,
        whole === null
          ? part("")
          : {
              is_partial: false,
              is_running: false,
              start_time_in_millis: 1,
              response: url.includes("filter_path") ? { hits: whole.hits } : whole,
            },
      );
      return;
    }
    const answer = await forward(url, request.method ?? "GET", body);
    response
      .writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "", "x-elastic-product": "Elasticsearch" })
      .end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

describe("asynchronous searches, judged", { skip, concurrency: 1, timeout: 120_000 }, () => {
  let server: Server;
  let parallax: ParallaxProcess;

  before(async () => {
    await fetch(`${address}/${INDEX}?ignore_unavailable=true`, { method: "DELETE" });
    server = await startAsyncServer();
    const at = server.address();
    const url = `http://127.0.0.1:${typeof at === "object" && at !== null ? at.port : 0}`;
    parallax = await startParallax(["--elasticsearch", url, ...(clickhouse === "" ? [] : ["--clickhouse", clickhouse])]);
    const lines = Array.from({ length: 50 }, (_, n) => `{"index":{"_id":"${n}"}}\n{"n":${n}}\n`);
    await send("POST", `/${INDEX}/_bulk?refresh=true`, lines.join(""));
  });
  after(async () => {
    await parallax?.stop();
    server?.closeAllConnections();
    server?.close();
    await fetch(`${address}/${INDEX}?ignore_unavailable=true`, { method: "DELETE" });
  });

  async function send(method: string, path: string, body = ""): Promise<{ readonly id?: string }> {
    const response = await fetch(parallax.proxyUrl + path, {
      method,
      headers: { "content-type": path.includes("_bulk") ? "application/x-ndjson" : "application/json" },
      ...(body === "" ? {} : { body }),
    });
    assert.equal(response.status, 200);
    return (await response.json()) as { readonly id?: string };
  }

  async function submitted(verdict: string): Promise<ExchangeSummary> {
    const find = async (): Promise<ExchangeSummary | undefined> =>
      (await parallax.ask<ExchangePage>("/api/exchanges?limit=100")).exchanges.find(
        ({ endpoint, kind }) => kind === "search" && endpoint === "_async_search",
      );
    const found = await until(find, (exchange) => exchange?.verdict === verdict);
    assert.ok(found !== undefined);
    assert.equal(found.verdict, verdict, found.note);
    return found;
  }

  for (const [filter, aggs] of [
    ["", '{"n":{"sum":{"field":"n"}}}'],
    ["?filter_path=is_*,response.hits", '{"n":{"max":{"field":"n"}}}'],
  ] as const) {
    test(`the verdict is that of the last answer ${filter}`, async () => {
      const { id } = await send(
        "POST",
        `/${INDEX}/_async_search?wait_for_completion_timeout=1ms`,
        `{"size":3,"sort":["n"],"aggs":${aggs}}`,
      );
      assert.match((await submitted("not_compared")).note, /partial so far/);
      await send("GET", `/_async_search/${id}`);
      await send("GET", `/_async_search/${id}${filter}`);
      await submitted("equal");
    });
  }
});
