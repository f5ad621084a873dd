// One golden case an aggregation: what it asks. The SQL that it becomes and Elasticsearch's own answer are in golden/NAME.json.
import type { JsonObject, JsonValue } from "../../../../src/shared/json.ts";

const one = (kind: string, body: JsonObject, children: JsonObject = {}): JsonObject => ({
  aggs: { it: { [kind]: body, ...(Object.keys(children).length > 0 ? { aggs: children } : {}) } },
});

const monthly = (children: JsonObject, beside: JsonObject = {}): JsonObject => ({
  aggs: {
    months: {
      date_histogram: { field: "at", calendar_interval: "month" },
      aggs: { total: { sum: { field: "price" } }, mean: { avg: { field: "size" } }, ...children },
    },
    ...beside,
  },
  query: { range: { at: { gte: "2024-01-01" } } },
});

const pipeline = (kind: string, body: JsonObject): JsonObject => monthly({ it: { [kind]: body } });
const sibling = (kind: string, path: string, rest: Readonly<Record<string, JsonValue>> = {}): JsonObject =>
  monthly({}, { it: { [kind]: { buckets_path: path, ...rest } } });

export const CASES: Readonly<Record<string, JsonObject>> = {
  adjacency_matrix: one("adjacency_matrix", {
    filters: { sold: { term: { sold: true } }, red: { term: { color: "red" } } },
    separator: "+",
  }),
  auto_date_histogram: {
    ...one("auto_date_histogram", { field: "at", buckets: 5 }, { low: { min: { field: "price" } } }),
    query: { term: { sold: true } },
  },
  avg: one("avg", { field: "price" }),
  avg_bucket: sibling("avg_bucket", "months>total"),
  bucket_script: pipeline("bucket_script", { buckets_path: { t: "total", n: "_count" }, script: "params.t / params.n + 1" }),
  bucket_selector: pipeline("bucket_selector", { buckets_path: { n: "_count" }, script: "params.n > 1" }),
  bucket_sort: pipeline("bucket_sort", { sort: [{ total: { order: "desc" } }], size: 2 }),
  cardinality: one("terms", { field: "color" }, { it: { cardinality: { field: "size" } } }),
  composite: one("composite", {
    size: 4,
    sources: [
      { color: { terms: { field: "color", missing_bucket: true } } },
      { size: { histogram: { field: "size", interval: 5, order: "desc" } } },
    ],
    after: { color: null, size: 0 },
  }),
  cumulative_sum: pipeline("cumulative_sum", { buckets_path: "total" }),
  date_histogram: one("date_histogram", { field: "at", fixed_interval: "3h", time_zone: "Europe/Paris", min_doc_count: 1 }),
  date_histogram_calendar: one(
    "date_histogram",
    {
      field: "at",
      calendar_interval: "month",
      time_zone: "Europe/Paris",
      extended_bounds: { min: "2024-08-15", max: "2025-02-01" },
      hard_bounds: { min: 1704067200000 },
    },
    { mean: { avg: { field: "price" } } },
  ),
  date_range: one("date_range", {
    field: "at",
    format: "yyyy-MM-dd",
    ranges: [{ from: "2024-11-01", to: "2024-12-01" }, { to: "2024-10-27||+1d" }],
  }),
  derivative: pipeline("derivative", { buckets_path: "total", unit: "day" }),
  extended_stats: one("extended_stats", { field: "size" }),
  extended_stats_bucket: sibling("extended_stats_bucket", "months>total"),
  filter: one("filter", { term: { sold: true } }, { mean: { avg: { field: "price" } }, colors: { terms: { field: "color" } } }),
  filters: one(
    "filters",
    { filters: { a: { term: { sold: true } }, b: { exists: { field: "place" } } }, other_bucket: true },
    { low: { min: { field: "size" } } },
  ),
  geo_bounds: one("geo_bounds", { field: "place" }),
  geo_distance: one(
    "geo_distance",
    { field: "place", origin: "10,10", unit: "km", ranges: [{ to: 1000, key: "near" }, { from: 1000, to: 5000 }, { from: 5000 }] },
    { a: { avg: { field: "price" } } },
  ),
  geo_centroid: one("geo_centroid", { field: "place" }),
  geohash_grid: one("geohash_grid", { field: "place", precision: 4 }),
  geotile_grid: one("geotile_grid", { field: "place", precision: 5 }, { centre: { geo_centroid: { field: "place" } } }),
  global: { ...one("global", {}, { mean: { avg: { field: "price" } } }), query: { term: { color: "red" } } },
  histogram: { ...one("histogram", { field: "price", interval: 0.1, offset: 0.05 }), query: { range: { price: { lt: 1, gte: 0 } } } },
  ip_prefix: one("ip_prefix", { field: "from", prefix_length: 31 }, { high: { max: { field: "price" } } }),
  ip_range: one("ip_range", { field: "from", ranges: [{ mask: "10.0.0.8/29" }, { from: "10.0.0.8" }, { to: "10.0.0.8" }] }),
  max: one("max", { field: "at" }),
  max_bucket: sibling("max_bucket", "months>total"),
  matrix_stats: { aggs: { m: { matrix_stats: { fields: ["size", "price", "nowhere"], mode: "max", missing: { price: 5 } } } } },
  median_absolute_deviation: {
    aggs: {
      all: { median_absolute_deviation: { field: "price", missing: 4 } },
      colors: {
        terms: { field: "color", order: { m: "desc" } },
        aggs: { m: { median_absolute_deviation: { field: "size", compression: 50 } } },
      },
    },
  },
  min: one("min", { field: "price" }),
  min_bucket: sibling("min_bucket", "months>mean"),
  missing: one("missing", { field: "color" }, { high: { max: { field: "price" } } }),
  moving_fn: pipeline("moving_fn", { buckets_path: "total", window: 2, script: "MovingFunctions.unweightedAvg(values)" }),
  percentile_ranks: one("percentile_ranks", { field: "price", values: [0, 0.25, 10.1, 5000] }),
  percentiles: one("percentiles", { field: "price", percents: [25, 50, 99.9] }),
  percentiles_bucket: sibling("percentiles_bucket", "months>total", { percents: [50] }),
  range: one("range", { field: "weight", ranges: [{ to: 0.1 }, { from: 0.1, to: 2.25 }, { from: 2, key: "heavy" }] }),
  rare_terms: one("rare_terms", { field: "color", max_doc_count: 2 }),
  random_sampler: one("random_sampler", { probability: 1, seed: 7 }, { sizes: { avg: { field: "size" } } }),
  sampler: {
    ...one("sampler", { shard_size: 2 }, { colors: { terms: { field: "color" } } }),
    query: { bool: { filter: { term: { sold: true } } } },
  },
  serial_diff: pipeline("serial_diff", { buckets_path: "_count", lag: 2 }),
  significant_terms: {
    ...one("significant_terms", { field: "size", min_doc_count: 1, size: 2 }, { low: { min: { field: "price" } } }),
    query: { term: { color: "red" } },
  },
  stats: one("stats", { field: "size" }),
  stats_bucket: sibling("stats_bucket", "months>_count"),
  sum: one("sum", { field: "price" }),
  sum_bucket: sibling("sum_bucket", "months>total"),
  terms: one("terms", { field: "color", size: 2, missing: "none" }, { high: { max: { field: "price" } } }),
  terms_by_metric: one(
    "terms",
    { field: "size", size: 3, order: [{ high: "desc" }, { _key: "desc" }] },
    { high: { max: { field: "price" } } },
  ),
  terms_in_terms: one(
    "terms",
    { field: "sold", order: { _count: "asc" } },
    {
      colors: {
        terms: { field: "color", size: 2, order: { _key: "desc" }, exclude: ["z"] },
        aggs: { sizes: { terms: { field: "size", size: 1 } } },
      },
    },
  ),
  top_hits: one("terms", { field: "color", size: 2 }, { it: { top_hits: { size: 1, sort: [{ price: "desc" }], _source: ["price"] } } }),
  value_count: one("value_count", { field: "size" }),
  weighted_avg: one("weighted_avg", { value: { field: "price" }, weight: { field: "weight" } }),
};
