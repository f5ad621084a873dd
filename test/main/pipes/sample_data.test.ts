import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, describe, test } from "node:test";
import { ElasticsearchClient } from "../../../src/main/elasticsearch/client.ts";
import { addSampleData, removeSampleData, sampleDataOf } from "../../../src/main/pipes/sample_data.ts";
import type { GenerateRequest, PipeInfo } from "../../../src/shared/pipe.ts";

/** An Elasticsearch of names and whether Parallax made them. */
async function elasticsearch(indices: Record<string, boolean>, streams = true) {
  const there = new Map(Object.entries(indices));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { method = "", url = "" } = request;
    if (method !== "GET" && method !== "HEAD") asked.push(`${method} ${url}`);
    const answer = (status: number, value: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(method === "HEAD" ? "" : JSON.stringify(value));
    };
    const name = decodeURIComponent(url.replace(/^\/(_data_stream\/|_index_template\/)?/, "").split(/[/?]/, 1)[0] ?? "");
    const stream = url.startsWith("/_data_stream");
    request.resume().on("end", () => {
      if (stream && !streams) return answer(400, { error: "no handler found" });
      if (url.startsWith("/_settings")) return answer(200, Object.fromEntries([...there.keys()].map((each) => [each, {}])));
      if (method === "GET" && stream) return answer(200, { data_streams: [] });
      if (url.startsWith("/_index_template")) return answer(200, { acknowledged: true });
      if (method === "PUT") there.set(name, true);
      else if (!there.has(name)) return answer(404, { error: { type: "index_not_found_exception", reason: name } });
      if (method === "DELETE") there.delete(name);
      const mappings = there.get(name) === true ? { _meta: { managed_by: "parallax" } } : {};
      if (url.endsWith("/_mapping")) return answer(200, { [name]: { mappings } });
      answer(200, url.endsWith("/_count") ? { count: 7 } : { acknowledged: true });
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const client = new ElasticsearchClient(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`);
  after(() => {
    client.close();
    server.close();
  });
  return { client, there, asked };
}

function fakePipes(running: readonly string[] = []) {
  const begun: GenerateRequest[] = [];
  const forgotten: string[] = [];
  const pipes = {
    list: () => running.map((kind) => ({ id: `generate-${kind}`, state: "running" }) as PipeInfo),
    generate: async (request: GenerateRequest) => {
      begun.push(request);
      return {} as PipeInfo;
    },
    forgetGenerator: async (kind: string) => void forgotten.push(kind),
  };
  return { pipes, begun, forgotten };
}

describe("sample data", () => {
  test("is made of three kinds over a week, and asked after as a Kibana user does", async () => {
    const { client, asked } = await elasticsearch({ ".security-7": false });
    const { pipes, begun } = fakePipes();
    const source = { elasticsearch: client, pipes };
    assert.equal((await sampleDataOf(source)).empty, true);
    await addSampleData(source, client, true);
    const many = { documents: 5_000, past: 5_000, spanHours: 168, rate: 0 };
    assert.deepEqual(begun, [
      { kind: "orders", ...many },
      { kind: "logs", ...many },
      { kind: "devices", ...many },
      { kind: "queries", rate: 2 },
    ]);
    assert.deepEqual(asked, [
      "PUT /shop-orders",
      "PUT /_index_template/parallax-logs-web.shop-default",
      "PUT /_data_stream/logs-web.shop-default",
      "PUT /_index_template/parallax-metrics-devices.fleet-default",
      "PUT /_data_stream/metrics-devices.fleet-default",
    ]);
    const { empty, sets } = await sampleDataOf(source);
    assert.equal(empty, false);
    assert.deepEqual(
      sets.map(({ state, there }) => [state, there]),
      [
        ["there", 7],
        ["there", 7],
        ["there", 7],
      ],
    );
  });

  test("leaves alone what runs, and an index of that name that Parallax did not make", async () => {
    const { client, asked, there } = await elasticsearch({ "shop-orders": false, "logs-web.shop-default": true });
    const { pipes, begun, forgotten } = fakePipes(["logs", "queries"]);
    const source = { elasticsearch: client, pipes };
    assert.deepEqual(
      (await sampleDataOf(source)).sets.map(({ state }) => state),
      ["others", "making", "absent"],
    );
    await addSampleData(source, client, true);
    assert.deepEqual(
      begun.map(({ kind }) => kind),
      ["devices"],
    );
    asked.length = 0;
    await removeSampleData(source, client);
    assert.ok(!asked.some((request) => request.includes("shop-orders")), String(asked));
    assert.deepEqual([...there.keys()], ["shop-orders"]);
    assert.ok(!forgotten.includes("orders"));
  });

  test("is removed with its data streams and templates, and nothing else", async () => {
    const all = { "shop-orders": true, "logs-web.shop-default": true, "metrics-devices.fleet-default": true, mine: false };
    const { client, asked, there } = await elasticsearch(all);
    await removeSampleData({ elasticsearch: client, pipes: fakePipes().pipes }, client);
    assert.deepEqual(asked, [
      "DELETE /shop-orders",
      "DELETE /_data_stream/logs-web.shop-default",
      "DELETE /_index_template/parallax-logs-web.shop-default",
      "DELETE /_data_stream/metrics-devices.fleet-default",
      "DELETE /_index_template/parallax-metrics-devices.fleet-default",
    ]);
    assert.deepEqual([...there.keys()], ["mine"]);
  });

  test("is removed where Elasticsearch has no data streams", async () => {
    const { client, there } = await elasticsearch({ "logs-web.shop-default": true, mine: false }, false);
    await removeSampleData({ elasticsearch: client, pipes: fakePipes().pipes }, client);
    assert.deepEqual([...there.keys()], ["mine"]);
  });
});
