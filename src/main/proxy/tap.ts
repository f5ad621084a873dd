// What the proxy tells of an exchange. The proxy knows neither Elasticsearch nor ClickHouse: it has a Tap to call.
import type { HeaderPairs } from "../../shared/exchange.ts";

export interface TappedRequest {
  readonly method: string;
  /** Request target as sent. */
  readonly target: string;
  readonly version: string;
  readonly headers: HeaderPairs;
  /** Transfer coding undone, content coding kept; cut at the capture limit. */
  readonly body: Uint8Array;
  readonly bodyBytes: number;
  readonly truncated: boolean;
  /** Address and port of the client, where it is known. */
  readonly source?: string;
}

export interface TappedResponse {
  readonly status: number;
  readonly reason: string;
  readonly version: string;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array;
  readonly bodyBytes: number;
  readonly truncated: boolean;
}

/** One exchange as it went by. Phases are ms since `time`. */
export interface TappedExchange {
  readonly id: number;
  /** Epoch ms, with fractions. */
  readonly time: number;
  readonly request: TappedRequest;
  /** null when the connection ended without one. */
  readonly response: TappedResponse | null;
  readonly phases: { readonly requestSent?: number; readonly firstByte?: number; readonly lastByte?: number };
  /** "" when complete; else what broke, in words. */
  readonly error: string;
}

export interface Tap {
  /** A request's head is known: shown in the list while it waits. */
  requested(id: number, time: number, request: Omit<TappedRequest, "body" | "bodyBytes" | "truncated">): void;
  /** The exchange is over. */
  exchanged(exchange: TappedExchange): void;
  /** Exchanges that went by uncaptured because the tap was full. */
  missed(count: number): void;
}
