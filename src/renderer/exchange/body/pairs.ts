// NDJSON requests as pairs: a `_bulk`'s action and document, an `_msearch`'s header and search, each beside its item of
// the answer. Text in, rows out; a line that is not JSON keeps its text.
import { isArray, isObject, type JsonObject, JsonSyntaxError, type JsonValue, member, parseJson, printJson } from "../../../shared/json.ts";

export interface Pair {
  readonly position: number;
  /** `index`, `create`, `update`, `delete`; `search` for an `_msearch`. */
  readonly action: string;
  readonly index: string;
  readonly id: string;
  /** The second line as sent; null where there is none (delete). */
  readonly body: string | null;
  readonly head: string;
}

export interface PairAnswer {
  readonly status: number | null;
  /** `created`, `updated`, …; the error's reason; `12 hits` for a search. */
  readonly result: string;
  readonly failed: boolean;
}

function read(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

function textOf(object: JsonObject, name: string): string {
  const value = member(object, name);
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : printJson(value);
}

/** The actions of a `_bulk` body, in order. */
export function bulkPairs(text: string): readonly Pair[] {
  const all = lines(text);
  const pairs: Pair[] = [];
  for (let i = 0; i < all.length; i += 1) {
    const head = all[i] ?? "";
    const value = read(head);
    const action = isObject(value) ? (Object.keys(value)[0] ?? "") : "?";
    const target = isObject(value) ? member(value, action) : undefined;
    const hasBody = action !== "delete";
    const body = hasBody ? (all[i + 1] ?? null) : null;
    if (hasBody) i += 1;
    const object = isObject(target) ? target : {};
    pairs.push({ position: pairs.length, action, index: textOf(object, "_index"), id: textOf(object, "_id"), body, head });
  }
  return pairs;
}

/** The searches of an `_msearch` body, in order. */
export function msearchPairs(text: string): readonly Pair[] {
  const all = lines(text);
  return Array.from({ length: Math.ceil(all.length / 2) }, (_, position) => {
    const head = all[position * 2] ?? "";
    const value = read(head);
    const index = isObject(value) ? textOf(value, "index") : "";
    return { position, action: "search", index, id: "", body: all[position * 2 + 1] ?? null, head };
  });
}

/** What each pair got, from Elasticsearch's answer; empty when the answer is not JSON of that kind. */
export function pairAnswers(text: string): readonly PairAnswer[] {
  const answer = read(text);
  if (!isObject(answer)) return [];
  const items = member(answer, "items");
  if (isArray(items)) return items.map(bulkItem);
  const responses = member(answer, "responses");
  return isArray(responses) ? responses.map(msearchItem) : [];
}

function bulkItem(item: JsonValue): PairAnswer {
  const only = isObject(item) ? Object.values(item)[0] : undefined;
  if (!isObject(only)) return { status: null, result: "", failed: false };
  const error = member(only, "error");
  const reason = isObject(error) ? `${textOf(error, "type")}: ${textOf(error, "reason")}` : "";
  return { status: statusOf(only), result: reason === "" ? textOf(only, "result") : reason, failed: reason !== "" };
}

function msearchItem(item: JsonValue): PairAnswer {
  if (!isObject(item)) return { status: null, result: "", failed: false };
  const error = member(item, "error");
  if (isObject(error)) return { status: statusOf(item), result: textOf(error, "type"), failed: true };
  const hits = member(item, "hits");
  const total = isObject(hits) ? member(hits, "total") : undefined;
  const value = isObject(total) ? member(total, "value") : total;
  return { status: statusOf(item), result: value === undefined || value === null ? "" : `${printJson(value)} hits`, failed: false };
}

function statusOf(object: JsonObject): number | null {
  const status = member(object, "status");
  return typeof status === "number" ? status : null;
}
