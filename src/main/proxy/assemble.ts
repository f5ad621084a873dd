// The engine's side of the tap: batches of records become whole exchanges. Bodies are put together here, off the proxy's
// thread; one copy each, into memory of their own, so that a kept exchange never keeps a batch.
import type { HeaderPairs } from "../../shared/exchange.ts";
import { padded, RECORD, RECORD_HEAD } from "./copy_format.ts";
import { GatheredBody } from "./gathered_body.ts";
import { headText, type RequestLine, readRequestHead, readResponseHead, type StatusLine } from "./head_text.ts";
import type { Tap, TappedExchange, TappedRequest, TappedResponse } from "./tap.ts";

/** What `TappedExchange.error` says when the copy was given up for want of room. */
export const NOT_COPIED = "Not captured whole: the engine was too far behind.";

interface Open {
  readonly time: number;
  readonly request: RequestLine & { readonly headers: HeaderPairs };
  readonly requestBody: GatheredBody;
  response: (StatusLine & { readonly headers: HeaderPairs }) | null;
  readonly responseBody: GatheredBody;
  phases: { requestSent?: number; firstByte?: number; lastByte?: number };
  requestDone: boolean;
  responseDone: boolean;
}

export interface Assembler {
  /** Takes one batch and calls the tap for what it completes. */
  take(batch: ArrayBuffer): void;
  /** Ends every open exchange with `why`: no more batches come. */
  end(why: string): void;
  /** Highest exchange id seen. */
  readonly lastId: number;
}

/** `limits`: octets of body that are kept of a request and of a response. */
export function createAssembler(tap: Tap, firstId: number, limits: { readonly request: number; readonly response: number }): Assembler {
  const open = new Map<number, Open>();
  let lastId = firstId - 1;

  function finish(id: number, exchange: Open, error: string): void {
    open.delete(id);
    tap.exchanged(tapped(id, exchange, error));
  }

  function begin(id: number, time: number, payload: Buffer): void {
    lastId = Math.max(lastId, id);
    const request = readRequestHead(headText(payload));
    open.set(id, {
      time,
      request,
      requestBody: new GatheredBody(request.headers, limits.request),
      response: null,
      responseBody: new GatheredBody([], limits.response),
      phases: {},
      requestDone: false,
      responseDone: false,
    });
    tap.requested(id, time, request);
  }

  function record(kind: number, id: number, number: number, payload: Buffer): void {
    if (kind === RECORD.requestHead) {
      begin(id, number, payload);
      return;
    }
    if (kind === RECORD.missed) {
      tap.missed(number);
      return;
    }
    const exchange = open.get(id);
    if (exchange === undefined) return;
    switch (kind) {
      case RECORD.requestBody:
        exchange.requestBody.add(payload);
        return;
      case RECORD.responseBody:
        exchange.responseBody.add(payload);
        return;
      case RECORD.requestEnd:
        exchange.phases.requestSent = number;
        exchange.requestBody.total = payload.readDoubleLE(0);
        exchange.requestDone = true;
        break;
      case RECORD.responseHead:
        exchange.phases.firstByte = number;
        exchange.response = readResponseHead(headText(payload));
        exchange.responseBody.expect(exchange.response.headers);
        break;
      case RECORD.responseEnd:
        exchange.phases.lastByte = number;
        exchange.responseBody.total = payload.readDoubleLE(0);
        exchange.responseDone = true;
        break;
      default:
        finish(id, exchange, kind === RECORD.dropped ? NOT_COPIED : payload.toString("utf8"));
        return;
    }
    if (exchange.requestDone && exchange.responseDone) finish(id, exchange, "");
  }

  return {
    get lastId() {
      return lastId;
    },
    take(batch) {
      const u32 = new Uint32Array(batch);
      const f64 = new Float64Array(batch);
      for (let at = 0; at < batch.byteLength; ) {
        const length = u32[(at >> 2) + 1] ?? 0;
        const payload = Buffer.from(batch, at + RECORD_HEAD, length);
        record(u32[at >> 2] ?? 0, f64[(at >> 3) + 1] ?? 0, f64[(at >> 3) + 2] ?? 0, payload);
        at += RECORD_HEAD + padded(length);
      }
    },
    end(why) {
      for (const [id, exchange] of [...open]) finish(id, exchange, why);
    },
  };
}

function tapped(id: number, exchange: Open, error: string): TappedExchange {
  const request: TappedRequest = { ...exchange.request, ...exchange.requestBody.finish(exchange.requestDone) };
  const response: TappedResponse | null =
    exchange.response === null ? null : { ...exchange.response, ...exchange.responseBody.finish(exchange.responseDone) };
  return { id, time: exchange.time, request, response, phases: exchange.phases, error };
}
