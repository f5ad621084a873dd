// `filter_path`, as Elasticsearch 9.4.3 filters.
import assert from "node:assert/strict";
import { test } from "node:test";
import { filterPath } from "../../../src/main/elasticsearch/filter_path.ts";

const BODY = {
  took: 1,
  hits: {
    total: { value: 2 },
    hits: [
      { _id: "1", _source: { n: 1, o: [{ a: 1 }, { b: 2 }] } },
      { _id: "2", _source: { n: 2 } },
    ],
  },
  empty: [],
};

for (const [expression, expected] of [
  ["took", { took: 1 }],
  ["hits.total.value,took", { took: 1, hits: { total: { value: 2 } } }],
  ["hits.hits._source.o.a", { hits: { hits: [{ _source: { o: [{ a: 1 }] } }] } }],
  ["**._id", { hits: { hits: [{ _id: "1" }, { _id: "2" }] } }],
  ["hits.hits._s*.n", { hits: { hits: [{ _source: { n: 1 } }, { _source: { n: 2 } }] } }],
  ["hits.hits._*,-hits.hits._source", { hits: { hits: [{ _id: "1" }, { _id: "2" }] } }],
  ["-hits", { took: 1, empty: [] }],
  ["-**.n,-took", { hits: { total: { value: 2 }, hits: [{ _id: "1", _source: { o: [{ a: 1 }, { b: 2 }] } }, { _id: "2" }] }, empty: [] }],
  ["nope", {}],
] as const) {
  test(`filters by ${expression}`, () => assert.deepEqual(filterPath(BODY, expression), expected));
}
