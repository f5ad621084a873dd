// Mappings of thousands of fields beside a real Elasticsearch: mirrored whole, and searched by any of them.
// PARALLAX_TEST_FIELDS sets how many fields.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { ElasticsearchClient } from "../../src/main/elasticsearch/client.ts";
import { route } from "../../src/main/elasticsearch/route.ts";
import { judge } from "../../src/main/exchange/judge.ts";
import { Mirror } from "../../src/main/mirror/mirror.ts";
import { type JsonObject, parseObject, printJson } from "../../src/shared/json.ts";
import { testDatabase } from "../support/clickhouse_server.ts";
import { ourDocuments, theirDocuments } from "../support/reconciled_index.ts";
import { connectClickHouse } from "../support/two_engines.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const skip = address === "" ? "needs a real Elasticsearch: set PARALLAX_TEST_ELASTICSEARCH to its URL" : false;
const FIELDS = Number(process.env.PARALLAX_TEST_FIELDS ?? 2_000);
const DOCUMENTS = 60;
const PREFIX = `wide-parity-${process.pid}`;
const TYPES = ["keyword", "long", "text", "date", "double", "boolean"] as const;

/** The field's value in a document; every seventh has several. */
function sampleOf(field: number, document: number): string {
  const n = (field * 31 + document * 17) % 23;
  const one = [
    `"k${n}"`,
    `${n}`,
    `"word${n} word${n % 5} common"`,
    `"2024-01-${String(n + 1).padStart(2, "0")}"`,
    `${n / 4}`,
    `${n % 2 === 0}`,
  ];
  const value = one[field % TYPES.length] ?? "null";
  return document % 7 === 3 && field % TYPES.length !== 2 ? `[${value},${value}]` : value;
}

/** Some fields of a document; the first has all. */
function sourceOf(document: number, fields: number): string {
  const own = Array.from({ length: fields }, (_, i) => i).filter((i) => document === 0 || (i + document) % 11 === 0);
  return `{${own.map((i) => `"f${i}":${sampleOf(i, document)}`).join(",")}}`;
}

function searchesOf(field: number): readonly JsonObject[] {
  const name = `f${field}`;
  const bodies = {
    keyword: [{ query: { term: { [name]: "k3" } }, sort: [name, "_doc"], aggs: { a: { terms: { field: name, size: 30 } } } }],
    long: [{ query: { range: { [name]: { gte: 5, lt: 15 } } }, aggs: { a: { stats: { field: name } } } }],
    text: [{ query: { match: { [name]: "word3 common" } } }],
    date: [{ size: 0, aggs: { a: { date_histogram: { field: name, calendar_interval: "week" } } } }],
    double: [{ size: 0, aggs: { a: { percentiles: { field: name } }, b: { avg: { field: name } } } }],
    boolean: [{ query: { term: { [name]: true } }, aggs: { a: { missing: { field: name } } } }],
  }[TYPES[field % TYPES.length] ?? "keyword"];
  return bodies.map((body) => parseObject(JSON.stringify({ size: 100, _source: false, ...body })) ?? {});
}

describe(`mappings of ${FIELDS} fields`, { skip, concurrency: false, timeout: 600_000 }, async () => {
  if (address === "") return;
  const elasticsearch = new ElasticsearchClient(address);
  const { url, database } = await testDatabase("wide_parity");
  const clickhouse = connectClickHouse(url);
  const mirror = new Mirror({ clickhouse, elasticsearch, database, log: { write: () => {}, flushed: async () => {} } });
  after(async () => {
    await elasticsearch.request("DELETE", `/${PREFIX}-*`);
    await mirror.close();
    await clickhouse.close();
    elasticsearch.close();
  });

  async function send(method: string, path: string, text: string): Promise<void> {
    const body = Buffer.from(text);
    const type = path.includes("_bulk") ? "application/x-ndjson" : "application/json";
    const answer = await elasticsearch.request(method, path, body, { type, timeoutMs: 120_000 });
    assert.ok(answer.status < 300, Buffer.from(answer.body).toString().slice(0, 400));
    const request = { method, route: route(method, path), body, status: answer.status, answer: answer.body, time: Date.now() };
    const note = await mirror.write(request);
    assert.equal(note?.reason ?? "", "");
  }

  const bulk = (index: string, from: number, to: number, fields: number): Promise<void> => {
    const lines = Array.from({ length: to - from }, (_, i) => `{"index":{"_id":"${from + i}"}}\n${sourceOf(from + i, fields)}\n`);
    return send("POST", `/${index}/_bulk?refresh=true`, lines.join(""));
  };

  async function make(name: string, mapped: number): Promise<string> {
    const index = `${PREFIX}-${name}`;
    const properties = Object.fromEntries(Array.from({ length: mapped }, (_, i) => [`f${i}`, { type: TYPES[i % TYPES.length] }]));
    const settings = { number_of_shards: 1, number_of_replicas: 0, "mapping.total_fields.limit": 20_000 };
    await send("PUT", `/${index}`, JSON.stringify({ settings, mappings: { properties } }));
    return index;
  }

  async function assertSame(index: string, fields: readonly number[]): Promise<void> {
    assert.deepEqual(
      [...(await ourDocuments(clickhouse, database, index)).documents].toSorted(),
      [...(await theirDocuments(elasticsearch, index))].toSorted(),
    );
    const judging = {
      tables: () => mirror.tables(index),
      run: (printed: Parameters<typeof clickhouse.query>[0]) => clickhouse.query(printed),
      unsettled: () => "",
      shapeOf: () => "",
      clock: () => performance.now(),
    };
    for (const body of fields.flatMap(searchesOf)) {
      const text = printJson(body);
      const answer = await elasticsearch.request("POST", `/${index}/_search`, Buffer.from(text));
      const search = { position: 0, endpoint: "search", index, params: new Map<string, string>(), text, body } as const;
      const theirs = { status: answer.status, body: parseObject(Buffer.from(answer.body).toString()) };
      const { part } = await judge(judging, search, theirs, Date.now());
      const { verdict, reason, differences } = part.comparison;
      assert.match(verdict, /^(equal|equivalent)$/, `${text}: ${reason} ${JSON.stringify(differences.slice(0, 2))}`);
    }
  }

  const around = (at: number): readonly number[] => TYPES.map((_, i) => at + i);

  test("are mirrored whole, and the first, those in between and the last are searched alike", async () => {
    const index = await make("whole", FIELDS);
    await bulk(index, 0, DOCUMENTS, FIELDS);
    await assertSame(index, [...around(0), ...around(96), ...around(FIELDS - TYPES.length)]);
  });

  test("grow while documents come, from few fields to very many", async () => {
    const index = await make("growing", 12);
    await bulk(index, 0, 20, 12);
    await send("PUT", `/${index}/_mapping`, mappingTo(600));
    await bulk(index, 20, 40, 600);
    await assertSame(index, [...around(0), ...around(594)]);
  });
});

function mappingTo(fields: number): string {
  const properties = Object.fromEntries(Array.from({ length: fields }, (_, i) => [`f${i}`, { type: TYPES[i % TYPES.length] }]));
  return JSON.stringify({ properties });
}
