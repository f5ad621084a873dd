// A small table of documents that are easy to get wrong, and the two things a clause's test says: the SQL of the clause,
// and which documents it finds. The SQL runs where a ClickHouse is given.
import assert from "node:assert/strict";
import { test } from "node:test";
import { printExpr } from "../../src/main/clickhouse/sql/print.ts";
import { parseMapping } from "../../src/main/elasticsearch/mapping.ts";
import { contextOf } from "../../src/main/translate/context.ts";
import { RejectedRequest, UnsupportedClause } from "../../src/main/translate/failure.ts";
import { compileQuery } from "../../src/main/translate/query/index.ts";
import type { IndexTable } from "../../src/main/translate/types.ts";
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../src/shared/json.ts";
import { connectClickHouse, mirror, runClickHouse } from "./two_engines.ts";

export const BENCH_MAPPING: JsonObject = {
  dynamic: false,
  properties: {
    kw: { type: "keyword" },
    low: { type: "keyword", null_value: "none" },
    t: { type: "text", fields: { raw: { type: "keyword", ignore_above: 12 } } },
    l: { type: "long" },
    d: { type: "double" },
    f: { type: "float" },
    hf: { type: "half_float" },
    dt: { type: "date" },
    b: { type: "boolean" },
    ip: { type: "ip" },
    g: { type: "geo_point" },
    o: { properties: { x: { type: "keyword" }, y: { type: "integer" } } },
    n: { type: "nested", properties: { a: { type: "keyword" } } },
    al: { type: "alias", path: "kw" },
  },
};

/** Their `_id` is their place in the list. */
export const BENCH_DOCUMENTS: readonly string[] = [
  '{"kw":"a","t":"quick brown fox","l":5,"d":0.0,"f":0.1,"hf":0.1,"dt":"2024-10-27","b":true,"ip":"10.0.0.7","g":{"lat":48.5,"lon":2.5}}',
  '{"kw":["b","a","b"],"t":["brown fox","quick fox fox"],"l":[1,9],"d":-0.0,"dt":1730002800000,"b":"false","ip":"::1"}',
  '{"kw":[],"t":"","l":null,"d":[1e308,-1e308],"low":null,"dt":"2024-10-28T00:00:00+02:00","g":"48.6,2.6"}',
  '{"kw":"","t":"It\'s 3,000 items","l":9007199254740993,"d":0.1,"f":16777217,"dt":"2024-10-01","ip":["192.168.1.1","10.0.0.200"]}',
  '{"kw":"é","t":"naïve café","l":-5,"low":"Foo","dt":-1,"g":[170.5,-10]}',
  '{"kw":"foo*bar","t":"foo.bar user@example.com","l":"42","d":2.5,"b":""}',
  '{"kw":"FOO","t":"QUICK-brown x y fox","l":6.9,"o":{"x":"p"}}',
  '{"kw":"line\\nbreak","t":"timeout after 30s","o":[{"y":3},{"x":["q","p"]}],"n":[{"a":"x"}]}',
  '{"kw":"100%","t":["fox","a much longer text than twelve"],"l":9223372036854775807,"ip":"2001:db8::7"}',
  "{}",
  '{"kw":"😀","t":"The fox and the quick","dt":"2024-11-19T04:34","b":[true,false]}',
  '{"kw":["abc","ab"],"t":"foxes","l":[5,42],"d":[0.2,0.3],"hf":2049,"dt":["2024-10-26","2025-01-01"]}',
];

export const BENCH_NOW = Date.UTC(2024, 9, 28, 12);

const database = "test_clauses";
let loaded: Promise<IndexTable> | undefined;

function table(name: string): IndexTable {
  return { index: name, database, table: name, mapping: parseMapping(BENCH_MAPPING), shards: 1, final: false };
}

/** Loads the documents once for this file. */
async function benchTable(name: string): Promise<IndexTable> {
  const address = process.env.PARALLAX_TEST_CLICKHOUSE ?? "";
  const engines = { elasticsearch: "", clickhouse: connectClickHouse(address), database };
  loaded ??= mirror(engines, { name, mappings: BENCH_MAPPING, documents: BENCH_DOCUMENTS }, parseMapping(BENCH_MAPPING));
  return await loaded;
}

/** One case: a query, the SQL of its condition with values in their places, and the `_id`s that it finds. */
export type ClauseCase = readonly [name: string, query: JsonValue, sql: string, ids: readonly number[]];

/** Tests of one clause; each name is a sentence. `file` keeps tables of test files apart. */
export function testClause(file: string, cases: readonly ClauseCase[]): void {
  for (const [name, query, sql, ids] of cases) {
    test(name, async (t) => {
      assert.equal(conditionOf(query, table(file)), sql);
      if (process.env.PARALLAX_TEST_CLICKHOUSE === undefined) {
        t.diagnostic("no ClickHouse given: the SQL did not run");
        return;
      }
      assert.deepEqual(await idsOf(query, await benchTable(file)), ids);
    });
  }
}

/** SQL of a query's condition, parameters written where they stand. */
export function conditionOf(query: JsonValue, on: IndexTable): string {
  const { sql, params } = printExpr(compileQuery(query, "/query", contextOf([on], BENCH_NOW)).where);
  const values = new Map(params.map(({ name, value }) => [name, value]));
  return sql.replace(/\{(p\d+):([^}]*)\}/g, (_, name: string, type: string) => `<${values.get(name) ?? ""}:${type}>`);
}

/** The `_id`s that a query finds, in order. */
export async function idsOf(query: JsonValue, on: IndexTable): Promise<readonly number[]> {
  const clickhouse = connectClickHouse(process.env.PARALLAX_TEST_CLICKHOUSE ?? "");
  const body: JsonObject = { query: { bool: { filter: [query] } }, size: 100, _source: false };
  const { answer } = await runClickHouse(clickhouse, { endpoint: "search", body, params: new Map(), tables: [on], now: BENCH_NOW });
  const hits = answer === null ? undefined : member(answer.body, "hits");
  const list = isObject(hits) ? member(hits, "hits") : undefined;
  return (isArray(list) ? list : []).map((hit) => Number(isObject(hit) ? member(hit, "_id") : Number.NaN));
}

/** Asserts that a query is refused at this pointer. */
export function assertUnsupported(query: JsonValue, pointer: string): void {
  assert.throws(
    () => compileQuery(query, "/query", contextOf([table("none")], BENCH_NOW)),
    (error: unknown) => error instanceof UnsupportedClause && error.pointer === pointer,
  );
}

/** Asserts that Elasticsearch's own refusal is foreseen, by its type. */
export function assertRejected(query: JsonValue, errorType: string): void {
  assert.throws(
    () => compileQuery(query, "/query", contextOf([table("none")], BENCH_NOW)),
    (error: unknown) => error instanceof RejectedRequest && error.errorType === errorType,
  );
}
