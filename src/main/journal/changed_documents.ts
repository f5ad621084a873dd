// How many documents a write changed, by the answer that it got.
import type { HeaderPairs } from "../../shared/exchange.ts";
import { isObject, JsonSyntaxError, parseJson } from "../../shared/json.ts";
import { decodeBody, UndecodableBody } from "../elasticsearch/body.ts";
import { changedByIndex } from "../elasticsearch/bulk.ts";
import { textOf } from "../elasticsearch/raw_json.ts";

/** By index; null when the answer does not say. `body` as it came, but for the transfer coding. */
export function changedDocuments(status: number, headers: HeaderPairs, body: Uint8Array): ReadonlyMap<string, number> | null {
  if (status >= 300) return status === 404 ? null : new Map();
  try {
    const answer = parseJson(textOf(decodeBody(headers, body)));
    return isObject(answer) ? changedByIndex(answer) : null;
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof UndecodableBody) return null;
    throw error;
  }
}
