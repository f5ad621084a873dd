// Figures of one answer: matching documents, hits, buckets. From JSON in Elasticsearch's shape; null where there is none.
import { isArray, isObject, type JsonValue, member, parseJson, printJson } from "../../../shared/json.ts";

export interface AnswerFigures {
  /** As written: `1093`, or `≥ 10000` where counting stopped. */
  readonly total: string | null;
  readonly hits: number | null;
  readonly buckets: number | null;
  readonly shards: number | null;
}

/** Figures of an answer; null when the text is not JSON (yet, or cut). */
export function figuresOf(text: string | null): AnswerFigures | null {
  if (text === null || text === "") return null;
  try {
    return figures(parseJson(text));
  } catch {
    return null; // cut off, or an error page: there is nothing to count
  }
}

function figures(answer: JsonValue): AnswerFigures {
  const whole = isObject(answer) && isObject(member(answer, "response")) ? (member(answer, "response") ?? answer) : answer;
  if (!isObject(whole)) return { total: null, hits: null, buckets: null, shards: null };
  const hits = member(whole, "hits");
  const list = isObject(hits) ? member(hits, "hits") : undefined;
  const shards = member(whole, "_shards");
  const total = isObject(shards) ? member(shards, "total") : undefined;
  const aggregations = member(whole, "aggregations");
  const count = member(whole, "count");
  return {
    total: isObject(hits) ? totalOf(member(hits, "total")) : count === undefined ? null : printJson(count),
    hits: isArray(list) ? list.length : null,
    buckets: aggregations === undefined ? null : countBuckets(aggregations),
    shards: typeof total === "number" ? total : null,
  };
}

function totalOf(total: JsonValue | undefined): string | null {
  if (total === undefined || total === null) return null;
  if (!isObject(total)) return printJson(total);
  const value = member(total, "value");
  return value === undefined ? null : `${member(total, "relation") === "gte" ? "≥ " : ""}${printJson(value)}`;
}

function countBuckets(value: JsonValue): number {
  if (isArray(value)) return value.reduce<number>((sum, item) => sum + countBuckets(item), 0);
  if (!isObject(value)) return 0;
  let sum = 0;
  for (const [name, item] of Object.entries(value)) {
    if (name === "buckets" && isArray(item)) sum += item.length;
    else if (name === "buckets" && isObject(item)) sum += Object.keys(item).length;
    if (isArray(item) || isObject(item)) sum += countBuckets(item);
  }
  return sum;
}
