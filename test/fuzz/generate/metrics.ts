// Metric aggregations with their options.
import type { JsonObject, JsonValue } from "../../../src/shared/json.ts";
import { type Draw, fieldOf, hasField } from "./query.ts";

/** One metric that its field's type allows; `hits`: or the best documents. */
export function metricAggregation(draw: Draw, hits = true): JsonObject {
  const { random } = draw;
  const number = (): string => fieldOf(draw, ["number"]).path;
  const plain = (): string => fieldOf(draw, ["number", "number", "date", "boolean"]).path;
  const any = (): string => fieldOf(draw, ["number", "keyword", "date", "ip", "boolean"]).path;
  const missing = (share = 0.1): JsonObject => (random.chance(share) ? { missing: random.pick([0, 10, -1.5]) } : {});
  const geo = hasField(draw, "geo") ? 0.7 : 0.02;
  return random.weighted<() => JsonObject>([
    [() => ({ avg: { field: plain() } }), 4],
    [() => ({ [random.pick(["avg", "sum", "min", "max"])]: { field: number(), ...missing() } }), 3],
    [() => ({ sum: { field: number() } }), 4],
    [() => ({ min: { field: plain(), ...(random.chance(0.1) ? { format: "0.00" } : {}) } }), 2],
    [() => ({ max: { field: plain() } }), 2],
    [() => ({ cardinality: { field: any(), ...(random.chance(0.2) ? { precision_threshold: 40_000 } : {}) } }), 3],
    [() => ({ value_count: { field: any() } }), 2],
    [() => ({ stats: { field: plain(), ...missing(0.05) } }), 1.5],
    [() => ({ extended_stats: { field: number(), ...(random.chance(0.3) ? { sigma: random.pick([0, 1.5, 3]) } : {}) } }), 1.5],
    [() => ({ percentiles: { field: plain(), ...percents(draw) } }), 2.5],
    [
      () => ({
        percentile_ranks: { field: number(), values: [random.integer(0, 20), 50], ...(random.chance(0.3) ? { keyed: false } : {}) },
      }),
      1,
    ],
    [() => ({ weighted_avg: { value: { field: number(), ...missing() }, weight: { field: number() } } }), 0.7],
    [() => ({ geo_centroid: { field: fieldOf(draw, ["geo"]).path } }), geo],
    [() => ({ geo_bounds: { field: fieldOf(draw, ["geo"]).path, ...(random.chance(0.3) ? { wrap_longitude: false } : {}) } }), geo],
    [() => ({ median_absolute_deviation: { field: number() } }), 0.3],
    [() => ({ top_hits: topHits(draw) }), hits ? 1 : 0],
  ])();
}

function percents({ random }: Draw): JsonObject {
  return random.weighted<JsonObject>([
    [{ percents: [50] }, 4],
    [{}, 2],
    [{ percents: [1, 25, 99.9], keyed: false }, 1],
    [{ percents: [95], tdigest: { compression: 200 } }, 0.5],
  ]);
}

function topHits(draw: Draw): JsonObject {
  const { random } = draw;
  const sort: readonly JsonValue[] = [{ "@timestamp": { order: random.pick(["asc", "desc"]) } }];
  return {
    size: random.integer(1, 3),
    sort,
    ...(random.chance(0.5) ? { _source: random.pick<JsonValue>([false, "level", ["host.*", "bytes"], { excludes: ["message"] }]) } : {}),
    ...(random.chance(0.4) ? { fields: [{ field: fieldOf(draw, ["number", "keyword", "date"]).path }] } : {}),
  };
}
