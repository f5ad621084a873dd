import { isArray, isNumber, isObject, type JsonValue, member } from "../../../shared/json.ts";
import { leftOpen } from "./rule.ts";

const WITH_BACKGROUND: ReadonlySet<string> = new Set(["significant_terms", "significant_text"]);

/**
 * Where Elasticsearch sees ahead that no shard can match, it asks one of them for the shape of the answer, whichever: the documents that
 * significant terms are compared with are then that shard's alone.
 */
export const emptyBackground = leftOpen(
  "empty_background",
  "Without documents, bg_count is that of the shards that Elasticsearch asked at all.",
  ({ kind, place, elasticsearch, clickhouse }) =>
    kind === "value" &&
    place.role.kind === "metric" &&
    WITH_BACKGROUND.has(place.role.type) &&
    place.step === "bg_count" &&
    [elasticsearch, clickhouse].every((count) => count !== undefined && isNumber(count)) &&
    isEmpty(place.parent?.elasticsearch) &&
    isEmpty(place.parent?.clickhouse),
);

function isEmpty(aggregation: JsonValue | undefined): boolean {
  if (!isObject(aggregation)) return false;
  const [count, buckets] = [member(aggregation, "doc_count"), member(aggregation, "buckets")];
  return isNumber(count) && Number(count) === 0 && isArray(buckets) && buckets.length === 0;
}
