// The two answers of one search as values: Elasticsearch's out of the whole body, ClickHouse's out of the record.

import type { ExchangeDetail, SearchPart } from "../../../shared/exchange.ts";
import { isArray, isObject, type JsonValue, member, parseJson } from "../../../shared/json.ts";

export interface AnswerPair {
  readonly elasticsearch: JsonValue;
  readonly clickhouse: JsonValue;
}

/** As they were compared; null where one of the texts is not JSON (a body that was cut). */
export function answerPair(exchange: ExchangeDetail, part: SearchPart, esText: string): AnswerPair | null {
  try {
    const clickhouse = parseJson(part.clickhouse ?? "null");
    if (part.second !== undefined) return { elasticsearch: parseJson(part.second.elasticsearch), clickhouse };
    const whole = parseJson(esText);
    return { elasticsearch: answerOf(whole, clickhouse, part.position, exchange.searches.length), clickhouse };
  } catch {
    return null;
  }
}

/** An `_msearch` has its answers in `responses`; an `_async_search` wraps one in `response`, unless both sides do. */
function answerOf(whole: JsonValue, clickhouse: JsonValue, position: number, searches: number): JsonValue {
  if (!isObject(whole)) return whole;
  const responses = member(whole, "responses");
  if (isArray(responses) && (searches > 1 || !(isObject(clickhouse) && member(clickhouse, "responses") !== undefined)))
    return responses[position] ?? whole;
  const wrapped = member(whole, "response");
  const bothWrapped = isObject(clickhouse) && isObject(member(clickhouse, "response"));
  return isObject(wrapped) && !bothWrapped ? wrapped : whole;
}
