// How many documents indices have as a search counts them: `_stats` counts each nested object as one more; and the sum of their numbers,
// which tells apart sets of documents of one size.
import { isArray, isObject, member, numberAt, objectAt, printJson } from "../../shared/json.ts";
import { type ElasticsearchClient, ElasticsearchRefused } from "../elasticsearch/client.ts";

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

/** Documents and the sum of their sequence numbers. */
export interface LiveNumbers {
  readonly documents: number;
  readonly sum: number;
}

/** Of one index; null where Elasticsearch does not tell. Throws ElasticsearchAway. */
export async function visibleNumbers(elasticsearch: ElasticsearchClient, name: string): Promise<LiveNumbers | null> {
  const path = `/${encodeURIComponent(name)}/_search?request_cache=false&allow_partial_search_results=false`;
  const body = printJson({ size: 0, track_total_hits: true, aggs: { numbers: { sum: { field: "_seq_no" } } } });
  try {
    const answer = await elasticsearch.json("POST", path, body, { timeoutMs: 5_000 });
    const documents = numberAt(objectAt(objectAt(answer, "hits"), "total"), "value");
    const sum = numberAt(objectAt(objectAt(answer, "aggregations"), "numbers"), "value");
    return documents === null || sum === null ? null : { documents, sum };
  } catch (error) {
    if (error instanceof ElasticsearchRefused) return null;
    throw error;
  }
}

/** Sums are exact up to 2^51, and near enough above: Elasticsearch adds up in double precision. */
export function sameNumbers(a: LiveNumbers, b: LiveNumbers): boolean {
  return a.documents === b.documents && Math.abs(a.sum - b.sum) <= Math.max(a.sum, b.sum) * 2 ** -51;
}
