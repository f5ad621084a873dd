// How far a ratio of two medians can be trusted. No distribution is assumed: a median lies between two of its sample's
// values with a probability that only their ranks decide (binomial), and each side is given 97.5 %, both then hold together
// with 95 % at least. The interval is wider than one that took the pairs into account: it never says too much.
import type { LatencyRatio } from "../../../shared/compare.ts";

/** Fewer searches than these say nothing. */
const FEWEST_PAIRS = 20;
/** Of the normal distribution, for 1.25 % at each end. */
const DEVIATIONS = 2.2414;

interface MedianOf {
  readonly median: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Places, as `percentile()` takes them, of the values between which the median of `n` lies: two SQL expressions over `n`. The
 * lower rank is rounded down and the upper is its mirror image.
 */
export function percentilesAround(n: string): { readonly low: string; readonly high: string } {
  const rank = `max(1, floor((${n} - ${DEVIATIONS} * sqrt(${n})) / 2.0))`;
  const low = `iif(${n} < 2, 0.0, 100.0 * (${rank} - 1) / (${n} - 1))`;
  return { low, high: `100.0 - ${low}` };
}

/** The ratio of Elasticsearch's median to ClickHouse's. */
export function ratioOf(searches: number, elasticsearch: MedianOf, clickhouse: MedianOf): LatencyRatio {
  if (searches < FEWEST_PAIRS) return { searches, ratio: null, low: null, high: null };
  return {
    searches,
    ratio: quotient(elasticsearch.median, clickhouse.median),
    low: quotient(elasticsearch.low, clickhouse.high),
    high: quotient(elasticsearch.high, clickhouse.low),
  };
}

function quotient(a: number | null, b: number | null): number | null {
  return a === null || b === null || b <= 0 ? null : a / b;
}
