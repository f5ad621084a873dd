// Bucket aggregations with their options.
import { type JsonObject, type JsonValue, member } from "../../../src/shared/json.ts";
import { anyQuery, type Draw, fieldOf, hasField, kibanaQuery, leafQuery, sample } from "./query.ts";
import { ZONES } from "./range_query.ts";
import { FROM, SPAN } from "./values.ts";
import type { FuzzField } from "./world.ts";

export interface GeneratedBuckets {
  readonly body: JsonObject;
  /** What may stand beside its children. */
  readonly orderable: "terms" | "histogram" | "none";
}

/** Kinds that have a list of buckets. */
export const MULTI_BUCKETS: ReadonlySet<string> = new Set([
  "terms",
  "date_histogram",
  "histogram",
  "range",
  "date_range",
  "filters",
  "geohash_grid",
  "geotile_grid",
  "rare_terms",
  "auto_date_histogram",
]);

/** A bucket aggregation without its children; `metrics` are those that it may order by. */
export function bucketAggregation(draw: Draw, metrics: JsonObject): GeneratedBuckets {
  const { random } = draw;
  const none = (body: JsonObject): GeneratedBuckets => ({ body, orderable: "none" });
  return random.weighted<() => GeneratedBuckets>([
    [() => ({ body: { terms: terms(draw, metrics) }, orderable: "terms" }), 8],
    [() => ({ body: { date_histogram: dateHistogram(draw) }, orderable: "histogram" }), 8],
    [() => ({ body: { histogram: histogram(draw) }, orderable: "histogram" }), 2],
    [() => none({ filters: filters(draw) }), 3],
    [() => none({ filter: kibanaQuery(draw) }), 2],
    [() => none({ range: range(draw) }), 2],
    [() => none({ date_range: dateRange(draw) }), 1],
    [() => none({ missing: { field: fieldOf(draw, ["keyword", "number", "date", "ip"]).path } }), 0.7],
    [
      () =>
        none({
          [random.pick(["geotile_grid", "geohash_grid"])]: {
            field: fieldOf(draw, ["geo"]).path,
            precision: random.integer(1, 6),
            ...(random.chance(0.3) ? { size: 5 } : {}),
          },
        }),
      hasField(draw, "geo") ? 1.5 : 0.02,
    ],
    [() => none({ composite: composite(draw) }), 2],
    [() => none({ rare_terms: { field: fieldOf(draw, ["keyword", "number"]).path, max_doc_count: random.integer(1, 5) } }), 0.7],
    [() => none({ auto_date_histogram: { field: fieldOf(draw, ["date"]).path, buckets: random.pick([3, 10, 50]) } }), 1],
    [() => none({ global: {} }), 0.3],
    [() => none({ significant_terms: significant(draw) }), 1],
    [() => none(addresses(draw)), hasField(draw, "ip") ? 0.8 : 0],
    [
      () =>
        none({
          adjacency_matrix: {
            filters: { a: leafQuery(draw), b: leafQuery(draw), ...(random.chance(0.5) ? { c: kibanaQuery(draw) } : {}) },
          },
        }),
      0.5,
    ],
    [() => none({ sampler: { shard_size: 10_000 } }), 0.2],
  ])();
}

function terms(draw: Draw, metrics: JsonObject): JsonObject {
  const { random } = draw;
  const field = fieldOf(draw, ["keyword", "keyword", "keyword", "number", "boolean", "ip", "date"]);
  const words = field.family === "keyword";
  return {
    field: field.path,
    ...(random.chance(0.85) ? { size: random.pick([1, 2, 3, 5, 10, 1000]) } : {}),
    ...(random.chance(0.6) ? { order: order(draw, metrics) } : {}),
    ...(random.chance(0.15) ? { shard_size: random.pick([1, 25, 1000]) } : {}),
    ...(random.chance(0.12) ? { min_doc_count: random.integer(1, 3) } : {}),
    ...(random.chance(0.12) ? { missing: words ? "__missing__" : sample(random, field) } : {}),
    ...(words && random.chance(0.1) ? { include: random.pick<JsonValue>([".*o.*", ["error", "a", "GET"], "[a-e].*"]) } : {}),
    ...(words && random.chance(0.1) ? { exclude: random.pick<JsonValue>(["e.*", ["info"]]) } : {}),
    ...(random.chance(0.1) ? { show_term_doc_count_error: true } : {}),
  };
}

function order({ random }: Draw, metrics: JsonObject): JsonValue {
  const direction = random.pick(["asc", "desc"]);
  const metric = member(metrics, "m");
  const kind = typeof metric === "object" && metric !== null ? (Object.keys(metric)[0] ?? "") : "";
  const single = ["avg", "sum", "min", "max", "cardinality", "value_count"].includes(kind);
  const path = single ? "m" : kind === "stats" || kind === "extended_stats" ? `m.${random.pick(["avg", "max", "count"])}` : null;
  return random.weighted<JsonValue>([
    [{ _count: direction }, 2],
    [{ _key: direction }, 2],
    [{ [path ?? "_count"]: direction }, path === null ? 0 : 6],
    [[{ [path ?? "_count"]: direction }, { _key: "desc" }], 1],
  ]);
}

function dateHistogram(draw: Draw): JsonObject {
  const { random } = draw;
  const field = random.chance(0.7) ? "@timestamp" : fieldOf(draw, ["date"]).path;
  const interval = random.weighted<JsonObject>([
    [{ calendar_interval: random.pick(["1d", "day", "1w", "week", "month", "1h", "quarter", "year", "1M"]) }, 5],
    [{ fixed_interval: random.pick(["1d", "12h", "3h", "30m", "7d", "100h", "30d"]) }, 5],
  ]);
  const iso = (): string => new Date(FROM + random.integer(0, SPAN)).toISOString();
  const bounds = [iso(), iso()].sort();
  return {
    field,
    ...interval,
    ...(random.chance(0.5) ? { time_zone: random.pick(ZONES) } : {}),
    ...(random.chance(0.6) ? { min_doc_count: random.pick([0, 1, 1, 2]) } : {}),
    ...(random.chance(0.15) ? { offset: random.pick(["+6h", "-1h", "+1d", "90m"]) } : {}),
    ...(random.chance(0.15) ? { extended_bounds: { min: bounds[0] ?? "", max: bounds[1] ?? "" } } : {}),
    ...(random.chance(0.08) ? { hard_bounds: { min: bounds[0] ?? "", max: bounds[1] ?? "" } } : {}),
    ...(random.chance(0.15) ? { format: random.pick(["yyyy-MM-dd", "epoch_millis", "yyyy-MM-dd'T'HH:mm:ssXXX", "HH:mm"]) } : {}),
    ...(random.chance(0.08) ? { keyed: true } : {}),
    ...(random.chance(0.05) ? { missing: "2024-10-25" } : {}),
    ...(random.chance(0.1) ? { order: random.pick([{ _key: "desc" }, { _count: "desc" }]) } : {}),
  };
}

function significant(draw: Draw): JsonObject {
  const { random } = draw;
  return {
    field: fieldOf(draw, ["keyword"]).path,
    ...(random.chance(0.4) ? { size: random.pick([2, 5]) } : {}),
    ...(random.chance(0.5) ? { min_doc_count: random.pick([1, 2, 5]) } : {}),
    ...(random.chance(0.3) ? random.pick<JsonObject>([{ gnd: {} }, { percentage: {} }, { chi_square: {} }, { jlh: {} }]) : {}),
  };
}

function addresses(draw: Draw): JsonObject {
  const { random } = draw;
  const field = fieldOf(draw, ["ip"]).path;
  if (random.chance(0.5))
    return { ip_prefix: { field, prefix_length: random.pick([8, 24, 30]), ...(random.chance(0.3) ? { keyed: true } : {}) } };
  const ranges: JsonObject[] = [{ to: "10.0.1.0" }, { from: "10.0.1.0", to: "10.0.3.0" }, { mask: "10.0.2.0/25" }, { from: "10.0.2.0" }];
  return {
    ip_range: {
      field,
      ranges: ranges.filter(() => random.chance(0.7)).concat({ mask: "10.0.0.0/24" }),
      ...(random.chance(0.2) ? { keyed: true } : {}),
    },
  };
}

function tame(draw: Draw): FuzzField {
  const fields = draw.world.fields.filter((field) => field.family === "number" && field.tame);
  return fields.length > 0 ? draw.random.pick(fields) : fieldOf(draw, ["number"]);
}

function histogram(draw: Draw): JsonObject {
  const { random } = draw;
  return {
    field: tame(draw).path,
    interval: random.pick([1, 5, 10, 100, 2.5, 0.5, 1000]),
    ...(random.chance(0.6) ? { min_doc_count: random.pick([0, 1]) } : {}),
    ...(random.chance(0.2) ? { offset: random.pick([1, -2.5]) } : {}),
    ...(random.chance(0.1) ? { extended_bounds: { min: 0, max: 50 } } : {}),
    ...(random.chance(0.1) ? { keyed: true } : {}),
    ...(random.chance(0.1) ? { missing: 4 } : {}),
  };
}

function range(draw: Draw): JsonObject {
  const { random } = draw;
  const ranges: JsonObject[] = [{ to: 10 }, { from: 10, to: random.pick([50, 100.5]) }, { from: 50 }];
  if (random.chance(0.3)) ranges.push({ key: "named", from: 1, to: 3 });
  return { field: fieldOf(draw, ["number"]).path, ranges, ...(random.chance(0.3) ? { keyed: true } : {}) };
}

function dateRange(draw: Draw): JsonObject {
  const { random } = draw;
  const day = `2024-10-2${random.integer(0, 9)}`;
  return {
    field: "@timestamp",
    ranges: [{ to: day }, { from: day, to: `${day}||+3d/d` }, { from: "2024-11-01", key: "november" }],
    ...(random.chance(0.3) ? { time_zone: random.pick(ZONES) } : {}),
    ...(random.chance(0.3) ? { format: "yyyy-MM-dd" } : {}),
    ...(random.chance(0.2) ? { keyed: true } : {}),
  };
}

function filters(draw: Draw): JsonObject {
  const { random } = draw;
  const some = [leafQuery(draw), anyQuery(draw, 1)];
  const other = random.chance(0.2) ? { other_bucket: true } : random.chance(0.1) ? { other_bucket_key: "rest" } : {};
  return { filters: random.chance(0.8) ? { "level : error": some[0] ?? {}, second: some[1] ?? {} } : some, ...other };
}

function composite(draw: Draw): JsonObject {
  const { random } = draw;
  const missing = random.chance(0.2) ? { missing_bucket: true } : {};
  const direction = random.chance(0.4) ? { order: random.pick(["asc", "desc"]) } : {};
  const sources = [
    {
      day: {
        date_histogram: {
          field: "@timestamp",
          calendar_interval: random.pick(["1d", "week", "1h"]),
          ...(random.chance(0.4) ? { time_zone: random.pick(ZONES) } : {}),
        },
      },
    },
    { term: { terms: { field: fieldOf(draw, ["keyword", "number", "boolean", "ip"]).path, ...missing, ...direction } } },
    { width: { histogram: { field: tame(draw).path, interval: 10 } } },
  ];
  const chosen = sources.filter(() => random.chance(0.6));
  return { sources: chosen.length === 0 ? sources.slice(1, 2) : chosen, ...(random.chance(0.7) ? { size: random.pick([1, 3, 100]) } : {}) };
}
