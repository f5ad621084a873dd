// The query of a bucket's documents, by its key and its ancestors.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bucketFilters, NoFilter } from "../../../src/main/explain/bucket_filter.ts";
import { placeOf } from "../../../src/main/explain/place.ts";
import type { JsonObject } from "../../../src/shared/json.ts";

const TYPES: Readonly<Record<string, string>> = { day: "date", group: "keyword", on: "boolean", size: "long", text: "text" };

/** The filters of the first bucket of `aggregation`, whose bucket is given. */
function filtersOf(aggregation: JsonObject, bucket: JsonObject, step: string, more: JsonObject = {}): readonly JsonObject[] {
  const request: JsonObject = { aggs: { a: { ...aggregation, ...more } } };
  const answer: JsonObject = { aggregations: { a: { buckets: [bucket] } } };
  const { levels } = placeOf(`/aggregations/a/buckets/${step}/doc_count`, request, { elasticsearch: answer, clickhouse: answer });
  return bucketFilters(levels, (field) => TYPES[field]);
}

describe("the filter of a bucket", () => {
  test("of terms is its key, by the type of the field", () => {
    assert.deepEqual(filtersOf({ terms: { field: "group" } }, { key: "a/b", doc_count: 1 }, "[key=a~1b]"), [
      { term: { group: { value: "a/b" } } },
    ]);
    assert.deepEqual(filtersOf({ terms: { field: "on" } }, { key: 1, key_as_string: "true" }, "[key=1]"), [
      { term: { on: { value: true } } },
    ]);
    assert.deepEqual(filtersOf({ terms: { field: "day" } }, { key: 5 }, "[key=5]"), [
      { range: { day: { gte: 5, lte: 5, format: "epoch_millis" } } },
    ]);
    const missing = { bool: { must_not: [{ exists: { field: "group" } }] } };
    assert.deepEqual(filtersOf({ terms: { field: "group", missing: "-" } }, { key: "-" }, "[key=-]"), [
      { bool: { should: [{ term: { group: { value: "-" } } }, missing], minimum_should_match: 1 } },
    ]);
  });

  test("of multi_terms and composite is one for each part of the key, missing parts too", () => {
    assert.deepEqual(filtersOf({ multi_terms: { terms: [{ field: "group" }, { field: "size" }] } }, { key: ["a", 3] }, '[key=["a",3]]'), [
      { term: { group: { value: "a" } } },
      { term: { size: { value: 3 } } },
    ]);
    const sources = [{ g: { terms: { field: "group", missing_bucket: true } } }, { s: { histogram: { field: "size", interval: 10 } } }];
    assert.deepEqual(filtersOf({ composite: { sources } }, { key: { g: null, s: 20 } }, '[key={"g":null,"s":20}]'), [
      { bool: { must_not: [{ exists: { field: "group" } }] } },
      { range: { size: { gte: 20, lt: 30 } } },
    ]);
  });

  test("of dates ends where the interval does: by the clocks of the zone, or after so many milliseconds", () => {
    const key = Date.UTC(2024, 0, 1, 5);
    const calendar = { date_histogram: { field: "day", calendar_interval: "month", time_zone: "America/New_York" } };
    assert.deepEqual(filtersOf(calendar, { key }, `[key=${key}]`), [
      {
        range: {
          day: {
            gte: "2024-01-01T05:00:00.000Z",
            lt: "2024-01-01T05:00:00.000Z||+1M",
            format: "strict_date_optional_time",
            time_zone: "America/New_York",
          },
        },
      },
    ]);
    assert.deepEqual(filtersOf({ date_histogram: { field: "day", fixed_interval: "90m" } }, { key: 0 }, "[key=0]"), [
      { range: { day: { gte: 0, lt: 5_400_000, format: "epoch_millis" } } },
    ]);
  });

  test("of ranges and filters is the one of its name", () => {
    assert.deepEqual(filtersOf({ range: { field: "size" } }, { key: "*-5.0", to: 5 }, "[key=*-5.0]"), [{ range: { size: { lt: 5 } } }]);
    const filters = [{ term: { group: "a" } }, { term: { group: "b" } }];
    assert.deepEqual(filtersOf({ filters: { filters } }, { doc_count: 1 }, "0"), [{ term: { group: "a" } }]);
  });

  test("stands with those of its ancestors, nested ones inside their path", () => {
    const request: JsonObject = {
      aggs: {
        only: {
          filter: { term: { group: "a" } },
          aggs: { items: { nested: { path: "items" }, aggs: { sizes: { terms: { field: "items.size" } } } } },
        },
      },
    };
    const sizes = { buckets: [{ key: 3, doc_count: 2 }] };
    const answer: JsonObject = { aggregations: { only: { doc_count: 2, items: { doc_count: 2, sizes } } } };
    const path = "/aggregations/only/items/sizes/buckets/[key=3]/doc_count";
    const place = placeOf(path, request, { elasticsearch: answer, clickhouse: undefined });
    assert.equal(place.pointer, "/aggs/only/aggs/items/aggs/sizes");
    assert.deepEqual(
      bucketFilters(place.levels, () => undefined),
      [{ term: { group: "a" } }, { nested: { path: "items", query: { bool: { filter: [{ term: { "items.size": { value: 3 } } }] } } } }],
    );
  });

  test("is none for keys that are no values of a field", () => {
    assert.throws(() => filtersOf({ geohash_grid: { field: "place" } }, { key: "u0" }, "[key=u0]"), NoFilter);
    assert.throws(() => filtersOf({ terms: { script: { source: "1" } } }, { key: "1" }, "[key=1]"), NoFilter);
  });
});
