import { isNumber } from "../../../shared/json.ts";
import type { Disagreement } from "../disagreement.ts";
import { relativeDistance, ulpsBetween } from "../number.ts";
import type { Place } from "../place.ts";
import { tolerance } from "./rule.ts";
import { withinBounds } from "./within_bounds.ts";

// Elasticsearch's compensated sum and an exact one differ by at most 1 ulp on measured data, a quotient adds one more.
const FEW_ULPS = 4;
// Members that subtract large sums from each other lose digits: variance is (Σx² - (Σx)²/n) / n.
const CANCELLING = /^(variance|std_deviation)/;
const CANCELLING_TOLERANCE = 1e-9;

/** Aggregations whose value is a sum or comes of one, and their members that are. Minimum, maximum and counts are exact. */
const SUMS: ReadonlyMap<string, RegExp> = new Map([
  ["avg", /^value$/],
  ["sum", /^value$/],
  ["weighted_avg", /^value$/],
  ["stats", /^(sum|avg)$/],
  ["extended_stats", /^(sum|avg|sum_of_squares|variance.*|std_deviation.*)$/],
  ["geo_centroid", /^location$/],
  ["bucket_script", /^value$/],
  ["derivative", /^(value|normalized_value)$/],
  ["cumulative_sum", /^value$/],
  ["moving_fn", /^value$/],
  ["serial_diff", /^value$/],
  ["normalize", /^value$/],
  ["avg_bucket", /^value$/],
  ["sum_bucket", /^value$/],
  ["max_bucket", /^value$/],
  ["min_bucket", /^value$/],
  ["stats_bucket", /^(min|max|sum|avg)$/],
  ["extended_stats_bucket", /^(min|max|sum|avg|sum_of_squares|variance.*|std_deviation.*)$/],
  ["percentiles_bucket", /^values$/],
  ["rate", /^value$/],
]);

export const floatSum = tolerance(
  "float_sum",
  "A sum of floating-point numbers depends on the order of adding: it agrees to the last few bits.",
  (found) => (found.tolerance?.rule === "float_sum" && withinBounds(found)) || isSumNoise(found),
);

function isSumNoise({ kind, place, elasticsearch, clickhouse }: Disagreement): boolean {
  const name = sumMember(place);
  if (kind !== "value" || name === null || !isNumber(elasticsearch) || !isNumber(clickhouse)) return false;
  const a = Number(elasticsearch);
  const b = Number(clickhouse);
  // Whole numbers below 2^53 add up exactly in any order.
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) return a === b;
  if (ulpsBetween(a, b) <= FEW_ULPS) return true;
  return CANCELLING.test(name) && relativeDistance(a, b) <= CANCELLING_TOLERANCE;
}

/** The member right under the aggregation when it is a sum's. */
export function sumMember(place: Place): string | null {
  if (place.role.kind !== "metric") return null;
  const { type, member: name } = place.role;
  return SUMS.get(type)?.test(name) === true ? name : null;
}
