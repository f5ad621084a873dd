import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { print } from "../../../src/main/clickhouse/sql/print.ts";
import { parseMapping } from "../../../src/main/elasticsearch/mapping.ts";
import { translateSearch } from "../../../src/main/translate/search.ts";
import type { IndexTable, Translation } from "../../../src/main/translate/types.ts";
import { type JsonObject, parseJson, printJson } from "../../../src/shared/json.ts";

const table = (index: string, properties: JsonObject): IndexTable => ({
  index,
  database: "mirror",
  table: index,
  mapping: parseMapping({ properties }),
  shards: 1,
  final: false,
});
const LOGS = table("logs", { at: { type: "date" }, host: { type: "keyword" }, message: { type: "text" } });

function translate(
  body: JsonObject,
  tables: readonly IndexTable[] = [LOGS],
  params: readonly (readonly [string, string])[] = [],
): Translation {
  return translateSearch({ endpoint: "search", body, params: new Map(params), tables, now: 0 });
}

function sqlOf(translation: Translation): readonly string[] {
  return translation.kind === "translated" ? translation.statements.map(({ query }) => print(query).sql) : [];
}

describe("translating a search", () => {
  test("counts up to the cap and fetches the window in order", () => {
    assert.deepEqual(sqlOf(translate({ query: { term: { host: "a" } }, size: 5, from: 10, sort: [{ host: "desc" }] })), [
      "SELECT count() AS `#total`\nFROM (\n  SELECT 1\n  FROM mirror.logs\n  WHERE has(host, {p0:String})\n  LIMIT 10001\n)",
      "SELECT\n  {p0:String} AS _index,\n  _id,\n  _routing,\n  _source,\n  arraySlice(array(arrayElement(host, -1)), 1, notEmpty(host)) AS _sort0\nFROM mirror.logs\nWHERE has(host, {p1:String})\nORDER BY empty(host), arrayElement(host, -1) DESC, _shard, _seq_no\nLIMIT 5 OFFSET 10",
    ]);
  });
  test("asks for no count where none is tracked, and for no hits where none are wanted", () => {
    assert.deepEqual(sqlOf(translate({ size: 0, track_total_hits: false })), []);
  });
  test("names every part that has no SQL, by its pointer", () => {
    const translation = translate(
      { query: { has_child: { type: "a", query: { match_all: {} } } }, knn: { field: "host" }, retriever: {} },
      [LOGS],
      [["search_type", "dfs_query_then_fetch"]],
    );
    const pointers = translation.kind === "unsupported" ? translation.unsupported.map(({ pointer }) => pointer) : [];
    assert.deepEqual(pointers, ["?search_type", "/knn", "/retriever", "/query/has_child"]);
  });
  test("orders by _doc beside nested objects in one shard, and not over several", () => {
    const nested = table("orders", { items: { type: "nested", properties: { name: { type: "keyword" } } } });
    assert.equal(translate({ sort: ["_doc"] }, [nested]).kind, "translated");
    const several = translate({ sort: ["_doc"] }, [{ ...nested, shards: 3 }]);
    assert.deepEqual(several.kind === "unsupported" && several.unsupported.map(({ pointer }) => pointer), ["/sort/0"]);
  });
  test("takes as large a page as the least of the indices' max_result_window lets through", () => {
    const wide = { ...table("wide", {}), resultWindow: 50_000 };
    assert.equal(translate({ size: 20_000 }, [wide]).kind, "translated");
    assert.equal(translate({ size: 20_000 }, [wide, LOGS]).kind, "rejected");
    const narrow = translate({ size: 200 }, [{ ...LOGS, resultWindow: 100 }]);
    assert.match(narrow.kind === "rejected" ? narrow.error.reason : "", /less than or equal to: \[100\] but was \[200\]/);
  });
  test("foresees what Elasticsearch refuses", () => {
    const translation = translate({ from: 9999, size: 2 });
    assert.equal(translation.kind === "rejected" ? translation.error.errorType : "", "illegal_argument_exception");
  });
  test("reads two indices as one, a column that one lacks as empty", () => {
    const other = table("other", { at: { type: "date" } });
    const [, hits = ""] = sqlOf(translate({ query: { exists: { field: "host" } }, sort: ["at"] }, [LOGS, other]));
    assert.match(hits, /UNION ALL/);
    assert.match(hits, /defaultValueOfTypeName\('Array\(String\)'\) AS host/);
  });
  test("refuses a field that two indices map differently, naming both", () => {
    const other = table("other", { host: { type: "long" } });
    const translation = translate({ query: { term: { host: "1" } }, size: 0 }, [LOGS, other]);
    const [first] = translation.kind === "unsupported" ? translation.unsupported : [];
    assert.equal(first?.pointer, "/query/term/host");
    assert.match(first?.reason ?? "", /keyword in \[logs\].*long, in \[other\]/);
  });
  test("shapes rows into hits as Elasticsearch writes them", () => {
    const translation = translate({ sort: ["at"], fields: ["host"], _source: ["host"] });
    assert.equal(translation.kind, "translated");
    if (translation.kind !== "translated") return;
    const row = {
      _index: "logs",
      _id: "1",
      _routing: "",
      _source: '{"host":["b","a"],"message":"x","n":1.10}',
      _sort0: parseJson("1700000000000"),
    };
    const { body } = translation.shape(
      new Map([
        ["count", [{ "#total": 1 }]],
        ["hits", [row]],
      ]),
    );
    assert.equal(
      printJson(body),
      '{"timed_out":false,"hits":{"total":{"value":1,"relation":"eq"},"max_score":null,"hits":[{"_index":"logs","_id":"1","_score":null,"_source":{"host":["b","a"]},"fields":{"host":["b","a"]},"sort":[1700000000000]}]}}',
    );
  });
  test("takes the URL's parameters over the body's", () => {
    const translation = translate(
      { size: 5 },
      [LOGS],
      [
        ["q", "host:a"],
        ["size", "0"],
        ["rest_total_hits_as_int", "true"],
      ],
    );
    assert.deepEqual(sqlOf(translation), ["SELECT count() AS `#total`\nFROM mirror.logs\nWHERE has(host, {p0:String})"]);
    const shaped = translation.kind === "translated" ? translation.shape(new Map([["count", [{ "#total": 3 }]]])).body : {};
    assert.equal(printJson(shaped), '{"timed_out":false,"hits":{"total":3,"max_score":null,"hits":[]}}');
  });
});
