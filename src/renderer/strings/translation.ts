// An exchange's translation, and the page SQL.
import { plural } from "./plural.ts";

export const translation = {
  translation: {
    dsl: "Query DSL",
    sql: "SQL",
    none: "This search was not translated.",
    notSearch: "Not a search: there is nothing to translate.",
    noSql: "No SQL was sent.",
    clauses: (translated: number, unsupported: number) =>
      [translated > 0 ? plural(translated, "clause", "clauses") : "", unsupported > 0 ? `${unsupported} without SQL` : ""]
        .filter((part) => part !== "")
        .join(", "),
    statements: "Statements",
    notSent: "not sent",
    refused: "refused",
    edit: "Edit",
    edited: "Edited SQL",
    asTranslated: "As translated",
    editHint: "Your version runs beside the translated one and is never stored as it.",
    atHand: "Clause at hand",
    pointAtOne: "Point at a clause on either side: it lights up on both. A click keeps it.",
    noSpans: "This statement names no clause.",
    pieces: (n: number) => `${plural(n, "piece", "pieces")} of SQL`,
    parameters: "Parameters",
    parametersHint: "values never enter the SQL text",
    noParameters: "This statement has none.",
    run: "Run",
    explain: "Explain",
    exact: "Exact on both engines.",
    aggregationNotes: {
      cardinality: "Elasticsearch counts by HyperLogLog++ beyond precision_threshold; ClickHouse counts exactly. Rule: hyperloglog.",
      percentiles: "Elasticsearch’s t-digest is exact below 2,000 values and an estimate beyond. Rule: tdigest.",
      percentile_ranks: "Elasticsearch’s t-digest is exact below 2,000 values and an estimate beyond. Rule: tdigest.",
      median_absolute_deviation: "Elasticsearch estimates it by a t-digest. Rule: tdigest.",
      boxplot: "Elasticsearch estimates the quartiles by a t-digest. Rule: tdigest.",
      terms: "Over several shards Elasticsearch merges each shard’s best: the SQL cuts by shard likewise.",
      multi_terms: "Over several shards Elasticsearch merges each shard’s best: the SQL cuts by shard likewise.",
      significant_terms: "Over several shards Elasticsearch merges each shard’s best: the SQL cuts by shard likewise.",
      sum: "Elasticsearch adds doubles in document order; the last bits may differ. Rule: float_sum.",
      avg: "Elasticsearch adds doubles in document order; the last bits may differ. Rule: float_sum.",
    },
    queryNotes: {
      match_phrase_prefix: "Elasticsearch takes the first 50 words of each shard that begin so: the SQL takes the same.",
      fuzzy: "Elasticsearch takes the 50 nearest terms of each shard: the SQL takes the same.",
    },
    cost: { time: "Time", rows: "Rows given", readRows: "Rows read", readBytes: "Bytes read", memory: "Peak memory" },
  },
  sql: {
    title: "ClickHouse",
    run: "Run",
    running: "Running…",
    format: "Lay out",
    result: "Result",
    empty: "Nothing has run yet.",
    emptyAdvice: "The mirror’s tables are in the database that the list above names; each index has one.",
    figures: (rows: string, time: string, readRows: string, readBytes: string) =>
      `${rows} rows in ${time}, read ${readRows} rows, ${readBytes}`,
  },
} as const;
