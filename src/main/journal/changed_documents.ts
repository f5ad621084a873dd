// How many documents a write changed, by the answer that it got.
import { isObject, JsonSyntaxError, parseJson } from "../../shared/json.ts";
import { decodeBody, UndecodableBody } from "../elasticsearch/body.ts";
import { changedByIndex } from "../elasticsearch/bulk.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import { readResponseHead } from "../proxy/head_text.ts";

/** By index; null when the answer does not say. `head` and `body` as they came, but for the transfer coding. */
export function changedDocuments(head: Uint8Array, body: Uint8Array): ReadonlyMap<string, number> | null {
  const { status, headers } = readResponseHead(Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1"));
  if (status >= 300) return status === 404 ? null : new Map();
  try {
    const answer = parseJson(textOf(decodeBody(headers, body)));
    return isObject(answer) ? changedByIndex(answer) : null;
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof UndecodableBody) return null;
    throw error;
  }
}
