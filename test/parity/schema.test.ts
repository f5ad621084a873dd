// Documents and mappings that are easy to lose, through a real Elasticsearch: what it took ClickHouse has, byte for byte; what it refused
// ClickHouse has not; and the table stays one that is compared.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { ElasticsearchClient } from "../../src/main/elasticsearch/client.ts";
import { route } from "../../src/main/elasticsearch/route.ts";
import { Mirror } from "../../src/main/mirror/mirror.ts";
import { type JsonValue, printJson } from "../../src/shared/json.ts";
import { testDatabase } from "../support/clickhouse_server.ts";
import { ourDocuments, theirDocuments } from "../support/reconciled_index.ts";
import { connectClickHouse } from "../support/two_engines.ts";

const address = process.env.PARALLAX_TEST_ELASTICSEARCH ?? "";
const skip = address === "" ? "needs a real Elasticsearch: set PARALLAX_TEST_ELASTICSEARCH to its URL" : false;
const PREFIX = "schema-parity";

const bytes = (text: string): Buffer => Buffer.from(text, "utf8");
const raw = (before: string, middle: readonly number[], end: string): Buffer =>
  Buffer.concat([bytes(before), Buffer.from(middle), bytes(end)]);

/** Documents that Elasticsearch takes or refuses, it decides which. */
const VALUES: readonly Buffer[] = [
  '{"long":9007199254740993,"neg":-9223372036854775808,"most":9223372036854775807}',
  '{"big":18446744073709551616}',
  '{"d":[1.0,-0,-0.0,1e308,5e-324,0.1,1.10,100E-2]}',
  '{"f":1e400}',
  '{"date":["2024-02-29","2024-02-29T23:59:60Z","1970-01-01T00:00:00.000000001Z"]}',
  '{"date2":"2024-02-29T12:00:00.123456789+02:00"}',
  '{"none":null,"empty":[],"nulls":[null,null],"mixed":[1,null,2]}',
  '{"nest":[[1,[2,[3,[]]]],[[{"x":[{"y":[1,2]},{"y":3}]}]]]}',
  '{"a.b":1,"a":{"b":2,"c.d":[3]},"a.c":{"d":4}}',
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"x":1}},"toString":"t","hasOwnProperty":1,"valueOf":[1]}',
  '{"nested_proto":{"__proto__":[1,{"__proto__":2}]}}',
  '{\n "spaced" :\t"as sent" , "é😀" : "\\u00e9\\ud83d\\ude00" }',
  '{"half":"\\ud800 x","nul":"a\\u0000b","ctl":"\\u0001\\u001f","slash":"\\/"}',
  '{"":1}',
  '{" ":1,"  x":2}',
  '{"dup":1,"dup":2}',
  '{"trail.":1}',
  '{".lead":1}',
  '{"a..b":1}',
  '{"obj":{}, "objs":[{},{"x":null}]}',
  '{"text":""}',
].map(bytes);

const ODD_BYTES: readonly Buffer[] = [
  raw('{"odd":"', [0xff, 0xfe], '"}'),
  raw('{"odd":"cut ', [0xe2, 0x82], '"}'),
  raw('{"odd":"', [0xf0, 0x9f, 0x98, 0x80, 0xc3, 0xa9], '"}'),
  raw("", [0xef, 0xbb, 0xbf], '{"odd":"marked"}'),
];

describe("documents and mappings beside a real Elasticsearch", { skip, concurrency: false, timeout: 300_000 }, async () => {
  if (address === "") return;
  const elasticsearch = new ElasticsearchClient(address);
  const { url, database } = await testDatabase("schema_parity");
  const clickhouse = connectClickHouse(url);
  const warnings: string[] = [];
  const log = {
    write: (_level: string, message: string, told?: object) => void warnings.push(`${message} ${printJson({ ...told })}`),
    flushed: async () => {},
  };
  const mirror = new Mirror({ clickhouse, elasticsearch, database, log });
  after(async () => {
    await elasticsearch.request("DELETE", `/${PREFIX}-*`);
    await mirror.close();
    await clickhouse.close();
    elasticsearch.close();
  });

  /** Sends a request as a client would, and hands it to the mirror as the proxy would. */
  async function send(method: string, path: string, body: Buffer) {
    const type = path.includes("_bulk") ? "application/x-ndjson" : "application/json";
    const answer = await elasticsearch.request(method, path, body, { type });
    const note = await mirror.write({
      method,
      route: route(method, path),
      body,
      status: answer.status,
      answer: answer.body,
      time: Date.now(),
    });
    return { status: answer.status, note };
  }

  async function make(name: string, definition: JsonValue): Promise<string> {
    const index = `${PREFIX}-${name}`;
    await elasticsearch.request("DELETE", `/${index}`);
    const { status } = await send("PUT", `/${index}`, bytes(printJson(definition)));
    assert.equal(status, 200);
    return index;
  }

  /** Puts documents one by one; resolves to how many Elasticsearch took. */
  async function put(index: string, documents: readonly Buffer[], from = 0): Promise<number> {
    let taken = 0;
    for (const [i, document] of documents.entries())
      if ((await send("PUT", `/${index}/_doc/${from + i}`, document)).status < 300) taken += 1;
    return taken;
  }

  async function assertEqual(index: string): Promise<number> {
    assert.ok(await mirror.caughtUp([index], { deadlineMs: 60_000 }));
    const theirs = await theirDocuments(elasticsearch, index);
    const ours = await ourDocuments(clickhouse, database, index);
    assert.deepEqual([...ours.documents].toSorted(), [...theirs].toSorted(), warnings.join("\n"));
    assert.equal(ours.rows, theirs.size);
    const { kind, ...told } = await mirror.tables(index);
    assert.equal(kind, "tables", JSON.stringify(told).slice(0, 300));
    return theirs.size;
  }

  test("keep longs past 2^53, doubles, dates, nulls, nested arrays, dotted and inherited names, escapes and spaces", async () => {
    for (const shards of [1, 3]) {
      const index = await make(`values-${shards}`, { settings: { number_of_shards: shards, number_of_replicas: 0 } });
      const taken = await put(index, VALUES);
      assert.ok(taken >= 8, `${taken} taken`);
      assert.equal(await assertEqual(index), taken);
    }
    assert.equal(Reflect.get({}, "polluted"), undefined);
    assert.equal(Reflect.get({}, "x"), undefined);
  });

  test("keep bytes that are no text, where Elasticsearch takes them", async () => {
    const index = await make("bytes", { mappings: { properties: { odd: { type: "keyword" } } } });
    assert.ok((await put(index, ODD_BYTES)) >= 2);
    await assertEqual(index);
  });

  test("keep what is not mapped: dynamic strict, false and runtime, objects that are not looked into, names with dots kept whole", async () => {
    const document = bytes('{"known":"k","new":{"deep":[1,{"er":"x"}]},"dotted.name":1,"obj":{"any":[{"thing":1}],"__proto__":1}}');
    const later = bytes('{"new":{"deep":{"other":[1,{"so":"on"}]},"deep.more":2},"obj":{"any":[{"thing":2,"x":{"y":"z"}}]},"new.deep":7}');
    for (const [name, mappings] of [
      ["strict", { dynamic: "strict" }],
      ["false", { dynamic: false }],
      ["runtime", { dynamic: "runtime" }],
      ["disabled", { properties: { new: { type: "object", enabled: false }, obj: { type: "object", enabled: false } } }],
      ["whole-off", { enabled: false }],
      ["flat-names", { subobjects: false }],
      ["inner", { properties: { obj: { type: "object", dynamic: "strict" }, new: { type: "object", subobjects: false } } }],
      ["flattened", { properties: { obj: { type: "flattened" }, new: { type: "flattened" } } }],
    ] as const) {
      const own = { properties: { known: { type: "keyword" } } };
      const index = await make(`mapped-${name}`, { mappings: { ...own, ...mappings } });
      await put(index, [document, bytes('{"known":["a","b",null]}'), later]);
      await assertEqual(index);
    }
  });

  test("keep keywords of a megabyte, cut from the index or refused", async () => {
    const long = "x".repeat(1024 * 1024);
    const properties = {
      cut: { type: "keyword", ignore_above: 100 },
      text: { type: "text", index: false },
      bare: { type: "keyword" },
      unindexed: { type: "keyword", index: false, doc_values: false },
    };
    const index = await make("long", { mappings: { properties } });
    const documents = Object.keys(properties).map((name) => bytes(printJson({ [name]: `${name} ${long}` })));
    assert.equal(await put(index, documents), 3);
    await assertEqual(index);
  });

  test("find new fields while many write at once, and types that differ between indices of one alias", async () => {
    const alias = { [`${PREFIX}-all`]: {} };
    const one = await make("types-1", { aliases: alias, mappings: { properties: { v: { type: "long" } } } });
    const two = await make("types-2", { aliases: alias, mappings: { properties: { v: { type: "text" } } } });
    const writers = Array.from({ length: 6 }, async (_, w) => {
      for (let i = 0; i < 12; i += 1) {
        const index = (w + i) % 2 === 0 ? one : two;
        const lines = Array.from(
          { length: 5 },
          (_, k) => `{"index":{"_id":"${w}-${i}-${k}"}}\n{"v":"${k}","f${w}_${i}":{"n${k}":[${k},${i}]}}\n`,
        );
        await send("POST", `/${index}/_bulk`, bytes(lines.join("")));
      }
    });
    await Promise.all(writers);
    assert.equal((await assertEqual(one)) + (await assertEqual(two)), 360);
    const both = await mirror.tables(`${PREFIX}-all`);
    assert.equal(both.kind === "tables" ? both.tables.length : both.kind, 2);
  });

  test("make a field of another type when the index is made anew", async () => {
    for (const type of ["long", "keyword", "date", "nested", "text"]) {
      const value = type === "nested" ? '{"a":1}' : type === "date" ? '"2024-01-01"' : '"7"';
      const index = await make("anew", { mappings: { properties: { v: { type } } } });
      await send("DELETE", `/${index}`, bytes(""));
      await make("anew", { mappings: { properties: { v: { type } } } });
      await put(index, [bytes(`{"v":${value}}`), bytes(`{"v":[${value},${value}]}`)]);
      assert.equal(await assertEqual(index), 2);
      await send("DELETE", `/${index}`, bytes(""));
    }
  });
});
