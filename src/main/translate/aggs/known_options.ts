// The options that Elasticsearch reads for each kind of aggregation. Any other is refused while the request is read, before
// anything is said of what is missing or malformed.
import type { JsonObject } from "../../../shared/json.ts";
import { RejectedRequest } from "../failure.ts";

const VALUES = "field script missing format value_type valueType";
const UNFORMATTED = "field missing value_type valueType";
const SIBLING = "buckets_path format gap_policy";
const SIGNIFICANT =
  "field include exclude size shard_size min_doc_count shard_min_doc_count background_filter jlh gnd chi_square mutual_information percentage script_heuristic p_value";
const HITS =
  "from size sort _source fields docvalue_fields stored_fields script_fields highlight version seq_no_primary_term explain track_scores";

/** Kinds that are not here are not checked. */
const OPTIONS: Readonly<Record<string, string>> = {
  adjacency_matrix: "filters separator",
  auto_date_histogram: `${VALUES} time_zone buckets minimum_interval`,
  avg: VALUES,
  avg_bucket: SIBLING,
  bucket_script: "buckets_path format gap_policy script",
  bucket_selector: "buckets_path gap_policy script",
  bucket_sort: "from gap_policy size sort",
  cardinality: "field script missing value_type valueType execution_hint precision_threshold rehash",
  composite: "after size sources",
  cumulative_cardinality: "buckets_path format",
  cumulative_sum: "buckets_path format",
  date_histogram: `${VALUES} time_zone keyed calendar_interval fixed_interval offset extended_bounds hard_bounds min_doc_count order`,
  date_range: `${VALUES} time_zone keyed ranges`,
  derivative: `${SIBLING} unit`,
  diversified_sampler: `${UNFORMATTED} script max_docs_per_value shard_size execution_hint`,
  extended_stats: `${VALUES} sigma`,
  extended_stats_bucket: `${SIBLING} sigma`,
  filters: "filters keyed other_bucket other_bucket_key",
  geo_bounds: `${UNFORMATTED} wrap_longitude`,
  geo_centroid: `${UNFORMATTED} script`,
  geo_distance: `${UNFORMATTED} origin unit distance_type keyed ranges`,
  geo_line: "point sort include_sort sort_order size",
  geohash_grid: `${UNFORMATTED} bounds precision size shard_size`,
  geohex_grid: `${UNFORMATTED} bounds precision size shard_size`,
  geotile_grid: `${UNFORMATTED} bounds precision size shard_size`,
  histogram: `${VALUES} keyed interval offset extended_bounds hard_bounds min_doc_count order`,
  ip_prefix: `${UNFORMATTED} keyed min_doc_count prefix_length is_ipv6 append_prefix_length`,
  ip_range: `${UNFORMATTED} keyed ranges`,
  matrix_stats: "fields missing format mode",
  max: VALUES,
  max_bucket: SIBLING,
  median_absolute_deviation: `${VALUES} compression execution_hint`,
  min: VALUES,
  min_bucket: SIBLING,
  missing: VALUES,
  moving_percentiles: "buckets_path gap_policy shift window",
  moving_fn: `${SIBLING} script shift window`,
  nested: "path",
  percentile_ranks: `${VALUES} keyed values tdigest hdr`,
  percentiles: `${VALUES} keyed percents tdigest hdr`,
  percentiles_bucket: `${SIBLING} keyed percents`,
  random_sampler: "probability seed shard_seed",
  range: `${VALUES} keyed ranges`,
  rare_terms: `${VALUES} include exclude precision max_doc_count`,
  rate: `${VALUES} unit mode`,
  reverse_nested: "path",
  sampler: "shard_size",
  serial_diff: `${SIBLING} lag`,
  significant_terms: `${SIGNIFICANT} ${VALUES} execution_hint`,
  significant_text: `${SIGNIFICANT} source_fields filter_duplicate_text`,
  stats: VALUES,
  stats_bucket: SIBLING,
  sum: VALUES,
  sum_bucket: SIBLING,
  t_test: "a b type tails format",
  terms: `${VALUES} include exclude order size shard_size min_doc_count shard_min_doc_count collect_mode execution_hint show_term_doc_count_error`,
  top_hits: HITS,
  value_count: VALUES,
  weighted_avg: "value weight format value_type valueType",
};

/** Kinds whose parser says `parsing_exception`. */
const OWN_PARSER = new Set([
  ...["bucket_selector", "derivative", "serial_diff", "filters", "matrix_stats", "nested", "reverse_nested", "sampler", "top_hits"],
  ...Object.keys(OPTIONS).filter((type) => type.endsWith("_bucket")),
]);

/** Throws RejectedRequest for an option that Elasticsearch does not know. */
export function checkOptions(type: string, body: JsonObject): void {
  const known = Object.hasOwn(OPTIONS, type) ? OPTIONS[type]?.split(" ") : undefined;
  const unknown = known === undefined ? undefined : Object.keys(body).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const error = OWN_PARSER.has(type) ? "parsing_exception" : "x_content_parse_exception";
  throw new RejectedRequest(error, `[${type}] unknown field [${unknown}]`);
}
