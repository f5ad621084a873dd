// The kinds of aggregations: one line, one file.
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { adjacencyMatrix } from "./bucket/adjacency_matrix.ts";
import { autoDateHistogram } from "./bucket/auto_date_histogram.ts";
import { composite } from "./bucket/composite.ts";
import { dateHistogram } from "./bucket/date_histogram.ts";
import { filter, globalBucket, missing } from "./bucket/filter.ts";
import { filters } from "./bucket/filters.ts";
import { geoDistance } from "./bucket/geo_distance.ts";
import { geohashGrid, geohexGrid, geotileGrid } from "./bucket/geo_grid.ts";
import { histogram } from "./bucket/histogram.ts";
import { ipPrefix } from "./bucket/ip_prefix.ts";
import { ipRange } from "./bucket/ip_range.ts";
import { multiTerms } from "./bucket/multi_terms.ts";
import { nested, reverseNested } from "./bucket/nested.ts";
import { dateRange, range } from "./bucket/range.ts";
import { rareTerms } from "./bucket/rare_terms.ts";
import { diversifiedSampler, randomSampler, sampler } from "./bucket/sampler.ts";
import { significantTerms, significantText } from "./bucket/significant_terms.ts";
import { terms } from "./bucket/terms.ts";
import { avg } from "./metric/avg.ts";
import { boxplot } from "./metric/boxplot.ts";
import { cardinality } from "./metric/cardinality.ts";
import { extendedStats } from "./metric/extended_stats.ts";
import { max, min } from "./metric/extreme.ts";
import { geoBounds, geoCentroid } from "./metric/geo.ts";
import { geoLine } from "./metric/geo_line.ts";
import { matrixStats } from "./metric/matrix_stats.ts";
import { medianAbsoluteDeviation } from "./metric/median_absolute_deviation.ts";
import { percentileRanks } from "./metric/percentile_ranks.ts";
import { percentiles } from "./metric/percentiles.ts";
import { rate } from "./metric/rate.ts";
import { stats } from "./metric/stats.ts";
import { stringStats } from "./metric/string_stats.ts";
import { sum } from "./metric/sum.ts";
import { tTest } from "./metric/t_test.ts";
import { topHits } from "./metric/top_hits.ts";
import { topMetrics } from "./metric/top_metrics.ts";
import { valueCount } from "./metric/value_count.ts";
import { weightedAvg } from "./metric/weighted_avg.ts";
import { bucketScript, bucketSelector } from "./pipeline/bucket_script.ts";
import { bucketSort } from "./pipeline/bucket_sort.ts";
import { cumulativeCardinality } from "./pipeline/cumulative_cardinality.ts";
import { cumulativeSum, derivative, serialDiff } from "./pipeline/derived.ts";
import { movingFn } from "./pipeline/moving_fn.ts";
import { movingPercentiles } from "./pipeline/moving_percentiles.ts";
import { normalize } from "./pipeline/normalize.ts";
import { avgBucket, extendedStatsBucket, maxBucket, minBucket, percentilesBucket, statsBucket, sumBucket } from "./pipeline/siblings.ts";
import type { AggregationNode, Definition } from "./types.ts";

export const DEFINITIONS: Readonly<Record<string, Definition>> = {
  adjacency_matrix: adjacencyMatrix,
  auto_date_histogram: autoDateHistogram,
  avg,
  avg_bucket: avgBucket,
  boxplot,
  bucket_script: bucketScript,
  bucket_selector: bucketSelector,
  bucket_sort: bucketSort,
  cardinality,
  composite,
  cumulative_cardinality: cumulativeCardinality,
  cumulative_sum: cumulativeSum,
  date_histogram: dateHistogram,
  date_range: dateRange,
  derivative,
  diversified_sampler: diversifiedSampler,
  extended_stats: extendedStats,
  extended_stats_bucket: extendedStatsBucket,
  filter,
  filters,
  geo_bounds: geoBounds,
  geo_centroid: geoCentroid,
  geo_distance: geoDistance,
  geo_line: geoLine,
  geohash_grid: geohashGrid,
  geohex_grid: geohexGrid,
  geotile_grid: geotileGrid,
  global: globalBucket,
  histogram,
  ip_prefix: ipPrefix,
  ip_range: ipRange,
  matrix_stats: matrixStats,
  max,
  max_bucket: maxBucket,
  median_absolute_deviation: medianAbsoluteDeviation,
  min,
  min_bucket: minBucket,
  missing,
  moving_fn: movingFn,
  moving_percentiles: movingPercentiles,
  multi_terms: multiTerms,
  nested,
  normalize,
  percentile_ranks: percentileRanks,
  percentiles,
  percentiles_bucket: percentilesBucket,
  random_sampler: randomSampler,
  range,
  rare_terms: rareTerms,
  rate,
  reverse_nested: reverseNested,
  sampler,
  serial_diff: serialDiff,
  significant_terms: significantTerms,
  significant_text: significantText,
  stats,
  stats_bucket: statsBucket,
  string_stats: stringStats,
  sum,
  sum_bucket: sumBucket,
  t_test: tTest,
  terms,
  top_hits: topHits,
  top_metrics: topMetrics,
  value_count: valueCount,
  weighted_avg: weightedAvg,
};

/** Kinds that Elasticsearch has and this translator knows to refuse, with the reason. */
export const REFUSED: Readonly<Record<string, string>> = {
  bucket_correlation: "it has no SQL yet",
  bucket_count_ks_test: "it has no SQL yet",
  cartesian_bounds: "fields of type point and shape are not mirrored",
  cartesian_centroid: "fields of type point and shape are not mirrored",
  categorize_text: "its categories come from a model",
  change_point: "its verdict comes from a model",
  counted_terms: "fields of type counted_keyword are not mirrored",
  children: "joins between documents are not mirrored",
  frequent_item_sets: "it has no SQL yet",
  inference: "it comes from a model",
  parent: "joins between documents are not mirrored",
  scripted_metric: "scripts have no SQL",
  time_series: "it has no SQL yet",
  variable_width_histogram: "its clusters depend on the order of documents",
};

/** The definition of a node's kind. Throws UnsupportedClause, or RejectedRequest where Elasticsearch knows no such kind. */
export function definitionOf(node: AggregationNode): Definition {
  const definition = Object.hasOwn(DEFINITIONS, node.type) ? DEFINITIONS[node.type] : undefined;
  if (definition !== undefined) return definition;
  const reason = Object.hasOwn(REFUSED, node.type) ? REFUSED[node.type] : undefined;
  if (reason !== undefined) throw new UnsupportedClause(node.pointer, `[${node.type}]: ${reason}`);
  throw new RejectedRequest("parsing_exception", `Unknown aggregation type [${node.type}]`);
}
