// One exchange as an entry of a HAR.
import type { ExchangeDetail, HeaderPairs, HttpMessage } from "../../../shared/exchange.ts";
import { isText } from "../coding.ts";
import { redactBody, redactHeaders, redactTarget, redactText } from "../redaction.ts";
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

/** The entry of an exchange; `redact`: without secrets. */
export function entryOf(detail: ExchangeDetail, bodies: Bodies, redact: boolean): HarEntry {
  const target = redact ? redactTarget(detail.path) : detail.path;
  const headers = (message: HttpMessage): HeaderPairs => (redact ? redactHeaders(message.headers) : message.headers);
  const text = (bytes: Uint8Array): HarText => textOf(bytes, redact ? detail.path : "");
  const { response } = detail;
  const requestHeaders = headers(detail.request);
  const responseHeaders = response === null ? [] : headers(response);
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
      ...(bodies.request === null ? {} : { postData: postData(headerOf(requestHeaders, "content-type"), text(bodies.request)) }),
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
        ...(bodies.elasticsearch === null ? {} : text(bodies.elasticsearch)),
      },
      redirectURL: headerOf(responseHeaders, "location"),
      headersSize: -1,
      bodySize: detail.responseBytes,
      ...(detail.error === "" ? {} : { _error: detail.error }),
    },
    cache: {},
    timings,
    ...(detail.comment === undefined ? {} : { comment: detail.comment }),
    _parallax: pairData({ ...detail, path: target }, bodies, { redact, text }),
  };
}

interface Wording {
  readonly redact: boolean;
  readonly text: (bytes: Uint8Array) => HarText;
}

function pairData({ request, response, ...exchange }: ExchangeDetail, bodies: Bodies, { redact, text }: Wording): PairData {
  const { headers: _sent, ...asked } = request;
  const { clickhouse, sent, given } = bodies;
  return {
    format: 1,
    exchange: { ...exchange, request: redact ? withoutSecrets(asked) : asked, response: withoutHeaders(response) },
    ...(clickhouse === null ? {} : { clickhouse: text(clickhouse) }),
    ...(sent === null ? {} : { sent: text(sent) }),
    ...(given === null ? {} : { given: text(given) }),
  };
}

function withoutHeaders(response: ExchangeDetail["response"]): PairData["exchange"]["response"] {
  if (response === null) return null;
  const { headers: _got, ...answered } = response;
  return answered;
}

// Headers are kept without theirs; what it says of itself may name a path, too.
function withoutSecrets<T extends Pick<ExchangeDetail["request"], "sent" | "changes">>(request: T): T {
  const { sent, changes } = request;
  return {
    ...request,
    ...(sent === undefined ? {} : { sent: { ...sent, path: redactTarget(sent.path) } }),
    ...(changes === undefined ? {} : { changes: changes.map(({ by, did }) => ({ by, did: redactText(did) })) }),
  };
}

function nameValue([name, value]: readonly [string, string]): { readonly name: string; readonly value: string } {
  return { name, value };
}

function postData(mimeType: string, { text, encoding }: HarText): NonNullable<HarEntry["request"]["postData"]> {
  return { mimeType, text, ...(encoding === undefined ? {} : { _encoding: encoding }) };
}

// Secrets in a body that is no text can't be told from the rest: such a body is left as it is.
function textOf(bytes: Uint8Array, redactFor: string): HarText {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = isText(bytes) ? buffer.toString("utf8") : null;
  // What a cut left of the last character, or a mark at the front, would not come back as the same bytes.
  if (text === null || !Buffer.from(text, "utf8").equals(buffer)) return { text: buffer.toString("base64"), encoding: "base64" };
  return { text: redactFor === "" ? text : redactBody(redactFor, text) };
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
