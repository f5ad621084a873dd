// The options that Elasticsearch reads for each clause: any other is refused, one that is here and has no SQL is unsupported.
import { RejectedRequest } from "./failure.ts";

const FUZZY = "fuzziness prefix_length max_expansions fuzzy_transpositions fuzzy_rewrite";
const MATCH = `query analyzer operator minimum_should_match ${FUZZY} lenient zero_terms_query auto_generate_synonyms_phrase_query`;
const PATTERN = "value case_insensitive rewrite";

/** Clauses that are not here are not checked. All take `boost` and `_name` besides. */
const OPTIONS: Readonly<Record<string, string>> = {
  bool: "must filter should must_not minimum_should_match adjust_pure_negative",
  boosting: "positive negative negative_boost",
  combined_fields: "query fields operator minimum_should_match zero_terms_query auto_generate_synonyms_phrase_query",
  constant_score: "filter",
  dis_max: "queries tie_breaker",
  distance_feature: "field origin pivot",
  exists: "field",
  fields: "field format include_unmapped",
  fuzzy: "value term fuzziness prefix_length max_expansions rewrite transpositions",
  ids: "values",
  match: MATCH,
  match_all: "",
  match_bool_prefix: `query analyzer operator minimum_should_match ${FUZZY}`,
  match_none: "",
  match_phrase: "query analyzer slop zero_terms_query",
  match_phrase_prefix: "query analyzer slop max_expansions zero_terms_query",
  multi_match: `${MATCH} fields slop tie_breaker type`,
  nested: "query path score_mode ignore_unmapped inner_hits",
  prefix: PATTERN,
  query_string: `query analyzer quote_analyzer fields default_field default_operator type tie_breaker minimum_should_match fuzziness fuzzy_prefix_length fuzzy_max_expansions fuzzy_transpositions fuzzy_rewrite lenient rewrite auto_generate_synonyms_phrase_query max_determinized_states time_zone allow_leading_wildcard analyze_wildcard enable_position_increments phrase_slop quote_field_suffix escape`,
  range: "gt gte lt lte format time_zone relation",
  regexp: `${PATTERN} flags flags_value max_determinized_states`,
  script: "script",
  script_score: "query script min_score",
  simple_query_string:
    "query fields analyzer default_operator flags lenient analyze_wildcard quote_field_suffix minimum_should_match auto_generate_synonyms_phrase_query fuzzy_prefix_length fuzzy_max_expansions fuzzy_transpositions",
  span_containing: "big little",
  span_first: "match end",
  span_multi: "match",
  span_near: "clauses slop in_order",
  span_not: "include exclude pre post dist",
  span_or: "clauses",
  span_term: "value term",
  span_within: "big little",
  term: "value term case_insensitive",
  wildcard: `${PATTERN} wildcard`,
};

/** Clauses whose parser says `x_content_parse_exception`, the others' `parsing_exception`. */
const OBJECT_PARSERS = new Set(["bool", "combined_fields", "distance_feature", "fields", "script_score"]);

/** Throws RejectedRequest for an option that Elasticsearch does not know. */
export function checkKnown(clause: string, name: string): void {
  const known = Object.hasOwn(OPTIONS, clause) ? OPTIONS[clause]?.split(" ") : undefined;
  if (known === undefined || name === "boost" || name === "_name" || known.includes(name)) return;
  const type = OBJECT_PARSERS.has(clause) ? "x_content_parse_exception" : "parsing_exception";
  throw new RejectedRequest(type, `[${clause}] query does not support [${name}]`);
}
