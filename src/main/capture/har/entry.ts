// One exchange as an entry of a HAR.
import type { ExchangeDetail } from "../../../shared/exchange.ts";
import { isText } from "../coding.ts";
import { headerOf } from "../rows.ts";
import type { HarEntry, HarText, PairData } from "./har.ts";

export interface Bodies {
  /** As it was sent, content coding kept: it may have to be sent again. */
  readonly request: Uint8Array | null;
  /** Content coding undone. */
  readonly elasticsearch: Uint8Array | null;
  readonly clickhouse: Uint8Array | null;
  /** As they went on and as Elasticsearch gave them, content coding kept. */
  readonly sent: Uint8Array | null;
  readonly given: Uint8Array | null;
}

/** The entry of an exchange, with all that it has. */
export function entryOf(detail: ExchangeDetail, bodies: Bodies): HarEntry {
  const target = detail.path;
  const { response } = detail;
  const requestHeaders = detail.request.headers;
  const responseHeaders = response === null ? [] : response.headers;
  const timings = timingsOf(detail);
  return {
    startedDateTime: new Date(detail.time).toISOString(),
    time: timings.send + timings.wait + timings.receive,
    request: {
      method: detail.method,
      url: urlOf(target, headerOf(requestHeaders, "host")),
      httpVersion: `HTTP/${detail.request.version || "1.1"}`,
      cookies: [],
      headers: requestHeaders.map(nameValue),
      queryString: queryOf(target),
      headersSize: -1,
      bodySize: detail.requestBytes,
      ...(bodies.request === null ? {} : { postData: postData(headerOf(requestHeaders, "content-type"), textOf(bodies.request)) }),
    },
    response: {
      status: detail.status,
      statusText: response?.reason ?? "",
      httpVersion: `HTTP/${response?.version || "1.1"}`,
      cookies: [],
      headers: responseHeaders.map(nameValue),
      content: {
        size: bodies.elasticsearch?.byteLength ?? 0,
        mimeType: headerOf(responseHeaders, "content-type"),
        ...(bodies.elasticsearch === null ? {} : textOf(bodies.elasticsearch)),
      },
      redirectURL: headerOf(responseHeaders, "location"),
      headersSize: -1,
      bodySize: detail.responseBytes,
      ...(detail.error === "" ? {} : { _error: detail.error }),
    },
    cache: {},
    timings,
    ...(detail.comment === undefined ? {} : { comment: detail.comment }),
    _parallax: pairData(detail, bodies),
  };
}

function pairData({ request, response, ...exchange }: ExchangeDetail, bodies: Bodies): PairData {
  const { headers: _sent, ...asked } = request;
  const { clickhouse, sent, given } = bodies;
  return {
    format: 1,
    exchange: { ...exchange, request: asked, response: withoutHeaders(response) },
    ...(clickhouse === null ? {} : { clickhouse: textOf(clickhouse) }),
    ...(sent === null ? {} : { sent: textOf(sent) }),
    ...(given === null ? {} : { given: textOf(given) }),
  };
}

function withoutHeaders(response: ExchangeDetail["response"]): PairData["exchange"]["response"] {
  if (response === null) return null;
  const { headers: _got, ...answered } = response;
  return answered;
}

function nameValue([name, value]: readonly [string, string]): { readonly name: string; readonly value: string } {
  return { name, value };
}

function postData(mimeType: string, { text, encoding }: HarText): NonNullable<HarEntry["request"]["postData"]> {
  return { mimeType, text, ...(encoding === undefined ? {} : { _encoding: encoding }) };
}

function textOf(bytes: Uint8Array): HarText {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = isText(bytes) ? buffer.toString("utf8") : null;
  // What a cut left of the last character, or a mark at the front, would not come back as the same bytes.
  if (text === null || !Buffer.from(text, "utf8").equals(buffer)) return { text: buffer.toString("base64"), encoding: "base64" };
  return { text };
}

function urlOf(target: string, host: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(target) ? target : `http://${host === "" ? "localhost" : host}${target}`;
}

function queryOf(target: string): HarEntry["request"]["queryString"] {
  const at = target.indexOf("?");
  return at < 0 ? [] : [...new URLSearchParams(target.slice(at + 1))].map(nameValue);
}

function timingsOf({ timings, elasticsearchMs, clickhouseMs }: ExchangeDetail): HarEntry["timings"] {
  const last = timings.lastByte ?? elasticsearchMs ?? clickhouseMs ?? 0;
  const sent = Math.min(timings.requestSent ?? 0, last);
  const first = Math.min(Math.max(timings.firstByte ?? last, sent), last);
  return { send: sent, wait: first - sent, receive: last - first };
}
