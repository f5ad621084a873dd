import assert from "node:assert/strict";
import { test } from "node:test";
import { aggregationTypes, shapeOf } from "../../../src/main/capture/shape.ts";
import type { JsonObject, JsonValue } from "../../../src/shared/json.ts";
import { isObject, parseJson } from "../../../src/shared/json.ts";

function body(text: string): JsonObject {
  const value = parseJson(text);
  assert.ok(isObject(value));
  return value;
}
const hash = (text: string, index = "logs-*", endpoint = "_search") => shapeOf(endpoint, index, body(text)).hash;
const dashboard = (from: string, host: string, name: string, interval: string) =>
  `{"size":0,"query":{"bool":{"filter":[{"range":{"@timestamp":{"gte":"${from}","format":"strict_date_optional_time"}}},{"match_phrase":{"host":"${host}"}}]}},"aggs":{"${name}":{"date_histogram":{"field":"@timestamp","fixed_interval":"${interval}"},"aggs":{"1":{"avg":{"field":"bytes"}}}}},"timeout":"30s"}`;

test("the time range, the values and the names of aggregations do not change the shape", () => {
  assert.equal(hash(dashboard("2026-01-01", "a", "2", "30s")), hash(dashboard("2025-01-01", "b", "f00-ba7", "1h")));
  assert.match(hash("{}"), /^[0-9a-f]{10}$/);
});

test("fields, clauses, order, endpoint and index do", () => {
  const shapes = [
    '{"aggs":{"2":{"terms":{"field":"a"}}}}',
    '{"aggs":{"2":{"terms":{"field":"b"}}}}',
    '{"aggs":{"2":{"terms":{"field":"a","order":"asc"}}}}',
    '{"query":{"match":{"a":"x"}}}',
    '{"query":{"term":{"a":"x"}}}',
    '{"query":{"term":{"b":"x"}}}',
    '{"size":0}',
    '{"size":5}',
  ].map((text) => hash(text));
  assert.equal(new Set([...shapes, hash("{}", "other"), hash("{}", "logs-*", "_count")]).size, 10);
});

test("members in another order, three filters alike, a date in the index name: the same", () => {
  assert.equal(hash('{"size":0,"query":{"match_all":{}}}'), hash('{"query":{"match_all":{}},"size":0}'));
  const terms = (n: number) => `{"query":{"bool":{"filter":[${Array.from({ length: n }, (_, at) => `{"term":{"a":${at}}}`)}]}}}`;
  assert.equal(hash(terms(1)), hash(terms(7)));
  assert.equal(hash("{}", "logs-2026.01.31"), hash("{}", "logs-2025.12.01"));
});

test("the sketch reads like the panel", () => {
  assert.equal(
    shapeOf("_search", "logs-*", body(dashboard("x", "y", "2", "1m"))).sketch,
    "_search logs-* · filter range(@timestamp) match_phrase(host) · date_histogram(@timestamp) > avg(bytes)",
  );
  assert.equal(shapeOf("_search", "x", body('{"sort":[{"@timestamp":"desc"}],"size":5}')).sketch, "_search x · sort @timestamp");
});

test("the types of aggregations are found at any depth", () => {
  assert.deepEqual(aggregationTypes(body('{"aggs":{"2":{"terms":{},"aggs":{"1":{"avg":{}},"3":{"meta":{},"max":{}}}}}}')).toSorted(), [
    "avg",
    "max",
    "terms",
  ]);
});

test("a body 100,000 deep has a shape", () => {
  let deep: JsonValue = 1;
  for (let level = 0; level < 100_000; level += 1) deep = level % 2 === 0 ? { bool: deep } : { aggs: { a: deep } };
  assert.match(shapeOf("_search", "x", { query: deep }).hash, /^[0-9a-f]{10}$/);
  assert.ok(isObject(deep) && aggregationTypes(deep).length < 100);
});
