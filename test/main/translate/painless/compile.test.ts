// Scripts of a request as SQL text, and what of them is unsupported or refused, by pointer.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { print } from "../../../../src/main/clickhouse/sql/print.ts";
import { parseMapping } from "../../../../src/main/elasticsearch/mapping.ts";
import { translateSearch } from "../../../../src/main/translate/search.ts";
import type { Translation } from "../../../../src/main/translate/types.ts";
import { type JsonObject, RawNumber } from "../../../../src/shared/json.ts";

const MAPPINGS: JsonObject = {
  properties: { n: { type: "long" }, k: { type: "keyword" }, t: { type: "text" } },
  runtime: { half: { type: "long", script: { source: "if (doc['n'].size() > 0) emit(doc['n'].value / 2)" } } },
};

function translate(body: JsonObject): Translation {
  const table = { index: "i", database: "d", table: "i", mapping: parseMapping(MAPPINGS), shards: 1, final: false };
  return translateSearch({ endpoint: "search", body, params: new Map(), tables: [table], now: 0 });
}

function sqlOf(body: JsonObject, name: string): string {
  const translation = translate(body);
  assert.equal(translation.kind, "translated");
  const statement = translation.kind === "translated" ? translation.statements.find((each) => each.name === name) : undefined;
  return statement === undefined ? "" : print(statement.query).sql;
}

const script = (source: string): JsonObject => ({ script_fields: { x: { script: { source } } } });

describe("a script over documents", () => {
  test("is an expression over columns", () => {
    assert.match(sqlOf({ query: { script: { script: "doc['n'].size() > 1" } } }, "count"), /toInt32\(length\(n\)\) > \{p\d+:Int32\}/);
  });
  test("has a statement of its own where it may fail, and none where it can't", () => {
    assert.match(sqlOf({ sort: { _script: { type: "number", script: "doc['n'].value" } } }, "scripts"), /empty\(n\)/);
    assert.equal(sqlOf({ sort: { _script: { type: "number", script: "doc['n'].size()" } } }, "scripts"), "");
  });
  test("that fails on each shard is Elasticsearch's refusal", () => {
    const translation = translate({ sort: { _script: { type: "number", script: "doc['n'].value" } } });
    assert.ok(translation.kind === "translated");
    const failing = new Map([
      ["scripts", [{ "#throws0": new RawNumber("1"), "#type0_0": new RawNumber("3"), "#unknown0": new RawNumber("0") }]],
    ]);
    assert.throws(() => translation.shape(failing), { name: "RejectedRequest", errorType: "script_exception" });
  });
  test("reads runtime fields of the mapping like any other", () => {
    assert.match(sqlOf({ query: { term: { half: 3 } } }, "count"), /intDiv\(/);
  });
  test("lets runtime fields of the request shadow those of the mapping", () => {
    const body = { runtime_mappings: { half: { type: "keyword", script: "emit('x')" } }, query: { term: { half: "x" } } };
    assert.doesNotMatch(sqlOf(body, "count"), /intDiv\(/);
  });
  for (const [source, named] of [
    ["new Date().getTime()", "new Date"],
    ["Math.exp(1)", "Math.exp"],
    ["doc['k'].value.hashCode()", "hashCode"],
    ["nothing", "nothing"],
    ["doc['k'].value =~ /(?=a)/ ", "regular expression"],
    ["params._source.k", "_source"],
  ] as const) {
    test(`is unsupported by name: ${source}`, () => {
      const translation = translate(script(source));
      const [first] = translation.kind === "unsupported" ? translation.unsupported : [];
      assert.equal(first?.pointer, "/script_fields/x");
      assert.ok(first?.reason.includes(named), first?.reason);
    });
  }
  test("refuses more script fields than Elasticsearch allows", () => {
    const fields = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`f${i}`, { script: { source: "1" } }]));
    const translation = translate({ script_fields: fields });
    assert.equal(translation.kind === "rejected" ? translation.error.errorType : "", "illegal_argument_exception");
  });
  test("grows no SQL beyond reason", () => {
    const source = `def a = doc['n'].size(); ${"a = a + a; ".repeat(40)} return a`;
    const translation = translate(script(source));
    assert.match(translation.kind === "unsupported" ? (translation.unsupported[0]?.reason ?? "") : "", /too long/);
  });
});
