// What Elasticsearch counts in an index: documents, and the highest sequence number of each shard.
import { isArray, isObject, type JsonValue, member, numberAt, objectAt } from "../../shared/json.ts";
import type { ElasticsearchClient } from "../elasticsearch/client.ts";

export interface Statistics {
  /** As far as they are visible to searches. */
  readonly documents: number;
  readonly bytes: number | null;
  /** By shard; null where the answer does not tell. */
  readonly highest: ReadonlyMap<number, number> | null;
}

/** Throws ElasticsearchAway and ElasticsearchRefused. */
export async function readStatistics(elasticsearch: ElasticsearchClient, index: string): Promise<Statistics> {
  const answer = await elasticsearch.json("GET", `/${encodeURIComponent(index)}/_stats/docs,store?level=shards`);
  const own = objectAt(objectAt(answer, "indices"), index);
  const primaries = objectAt(own, "primaries");
  return {
    documents: numberAt(objectAt(primaries, "docs"), "count") ?? 0,
    bytes: numberAt(objectAt(primaries, "store"), "size_in_bytes"),
    highest: highestOf(member(own, "shards")),
  };
}

function highestOf(shards: JsonValue | undefined): ReadonlyMap<number, number> | null {
  if (!isObject(shards)) return null;
  const highest = new Map<number, number>();
  for (const [shard, copies] of Object.entries(shards)) {
    const numbers = (isArray(copies) ? copies : []).flatMap((copy) => {
      const seqNo = isObject(copy) ? numberAt(objectAt(copy, "seq_no"), "max_seq_no") : null;
      return seqNo === null ? [] : [seqNo];
    });
    if (numbers.length === 0) return null;
    highest.set(Number(shard), Math.max(...numbers));
  }
  return highest;
}
