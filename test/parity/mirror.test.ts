// Seeded random writes through a real Elasticsearch, mirrored: afterwards ClickHouse holds the very documents that
// Elasticsearch holds, byte for byte, under the same numbers, and none more.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { ElasticsearchClient } from "../../src/main/elasticsearch/client.ts";
import { rawItems, rawMember, textOf } from "../../src/main/elasticsearch/raw_json.ts";
import { route } from "../../src/main/elasticsearch/route.ts";
import { Mirror } from "../../src/main/mirror/mirror.ts";
import { isObject, type JsonObject, type JsonValue, member, parseJson } from "../../src/shared/json.ts";
import { testDatabase } from "../support/clickhouse_server.ts";
import { until } from "../support/parallax_process.ts";
import { newSeed } from "../support/random.ts";
import { connectClickHouse, differences, runClickHouse } from "../support/two_engines.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH;
const skip = address === undefined ? "needs a real Elasticsearch: set PARALLAX_TEST_ELASTICSEARCH to its URL" : false;
const PREFIX = "mirror-parity";

/** A small generator of numbers: the same seed, the same writes. */
function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function objectOf(value: JsonValue): JsonObject {
  assert.ok(isObject(value));
  return value;
}

describe("the mirror beside a real Elasticsearch", { skip, concurrency: false }, async () => {
  if (address === undefined) return;
  const elasticsearch = new ElasticsearchClient(address);
  const { url, database } = await testDatabase("mirror_parity");
  const clickhouse = connectClickHouse(url);
  const warnings: string[] = [];
  const log = { write: (_level: string, message: string) => void warnings.push(message), flushed: async () => {} };
  const mirror = new Mirror({ clickhouse, elasticsearch, database, log });
  after(async () => {
    await elasticsearch.request("DELETE", `/${PREFIX}-*?expand_wildcards=all`);
    await mirror.close();
    await clickhouse.close();
    elasticsearch.close();
  });

  /** Sends a request as a client would, and tells the mirror of it as the proxy would. */
  async function send(method: string, path: string, body = "") {
    const bytes = Buffer.from(body);
    const type = path.includes("_bulk") ? "application/x-ndjson" : "application/json";
    const answer = await elasticsearch.request(method, path, body === "" ? undefined : bytes, { type });
    const routed = route(method, path);
    const note =
      routed.endpoint === "_refresh"
        ? mirror.refreshed(routed.index, Date.now())
        : await mirror.write({ method, route: routed, body: bytes, status: answer.status, answer: answer.body, time: Date.now() });
    return { status: answer.status, text: textOf(answer.body), note };
  }

  /** Both sides' documents by id: `seq_no/version/source`. */
  async function both(index: string): Promise<{ theirs: Map<string, string>; ours: Map<string, string> }> {
    await send("POST", `/${index}/_refresh`);
    const theirs = new Map<string, string>();
    const answer = await elasticsearch.request(
      "POST",
      `/${index}/_search`,
      JSON.stringify({ size: 10_000, version: true, seq_no_primary_term: true, query: { match_all: {} } }),
    );
    const hits = rawMember(rawMember(answer.body, "hits") ?? new Uint8Array(0), "hits") ?? new Uint8Array(0);
    for (const hit of rawItems(hits)) {
      const part = (name: string) => textOf(rawMember(hit, name) ?? new Uint8Array(0));
      // With custom routing one _id may be on several shards: each is a document.
      theirs.set(`${JSON.parse(part("_id"))} ${part("_routing")}`, `${part("_seq_no")}/${part("_version")}/${part("_source")}`);
    }
    const ours = new Map<string, string>();
    const sql = `SELECT _id, _seq_no, _version, _routing, _source FROM \`${database}\`.\`${index}\` FINAL`;
    const { rows } = await clickhouse.query({ sql, params: [] });
    for (const row of rows) {
      const routing = row._routing === "" ? "" : JSON.stringify(row._routing);
      ours.set(`${String(row._id)} ${routing}`, `${String(row._seq_no)}/${String(row._version)}/${String(row._source)}`);
    }
    return { theirs, ours };
  }

  async function assertEqual(index: string): Promise<void> {
    const { theirs, ours } = await both(index);
    assert.deepEqual([...ours].toSorted(), [...theirs].toSorted());
  }

  async function assertWhole(index: string): Promise<void> {
    assert.ok(await mirror.caughtUp([index], { deadlineMs: 10_000 }));
    const tables = await mirror.tables(index);
    assert.equal(tables.kind, "tables", JSON.stringify(tables));
  }

  test("holds what random bulks of index, create, update and delete left, with their errors", async () => {
    const seed = newSeed();
    console.log(`seed ${seed}`);
    const below = seeded(seed);
    const index = `${PREFIX}-random`;
    const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
    await send("PUT", `/${index}`, '{"settings":{"number_of_shards":3},"mappings":{"properties":{"n":{"type":"integer"}}}}');
    for (let round = 0; round < 15; round += 1) {
      const lines: string[] = [];
      for (let i = 0; i < 80; i += 1) {
        const id = `d${below(150)}`;
        const n = below(20) === 0 ? '"no number"' : String(below(1000));
        const source = `{ "n" : ${n}, "t":"Text ${below(50)} \\u00e9 😀", "d":${below(9)}.10, "big":9007199254740993, "f${round % 7}":"x" }`;
        const routing = below(10) === 0 ? `,"routing":"r${below(3)}"` : "";
        switch (pick(["index", "index", "create", "update", "upsert", "script", "delete", "auto"])) {
          case "index":
            lines.push(`{"index":{"_id":"${id}"}}`, source);
            break;
          case "create":
            lines.push(`{"create":{"_id":"${id}"${routing}}}`, source);
            break;
          case "auto":
            lines.push(`{"index":{}}`, source);
            break;
          case "update":
            lines.push(`{"update":{"_id":"${id}"}}`, `{"doc":{"n":${below(5)},"u":{"v":[1,${below(9)}]}}}`);
            break;
          case "upsert":
            lines.push(`{"update":{"_id":"${id}"}}`, `{"doc":{"n":7},"doc_as_upsert":true}`);
            break;
          case "script":
            lines.push(`{"update":{"_id":"${id}"}}`, `{"script":{"source":"ctx.op = 'noop'"}}`);
            break;
          default:
            lines.push(`{"delete":{"_id":"${id}"}}`);
        }
      }
      const ending = round % 5 === 0 ? "\r\n" : "\n";
      const { status, note } = await send("POST", `/${index}/_bulk`, lines.join(ending) + ending);
      assert.equal(status, 200);
      assert.equal(note?.notMirrored, 0, note?.reason);
    }
    await assertWhole(index);
    await assertEqual(index);
  });

  test("holds single documents, updates by script, and routed ones", async () => {
    const index = `${PREFIX}-single`;
    await send("PUT", `/${index}/_doc/1?routing=a`, '{"x":1.10,"when":"2024-10-27"}');
    await send("POST", `/${index}/_doc`, '{"x":2}');
    await send("PUT", `/${index}/_create/3`, '{"x":3}');
    assert.equal((await send("PUT", `/${index}/_create/3`, '{"x":4}')).note?.failed, 1);
    await send("POST", `/${index}/_update/3`, '{"doc":{"y":{"z":"new"}}}');
    await send("POST", `/${index}/_update/3`, '{"doc":{"y":{"z":"new"}}}');
    await send("POST", `/${index}/_update/9`, '{"scripted_upsert":false,"doc":{"a":1},"upsert":{"b":2}}');
    await send("DELETE", `/${index}/_doc/9`);
    await send("DELETE", `/${index}/_doc/nothing`);
    await assertWhole(index);
    await assertEqual(index);
    assert.equal((await send("DELETE", `/${index}`)).status, 200);
    await send("PUT", `/${index}/_doc/1?refresh=true`, '{"x":"now text"}');
    await assertWhole(index);
    await assertEqual(index);
    assert.equal(mirror.lastWrite(index)?.refreshed, true);
  });

  test("holds nested objects one by one, also in fields that came later", async () => {
    const index = `${PREFIX}-nested`;
    const mappings = `{"properties":{"seq":{"type":"long"},"c":{"type":"nested","include_in_root":true,"properties":{"a":{"type":"keyword"},"r":{"type":"nested","properties":{"n":{"type":"long"}}}}}}}`;
    await send("PUT", `/${index}`, `{"mappings":${mappings}}`);
    const documents = [
      '{"seq":0,"c":[{"a":"x","r":[{"n":1},{"n":2}]},{"a":["y","x"]}]}',
      '{"seq":1,"c":{"a":"y","r":{"n":3}}}',
      '{"seq":2,"c.a":"x","c.r.n":4}',
      '{"seq":3,"c":[null,{},[{"a":"z"}]]}',
      '{"seq":4}',
      '{"seq":5,"c":[{"a":"x","late":"first","t":"quick fox"},{"a":"q","late":"second"}]}',
    ];
    await send("POST", `/${index}/_bulk?refresh=true`, documents.map((text, i) => `{"index":{"_id":"${i}"}}\n${text}\n`).join(""));
    await send("DELETE", `/${index}/_doc/1?refresh=true`);
    await assertWhole(index);
    const tables = await mirror.tables(index);
    assert.ok(tables.kind === "tables");
    for (const body of [
      '{"query":{"nested":{"path":"c","query":{"term":{"c.a":"x"}},"inner_hits":{"sort":[{"c.a":"asc"}]}}},"sort":["seq"]}',
      '{"query":{"nested":{"path":"c","query":{"bool":{"filter":[{"term":{"c.a":"x"}},{"match":{"c.t":"fox"}}]}}}},"sort":["seq"]}',
      '{"query":{"nested":{"path":"c","query":{"bool":{"must_not":{"exists":{"field":"c.late"}}}}}},"sort":["seq"]}',
      '{"query":{"term":{"c.a":"z"}},"sort":["seq"]}',
      '{"size":0,"aggs":{"c":{"nested":{"path":"c"},"aggs":{"a":{"terms":{"field":"c.a"},"aggs":{"l":{"terms":{"field":"c.late.keyword"}},"r":{"nested":{"path":"c.r"},"aggs":{"n":{"sum":{"field":"c.r.n"}}}}}}}}}}',
    ]) {
      const theirs = parseJson(textOf((await elasticsearch.request("POST", `/${index}/_search`, body)).body));
      const input = {
        endpoint: "search" as const,
        body: objectOf(parseJson(body)),
        params: new Map(),
        tables: tables.tables,
        now: Date.now(),
      };
      const { answer } = await runClickHouse(clickhouse, input);
      const found = ["hits", "aggregations"].flatMap((name) =>
        differences(member(objectOf(theirs), name), member(answer?.body ?? {}, name), answer?.tolerances),
      );
      assert.deepEqual(found, [], body);
    }
  });

  test("reads back what an answer with filter_path leaves out", async () => {
    const index = `${PREFIX}-filtered`;
    const bulk = '{"index":{"_id":"1"}}\n{"a":1}\n{"index":{"_id":"2"}}\n{"a":2}\n';
    const { note } = await send("POST", `/${index}/_bulk?filter_path=errors,items.*.error`, bulk);
    assert.deepEqual({ ...note }, { indexed: 2, deleted: 0, failed: 0, notMirrored: 0, reason: "" });
    await assertWhole(index);
    await assertEqual(index);
  });

  test("says that an index had documents before, or gets some from elsewhere", async () => {
    const index = `${PREFIX}-before`;
    await elasticsearch.request("PUT", `/${index}/_doc/1?refresh=true`, '{"a":1}');
    const before = await mirror.tables(index);
    assert.match(before.kind === "not_compared" ? before.reason : "", /had documents before Parallax started \(1\)/);
    await send("PUT", `/${index}/_doc/2`, '{"a":2}');
    assert.equal((await mirror.tables(index)).kind, "not_compared");
    const other = `${PREFIX}-elsewhere`;
    await send("PUT", `/${other}/_doc/1`, '{"a":1}');
    await assertWhole(other);
    await elasticsearch.request("PUT", `/${other}/_doc/2?refresh=true`, '{"a":1}');
    await send("PUT", `/${other}/_doc/3?refresh=true`, '{"a":1}');
    const after = await mirror.tables(other);
    assert.match(after.kind === "not_compared" ? after.reason : "", /1 of its writes did not come through Parallax/);
    assert.equal((await mirror.tables(`${PREFIX}-none`)).kind, "rejected");
  });

  test("takes no version from elsewhere for a number that a refused document took, and settles one that left nothing", async () => {
    const index = `${PREFIX}-stale`;
    await send("PUT", `/${index}`, '{"mappings":{"properties":{"n":{"type":"long"}}}}');
    await send("PUT", `/${index}/_doc/1`, '{"n":1}');
    await send("PUT", `/${index}/_doc/2`, '{"n":1}');
    await assertWhole(index);
    assert.equal((await send("PUT", `/${index}/_doc/3`, '{"n":"no number"}')).status, 400);
    await elasticsearch.request("PUT", `/${index}/_doc/1`, '{"n":2}');
    await send("PUT", `/${index}/_doc/4?refresh=true`, '{"n":4}');
    const stale = await mirror.tables(index);
    assert.match(stale.kind === "not_compared" ? stale.reason : "whole", /1 of its writes did not come through Parallax/);
    // Written over, it lacks nothing any more.
    await send("PUT", `/${index}/_doc/1?refresh=true`, '{"n":3}');
    await until(
      () => mirror.tables(index),
      ({ kind }) => kind === "tables",
      60_000,
    );
    await assertEqual(index);
  });

  test("is whole for one that begins later, nested objects or none", async () => {
    const index = `${PREFIX}-inner`;
    await send("PUT", `/${index}`, '{"mappings":{"properties":{"o":{"type":"nested","properties":{"n":{"type":"long"}}}}}}');
    await send("PUT", `/${index}/_doc/1?refresh=true`, '{"o":[{"n":1},{"n":2},{"n":3}]}');
    await assertWhole(index);
    const later = new Mirror({ clickhouse, elasticsearch, database, log });
    const found = await later.tables(index);
    await later.close();
    assert.equal(found.kind, "tables", "reason" in found ? found.reason : "");
  });

  test("resolves aliases and wildcards, and refuses filtered aliases", async () => {
    const index = `${PREFIX}-aliased`;
    await send("PUT", `/${index}`, `{"aliases":{"${PREFIX}-all":{},"${PREFIX}-some":{"filter":{"term":{"a":1}}}}}`);
    await send("PUT", `/${PREFIX}-all/_doc/1`, '{"a":1}');
    const named = async (expression: string) => {
      const tables = await mirror.tables(expression);
      return tables.kind === "tables" ? tables.tables.map((table) => table.index) : tables;
    };
    assert.deepEqual(await named(`${PREFIX}-all`), [index]);
    assert.deepEqual(await named(`${PREFIX}-ali*`), [index]);
    const some = await mirror.tables(`${PREFIX}-some`);
    assert.match(some.kind === "not_compared" ? some.reason : "", /shows only some documents/);
  });

  test("holds data streams and what ingest pipelines make of documents", async () => {
    // The reference server can make data streams and not delete them: each run has its own.
    const stream = `${PREFIX}-stream-${Date.now()}`;
    const template = { index_patterns: [`${stream}*`], data_stream: {}, priority: 500, template: { settings: { number_of_replicas: 0 } } };
    await elasticsearch.request("PUT", `/_index_template/${stream}`, JSON.stringify(template));
    const pipeline = { processors: [{ set: { field: "added", value: "by pipeline" } }] };
    await elasticsearch.request("PUT", `/_ingest/pipeline/${stream}`, JSON.stringify(pipeline));
    try {
      const lines = (n: number) => `{"create":{}}\n{"@timestamp":"2024-11-0${n}T00:00:00Z","n":${n}}\n`;
      await send("POST", `/${stream}/_bulk?refresh=true`, lines(1) + lines(2));
      await send("POST", `/${stream}/_bulk?refresh=true&pipeline=${stream}`, lines(3));
      await send("POST", `/${stream}/_rollover`);
      await send("POST", `/${stream}/_bulk?refresh=true`, lines(4));
      const tables = await mirror.tables(stream);
      assert.ok(tables.kind === "tables", JSON.stringify(tables));
      assert.equal(tables.tables.length, 2);
      for (const { index } of tables.tables) await assertEqual(index);
      assert.equal(mirror.lastWrite(tables.tables[0]?.index ?? "")?.refreshed, true);
    } finally {
      await elasticsearch.request("DELETE", `/_data_stream/${stream}`);
      await elasticsearch.request("DELETE", `/_index_template/${stream}`);
      await elasticsearch.request("DELETE", `/_ingest/pipeline/${stream}`);
    }
  });

  test("takes thousands of documents a second", async () => {
    const index = `${PREFIX}-fast`;
    const line = (i: number) =>
      `{"index":{}}\n{"@timestamp":${1_700_000_000_000 + i},"level":"info","host":{"name":"web-${i % 20}"},"bytes":${i},"message":"GET /images/${i}.png took ${i % 100} ms"}\n`;
    const bodies = Array.from({ length: 6 }, (_, b) => Array.from({ length: 5000 }, (_, i) => line(b * 5000 + i)).join(""));
    let spent = 0;
    for (const body of bodies) {
      const bytes = Buffer.from(body);
      const answer = await elasticsearch.request("POST", `/${index}/_bulk`, bytes, { type: "application/x-ndjson" });
      const started = performance.now();
      await mirror.write({
        method: "POST",
        route: route("POST", `/${index}/_bulk`),
        body: bytes,
        status: answer.status,
        answer: answer.body,
        time: Date.now(),
      });
      spent += performance.now() - started;
    }
    console.log(`mirrored ${Math.round((30_000 / spent) * 1000)} documents/s`);
    await assertWhole(index);
  });
});
