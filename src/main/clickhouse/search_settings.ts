// What ClickHouse is told beside a statement: the bounds of a search, and settings that answers depend on.

/** Bounds of one statement of a search: a runaway one ends in a clear error, never a hang. */
export interface SearchLimits {
  readonly seconds: number;
  readonly memoryBytes: number;
}

export const SEARCH_LIMITS: SearchLimits = Object.freeze({ seconds: 60, memoryBytes: 4 * 1024 ** 3 });

/** Statements name columns: an index with 10,000 fields has 20,000 of them. */
export const LONG_STATEMENTS = Object.freeze({
  max_query_size: String(64 * 1024 * 1024),
  max_ast_elements: "2000000",
  max_expanded_ast_elements: "4000000",
});
export const SEARCH_SETTINGS: Readonly<Record<string, string | number>> = Object.freeze({
  max_query_size: 64 * 1024 * 1024,
  max_ast_elements: 2_000_000,
  max_expanded_ast_elements: 4_000_000,
  // Buffered to its end, so that an error after the first rows is still an error status and the summary is whole.
  wait_end_of_query: 1,
  cancel_http_readonly_queries_on_client_close: 1,
  // Compiling an expression takes 80 to 400 ms, more than any search of a laptop's data gains by it.
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
  compile_sort_description: 0,
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_denormals: 1,
  output_format_json_quote_decimals: 0,
  enable_extended_results_for_datetime_functions: 1,
});

/**
 * Settings that servers before 26 don't know. The best rows are not guessed while reading: that guess comes before the condition
 * and then reads the words of all texts where their index alone would do (2.8 s in place of 0.3 for ten million).
 */
export const NEW_SETTINGS: Readonly<Record<string, string | number>> = Object.freeze({
  use_top_k_dynamic_filtering: 0,
  use_skip_indexes_for_top_k: 0,
});

const BY_REPLICA = { prefer_localhost_replica: 0, load_balancing: "in_order" } as const;

/**
 * Over several shards a subquery reads all of them, as the search does. A search is answered by the replica that was written to, and by
 * none that lags.
 */
export const CLUSTER_SEARCH: Readonly<Record<string, string | number>> = Object.freeze({
  ...BY_REPLICA,
  distributed_product_mode: "global",
  max_replica_delay_for_distributed_queries: 1,
  fallback_to_stale_replicas_for_distributed_queries: 0,
});
/** An insert is over when every shard has its rows. */
export const CLUSTER_INSERT = Object.freeze({ ...BY_REPLICA, insert_distributed_sync: 1 } as const);
