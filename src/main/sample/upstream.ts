// The recorded upstream: an HTTP server that answers each request of the recording with the bytes, status and headers
// that Elasticsearch gave, after about the time it took, and questions about the present state from what was recorded.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { HeaderPairs } from "../../shared/exchange.ts";
import { RecordedCluster, type SideAnswer } from "./recorded_cluster.ts";
import type { RecordedExchange, Recording } from "./recording.ts";

export interface RecordedUpstream {
  readonly url: string;
  stop(): Promise<void>;
}

/** A slow answer of the recording must not stall the session. */
const LONGEST_WAIT_MS = 400;

interface Queue {
  readonly exchanges: RecordedExchange[];
  next: number;
}

/** Listens on a free port of 127.0.0.1. */
export async function startUpstream(recording: Recording): Promise<RecordedUpstream> {
  const queues = new Map<string, Queue>();
  for (const exchange of recording.exchanges) {
    const key = keyOf(exchange.method, exchange.target, exchange.body);
    const queue = queues.get(key);
    if (queue === undefined) queues.set(key, { exchanges: [exchange], next: 0 });
    else queue.exchanges.push(exchange);
  }
  const cluster = new RecordedCluster();
  const waiting = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    void readAll(request).then(
      (body) => answer(request, response, body, { queues, cluster, recording, waiting }),
      () => response.destroy(),
    );
  });
  server.keepAliveTimeout = 120_000;
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((done) => {
        for (const timer of waiting) clearTimeout(timer);
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

interface Replay {
  readonly queues: ReadonlyMap<string, Queue>;
  readonly cluster: RecordedCluster;
  readonly recording: Recording;
  readonly waiting: Set<NodeJS.Timeout>;
}

function answer(request: IncomingMessage, response: ServerResponse, body: Buffer, replay: Replay): void {
  const method = request.method ?? "GET";
  const target = request.url ?? "/";
  const queue = replay.queues.get(keyOf(method, target, body));
  const played = queue !== undefined && isFrom(queue, request);
  const side = played ? undefined : sideAnswer(method, target, body, replay);
  if (side !== undefined || queue === undefined) {
    sendJson(response, method, side ?? notRecorded(method, target, replay.recording.elasticsearch));
    return;
  }
  // Past its last time a recorded request gets its last answer again. Whoever else asks it gets the latest answer given.
  const turn = played ? queue.next : Math.max(0, queue.next - 1);
  const exchange = queue.exchanges[Math.min(turn, queue.exchanges.length - 1)];
  if (exchange === undefined) return;
  if (played && queue.next < queue.exchanges.length) {
    replay.cluster.apply(exchange);
    queue.next += 1;
  }
  const timer = setTimeout(
    () => {
      replay.waiting.delete(timer);
      sendRecorded(response, exchange);
    },
    Math.min(exchange.ms, LONGEST_WAIT_MS),
  );
  replay.waiting.add(timer);
}

// The recorded clients say who they are; Parallax's own questions and a person's come under another name.
function isFrom(queue: Queue, request: IncomingMessage): boolean {
  const agents = queue.exchanges[0]?.headers.find(([name]) => name.toLowerCase() === "user-agent");
  return request.headers["user-agent"] === agents?.[1];
}

function sideAnswer(method: string, target: string, body: Buffer, replay: Replay): SideAnswer | undefined {
  const path = target.split("?")[0] ?? target;
  const readsByPost = /\/_(mget|count|refresh|field_caps)$/.test(path) || path === "/_mget";
  if (method !== "GET" && method !== "HEAD" && !readsByPost) return undefined;
  if (path === "/") {
    const root = replay.recording.exchanges.find((exchange) => exchange.method === "GET" && exchange.target === "/");
    return root === undefined ? undefined : { status: root.status, body: root.responseBody.toString("utf8") };
  }
  return replay.cluster.answer(target, body);
}

function sendRecorded(response: ServerResponse, exchange: RecordedExchange): void {
  response.sendDate = false;
  response.writeHead(exchange.status, exchange.reason, flat(exchange.responseHeaders));
  response.end(exchange.responseBody);
}

function sendJson(response: ServerResponse, method: string, { status, body }: SideAnswer): void {
  response.sendDate = false;
  response.writeHead(status, {
    "X-elastic-product": "Elasticsearch",
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(method === "HEAD" ? undefined : body);
}

function notRecorded(method: string, target: string, version: string): SideAnswer {
  const reason = `this is a recording of Elasticsearch ${version}: it has no answer to ${method} ${target}; point Parallax at an Elasticsearch of yours to ask anything`;
  return {
    status: 404,
    body: JSON.stringify({ error: { root_cause: [{ type: "not_recorded", reason }], type: "not_recorded", reason }, status: 404 }),
  };
}

/** Request and answer are paired by what the proxy must not change: method, target and body. */
function keyOf(method: string, target: string, body: Buffer): string {
  return `${method} ${target} ${createHash("sha1").update(body).digest("base64")}`;
}

function flat(headers: HeaderPairs): string[] {
  return headers.flatMap(([name, value]) => [name, value]);
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function listen(server: Server): Promise<number> {
  return await new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      done(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
