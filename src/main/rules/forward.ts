// Sends one request to Elasticsearch and gathers its whole answer: what the wire does for all others, for those that were changed or whose
// answer may be. A write's body is in the journal before it leaves, as Elasticsearch gets it.
import { type IncomingMessage, request as plainRequest, type RequestOptions } from "node:http";
import { request as tlsRequest } from "node:https";
import { isIP } from "node:net";
import type { HeaderPairs } from "../../shared/exchange.ts";
import { epochNow } from "../proxy/clock.ts";
import { HeadFacts, parseRequestHead } from "../proxy/head.ts";
import type { JournalDesk, JournalEntry } from "../proxy/journal_entry.ts";
import type { Upstream } from "../proxy/upstream.ts";
import { describeFailure } from "../proxy/upstream.ts";
import { headerOf, type RequestMessage, type ResponseMessage } from "./message.ts";

export interface ForwardOptions {
  readonly upstream: Upstream;
  /** The upstream's name in the journal. */
  readonly name: string;
  /** null: nothing is journalled. */
  readonly journal: JournalDesk | null;
  /** Id of the exchange, 0 where it is not captured, and its start, epoch ms. */
  readonly exchange: number;
  readonly time: number;
  readonly gone: AbortSignal;
}

/** Its answer, or why there is none. */
export type Forwarded = { readonly ok: true; readonly response: ResponseMessage } | { readonly ok: false; readonly why: string };

/** Most octets of an answer that are gathered. */
const MOST_BYTES = 256 * 1024 * 1024;
const CONNECT_MS = 10_000;

/** Meant for the next hop or for us, and never forwarded. */
const NOT_FORWARDED =
  /^(connection|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade|http2-settings|content-length|expect|x-parallax-backend|parallax-api-profiler)$/i;
const NOT_RETURNED = /^(connection|keep-alive|proxy-connection|trailer|transfer-encoding|upgrade)$/i;

/** Never rejects. */
export async function forward(request: RequestMessage, options: ForwardOptions): Promise<Forwarded> {
  const headers = sentHeaders(request, options.upstream);
  const entry = journalled(request, headers, options);
  if (entry !== null) {
    const body = Buffer.from(request.body);
    entry.requestBody(body, 0, body.length);
    await new Promise<void>((resolve) => entry.keep(resolve));
  }
  let connected = false;
  const told = (): void => {
    connected = true;
  };
  try {
    const response = await exchanged(request, headers, options, told);
    if (entry !== null) tellAnswer(entry, response);
    return { ok: true, response };
  } catch (error) {
    entry?.broken(connected);
    return {
      ok: false,
      why: options.gone.aborted ? "The client closed the connection." : describeFailure(options.upstream, asErrno(error)),
    };
  }
}

function asErrno(error: unknown): NodeJS.ErrnoException {
  return error instanceof Error ? error : new Error(String(error));
}

function sentHeaders({ headers, method, body }: RequestMessage, { authorization, hostHeader }: Upstream): HeaderPairs {
  const kept = headers.filter(([name]) => !NOT_FORWARDED.test(name) && (hostHeader === null || name.toLowerCase() !== "host"));
  const host: HeaderPairs = hostHeader === null ? [] : [["Host", hostHeader]];
  const own: HeaderPairs = authorization !== null && headerOf(headers, "authorization") === "" ? [["Authorization", authorization]] : [];
  const declared = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  const length: HeaderPairs =
    body.byteLength > 0 || declared || (method !== "GET" && method !== "HEAD") ? [["content-length", String(body.byteLength)]] : [];
  return [...host, ...kept, ...own, ...length, ["connection", "close"]];
}

function journalled({ method, target }: RequestMessage, headers: HeaderPairs, options: ForwardOptions): JournalEntry | null {
  if (options.journal === null) return null;
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines}\r\n`, "latin1");
  const facts = new HeadFacts();
  if (parseRequestHead(head, 0, facts) !== head.length) return null;
  return options.journal.open(options.exchange, options.time, options.name, head, facts, 0, head.length);
}

function tellAnswer(entry: JournalEntry, { status, reason, headers, body }: ResponseMessage): void {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = Buffer.from(`HTTP/1.1 ${status} ${reason}\r\n${lines}\r\n`, "latin1");
  const bytes = Buffer.from(body);
  entry.responseHead(head, 0, head.length);
  entry.responseBody(bytes, 0, bytes.length);
  entry.responseEnd(epochNow());
}

function exchanged(
  { method, target, body }: RequestMessage,
  headers: HeaderPairs,
  { upstream, gone }: ForwardOptions,
  connected: () => void,
): Promise<ResponseMessage> {
  const { host, port, prefix, tls, trust } = upstream;
  const options: RequestOptions & { rejectUnauthorized?: boolean; ca?: string; servername?: string } = {
    host,
    port,
    method,
    path: prefix + target,
    headers: headers.flat(),
    agent: false,
    signal: gone,
    ...(tls ? { rejectUnauthorized: trust.insecure !== true } : {}),
    ...(tls && trust.ca !== undefined ? { ca: trust.ca } : {}),
    ...(tls && isIP(host) === 0 ? { servername: host } : {}),
  };
  return new Promise((resolve, reject) => {
    const sent = (tls ? tlsRequest : plainRequest)(options, (response) => gathered(response).then(resolve, reject));
    const connecting = setTimeout(() => sent.destroy(Object.assign(new Error("no connection"), { code: "ETIMEDOUT" })), CONNECT_MS);
    sent.on("socket", (socket) => {
      socket.setNoDelay(true);
      socket.on(tls ? "secureConnect" : "connect", () => {
        clearTimeout(connecting);
        connected();
      });
      socket.on("close", () => clearTimeout(connecting));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function gathered(response: IncomingMessage): Promise<ResponseMessage> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response) {
    const chunk: unknown = part;
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > MOST_BYTES)
      throw new Error(`its answer is longer than ${MOST_BYTES} bytes, the most that a rule, script or breakpoint can wait for`);
    parts.push(chunk);
  }
  const headers = response.rawHeaders.flatMap((name, i): HeaderPairs => (i % 2 === 0 ? [[name, response.rawHeaders[i + 1] ?? ""]] : []));
  const returned = headers.filter(([name]) => !NOT_RETURNED.test(name));
  return { status: response.statusCode ?? 502, reason: response.statusMessage ?? "", headers: returned, body: Buffer.concat(parts) };
}
