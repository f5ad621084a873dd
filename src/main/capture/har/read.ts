// An entry of a HAR, ours or another program's, as an exchange. What another program wrote is no pair: its searches were not compared.
import type { ExchangeDetail, HeaderPairs } from "../../../shared/exchange.ts";
import { route } from "../../elasticsearch/route.ts";
import { headerOf } from "../rows.ts";
import type { CapturedBodies } from "../types.ts";
import { isRecord, pairDataOf } from "./pair_data.ts";
import { HarError } from "./scan.ts";

export interface ReadEntry {
  readonly detail: ExchangeDetail;
  readonly bodies: CapturedBodies;
}

/** `position` counts from 1, for the message. Throws HarError. */
export function readEntry(text: string, position: number): ReadEntry {
  const entry = parsed(text, position);
  const { request, response } = entry;
  if (!isRecord(request)) throw new HarError(`Entry ${position} of the HAR has no request.`);
  const answer = isRecord(response) ? response : {};
  const bodies = bodiesOf(request, answer, entry._parallax);
  const pair = pairDataOf(entry._parallax);
  if (pair === null) return { detail: foreign(entry, request, answer, bodies, position), bodies };
  const { exchange } = pair;
  const answered = exchange.response === null ? null : { ...exchange.response, headers: headersOf(answer) };
  return { detail: { ...exchange, request: { ...exchange.request, headers: headersOf(request) }, response: answered }, bodies };
}

type Members = Readonly<Record<string, unknown>>;

// Bodies in a HAR are text: no number of theirs is read here.
function parsed(text: string, position: number): Members {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Said below.
  }
  throw new HarError(`Entry ${position} of the HAR is no JSON object.`);
}

function foreign(entry: Members, request: Members, response: Members, bodies: CapturedBodies, position: number): ExchangeDetail {
  const method = textOf(request.method).toUpperCase() || "GET";
  const target = targetOf(textOf(request.url), position);
  const { endpoint, index, kind } = route(method, target);
  const started = Date.parse(textOf(entry.startedDateTime));
  const headers = headersOf(request);
  const status = numberOf(response.status) ?? 0;
  const ms = numberOf(entry.time);
  const requestBytes = bodies.request?.byteLength ?? 0;
  const responseBytes = positive(response.bodySize) ?? bodies.elasticsearch?.byteLength ?? 0;
  const error = status === 0 ? textOf(response._error) || "no answer was recorded" : "";
  return {
    id: 0,
    time: Number.isNaN(started) ? 0 : started,
    method,
    path: target,
    endpoint,
    index,
    kind,
    status,
    verdict: kind === "search" ? "not_compared" : null,
    note: error || (kind === "search" ? "recorded by another program: not compared" : ""),
    elasticsearchMs: status === 0 ? null : ms,
    clickhouseMs: null,
    requestBytes,
    responseBytes,
    client: headerOf(headers, "x-opaque-id") || headerOf(headers, "user-agent"),
    shape: "",
    pinned: false,
    truncated: false,
    ...(textOf(entry.comment) === "" ? {} : { comment: textOf(entry.comment) }),
    request: { version: versionOf(request), headers, bodyBytes: requestBytes, truncated: false },
    response:
      status === 0
        ? null
        : {
            version: versionOf(response),
            reason: textOf(response.statusText),
            headers: headersOf(response),
            bodyBytes: responseBytes,
            truncated: false,
          },
    timings: ms === null ? {} : phasesOf(entry.timings, ms),
    searches: [],
    mirror: null,
    error,
  };
}

function targetOf(url: string, position: number): string {
  if (url.startsWith("/")) return url;
  if (!URL.canParse(url)) throw new HarError(`Entry ${position} of the HAR has no URL that can be read.`);
  // As it was written: URL would write some characters another way.
  return url
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "")
    .replace(/#.*$/s, "")
    .replace(/^(?!\/)/, "/");
}

function phasesOf(timings: unknown, total: number): ExchangeDetail["timings"] {
  const of = (name: string): number => (isRecord(timings) ? (positive(timings[name]) ?? 0) : 0);
  const requestSent = of("blocked") + of("dns") + of("connect") + of("send");
  return { requestSent, firstByte: requestSent + of("wait"), lastByte: total };
}

// Names that begin with a colon are HTTP/2's own fields.
function headersOf(message: Members): HeaderPairs {
  const { headers } = message;
  if (!Array.isArray(headers)) return [];
  return headers.flatMap((header: unknown) => {
    const name = isRecord(header) ? textOf(header.name) : "";
    return isRecord(header) && name !== "" && !name.startsWith(":") ? [[name, textOf(header.value)] as const] : [];
  });
}

function bodiesOf(request: Members, response: Members, pair: unknown): CapturedBodies {
  const sent = isRecord(request.postData) ? bytesOf(request.postData.text, request.postData._encoding) : undefined;
  const got = isRecord(response.content) ? bytesOf(response.content.text, response.content.encoding) : undefined;
  const besides = (name: "clickhouse" | "sent" | "given"): CapturedBodies => {
    const text = isRecord(pair) ? pair[name] : undefined;
    const bytes = isRecord(text) ? bytesOf(text.text, text.encoding) : undefined;
    return bytes === undefined ? {} : { [name]: bytes };
  };
  return {
    ...(sent === undefined ? {} : { request: sent }),
    ...(got === undefined ? {} : { elasticsearch: got }),
    ...besides("clickhouse"),
    ...besides("sent"),
    ...besides("given"),
    answersDecoded: true,
  };
}

function bytesOf(text: unknown, encoding: unknown): Uint8Array | undefined {
  return typeof text === "string" ? Buffer.from(text, encoding === "base64" ? "base64" : "utf8") : undefined;
}

function versionOf(message: Members): string {
  return /^https?\/([0-9.]+)$/i.exec(textOf(message.httpVersion))?.[1] ?? "1.1";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function positive(value: unknown): number | null {
  return typeof value === "number" && value >= 0 ? value : null;
}
