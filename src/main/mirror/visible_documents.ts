// How many documents indices have as a search counts them: `_stats` counts each nested object as one more.
import { isArray, isObject, member, numberAt, objectAt, printJson } from "../../shared/json.ts";
import type { ElasticsearchClient } from "../elasticsearch/client.ts";

/** Indices that are asked for at once: their names are in the path. */
const MOST_NAMED = 50;

/** By index; those past a bound, and those that a search does not find, are left out. Throws ElasticsearchAway and ElasticsearchRefused. */
export async function visibleDocuments(elasticsearch: ElasticsearchClient, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const asked = names.slice(0, MOST_NAMED);
  if (asked.length === 0) return new Map();
  const path = `/${asked.map(encodeURIComponent).join(",")}/_search?ignore_unavailable=true`;
  const body = printJson({ size: 0, track_total_hits: false, aggs: { names: { terms: { field: "_index", size: MOST_NAMED } } } });
  const answer = await elasticsearch.json("POST", path, body, { timeoutMs: 5_000 });
  const buckets = member(objectAt(objectAt(answer, "aggregations"), "names"), "buckets");
  const counts = (isArray(buckets) ? buckets : []).flatMap((bucket): readonly (readonly [string, number])[] => {
    const key = isObject(bucket) ? member(bucket, "key") : undefined;
    const count = isObject(bucket) ? numberAt(bucket, "doc_count") : null;
    return typeof key === "string" && count !== null ? [[key, count]] : [];
  });
  return new Map(counts);
}
