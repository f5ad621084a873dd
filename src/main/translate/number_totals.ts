// `rest_total_hits_as_int`: every total of hits in an answer is a bare number, those of inner hits and of `top_hits` too. Pure.
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../shared/json.ts";

/** A search's answer with numbers as totals. What a document holds stays as it is. */
export function withNumberTotals(answer: JsonObject): JsonObject {
  const [hits, aggregations] = [member(answer, "hits"), member(answer, "aggregations")];
  return {
    ...answer,
    ...(isObject(hits) ? { hits: inHits(hits) } : {}),
    ...(aggregations === undefined ? {} : { aggregations: inAggregation(aggregations) }),
  };
}

function inHits(hits: JsonObject): JsonObject {
  const [total, list] = [member(hits, "total"), member(hits, "hits")];
  return {
    ...hits,
    ...(isObject(total) ? { total: member(total, "value") ?? -1 } : {}),
    ...(isArray(list) ? { hits: list.map(inHit) } : {}),
  };
}

function inHit(hit: JsonValue): JsonValue {
  const inner = isObject(hit) ? member(hit, "inner_hits") : undefined;
  if (!isObject(hit) || !isObject(inner)) return hit;
  const named = Object.entries(inner).map(([name, found]): [string, JsonValue] => [
    name,
    isObject(found) ? withNumberTotals(found) : found,
  ]);
  return { ...hit, inner_hits: Object.fromEntries(named) };
}

// Only `top_hits` has a list of hits: an aggregation that someone calls `hits` is an object.
function inAggregation(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map(inAggregation);
  if (!isObject(value)) return value;
  const hits = member(value, "hits");
  if (isObject(hits) && isArray(member(hits, "hits"))) return { ...value, hits: inHits(hits) };
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inAggregation(item)]));
}
