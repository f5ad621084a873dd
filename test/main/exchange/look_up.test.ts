import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY_MAPPING } from "../../../src/main/elasticsearch/mapping.ts";
import { lookUp } from "../../../src/main/exchange/look_up.ts";
import type { SearchRequest } from "../../../src/main/exchange/search_request.ts";
import { UnsupportedClause } from "../../../src/main/translate/failure.ts";
import { lookedUpValues, readLookup } from "../../../src/main/translate/lookups.ts";
import type { IndexTable } from "../../../src/main/translate/types.ts";
import { isObject, type JsonObject, parseJson } from "../../../src/shared/json.ts";

const TABLE: IndexTable = { index: "l", database: "d", table: "l", mapping: EMPTY_MAPPING, shards: 1, final: false };

function searchOf(lookup: string): SearchRequest {
  const body = parseJson(`{"query":{"bool":{"filter":[{"terms":{"f":${lookup}}}]}}}`);
  assert.ok(isObject(body));
  return { position: 0, index: "i", body, text: "", params: new Map(), endpoint: "search" };
}

const LOOKUP = '{"index":"l","id":"1","path":"a.b"}';
const asked = (): JsonObject => {
  const parsed = parseJson(LOOKUP);
  assert.ok(isObject(parsed));
  return parsed;
};

test("the values of the document named stand for the terms, without nulls", async () => {
  const rows = [{ _source: '{"a":[{"b":["x",null]},{"b":"y"}]}' }];
  const found = await lookUp(
    searchOf(LOOKUP),
    [],
    0,
    async () => ({ kind: "tables", tables: [TABLE] }),
    async () => rows,
  );
  assert.ok(found.kind === "looked_up");
  assert.deepEqual(lookedUpValues(found.documents, readLookup(asked()), "/q"), ["x", "y"]);
});

test("a document that is not there has none", async () => {
  const found = await lookUp(
    searchOf(LOOKUP),
    [],
    0,
    async () => ({ kind: "tables", tables: [TABLE] }),
    async () => [],
  );
  assert.ok(found.kind === "looked_up");
  assert.deepEqual(lookedUpValues(found.documents, readLookup(asked()), "/q"), []);
});

test("a pattern of indices is none, and an alias of several is open", async () => {
  const several = await lookUp(
    searchOf(LOOKUP),
    [],
    0,
    async () => ({ kind: "tables", tables: [TABLE, TABLE] }),
    async () => [],
  );
  assert.ok(several.kind === "looked_up");
  assert.throws(() => lookedUpValues(several.documents, readLookup(asked()), "/q"), UnsupportedClause);
  const pattern = await lookUp(
    searchOf('{"index":"l*","id":"1","path":"a"}'),
    [],
    0,
    async () => ({ kind: "tables", tables: [] }),
    async () => [],
  );
  assert.equal(pattern.kind, "rejected");
});
