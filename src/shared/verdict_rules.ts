// The rules by which answers that differ may still say the same, in plain words, and what a user says of them. Plain data.

/** What becomes of what a rule explains: see docs/verdicts.md. `yours`: its entries are the rule. */
export type VerdictRuleKind = "housekeeping" | "left open" | "tolerance" | "yours";

export interface VerdictRule {
  readonly name: string;
  readonly kind: VerdictRuleKind;
  /** Plain words with `code` in them, as docs/verdicts.md has them. */
  readonly means: string;
  /** `path`: only for a path, for it has something to explain in every answer. */
  readonly switchable: "yes" | "path" | "no";
}

/** The setting that holds a user's entries. */
export const VERDICT_RULES_KEY = "verdicts.rules";

/** Name of the rule of what a user does not care about. */
export const IGNORED = "ignored";

/** One entry of the setting `verdicts.rules`. Of several that fit a place, the first decides. */
export interface VerdictEntry {
  /** Which rule; `ignored`: what the path or the field has is of no interest. */
  readonly rule: string;
  /** Of all but `ignored`: whether the rule explains anything there. */
  readonly on?: boolean;
  /** An index expression; absent: all indices. */
  readonly index?: string;
  /** Fingerprint of a query; absent: all queries. */
  readonly shape?: string;
  /** Pattern of paths in the answer; absent: the whole answer. */
  readonly path?: string;
  /** Of `ignored`: the name of a field of documents, in the place of `path`. */
  readonly field?: string;
  /** In plain words. */
  readonly reason: string;
}

/** Every rule there is, in the order in which they are asked (src/main/matcher/rules/index.ts). */
export const VERDICT_RULES: readonly VerdictRule[] = Object.freeze([
  {
    name: "envelope",
    kind: "housekeeping",
    means:
      "Members that tell how an answer was made: `took`, `_shards`, `_clusters`, `timed_out`, `terminated_early`, `num_reduce_phases`, `pit_id`, `_scroll_id`, `profile`, `status`, a hit's `_explanation`, `_shard` and `_node` (`explain`), ES|QL's `documents_found` and `values_loaded`, and the envelope of an async search.",
    switchable: "path",
  },
  {
    name: "error_text",
    kind: "housekeeping",
    means: "The wording, causes and shard lists of an error whose status and type agree.",
    switchable: "no",
  },
  {
    name: "score",
    kind: "tolerance",
    means: "Scores that agree to 1 in 100,000: Elasticsearch adds them up in 32-bit floats.",
    switchable: "yes",
  },
  {
    name: "stale_statistics",
    kind: "left open",
    means:
      "Scores, and the order of hits by them, of words in an index with overwritten or deleted documents: those count in Elasticsearch's statistics until they are merged away, which it does not tell. Only an exchange one for one is excused; how many hits there are, and what each shows, is compared.",
    switchable: "yes",
  },
  {
    name: "tied_hits",
    kind: "left open",
    means:
      "Hits that tie in everything the request sorts by, or a request that sorts by nothing: their order is open, and which of them fill the end of a page. Only an exchange one for one is excused; a shorter page is a difference.",
    switchable: "yes",
  },
  {
    name: "tied_buckets",
    kind: "left open",
    means:
      "Buckets that the request orders by a metric in which they are equal within its tolerance. Order by count and key is never open.",
    switchable: "yes",
  },
  {
    name: "open_rows",
    kind: "left open",
    means:
      "ES|QL: rows that the query does not order or that tie in its SORT, which of them a LIMIT at their rank shows, and the order of what VALUES gathers. Only an exchange one for one is excused.",
    switchable: "yes",
  },
  {
    name: "name_order",
    kind: "left open",
    means: "`matched_queries` of a hit: the same names in another order, which is that of a hash table.",
    switchable: "yes",
  },
  {
    name: "doc_order",
    kind: "left open",
    means: "Sort values of `_doc` and `_shard_doc`: they number documents inside Elasticsearch's own files and change with every merge.",
    switchable: "yes",
  },
  {
    name: "total_lower_bound",
    kind: "left open",
    means: "Elasticsearch stopped counting and said `gte`; ClickHouse's total is at least as large. Never under `track_total_hits: true`.",
    switchable: "yes",
  },
  {
    name: "empty_max_score",
    kind: "left open",
    means:
      "`max_score` of an empty list of hits, null or 0.0: sorted over several shards, Elasticsearch asks no shard of which it sees that nothing can match, and then says 0.0.",
    switchable: "yes",
  },
  {
    name: "empty_total",
    kind: "left open",
    means:
      "`total: 0` beside an empty list of hits although `track_total_hits` is false or -1: Elasticsearch says so where it asked no shard at all.",
    switchable: "yes",
  },
  {
    name: "empty_background",
    kind: "left open",
    means:
      "`bg_count` of `significant_terms` and `significant_text` without documents: where Elasticsearch sees that no shard can match, it asks one of them, whichever, and counts that one's documents.",
    switchable: "yes",
  },
  {
    name: "sampling",
    kind: "left open",
    means:
      "What stands below a `sampler` or `diversified_sampler` whose sample is full: of documents that score alike, those are in it that come first in Elasticsearch's own files. How many are in it is compared.",
    switchable: "yes",
  },
  {
    name: "geo_distance",
    kind: "tolerance",
    means: "Distances in sort values that agree to 1 in a billion: Lucene's sine comes from a table.",
    switchable: "yes",
  },
  {
    name: "hyperloglog",
    kind: "tolerance",
    means: "A `cardinality` within its bounds: Elasticsearch estimates it.",
    switchable: "yes",
  },
  {
    name: "tdigest",
    kind: "tolerance",
    means: "`percentiles` and `percentile_ranks` within their bounds: Elasticsearch estimates them from 2000 values on.",
    switchable: "yes",
  },
  {
    name: "float_sum",
    kind: "tolerance",
    means:
      "A sum of doubles, or a number that comes of one, that agrees to 4 units in the last place or within the bounds of the sum; variances and deviations to 1 in a billion. Whole numbers below 2^53 must be equal. Minimum, maximum and counts never fall under it.",
    switchable: "yes",
  },
  {
    name: "as_string",
    kind: "tolerance",
    means: "The text (`…_as_string`) of a sum that itself agrees to 1 in 10^12.",
    switchable: "yes",
  },
  {
    name: "noise",
    kind: "left open",
    means:
      "Values and positions in which a side was seen to disagree with itself, by a probe that was remembered for the query shape; no further apart than was seen.",
    switchable: "yes",
  },
  {
    name: IGNORED,
    kind: "yours",
    means:
      "What an entry of the setting `verdicts.rules` says is of no interest: a path of the answer, or a field of its documents. Asked last.",
    switchable: "no",
  },
]);
