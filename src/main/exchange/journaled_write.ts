// A write as the journal kept it, read: who asked what, and what Elasticsearch answered.
import type { HeaderPairs } from "../../shared/exchange.ts";
import { decodeBody, UndecodableBody } from "../elasticsearch/body.ts";
import { route } from "../elasticsearch/route.ts";
import type { JournalRow } from "../journal/messages.ts";
import type { WriteRequest } from "../mirror/operations.ts";
import { readRequestHead, readResponseHead } from "../proxy/head_text.ts";
import { asksToCompare } from "./mirror_write.ts";

/** As it is handed over again; null when its bodies are not there, or can't be read. */
export function journaledWrite(row: JournalRow): WriteRequest | null {
  const { body, answer } = row;
  if (body === null || answer === null || answer.body === null) return null;
  const { method, target, headers } = requestHeadOf(row);
  const response = readResponseHead(latin1(answer.head));
  const [sent, received] = [decoded(headers, body), decoded(response.headers, answer.body)];
  if (sent === null || received === null) return null;
  const bodies = { body: sent, answer: received };
  const times = { time: answer.time, began: row.time };
  return { method, route: route(method, target), ...bodies, status: response.status, ...times, asked: asksToCompare(headers) };
}

export function requestHeadOf({ head }: JournalRow): ReturnType<typeof readRequestHead> {
  return readRequestHead(latin1(head));
}

/** The answer's status and headers; null where none came. */
export function responseHeadOf({ answer }: JournalRow): ReturnType<typeof readResponseHead> | null {
  return answer === null ? null : readResponseHead(latin1(answer.head));
}

/** null where its coding can't be undone. */
export function decoded(headers: HeaderPairs, body: Uint8Array): Uint8Array | null {
  try {
    return decodeBody(headers, body);
  } catch (error) {
    if (error instanceof UndecodableBody) return null;
    throw error;
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
