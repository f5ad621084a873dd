import { isArray, isNumber, isObject, type JsonValue, member } from "../../../shared/json.ts";
import type { Place } from "../place.ts";
import { leftOpen } from "./rule.ts";

/**
 * Sorted over several shards, Elasticsearch asks no shard of which it sees that nothing can match: the answer's max_score is then
 * 0.0 instead of null. Which shards it sees through depends on how values lie in its segments.
 */
export const emptyMaxScore = leftOpen(
  "empty_max_score",
  "Without hits, max_score is null or 0.0 by whether Elasticsearch asked any shard at all.",
  ({ place, elasticsearch, clickhouse }) =>
    place.role.kind === "score" &&
    place.step === "max_score" &&
    isNothing(elasticsearch) &&
    isNothing(clickhouse) &&
    isEmptyList(place.parent),
);

function isNothing(value: JsonValue | undefined): boolean {
  return value === null || (value !== undefined && isNumber(value) && Number(value) === 0);
}

function isEmptyList(hits: Place | null): boolean {
  return [hits?.elasticsearch, hits?.clickhouse].every((side) => {
    const list = isObject(side) ? member(side, "hits") : undefined;
    return isArray(list) && list.length === 0;
  });
}
