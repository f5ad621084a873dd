// What is left of a search whose clauses have no SQL.
import assert from "node:assert/strict";
import { test } from "node:test";
import { print } from "../../../src/main/clickhouse/sql/print.ts";
import { parseMapping } from "../../../src/main/elasticsearch/mapping.ts";
import { translatePartially } from "../../../src/main/translate/partial.ts";
import { translateSearch } from "../../../src/main/translate/search.ts";
import type { Statement } from "../../../src/main/translate/types.ts";
import type { JsonObject } from "../../../src/shared/json.ts";

const mapping = parseMapping({ properties: { n: { type: "long" }, k: { type: "keyword" } } });
const tables = [{ index: "a", database: "d", table: "a", mapping, shards: 1, final: false }];
const NONE = { scripted_metric: { init_script: "", map_script: "", combine_script: "", reduce_script: "" } };

function partial(body: JsonObject) {
  const input = { endpoint: "search" as const, body, params: new Map<string, string>(), tables, now: 0 };
  const whole = translateSearch(input);
  assert.equal(whole.kind, "unsupported");
  const { translation, unsupported } = translatePartially(input, whole.kind === "unsupported" ? whole.unsupported : []);
  return { statements: translation?.statements.map(({ name }) => name) ?? null, pointers: unsupported.map(({ pointer }) => pointer) };
}

test("one aggregation without SQL leaves the others, and every such one is named", () => {
  const aggs = { a: { max: { field: "n" } }, b: NONE, c: { terms: { field: "k" }, aggs: { d: NONE, e: { sum: { field: "n" } } } } };
  const { statements, pointers } = partial({ size: 0, aggs });
  assert.ok(statements !== null && statements.length >= 2, String(statements));
  assert.deepEqual(pointers, ["/aggs/b/scripted_metric", "/aggs/c/aggs/d/scripted_metric"]);
});

test("a query without SQL leaves nothing, for the rest would mean something else", () => {
  assert.deepEqual(partial({ query: { percolate: { field: "k", document: {} } }, aggs: { a: { max: { field: "n" } } } }).statements, null);
});

test("an order without SQL leaves the aggregations, and hits no more", () => {
  const { statements } = partial({ sort: [{ _script: { type: "string", script: "nope(" } }], aggs: { a: { max: { field: "n" } } } });
  assert.ok(statements !== null && !statements.includes("hits"), String(statements));
});

test("what an aggregation of another's order leads to goes with it, or nothing is left", () => {
  const aggs = { c: { terms: { field: "k", order: { d: "desc" } }, aggs: { d: NONE } } };
  assert.deepEqual(partial({ size: 0, aggs }).pointers.length >= 1, true);
});

test("a suggestion without SQL leaves the others, and no hits where none were looked for", () => {
  const term = { text: "b", term: { field: "k" } };
  assert.deepEqual(partial({ suggest: { a: { text: "b", phrase: { field: "k" } }, b: term } }), {
    statements: ["count", "hits", "suggest b shards", "suggest b 1"],
    pointers: ["/suggest/a/phrase"],
  });
  const search = translateSearch({ endpoint: "search", body: { suggest: { b: term } }, params: new Map(), tables, now: 0 });
  assert.match(search.kind === "translated" ? printed(search.statements, "hits") : search.kind, /WHERE 0/i);
});

function printed(statements: readonly Statement[], name: string): string {
  const found = statements.find((statement) => statement.name === name);
  return found === undefined ? "" : print(found.query).sql;
}
