// What each API of Elasticsearch does to documents and schema, and so what becomes of it in ClickHouse. The table names all that
// is not a plain reading by GET or HEAD; `docs/write-apis.md` is made of it.

/**
 * mirrored: changes documents, and they are written to ClickHouse, too.
 * applied: changes indices, aliases, mappings or templates, and the tables follow.
 * counted: documents change behind Parallax: they are counted as not mirrored, with the reason, until they are reconciled.
 * apart: changes only the cluster, Elasticsearch's own indices or what nothing is mirrored of.
 * reads: changes nothing.
 */
export type Effect = "mirrored" | "applied" | "counted" | "apart" | "reads";

export interface ApiEffect {
  /** Segments from the API's name on: `*` is any segment, `**` any number of them; the index before it is left out. */
  readonly path: string;
  readonly effect: Effect;
  /** How it is mirrored, or why not. */
  readonly how: string;
  /** Where only these methods have the effect. */
  readonly methods?: readonly string[];
}

const BY_ANSWER = "by its answer, or read back where a script, a pipeline or a part of a document made it";
const BY_NUMBERS =
  "by the numbers (`_seq_no`) that it gave; deleted documents by counting both sides; a task (`wait_for_completion=false`) once it has ended";
const FOLLOWED = "indices, aliases and mappings are asked again before they are used next";
const MADE = "the table is made when the index is first written or searched";
const COPIED = "the index that it makes is in Elasticsearch at once with all its documents: reconcile it";
const LATER = "writes to indices by itself, behind Parallax: reconcile them";
const OWN = "changes Elasticsearch's own indices or the cluster";
const READS = "changes nothing";

function each(effect: Effect, how: string, paths: readonly string[], methods?: readonly string[]): readonly ApiEffect[] {
  return paths.map((path) => (methods === undefined ? { path, effect, how } : { path, effect, how, methods }));
}

/** The first that fits counts. */
export const API_EFFECTS: readonly ApiEffect[] = Object.freeze([
  ...each("mirrored", BY_ANSWER, ["_bulk", "_doc", "_doc/*", "_create/*", "_update/*"]),
  ...each("mirrored", BY_NUMBERS, ["_update_by_query", "_delete_by_query", "_reindex"]),
  ...each("apart", "changes how fast a task runs, or ends it; what it has changed is found when it ends", [
    "_reindex/*/_rethrottle",
    "_reindex/*/_cancel",
    "_update_by_query/*/_rethrottle",
    "_delete_by_query/*/_rethrottle",
    "_tasks/_cancel",
    "_tasks/*/_cancel",
  ]),

  ...each("applied", MADE, [""], ["PUT"]),
  ...each("applied", "the table is dropped", ["", "_data_stream/*"], ["DELETE"]),
  ...each("applied", MADE, ["_data_stream/*"], ["PUT"]),
  ...each("applied", MADE, ["_create_from/*/*"]),
  ...each("reads", READS, ["_index_template/_simulate"]),
  ...each("applied", FOLLOWED, [
    "_mapping",
    "_mappings",
    "_settings",
    "_aliases",
    "_alias/*",
    "_aliases/*",
    "_rollover",
    "_rollover/*",
    "_close",
    "_open",
    "_freeze",
    "_unfreeze",
    "_block/*",
    "_index_template/*",
    "_template/*",
    "_component_template/*",
    "_data_stream/_migrate/*",
    "_data_stream/_modify",
    "_data_stream/_promote/*",
    "_data_stream/*/_mappings",
    "_data_stream/*/_settings",
    "_data_stream/*/_options",
  ]),

  ...each("counted", COPIED, ["_shrink/*", "_split/*", "_clone/*", "_downsample/*", "_dangling/*", "_migration/reindex"], ["PUT", "POST"]),
  ...each("counted", COPIED, ["_snapshot/*/*/_restore", "_snapshot/*/*/_mount", "_ccr/follow"]),
  ...each("counted", "may bring back a shard without its last writes, or an empty one: reconcile its index", ["_cluster/reroute"]),
  ...each("counted", LATER, [
    "_ccr/resume_follow",
    "_ccr/auto_follow/*",
    "_ccr/auto_follow/*/resume",
    "_transform/*/_start",
    "_transform/*/_schedule_now",
    "_rollup/job/*/_start",
    "_ml/data_frame/analytics/*/_start",
    "_ml/datafeeds/*/_start",
    "_watcher/_start",
    "_watcher/watch/*/_activate",
    "_watcher/watch/_execute",
    "_watcher/watch/*/_execute",
    "_application/analytics/*/event/*",
    "_streams/*/_enable",
  ]),
  ...each("counted", LATER, ["_watcher/watch/*", "_transform/*"], ["PUT"]),
  ...each("counted", "rolls over, shrinks, downsamples and deletes indices by itself: their tables follow when they are searched next", [
    "_ilm/policy/*",
    "_ilm/move/*",
    "_ilm/start",
    "_ilm/retry",
    "_ilm/remove",
    "_data_stream/*/_lifecycle",
  ]),
  ...each("counted", "deletes or changes data by itself", ["_features/_reset", "_ilm/migrate_to_data_tiers", "_transform/*/_reset"]),
  // With `delete_dest_index` the index that it wrote goes too.
  ...each("applied", FOLLOWED, ["_transform/*"], ["DELETE"]),

  ...each("reads", READS, [
    "_search",
    "_search/scroll",
    "_search/scroll/*",
    "_search/template",
    "_search/point_in_time",
    "_search/point_in_time/**",
    "_msearch",
    "_msearch/template",
    "_count",
    "_async_search",
    "_async_search/*",
    "_query",
    "_query/async",
    "_query/async/*",
    "_query/async/*/stop",
    "_eql/search",
    "_eql/search/*",
    "_sql",
    "_sql/close",
    "_sql/translate",
    "_sql/async/delete/*",
    "_knn_search",
    "_rollup_search",
    "_mvt/**",
    "_graph/explore",
    "_fleet/_fleet_search",
    "_fleet/_fleet_msearch",
    "_application/search_application/*/_search",
    "_application/search_application/*/_render_query",
    "_pit",
    "_mget",
    "_source/*",
    "_field_caps",
    "_terms_enum",
    "_termvectors",
    "_termvectors/*",
    "_mtermvectors",
    "_explain/*",
    "_validate/query",
    "_rank_eval",
    "_search_shards",
    "_render/template",
    "_render/template/*",
    "_analyze",
    "_disk_usage",
    "_resolve/index/*",
    "_resolve/cluster/**",
    "_cat/**",
    "_index_template/_simulate/*",
    "_index_template/_simulate_index/*",
    "_ingest/_simulate",
    "_ingest/*/_simulate",
    "_ingest/pipeline/*/_simulate",
    "_scripts/painless/_execute",
    "_text_structure/**",
    "_profiling/**",
    "_transform/_preview",
    "_transform/*/_preview",
    "_cluster/allocation/explain",
    "_query_rules/*/_test",
    "_project/tags",
  ]),

  ...each("apart", "shows or keeps what was written; changes no document", [
    "_refresh",
    "_flush",
    "_flush/synced",
    "_forcemerge",
    "_cache/clear",
    "_searchable_snapshots/cache/clear",
    "_reload_search_analyzers",
  ]),
  ...each("apart", "what a pipeline makes of a document is read back", ["_ingest/**", "_logstash/**"]),
  ...each("apart", "a view of ES|QL; no index", ["_query/view/*"]),
  ...each("apart", "ends what wrote to indices by itself", [
    "_ccr/**",
    "_transform/**",
    "_rollup/job/**",
    "_watcher/**",
    "_ilm/**",
    "_streams/*/_disable",
  ]),
  ...each("apart", OWN, [
    "_ml/**",
    "_security/**",
    "_snapshot/**",
    "_slm/**",
    "_enrich/**",
    "_connector/**",
    "_application/**",
    "_inference/**",
    "_synonyms/**",
    "_query_rules/**",
    "_fleet/**",
    "_monitoring/**",
    "_scripts/**",
    "_license/**",
    "_xpack/**",
    "_cluster/**",
    "_nodes/**",
    "_autoscaling/**",
    "_migration/**",
    "_dangling/*",
    "_project_routing/**",
    "_remote/**",
    "_upgrade",
    "_internal/**",
  ]),
]);

const UNKNOWN: ApiEffect = Object.freeze({
  path: "**",
  effect: "counted",
  how: "Parallax does not know this API: whether it changed documents is told by their numbers",
});
const READING: ApiEffect = Object.freeze({ path: "**", effect: "reads", how: READS });

/** By their first segment. */
const BY_NAME = Map.groupBy(
  API_EFFECTS.map((api) => ({ api, segments: api.path.split("/") })),
  ({ segments }) => segments[0] ?? "",
);

/** What a request does. `segments`: of its path, decoded, from the API's name on; `[""]` for an index by itself. Null where the table does not say. */
export function knownEffect(method: string, segments: readonly string[]): ApiEffect | null {
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") return READING;
  const named = BY_NAME.get(segments[0] ?? "") ?? [];
  return named.find(({ api, segments: own }) => (api.methods?.includes(method) ?? true) && fits(own, segments))?.api ?? null;
}

/** The same, with an answer for what nobody knows. */
export function effectOf(method: string, segments: readonly string[]): ApiEffect {
  return knownEffect(method, segments) ?? UNKNOWN;
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.at(-1) === "**") {
    const before = pattern.slice(0, -1);
    return segments.length >= before.length && before.every((step, i) => step === "*" || step === segments[i]);
  }
  return pattern.length === segments.length && pattern.every((step, i) => step === "*" || step === segments[i]);
}
