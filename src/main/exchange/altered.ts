// Exchanges that rules, a script or a breakpoint had to do with: remembered until they are over, so that they are mirrored and judged as
// Elasticsearch had them, kept as the client had them, and say what was done.

import type { ExchangeChange, ExchangeDetail, OtherBody } from "../../shared/exchange.ts";
import { redactHeaders } from "../capture/redaction.ts";
import type { CapturedBodies } from "../capture/types.ts";
import { COPY_LIMITS } from "../proxy/proxy_options.ts";
import type { TappedExchange } from "../proxy/tap.ts";
import type { Altered } from "../rules/backends.ts";

/** Exchanges whose end never comes, and those whose verdict is still to come, are forgotten past so many. */
const REMEMBERED = 10_000;

export class AlteredExchanges {
  readonly #open = new Map<number, Altered>();
  /** What is said of those that are over, before whatever else is. */
  readonly #said = new Map<number, string>();

  set(exchange: number, altered: Altered): void {
    if (exchange > 0) remember(this.#open, exchange, altered);
  }

  /** Undefined for one that nothing was done to. It is over. */
  take(exchange: number): Altered | undefined {
    const altered = this.#open.get(exchange);
    this.#open.delete(exchange);
    if (altered !== undefined) remember(this.#said, exchange, wordsOf(altered.changes));
    return altered;
  }

  /** A note, after what was done to the exchange. */
  noted(exchange: number, note: string): string {
    return [this.#said.get(exchange) ?? "", note].filter((part) => part !== "").join("; ");
  }
}

/** `rule "slow": delayed 500 ms; script: changed the path`. */
function wordsOf(changes: readonly ExchangeChange[]): string {
  return changes.map(({ by, did }) => `${by}: ${did}`).join("; ");
}

/** The exchange as Elasticsearch had it. */
export function asElasticsearchHad(exchange: TappedExchange, { by, sent, answered }: Altered): TappedExchange {
  if (sent === null) return exchange;
  const { method, target, headers, body } = sent;
  const request = { ...exchange.request, method, target, headers, body, bodyBytes: body.byteLength, truncated: false };
  if (by === "clickhouse") return { ...exchange, request };
  if (answered === null) return { ...exchange, request, response: null };
  const { status, reason } = answered;
  const response = {
    status,
    reason,
    version: "1.1",
    headers: answered.headers,
    body: answered.body,
    bodyBytes: answered.body.byteLength,
    truncated: false,
  };
  return { ...exchange, request, response };
}

/** The record with what was done to the exchange, and what went on where that is something else, and the bodies of that. */
export function recordAltered(
  record: ExchangeDetail,
  exchange: TappedExchange,
  { changes, sent, answered }: Altered,
): { readonly record: ExchangeDetail; readonly bodies: CapturedBodies } {
  const { request, response } = record;
  const sentBody = otherBody(sent?.body, exchange.request, COPY_LIMITS.requestLimit);
  const givenBody = otherBody(answered?.body, exchange.response, COPY_LIMITS.responseLimit);
  const went =
    sent === null
      ? {}
      : {
          sent: {
            method: sent.method,
            path: sent.target,
            headers: redactHeaders(sent.headers),
            bodyBytes: sent.body.byteLength,
            body: sentBody.is,
          },
        };
  const given =
    answered === null || response === null
      ? response
      : {
          ...response,
          given: {
            status: answered.status,
            headers: redactHeaders(answered.headers),
            bodyBytes: answered.body.byteLength,
            body: givenBody.is,
          },
        };
  return {
    record: {
      ...record,
      note: [wordsOf(changes), record.note].filter((part) => part !== "").join("; "),
      request: { ...request, changes, ...went },
      response: given,
    },
    bodies: {
      ...(sentBody.is === "same" ? {} : { sent: sentBody.kept }),
      ...(givenBody.is === "same" || response === null ? {} : { given: givenBody.kept }),
    },
  };
}

/** What is kept of a body beside the client's. */
function otherBody(
  body: Uint8Array | undefined,
  own: { readonly body: Uint8Array; readonly truncated: boolean } | null,
  limit: number,
): { readonly is: OtherBody; readonly kept: Uint8Array } {
  const all = body ?? new Uint8Array();
  if (body === undefined || (own !== null && !own.truncated && Buffer.compare(own.body, all) === 0)) return { is: "same", kept: all };
  // A copy that is no longer than it: what it lies in may be.
  return { is: all.byteLength > limit ? "cut" : "kept", kept: all.slice(0, limit) };
}

function remember<T>(map: Map<number, T>, exchange: number, value: T): void {
  map.delete(exchange);
  map.set(exchange, value);
  const oldest = map.keys().next().value;
  if (map.size > REMEMBERED && oldest !== undefined) map.delete(oldest);
}
