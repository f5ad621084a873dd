// How many statements a tree of aggregations takes where the mirror knows that each document has one value.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMapping } from "../../../../src/main/elasticsearch/mapping.ts";
import { translateSearch } from "../../../../src/main/translate/search.ts";
import type { JsonObject } from "../../../../src/shared/json.ts";

const mapping = parseMapping({ properties: { at: { type: "date" }, status: { type: "keyword" }, bytes: { type: "long" } } });

function statementsOf(aggs: JsonObject, shards: number, always: boolean): readonly string[] {
  const single = new Map(["at", "status", "bytes"].map((name) => [name, always]));
  const table = { index: "i", database: "d", table: "t", mapping, shards, final: false, single };
  const body = { size: 0, track_total_hits: false, aggs };
  const translation = translateSearch({ endpoint: "search", body, params: new Map(), tables: [table], now: 0 });
  assert.equal(translation.kind, "translated");
  return translation.kind === "translated" ? translation.statements.map(({ name }) => name) : [];
}

const DAYS: JsonObject = { date_histogram: { field: "at", fixed_interval: "1d" } };
const STATUS: JsonObject = { terms: { field: "status", size: 5 } };
const BYTES: JsonObject = { sum: { field: "bytes" } };
const CLASSES: JsonObject = { filters: { filters: { few: { term: { status: "a" } }, late: { range: { at: { gte: 5 } } } } } };

test("a histogram with terms is one statement, the terms' totals are its counts", () => {
  assert.deepEqual(statementsOf({ days: { ...DAYS, aggs: { status: STATUS } } }, 1, true), ["aggs days>status"]);
});

test("a histogram counts for itself where documents may lack the term, shards keep terms back, or it has metrics", () => {
  const both = ["aggs days", "aggs days>status"];
  assert.deepEqual(statementsOf({ days: { ...DAYS, aggs: { status: STATUS } } }, 1, false), both);
  assert.deepEqual(statementsOf({ days: { ...DAYS, aggs: { status: STATUS, bytes: BYTES } } }, 1, true), both);
  assert.deepEqual(statementsOf({ days: { ...DAYS, aggs: { status: STATUS } } }, 3, true).slice(0, 2), both);
});

test("filters with metrics are columns of the statement around, filters with buckets a statement of their own", () => {
  assert.deepEqual(statementsOf({ classes: { ...CLASSES, aggs: { bytes: BYTES } } }, 1, true), ["aggs"]);
  assert.deepEqual(statementsOf({ days: { ...DAYS, aggs: { classes: { ...CLASSES, aggs: { bytes: BYTES } } } } }, 1, true), ["aggs days"]);
  assert.deepEqual(statementsOf({ classes: { ...CLASSES, aggs: { days: DAYS } } }, 1, false), ["aggs classes", "aggs classes>days"]);
});

test("filters below terms that are cut off are counted for the terms that stay alone", () => {
  assert.deepEqual(statementsOf({ status: { ...STATUS, aggs: { classes: CLASSES } } }, 1, true), ["aggs status", "aggs status>classes"]);
});
