// The debugging interface on 127.0.0.1: page, HTTP API and server-sent events over the one contract.
import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { WRITES } from "../../shared/contract.ts";
import { isObject, JsonSyntaxError, type JsonValue, jsonObject, member, parseJson } from "../../shared/json.ts";
import { isRecord } from "../../shared/record.ts";
import { MCP_PATH } from "../mcp/http.ts";
import type { Calls } from "../profile/interface_calls.ts";
import type { EventHub } from "./events.ts";
import { type Guard, refuse } from "./guard.ts";
import { type CallResult, ContractFailure, callHandler, type Handlers } from "./handlers.ts";
import { asksToWrite, sendMcp } from "./mcp.ts";
import { openApi } from "./openapi.ts";
import { CONTENT_SECURITY_POLICY, readPage } from "./page.ts";
import { isPprof, type ProfileMaker, sendPprof } from "./pprof.ts";
import { formRequest, type MatchedRoute, matchRoute, type Route } from "./routes.ts";
import { isSignIn, sendSignIn, signIn } from "./sign_in.ts";
import { takeUpload, UPLOAD_PATH, type Uploads } from "./upload.ts";
import { isRequestName } from "./validate.ts";

const BODY_LIMIT = 16 * 1024 * 1024;

/** Sends a body of an exchange (or its diff or SQL) by itself; null when the exchange has none. `file`: the name to save it by. Throws ContractFailure. */
export type SendRaw = (
  raw: NonNullable<MatchedRoute["route"]["raw"]>,
  request: JsonValue,
) => Promise<{ readonly type: string; readonly body: Uint8Array | LyingFile; readonly file?: string } | null>;

/** A file of any size: it is read as it is sent. */
export interface LyingFile {
  readonly path: string;
  readonly bytes: number;
}

export interface InterfaceOptions {
  readonly handlers: Handlers;
  readonly events: EventHub;
  readonly raw: SendRaw;
  /** Text of the HAR that `GET /api/har` sends. Throws ContractFailure. */
  readonly har: (query: URLSearchParams) => AsyncIterable<string>;
  /** Profiles calls. @default nobody */
  readonly calls?: Calls;
  /** Makes what `/debug/pprof/` sends. @default nobody */
  readonly profiler?: ProfileMaker;
  /** Where files go that a browser sends. @default nowhere */
  readonly uploads?: Uploads;
  /** Folder of the built page. */
  readonly page: string;
  readonly token: string | null;
  /** Every call needs the token. @default false */
  readonly authRequired?: boolean;
  readonly version: string;
  readonly port: number;
  /** Fail when `port` is taken, rather than take the next free one. */
  readonly exactPort: boolean;
}

export interface Interface {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts the interface. Throws when the port can't be had; the message names it. */
export async function startInterface(options: InterfaceOptions): Promise<Interface> {
  const state = { port: options.port };
  const server = createServer((request, response) => {
    const answer = (to: ServerResponse): Promise<void> =>
      serve(options, state.port, request, to).catch((error: unknown) => {
        if (error instanceof ContractFailure) {
          sendJson(to, error.status, { error: { code: error.code, message: error.message } });
          return;
        }
        sendJson(to, 500, { ok: false, error: { code: "internal", message: error instanceof Error ? error.message : String(error) } });
      });
    // Whoever may not call at all gets no profile either.
    const { calls } = options;
    const profiled = calls !== undefined && refuse(guardOf(options, state.port), request.headers, false) === null;
    void (profiled ? calls.handle(request, response, answer) : answer(response));
  });
  state.port = await listen(server, options.port, options.exactPort);
  return {
    url: `http://127.0.0.1:${state.port}`,
    port: state.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listen(server: Server, port: number, exact: boolean): Promise<number> {
  for (let candidate = port; ; candidate += 1) {
    const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      server.once("error", resolve);
      server.listen(candidate, "127.0.0.1", () => {
        server.off("error", resolve);
        resolve(null);
      });
    });
    const address = server.address();
    if (error === null) return typeof address === "object" && address !== null ? address.port : candidate;
    if (error.code !== "EADDRINUSE" || exact || candidate > port + 100) {
      throw new Error(
        error.code === "EADDRINUSE"
          ? `Port ${candidate} for the debugging interface is in use by another program. Stop that one, or choose another with --ui-port.`
          : `The debugging interface can't listen on 127.0.0.1:${candidate}: ${error.message}.`,
      );
    }
  }
}

async function serve(options: InterfaceOptions, port: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = request.url ?? "/";
  const [path = "/", search = ""] = target.split("?", 2);
  const query = new URLSearchParams(search);
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("cache-control", "no-store");
  const named = path.startsWith("/api/call/") ? path.slice("/api/call/".length) : null;
  const matched = named === null ? matchRoute(method, path, query) : undefined;
  const name = named ?? matched?.route.request ?? "";
  const guard = guardOf(options, port);
  if (isSignIn(guard, request.headers, method, path, query)) return signIn(guard, response);
  const uploads = method === "PUT" && path === UPLOAD_PATH;
  const refusal = refuse(guard, request.headers, uploads || asksToWrite(path, query) || (isRequestName(name) && WRITES.includes(name)));
  if (refusal?.status === 401 && method === "GET" && path === "/") return sendSignIn(refusal, response);
  if (refusal !== null) return sendJson(response, refusal.status, { ok: false, error: { code: refusal.code, message: refusal.message } });
  if (uploads && options.uploads !== undefined) {
    const file = await takeUpload(options.uploads, query.get("name") ?? "", request);
    const result = await callHandler(options.handlers, "session.open", { file });
    // What is no session is not kept.
    if (!result.reply.ok) await rm(file, { force: true });
    return sendJson(response, result.status, result.reply);
  }
  const body = method === "POST" ? await readBody(request) : null;
  if (path === MCP_PATH) return sendMcp({ ...options, allowWrites: asksToWrite(path, query), body }, request, response);
  if (body instanceof Error) return sendJson(response, 400, { ok: false, error: { code: "bad_body", message: body.message } });
  if (options.profiler !== undefined && isPprof(path)) return sendPprof(options.profiler, path, request, response);
  if (path === "/api/events" && method === "GET") return sendEvents(options.events, response);
  if (path === "/api/har" && method === "GET") return sendHar(options.har(query), response);
  if (path === "/api/openapi.json" && method === "GET") return sendJson(response, 200, openApi(options.version));
  if (named !== null) {
    if (method !== "POST")
      return sendJson(response, 405, { ok: false, error: { code: "method", message: "POST /api/call/NAME with a JSON body." } });
    const result = await callHandler(options.handlers, named, body ?? {}, goneOf(response));
    return sendJson(response, result.status, result.reply);
  }
  if (matched !== undefined) {
    // What the path names can't be another by the body.
    const { wrap } = matched.route;
    const request = wrap === undefined || body === null ? body : jsonObject([[wrap, body]]);
    const sent = isObject(request) ? { ...request, ...matched.request } : request;
    return sendRoute(options, sent === null ? matched : { ...matched, request: sent }, response);
  }
  if (path.startsWith("/api/")) {
    return sendJson(response, 404, {
      ok: false,
      error: { code: "not_found", message: `There is no ${method} ${path}; /api/openapi.json lists what there is.` },
    });
  }
  return sendPage(options, path, response);
}

function guardOf({ token, authRequired = false }: InterfaceOptions, port: number): Guard {
  return { port, token, always: authRequired };
}

async function readBody(request: IncomingMessage): Promise<JsonValue | Error> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue;
    size += chunk.length;
    if (size > BODY_LIMIT) return new Error(`The request's body is over ${BODY_LIMIT} bytes.`);
    chunks.push(chunk);
  }
  if (size === 0) return null;
  try {
    const text = Buffer.concat(chunks).toString("utf8");
    // curl says so of whatever it sends: a form is what does not begin as JSON does.
    const form = /^application\/x-www-form-urlencoded\b/.test(request.headers["content-type"] ?? "") && !/^\s*[[{"]/.test(text);
    return form ? formRequest(text) : parseJson(text);
  } catch (error) {
    return error instanceof JsonSyntaxError ? new Error(`The request's body is not JSON: ${error.message}.`) : new Error(String(error));
  }
}

/** Aborted when whoever asked goes away before the answer is sent. */
function goneOf(response: ServerResponse): AbortSignal {
  const asking = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) asking.abort();
  });
  return asking.signal;
}

async function sendRoute(
  options: InterfaceOptions,
  { route, request }: { readonly route: Route; readonly request: JsonValue },
  response: ServerResponse,
): Promise<void> {
  const result: CallResult = await callHandler(options.handlers, route.request, request, goneOf(response));
  if (!result.reply.ok) return sendJson(response, result.status, { error: result.reply.error });
  if (route.as !== undefined) return sendText(response, route.as, String(result.reply.value));
  if (route.raw === undefined) return sendJson(response, 200, picked(route, result.reply.value));
  const raw = await options.raw(route.raw, request);
  if (raw === null) {
    return sendJson(response, 404, { error: { code: "no_body", message: `Exchange ${exchangeOf(request)} has no ${route.raw}.` } });
  }
  // Bodies are whatever a client or server sent: never a page of this origin.
  response.setHeader("content-security-policy", "default-src 'none'; sandbox");
  if (raw.file !== undefined) response.setHeader("content-disposition", `attachment; filename="${raw.file}"`);
  const { type, body } = raw;
  const lies = !(body instanceof Uint8Array);
  response.writeHead(200, { "content-type": type, "content-length": lies ? body.bytes : body.byteLength });
  if (lies) await pipeline(createReadStream(body.path), response).catch(() => response.destroy());
  else response.end(body);
}

function picked({ pick }: Route, value: unknown): unknown {
  return pick !== undefined && isRecord(value) ? value[pick] : value;
}

function sendText(response: ServerResponse, type: string, text: string): void {
  const body = Buffer.from(text);
  response.setHeader("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  response.writeHead(200, { "content-type": type, "content-length": body.length });
  response.end(body);
}

/** The exchange that a request names; 0 for none. */
export function exchangeOf(request: JsonValue): number {
  return isObject(request) ? Number(member(request, "id") ?? 0) : 0;
}

async function sendHar(text: AsyncIterable<string>, response: ServerResponse): Promise<void> {
  response.writeHead(200, { "content-type": "application/json", "content-disposition": 'attachment; filename="parallax.har"' });
  // Whoever goes away in the middle ends it; nothing else is told by then.
  await pipeline(Readable.from(text), response).catch(() => response.destroy());
}

function sendEvents(events: EventHub, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", connection: "keep-alive" });
  response.write(":\n\n");
  const stop = events.listen((name, data) => {
    // A window that does not read misses events rather than fill memory; it asks for the list when it is back.
    if (response.writableLength < 4 * 1024 * 1024) response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  });
  response.on("close", stop);
}

async function sendPage(options: InterfaceOptions, path: string, response: ServerResponse): Promise<void> {
  const file = await readPage(options.page, path, options.authRequired === true ? null : options.token);
  if (file === undefined) {
    response.writeHead(404, { "content-type": "text/plain; charset=utf-8" });
    response.end(path === "/" ? "The page is not built: run `npm run build:page`.\n" : "Not found.\n");
    return;
  }
  response.setHeader("content-security-policy", CONTENT_SECURITY_POLICY);
  if (file.immutable) response.setHeader("cache-control", "max-age=31536000, immutable");
  response.writeHead(200, { "content-type": file.type, "content-length": file.body.length });
  response.end(file.body);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
}
