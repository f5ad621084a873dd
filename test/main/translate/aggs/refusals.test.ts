// What has no exact SQL is named by its pointer; what Elasticsearch refuses is refused.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { translateSearch } from "../../../../src/main/translate/search.ts";
import type { JsonObject } from "../../../../src/shared/json.ts";
import { NOW, tableOf } from "./golden.ts";

function translation(aggs: JsonObject, shards = 1) {
  const table = { ...tableOf("database", "orders"), shards };
  return translateSearch({ endpoint: "search", body: { size: 0, aggs }, params: new Map(), tables: [table], now: NOW });
}

describe("an aggregation is unsupported, by pointer,", () => {
  const cases: readonly (readonly [string, JsonObject, string])[] = [
    ["for a script outside of painless in SQL", { a: { sum: { script: { source: "new Date().getTime()" } } } }, "/aggs/a/sum/script"],
    [
      "below others, whatever its name",
      { a: { filter: { match_all: {} }, aggs: { "x/y": { scripted_metric: { path: "n" } } } } },
      "/aggs/a/aggs/x~1y/scripted_metric",
    ],
    [
      "for an order by HDR percentiles",
      {
        a: {
          terms: { field: "color", order: { "p.50": "asc" } },
          aggs: { p: { percentiles: { field: "price", hdr: {} } } },
        },
      },
      "/aggs/a/aggs/p/percentiles/hdr",
    ],
    [
      "for zero-count terms, the fewest first",
      { a: { terms: { field: "color", min_doc_count: 0, order: { _count: "asc" } } } },
      "/aggs/a/terms/min_doc_count",
    ],
    ["for an expression too complex", { a: { terms: { field: "color", include: ".*a.{30}" } } }, "/aggs/a/terms/include"],
    [
      "for a script outside the subset",
      { a: { terms: { field: "color" }, aggs: { b: { bucket_script: { buckets_path: {}, script: "def x = 1; x" } } } } },
      "/aggs/a/aggs/b/bucket_script/script",
    ],
    [
      "for an order by ranks",
      {
        a: {
          terms: { field: "color", order: { "b[1]": "asc" } },
          aggs: { b: { percentile_ranks: { field: "price", values: [1] } } },
        },
      },
      "/aggs/a/aggs/b/percentile_ranks",
    ],
    [
      "for what stands below rare terms in other buckets",
      {
        a: {
          terms: { field: "color" },
          aggs: { b: { rare_terms: { field: "size" }, aggs: { c: { max: { field: "price" } } } } },
        },
      },
      "/aggs/a/aggs/b/rare_terms",
    ],
    ["for a metadata field", { a: { terms: { field: "_seq_no" } } }, "/aggs/a/terms/field"],
  ];
  for (const [name, aggs, pointer] of cases) {
    test(name, () => {
      const result = translation(aggs);
      assert.equal(result.kind, "unsupported", JSON.stringify(result));
      assert.ok(result.kind === "unsupported");
      assert.deepEqual(
        result.unsupported.map((each) => each.pointer),
        [pointer],
      );
    });
  }
});

describe("an aggregation is rejected as Elasticsearch rejects it", () => {
  const cases: readonly (readonly [string, JsonObject, string])[] = [
    ["without a kind", { a: { aggs: {} } }, "parsing_exception"],
    ["with two kinds", { a: { terms: { field: "color" }, sum: { field: "price" } } }, "parsing_exception"],
    ["with an unknown option", { a: { terms: { field: "color", nonsense: 1 } } }, "x_content_parse_exception"],
    ["with an unknown option in place of the field", { a: { date_histogram: { fieldx: "at" } } }, "x_content_parse_exception"],
    ["with an unknown option of a pipeline", { a: { avg_bucket: { nonsense: 1 } } }, "parsing_exception"],
    ["with an unknown kind", { a: { termz: { field: "color" } } }, "parsing_exception"],
    ["for a sum of words", { a: { sum: { field: "color" } } }, "illegal_argument_exception"],
    ["for terms of text", { a: { terms: { field: "title" } } }, "illegal_argument_exception"],
    ["for an order that leads nowhere", { a: { terms: { field: "color", order: { b: "asc" } } } }, "illegal_argument_exception"],
    ["for a size of 0", { a: { terms: { field: "color", size: 0 } } }, "x_content_parse_exception"],
    [
      "for a pipeline over nothing",
      { a: { date_histogram: { field: "at", calendar_interval: "day" }, aggs: { b: { derivative: { buckets_path: "c" } } } } },
      "action_request_validation_exception",
    ],
    [
      "for a derivative without a histogram around",
      { a: { terms: { field: "color" }, aggs: { b: { derivative: { buckets_path: "_count" } } } } },
      "action_request_validation_exception",
    ],
    [
      "for a derivative over gaps",
      {
        a: {
          date_histogram: { field: "at", calendar_interval: "day", min_doc_count: 1 },
          aggs: { b: { derivative: { buckets_path: "_count" } } },
        },
      },
      "action_request_validation_exception",
    ],
    [
      "for a composite inside other buckets",
      { a: { terms: { field: "color" }, aggs: { b: { composite: { sources: [{ x: { terms: { field: "size" } } }] } } } } },
      "illegal_argument_exception",
    ],
  ];
  for (const [name, aggs, errorType] of cases) {
    test(name, () => {
      const result = translation(aggs);
      assert.ok(result.kind === "rejected", JSON.stringify(result));
      assert.equal(result.error.errorType, errorType);
    });
  }
});
