// Data streams on OpenSearch, through Parallax: what is written to one is mirrored by its backing indices, also past a rollover, and
// what is asked of it by name or pattern ClickHouse answers as OpenSearch does.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { isObject, type JsonValue, member, parseJson, printJson } from "../../src/shared/json.ts";
import { recordEndpoint } from "../coverage/record.ts";
import { type ParallaxProcess, startParallax } from "../support/parallax_process.ts";
import { differences } from "../support/two_engines.ts";

const address = process.env.PARALLAX_TEST_OPENSEARCH ?? "";
const clickhouse = process.env.PARALLAX_TEST_CLICKHOUSE ?? "";
const skip = address === "" ? (process.env.PARALLAX_TEST_OPENSEARCH_MISSING ?? "PARALLAX_TEST_OPENSEARCH names no server") : false;

type Headers = Readonly<Record<string, string>>;

interface Reply {
  readonly status: number;
  readonly source: string;
  readonly body: JsonValue;
}

async function send(base: string, method: string, path: string, body?: string, headers: Headers = {}): Promise<Reply> {
  const type = path.includes("_bulk") ? "application/x-ndjson" : "application/json";
  const response = await fetch(base + path, {
    method,
    headers: { "content-type": type, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const value = parseJson(await response.text());
  return { status: response.status, source: response.headers.get("x-parallax-source") ?? "", body: value };
}

/** Without the time it took. */
function page(body: JsonValue): JsonValue {
  if (!isObject(body)) return body;
  const { took: _took, terminated_early: _early, ...rest } = body;
  return rest;
}

const CASES = [
  ["POST", "/streams-a/_search", { sort: ["n"], size: 3 }],
  ["POST", "/streams-*/_search", { size: 1, sort: [{ n: "desc" }], aggs: { hosts: { terms: { field: "host" } } } }],
  ["GET", "/streams-a/_count", undefined],
  ["GET", "/_resolve/index/streams-a", undefined],
  ["GET", "/_resolve/index/streams-*", undefined],
  ["GET", "/streams-a/_mapping", undefined],
] as const;

describe("data streams beside OpenSearch", { skip, concurrency: 1, timeout: 240_000 }, () => {
  let parallax: ParallaxProcess;

  before(async () => {
    await send(address, "DELETE", "/_data_stream/streams-*");
    parallax = await startParallax(["--elasticsearch", address, ...(clickhouse === "" ? [] : ["--clickhouse", clickhouse])]);
    const mappings = { properties: { n: { type: "long" }, host: { type: "keyword" } } };
    const template = { settings: { number_of_shards: 3, number_of_replicas: 0 }, mappings };
    const made = { index_patterns: ["streams-*"], data_stream: {}, template };
    await must("PUT", "/_index_template/streams", printJson(made));
    await write("streams-a", 0);
    await must("POST", "/streams-a/_rollover");
    await write("streams-a", 60);
    await write("streams-b", 200);
  });
  after(async () => {
    await parallax?.stop();
    await send(address, "DELETE", "/_data_stream/streams-*");
    await send(address, "DELETE", "/_index_template/streams");
  });

  async function must(method: string, path: string, body?: string): Promise<void> {
    const { status, body: answer } = await send(parallax.proxyUrl, method, path, body);
    assert.ok(status < 300 && !(isObject(answer) && member(answer, "errors") === true), printJson(answer));
  }

  async function write(stream: string, from: number): Promise<void> {
    const lines = Array.from({ length: 60 }, (_, i) => {
      const n = from + i;
      return `{"create":{"_id":"d${n}"}}\n{"@timestamp":${1_700_000_000_000 + n * 1000},"n":${n},"host":"h${n % 4}"}\n`;
    });
    await must("POST", `/${stream}/_bulk?refresh=true`, lines.join(""));
  }

  for (const [method, path, body] of CASES) {
    test(`${method} ${path}`, async () => {
      const text = body === undefined ? undefined : printJson(body);
      const expected = await send(address, method, path, text);
      const actual = await send(parallax.proxyUrl, method, path, text, { "x-parallax-backend": "clickhouse" });
      assert.deepEqual(differences(page(expected.body), page(actual.body)), []);
      assert.deepEqual([actual.status, actual.source], [expected.status, "clickhouse"]);
      recordEndpoint(address, method, path);
    });
  }
});
