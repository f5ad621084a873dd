import { isArray, isNumber, isObject, type JsonValue, member } from "../../../shared/json.ts";
import { leftOpen } from "./rule.ts";

/**
 * Where Elasticsearch sees ahead that no shard can match, it gives `total: 0` although the request wanted no total. Which shards it
 * sees through depends on how values lie in its segments.
 */
export const emptyTotal = leftOpen(
  "empty_total",
  "Without hits, a total of 0 that was not asked for stands there or not by whether Elasticsearch asked any shard at all.",
  ({ kind, place, elasticsearch }) =>
    place.role.kind === "total" &&
    place.step === "total" &&
    kind === "missing" &&
    isUntracked(member(place.role.search, "track_total_hits")) &&
    isZero(elasticsearch) &&
    isEmptyList(place.parent?.clickhouse),
);

function isUntracked(option: JsonValue | undefined): boolean {
  return option === false || option === "false" || (option !== undefined && isNumber(option) && Number(option) === -1);
}

function isZero(total: JsonValue | undefined): boolean {
  const value = isObject(total) ? member(total, "value") : undefined;
  return isNumber(value) && Number(value) === 0;
}

function isEmptyList(hits: JsonValue | undefined): boolean {
  const list = isObject(hits) ? member(hits, "hits") : undefined;
  return isArray(list) && list.length === 0;
}
