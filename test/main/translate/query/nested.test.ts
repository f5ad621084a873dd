import assert from "node:assert/strict";
import { test } from "node:test";
import { printExpr } from "../../../../src/main/clickhouse/sql/print.ts";
import { parseMapping } from "../../../../src/main/elasticsearch/mapping.ts";
import { contextOf } from "../../../../src/main/translate/context.ts";
import { RejectedRequest, UnsupportedClause } from "../../../../src/main/translate/failure.ts";
import { compileQuery } from "../../../../src/main/translate/query/index.ts";
import { isObject, parseJson } from "../../../../src/shared/json.ts";

const MAPPINGS = parseJson(
  '{"properties":{"a":{"type":"keyword"},"c":{"type":"nested","properties":{"k":{"type":"keyword"},"r":{"type":"nested","properties":{"n":{"type":"long"}}}}}}}',
);

function where(query: string): string {
  const mapping = parseMapping(isObject(MAPPINGS) ? MAPPINGS : {});
  const table = { index: "i", database: "d", table: "i", mapping, shards: 1, final: false };
  return printExpr(compileQuery(parseJson(query), "/query", contextOf([table], 0)).where).sql;
}

test("an object's conditions hold for the same object", () => {
  assert.equal(
    where('{"nested":{"path":"c","query":{"term":{"c.k":"x"}}}}'),
    "arrayExists(`c/k#1` -> has(`c/k#1`, {p0:String}), arrayResize(`c/k`, length(`c#up`)))",
  );
});

test("any object at all is a list that is not empty", () => {
  assert.equal(where('{"nested":{"path":"c","query":{"match_all":{}}}}'), "notEmpty(`c#up`)");
});

test("inside, the document's own fields are not there", () => {
  assert.match(where('{"nested":{"path":"c","query":{"term":{"a":"x"}}}}'), /-> 0, /);
});

test("objects inside objects are those of the object at hand", () => {
  const sql = where('{"nested":{"path":"c","query":{"nested":{"path":"c.r","query":{"term":{"c.r.n":1}}}}}}');
  assert.match(sql, /`c\/r#up#2` = `c#1`/);
});

test("a path without nested objects is refused", () => {
  assert.throws(() => where('{"nested":{"path":"a","query":{"match_all":{}}}}'), RejectedRequest);
  assert.equal(where('{"nested":{"path":"a","ignore_unmapped":true,"query":{"match_all":{}}}}'), "0");
});

test("a name that is no text has no SQL", () => {
  assert.throws(() => where('{"nested":{"path":"c","_name":5,"query":{"match_all":{}}}}'), UnsupportedClause);
});
