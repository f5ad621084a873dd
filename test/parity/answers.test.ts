// Every endpoint that ClickHouse answers: the same request to Elasticsearch and, forced on ClickHouse, to Parallax. Status,
// content type and body are the same but for what is named in `withoutOwn`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { ExchangePage } from "../../src/shared/contract.ts";
import { isArray, isObject, type JsonValue, parseJson } from "../../src/shared/json.ts";
import { recordEndpoint } from "../coverage/record.ts";
import { type ParallaxProcess, startParallax } from "../support/parallax_process.ts";
import { differences } from "../support/two_engines.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const clickhouse = process.env.PARALLAX_TEST_CLICKHOUSE ?? "";
const skip = address === "" ? (process.env.PARALLAX_TEST_ELASTICSEARCH_MISSING ?? "PARALLAX_TEST_ELASTICSEARCH names no server") : false;

interface Case {
  readonly method: string;
  readonly path: string;
  readonly body?: JsonValue | readonly JsonValue[];
  readonly headers?: Readonly<Record<string, string>>;
  /** What Parallax says when it leaves the request to Elasticsearch. */
  readonly declined?: string;
  readonly ndjson?: boolean;
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly product: string;
  readonly source: string;
  readonly coding: string;
  readonly body: JsonValue;
}

const CASES = readFileSync(new URL("./cases/answers.ndjson", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("{"));

async function send(
  base: string,
  { method, path, body, headers, ndjson }: Case,
  extra: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const lines = ndjson === true && isArray(body) ? body.map((line) => `${JSON.stringify(line)}\n`).join("") : JSON.stringify(body);
  const response = await fetch(base + path, {
    method,
    headers: { "content-type": "application/json", ...headers, ...extra },
    ...(body === undefined ? {} : { body: lines }),
  });
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  return {
    status: response.status,
    type,
    product: response.headers.get("x-elastic-product") ?? "",
    source: response.headers.get("x-parallax-source") ?? "",
    coding: response.headers.get("content-encoding") ?? "",
    body: type.includes("json") && text !== "" ? parseJson(text) : text,
  };
}

const OWN = new Set([
  "took",
  "_scroll_id",
  "pit_id",
  "id",
  "start_time_in_millis",
  "expiration_time_in_millis",
  "completion_time_in_millis",
  "index_uuid",
  "node",
  "line",
  "col",
  "caused_by",
  "skipped",
  "uuid",
  "num_reduce_phases",
  "terminated_early",
]);

/** An answer without what is each engine's own. */
function withoutOwn(value: JsonValue, inError = false): JsonValue {
  if (isArray(value)) return value.map((item) => withoutOwn(item, inError));
  if (!isObject(value)) return value;
  // What an error says in words is not held to the letter.
  const own = (name: string): boolean => OWN.has(name) || (inError && name === "reason" && !isObject(value[name]));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => (own(name) ? [] : [[name, withoutOwn(item, inError || name === "error")]])),
  );
}

/** Names of the members in their order, all the way down. */
function order(value: JsonValue): string {
  if (isArray(value)) return `[${value.map(order).join(",")}]`;
  return isObject(value)
    ? `{${Object.entries(value)
        .map(([name, item]) => `${name}:${order(item)}`)
        .join(",")}}`
    : "";
}

describe("answers of ClickHouse in Elasticsearch's stead", { skip, concurrency: 1, timeout: 300_000 }, () => {
  let parallax: ParallaxProcess;

  before(async () => {
    await cleanUp();
    parallax = await startParallax(["--elasticsearch", address, ...(clickhouse === "" ? [] : ["--clickhouse", clickhouse])]);
    await load(parallax.proxyUrl);
  });
  after(async () => {
    await parallax?.stop();
    await cleanUp();
  });

  for (const line of CASES) {
    const parsed: Case = JSON.parse(line);
    test(`${parsed.method} ${parsed.path} ${parsed.body === undefined ? "" : JSON.stringify(parsed.body).slice(0, 160)}`, async () => {
      const expected = await send(address, parsed);
      const actual = await send(parallax.proxyUrl, parsed, { "x-parallax-backend": "clickhouse" });
      if (parsed.declined !== undefined) {
        assert.equal(actual.status, 501, JSON.stringify(actual.body));
        assert.match(JSON.stringify(actual.body), new RegExp(parsed.declined));
        return;
      }
      assert.deepEqual(differences(withoutOwn(expected.body), withoutOwn(actual.body)), []);
      if (parsed.path.includes("_search")) {
        assert.equal(order(withoutOwn(actual.body)), order(withoutOwn(expected.body)), "the members' order");
      }
      assert.equal(actual.status, expected.status);
      assert.equal(actual.type, expected.type);
      assert.equal(actual.product, "Elasticsearch");
      assert.equal(actual.source, "clickhouse");
      assert.equal(actual.coding, expected.coding);
      recordEndpoint(address, parsed.method, parsed.path);
    });
  }

  for (const accepted of ["gzip", "deflate", "gzip, deflate, br", "deflate, gzip;q=0.5", "gzip;q=0", "br", "identity"]) {
    test(`an answer to a client that accepts [${accepted}]`, async () => {
      const asked = { method: "POST", path: "/modes-a/_search", body: { size: 3, sort: ["n"] }, headers: { "accept-encoding": accepted } };
      const [expected, actual] = [await send(address, asked), await send(parallax.proxyUrl, asked, { "x-parallax-backend": "clickhouse" })];
      assert.equal(actual.coding, expected.coding);
      assert.deepEqual(differences(withoutOwn(expected.body), withoutOwn(actual.body)), []);
      const page = await parallax.ask<ExchangePage>("/api/exchanges?limit=1");
      const kept = await fetch(`${parallax.interfaceUrl}/api/exchanges/${page.exchanges[0]?.id}/clickhouse`);
      assert.ok(isObject(parseJson(await kept.text())), "it is kept plain");
    });
  }
});

async function cleanUp(): Promise<void> {
  await fetch(`${address}/modes-*`, { method: "DELETE" });
}

const MAPPINGS = {
  properties: {
    n: { type: "long" },
    at: { type: "date" },
    host: { type: "keyword" },
    message: { type: "text", fields: { raw: { type: "keyword" } } },
    ip: { type: "ip" },
    user: { properties: { name: { type: "keyword" }, age: { type: "short" } } },
    nick: { type: "alias", path: "user.name" },
  },
};

async function load(base: string): Promise<void> {
  const must = async (method: string, path: string, body: string): Promise<void> => {
    const response = await fetch(base + path, { method, body, headers: { "content-type": "application/json" } });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${text}`);
  };
  const shards = (count: number) => ({ number_of_shards: count, number_of_replicas: 0 });
  await must("PUT", "/modes-a", JSON.stringify({ settings: shards(3), mappings: MAPPINGS, aliases: { "modes-all": {} } }));
  const other = { properties: { ...MAPPINGS.properties, extra: { type: "double" }, ip: { type: "keyword" } } };
  await must("PUT", "/modes-b", JSON.stringify({ settings: shards(1), mappings: other, aliases: { "modes-all": {}, "modes-solo": {} } }));
  await must("PUT", "/modes-empty", JSON.stringify({ settings: shards(1), mappings: MAPPINGS }));
  const many = {
    runtime: { rt: { type: "long" } },
    properties: {
      ne: { type: "nested", properties: { a: { type: "long" } } },
      ob: { properties: { x: { type: "keyword" }, deep: { properties: { y: { type: "ip" } } } } },
      off: { type: "object", enabled: false },
      dr: { type: "date_range" },
      gp: { type: "geo_point" },
      dn: { type: "date_nanos" },
      fl: { type: "flattened" },
      ni: { type: "keyword", index: false },
      nd: { type: "keyword", doc_values: false },
      nb: { type: "long", index: false, doc_values: false },
      tf: { type: "text", fielddata: true },
      ti: { type: "text", index: false },
      al: { type: "alias", path: "ob.x" },
      m: { type: "keyword", meta: { unit: "x" } },
    },
  };
  await must("PUT", "/modes-c", JSON.stringify({ settings: shards(2), mappings: many }));
  const lines: string[] = [];
  for (let i = 0; i < 120; i += 1) {
    const index = i % 3 === 0 ? "modes-b" : "modes-a";
    const routing = i % 10 === 7 ? ', "routing": "r1"' : "";
    lines.push(`{"index":{"_index":"${index}","_id":"d${i}"${routing}}}`);
    const at = new Date(Date.UTC(2026, 0, 1 + (i % 20), i % 24)).toISOString();
    const name = `user-${i % 7}`;
    lines.push(
      `{"n":${i},"at":"${at}","host":"host-${i % 5}","message":"number ${i} is ${i % 2 === 0 ? "even" : "odd"}","ip":"10.0.0.${i}","user":{"name":"${name}","age":${20 + (i % 30)}},"big":9007199254740993,"list":[1.0,2]}`,
    );
  }
  await must("POST", "/_bulk?refresh=true", `${lines.join("\n")}\n`);
  // Of today: cases name it by date math.
  const today = `modes-day-${new Date().toISOString().slice(0, 10).replaceAll("-", ".")}`;
  await must("PUT", `/${today}`, JSON.stringify({ settings: shards(1), mappings: MAPPINGS }));
  for (let i = 0; i < 3; i += 1) await must("PUT", `/${today}/_doc/t${i}?refresh=true`, JSON.stringify({ n: i, host: `host-${i}` }));
  await must("PUT", "/modes-a/_doc/d1?refresh=true", '{"n":1000,"host":"changed"}');
  await must("DELETE", "/modes-a/_doc/d2?refresh=true", "");
}
