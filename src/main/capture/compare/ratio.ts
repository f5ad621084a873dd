// How far a ratio of two medians can be trusted. No distribution is assumed: a median lies between two of its sample's
// values with a probability that only their ranks decide (binomial), and each side is given 97.5 %, both then hold together
// with 95 % at least. The interval is wider than one that took the pairs into account: it never says too much.
import type { LatencyRatio } from "../../../shared/compare.ts";

/** Fewer searches than these say nothing. */
const FEWEST_PAIRS = 20;
/** Of the normal distribution, for 1.25 % at each end. */
const DEVIATIONS = 2.2414;

/** Places among `n` sorted values, from 0, of those between which their median lies. The lower is rounded down and the upper is its mirror image. */
export function placesAround(n: number): { readonly low: number; readonly high: number } {
  const low = n < 2 ? 0 : Math.max(1, Math.floor((n - DEVIATIONS * Math.sqrt(n)) / 2)) - 1;
  return { low, high: Math.max(0, n - 1 - low) };
}

/** The value at `share` (0 to 1) of sorted values, between two of them in proportion; null where there are none. */
export function percentileOf(sorted: Float64Array, share: number): number | null {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  return below === undefined || above === undefined ? null : below + (above - below) * (place - Math.floor(place));
}

/** The ratio of Elasticsearch's median to ClickHouse's: two samples of the same size, sorted. */
export function ratioOf(elasticsearch: Float64Array, clickhouse: Float64Array): LatencyRatio {
  const searches = elasticsearch.length;
  if (searches < FEWEST_PAIRS) return { searches, ratio: null, low: null, high: null };
  const { low, high } = placesAround(searches);
  return {
    searches,
    ratio: quotient(percentileOf(elasticsearch, 0.5), percentileOf(clickhouse, 0.5)),
    low: quotient(elasticsearch[low], clickhouse[high]),
    high: quotient(elasticsearch[high], clickhouse[low]),
  };
}

function quotient(a: number | null | undefined, b: number | null | undefined): number | null {
  return typeof a !== "number" || typeof b !== "number" || b <= 0 ? null : a / b;
}
