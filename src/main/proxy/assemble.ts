// The engine's side of the tap: batches of records become whole exchanges. Bodies are put together here, off the proxy's
// thread; one copy each, into memory of their own, so that a kept exchange never keeps a batch.
import { padded, RECORD, RECORD_HEAD } from "./copy_format.ts";
import { GatheredBody } from "./gathered_body.ts";
import { type RequestHead, type ResponseHead, readRequestHead, readResponseHead } from "./head_text.ts";
import type { Tap, TappedExchange, TappedRequest } from "./tap.ts";

/** What `TappedExchange.error` says when the copy was given up for want of room. */
export const NOT_COPIED = "Not captured whole: the engine was too far behind.";

interface Open {
  readonly time: number;
  readonly request: RequestHead;
  /** Of the client; 0 where it is not known. */
  readonly port: number;
  readonly requestBody: GatheredBody;
  response: ResponseHead | null;
  readonly responseBody: GatheredBody;
  requestSent: number;
  firstByte: number;
  lastByte: number;
}

/** A phase that has not happened. */
const NOT_YET = -1;

export interface Assembler {
  /** Takes one batch, `[from, to)` of the buffer, and calls the tap for what it completes. */
  take(batch: ArrayBuffer, from?: number, to?: number): void;
  /** Ends every open exchange with `why`: no more batches come. */
  end(why: string): void;
}

/** `limits`: octets of body that are kept of a request and of a response. */
export function createAssembler(tap: Tap, limits: { readonly request: number; readonly response: number }): Assembler {
  const open = new Map<number, Open>();

  function finish(id: number, exchange: Open, error: string): void {
    open.delete(id);
    tap.exchanged(tapped(id, exchange, error));
  }

  function begin(id: number, time: number, port: number, head: string): void {
    const request = readRequestHead(head);
    open.set(id, {
      time,
      request,
      port,
      requestBody: new GatheredBody(request.headers, limits.request),
      response: null,
      responseBody: new GatheredBody([], limits.response),
      requestSent: NOT_YET,
      firstByte: NOT_YET,
      lastByte: NOT_YET,
    });
    tap.requested(id, time, request);
  }

  /** One record; its payload is `bytes[from, to)`. */
  function record(kind: number, id: number, number: number, total: number, bytes: Buffer, from: number, to: number): void {
    const exchange = open.get(id);
    if (kind === RECORD.requestHead) begin(id, number, total, bytes.toString("latin1", from, to));
    else if (kind === RECORD.missed) tap.missed(number);
    if (exchange === undefined) return;
    switch (kind) {
      case RECORD.requestBody:
        exchange.requestBody.add(bytes, from, to);
        return;
      case RECORD.responseBody:
        exchange.responseBody.add(bytes, from, to);
        return;
      case RECORD.requestEnd:
        exchange.requestSent = number;
        exchange.requestBody.total = total;
        break;
      case RECORD.responseHead:
        exchange.firstByte = number;
        exchange.response = readResponseHead(bytes.toString("latin1", from, to));
        exchange.responseBody.expect(exchange.response.headers);
        return;
      case RECORD.responseEnd:
        exchange.lastByte = number;
        exchange.responseBody.total = total;
        break;
      default:
        finish(id, exchange, kind === RECORD.dropped ? NOT_COPIED : bytes.toString("utf8", from, to));
        return;
    }
    if (exchange.requestSent !== NOT_YET && exchange.lastByte !== NOT_YET) finish(id, exchange, "");
  }

  return {
    take(batch, from = 0, to = batch.byteLength) {
      const u32 = new Uint32Array(batch);
      const f64 = new Float64Array(batch);
      const bytes = Buffer.from(batch);
      for (let at = from; at < to; ) {
        const payload = at + RECORD_HEAD;
        const length = u32[(at >> 2) + 1] ?? 0;
        record(
          u32[at >> 2] ?? 0,
          f64[(at >> 3) + 1] ?? 0,
          f64[(at >> 3) + 2] ?? 0,
          f64[(at >> 3) + 3] ?? 0,
          bytes,
          payload,
          payload + length,
        );
        at = payload + padded(length);
      }
    },
    end(why) {
      for (const [id, exchange] of [...open]) finish(id, exchange, why);
    },
  };
}

// What listens does so on the loopback address alone: no client has another one.
function sourceOf(port: number): Pick<TappedRequest, "source"> {
  return port === 0 ? {} : { source: `127.0.0.1:${port}` };
}

function tapped(id: number, exchange: Open, error: string): TappedExchange {
  const { time, request, port, requestBody, response, responseBody, requestSent, firstByte, lastByte } = exchange;
  return {
    id,
    time,
    request: {
      method: request.method,
      target: request.target,
      version: request.version,
      headers: request.headers,
      body: requestBody.bytes,
      bodyBytes: requestBody.wireBytes,
      truncated: requestBody.cut,
      ...sourceOf(port),
    },
    response:
      response === null
        ? null
        : {
            status: response.status,
            reason: response.reason,
            version: response.version,
            headers: response.headers,
            body: responseBody.bytes,
            bodyBytes: responseBody.wireBytes,
            truncated: responseBody.cut,
          },
    phases: {
      ...(requestSent === NOT_YET ? {} : { requestSent }),
      ...(firstByte === NOT_YET ? {} : { firstByte }),
      ...(lastByte === NOT_YET ? {} : { lastByte }),
    },
    error,
  };
}
