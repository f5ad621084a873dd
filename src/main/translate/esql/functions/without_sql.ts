// Functions that Elasticsearch has and that have no SQL, with the reason: they are not unknown.
const SHAPES = "functions of places and shapes have no SQL yet";
const SEARCH = "this way of full text search has no SQL yet";
const OTHER = "this function has no SQL yet";

export const FUNCTIONS_WITHOUT_SQL: Readonly<Record<string, string>> = {
  ...named(
    "st_contains st_disjoint st_distance st_envelope st_geohash st_geohash_to_long st_geohash_to_string st_geohex st_geohex_to_long st_geohex_to_string st_geotile st_geotile_to_long st_geotile_to_string st_intersects st_npoints st_simplify st_within st_x st_xmax st_xmin st_y st_ymax st_ymin to_geopoint to_geoshape to_cartesianpoint to_cartesianshape st_buffer st_dimension st_geometrytype st_isempty st_simplifypreservetopology",
    SHAPES,
  ),
  ...named(
    "multi_match term score decay knn semantic text_embedding v_cosine v_dot_product v_hamming v_l1_norm v_l2_norm v_magnitude top_snippets chunk",
    SEARCH,
  ),
  ...named(
    "mv_percentile mv_pseries_weighted_sum mv_median_absolute_deviation mv_contains mv_difference mv_intersects mv_intersection mv_union to_version copy_sign scalb url_encode url_encode_component url_decode clamp clamp_min clamp_max to_aggregate_metric_double to_dense_vector network_direction categorize trange tbucket field_extract json_extract first_over_time last_over_time rate range_within range_max range_min to_date_range mv_sort_by exp10 log2 jaro_winkler",
    OTHER,
  ),
};

function named(names: string, reason: string): Record<string, string> {
  return Object.fromEntries(names.split(" ").map((name) => [name, reason]));
}

/** Why a function of Elasticsearch's has no SQL; undefined for one that has, or that Elasticsearch lacks too. */
export function functionReason(name: string): string | undefined {
  return Object.hasOwn(FUNCTIONS_WITHOUT_SQL, name) ? FUNCTIONS_WITHOUT_SQL[name] : undefined;
}
