// From what the proxy saw to the record that is kept: who asked, for what, with which outcome.
import type { ExchangeDetail, HeaderPairs } from "../../shared/exchange.ts";
import { redactHeaders } from "../capture/redaction.ts";
import type { Route } from "../elasticsearch/route.ts";
import type { TappedExchange, TappedRequest } from "../proxy/tap.ts";

/** A header's first value, by name without regard to case; "" when absent. */
export function header(headers: HeaderPairs, name: string): string {
  const wanted = name.toLowerCase();
  return headers.find(([own]) => own.length === wanted.length && own.toLowerCase() === wanted)?.[1] ?? "";
}

function clientOf(headers: HeaderPairs): string {
  return header(headers, "x-opaque-id") || header(headers, "user-agent");
}

/** A request that waits for its answer. */
export function pendingRecord(
  id: number,
  time: number,
  request: Omit<TappedRequest, "body" | "bodyBytes" | "truncated">,
  route: Route,
): ExchangeDetail {
  return {
    ...emptyRecord(id, time, route),
    method: request.method,
    path: request.target,
    client: clientOf(request.headers),
    request: { version: request.version, headers: redactHeaders(request.headers), bodyBytes: 0, truncated: false },
  };
}

/** An exchange as it went by, before anything was done with it. */
export function exchangeRecord(exchange: TappedExchange, route: Route): ExchangeDetail {
  const { request, response } = exchange;
  return {
    ...emptyRecord(exchange.id, exchange.time, route),
    method: request.method,
    path: request.target,
    client: clientOf(request.headers),
    status: response?.status ?? 0,
    note: exchange.error,
    error: exchange.error,
    elasticsearchMs: exchange.phases.lastByte ?? null,
    requestBytes: request.bodyBytes,
    responseBytes: response?.bodyBytes ?? 0,
    truncated: isCut(request, exchange.error) || (response?.truncated ?? false),
    request: {
      version: request.version,
      headers: redactHeaders(request.headers),
      bodyBytes: request.bodyBytes,
      truncated: isCut(request, exchange.error),
    },
    response:
      response === null
        ? null
        : {
            version: response.version,
            reason: response.reason,
            headers: redactHeaders(response.headers),
            bodyBytes: response.bodyBytes,
            truncated: response.truncated,
          },
    timings: exchange.phases,
    ...(request.source === undefined ? {} : { source: request.source }),
  };
}

// Of an exchange that broke, the end of the request was never told: what it declared says whether it is here whole.
function isCut({ truncated, headers, body }: TappedRequest, error: string): boolean {
  if (!truncated || error === "") return truncated;
  const length = header(headers, "content-length");
  if (length !== "") return body.byteLength < Number(length);
  return header(headers, "transfer-encoding") !== "";
}

function emptyRecord(id: number, time: number, route: Route): ExchangeDetail {
  return {
    id,
    time,
    method: "",
    path: "",
    endpoint: route.endpoint,
    index: route.index,
    kind: route.kind,
    status: 0,
    verdict: null,
    note: "",
    elasticsearchMs: null,
    clickhouseMs: null,
    requestBytes: 0,
    responseBytes: 0,
    client: "",
    shape: "",
    pinned: false,
    truncated: false,
    request: { version: "", headers: [], bodyBytes: 0, truncated: false },
    response: null,
    timings: {},
    searches: [],
    mirror: null,
    error: "",
  };
}
