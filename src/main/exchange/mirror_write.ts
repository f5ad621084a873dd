// One write and the mirror: what is handed over, and what is said of it.
import type { MirrorNote } from "../../shared/exchange.ts";
import { decodeBody, UndecodableBody } from "../elasticsearch/body.ts";
import type { Route } from "../elasticsearch/route.ts";
import type { Mirror } from "../mirror/mirror.ts";
import type { TappedExchange } from "../proxy/tap.ts";

const NOTHING_MIRRORED = Object.freeze({ indexed: 0, deleted: 0, failed: 0, notMirrored: 1 });

/** The note in the list. */
export function mirrorText({ indexed, deleted, failed, notMirrored, reason }: MirrorNote): string {
  const parts: string[] = [];
  if (indexed + deleted > 0) parts.push(`mirrored ${indexed + deleted}`);
  if (failed > 0) parts.push(`${failed} refused by Elasticsearch`);
  if (notMirrored > 0) parts.push(`${notMirrored} not mirrored: ${reason}`);
  return parts.join(", ");
}

/** True for what the mirror must hear of. */
export function changes({ kind, endpoint }: Route): boolean {
  return kind === "write" || kind === "schema" || endpoint === "_refresh";
}

/** What is said of a write when there is no mirror. */
export function lostNote(exchange: TappedExchange, routed: Route, why: string): MirrorNote | null {
  const acknowledged = exchange.response !== null && exchange.response.status < 300 && routed.kind === "write";
  return acknowledged ? { ...NOTHING_MIRRORED, reason: why } : null;
}

/** A write that can be handed over: its bodies with their content coding undone, or why that can't be. */
export interface ReadyWrite {
  readonly exchange: TappedExchange;
  readonly routed: Route;
  readonly bodies: Bodies | string;
  /** Operations that Elasticsearch acknowledged, at most. */
  readonly operations: number;
}

interface Bodies {
  readonly body: Uint8Array;
  readonly answer: Uint8Array;
}

const PLACE = Buffer.from('"_seq_no"');

/** Makes a write ready. */
export function readyWrite(exchange: TappedExchange, routed: Route): ReadyWrite {
  const bodies = decodedBodies(exchange);
  return { exchange, routed, bodies, operations: typeof bodies === "string" ? 0 : timesOf(PLACE, bodies.answer) };
}

function timesOf(word: Uint8Array, bytes: Uint8Array): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let times = 0;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) times += 1;
  return times;
}

/** Hands a write to the mirror at once. Resolves when ClickHouse has it; null when there is nothing to say of it. */
export async function mirrorWrite(mirror: Mirror, { exchange, routed, bodies }: ReadyWrite): Promise<MirrorNote | null> {
  const { request, response, error } = exchange;
  if (routed.endpoint === "_refresh") {
    if (response !== null && response.status < 300) mirror.refreshed(routed.index);
    return null;
  }
  // Elasticsearch may have carried it out all the same: whoever searches next looks first.
  if (response === null || error !== "") {
    mirror.doubted(routed.index);
    return response === null || response.status >= 300
      ? null
      : { ...NOTHING_MIRRORED, reason: `Elasticsearch's answer is not whole: ${error}` };
  }
  if (request.truncated || response.truncated) {
    return mirror.skipped(routed.index, "its body was longer than the capture limit");
  }
  if (typeof bodies === "string") return mirror.skipped(routed.index, bodies);
  return mirror.write({
    method: request.method,
    route: routed,
    ...bodies,
    status: response.status,
    time: exchange.time + (exchange.phases.lastByte ?? 0),
  });
}

function decodedBodies({ request, response }: TappedExchange): Bodies | string {
  try {
    return {
      body: decodeBody(request.headers, request.body),
      answer: response === null ? new Uint8Array() : decodeBody(response.headers, response.body),
    };
  } catch (error) {
    if (error instanceof UndecodableBody) return error.message;
    throw error;
  }
}
