// One write and the mirror: what is handed over, and what is said of it.
import type { HeaderPairs, MirrorNote } from "../../shared/exchange.ts";
import { decodeBody, UndecodableBody } from "../elasticsearch/body.ts";
import type { Route } from "../elasticsearch/route.ts";
import type { Mirror } from "../mirror/mirror.ts";
import { unmirrored, type Written } from "../mirror/written.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import { header } from "./record.ts";

/** True where a request's own header asks for mode compare. */
export function asksToCompare(headers: HeaderPairs): boolean {
  return header(headers, "x-parallax-backend").toLowerCase() === "compare";
}

/** The note in the list. */
export function mirrorText({ indexed, deleted, failed, notMirrored, reason }: MirrorNote): string {
  const parts: string[] = [];
  if (indexed + deleted > 0) parts.push(`mirrored ${indexed + deleted}`);
  if (failed > 0) parts.push(`${failed} refused by Elasticsearch`);
  if (notMirrored > 0) parts.push(`${notMirrored} not mirrored: ${reason}`);
  return parts.join(", ");
}

/** True for what the mirror must hear of. */
export function changes({ effect, endpoint }: Route): boolean {
  return effect === "mirrored" || effect === "applied" || effect === "counted" || endpoint === "_refresh";
}

/** A write that no mirror takes now, and why. */
export function lost(exchange: TappedExchange, routed: Route, why: string): Written {
  const acknowledged = exchange.response !== null && exchange.response.status < 300 && routed.kind === "write";
  const left = routed.kind === "write" ? "replay" : "nothing";
  return { note: acknowledged ? unmirrored(why) : null, left, expression: routed.index };
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

const NOTHING_LEFT: Written = Object.freeze({ note: null, left: "nothing", expression: "" });

/** Hands a write to the mirror at once. Resolves when ClickHouse has it, or what is left to do is known. `kept`: the journal has it. */
export async function mirrorWrite(mirror: Mirror, { exchange, routed, bodies }: ReadyWrite, kept: boolean): Promise<Written> {
  const { request, response, error } = exchange;
  if (routed.endpoint === "_refresh") {
    if (response !== null && response.status < 300) mirror.refreshed(routed.index, exchange.time);
    return NOTHING_LEFT;
  }
  // Elasticsearch may have carried it out all the same: whoever searches next looks first.
  if (response === null || error !== "") {
    mirror.doubted(routed.index);
    if (response === null || response.status >= 300)
      return { ...NOTHING_LEFT, left: kept ? "replay" : "nothing", expression: routed.index };
    return unread(routed, `Elasticsearch's answer is not whole: ${error}`, kept ? "replay" : "nothing");
  }
  if (request.truncated || response.truncated) return unread(routed, "its body was longer than the capture limit", "replay");
  if (typeof bodies === "string") return unread(routed, bodies, "ask");
  const time = exchange.time + (exchange.phases.lastByte ?? 0);
  const asked = asksToCompare(request.headers);
  return mirror.hand(
    { method: request.method, route: routed, ...bodies, status: response.status, time, began: exchange.time, asked },
    { kept, again: false },
  );
}

function unread({ index }: Route, reason: string, left: Written["left"]): Written {
  return { note: unmirrored(reason), left, expression: index };
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
