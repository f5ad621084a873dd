// A small Elasticsearch: keeps documents in one shard an index, acknowledges `_bulk` with sequence numbers, counts, and
// answers every search with its count of documents. Enough for a mirror to be held against; `answer` scripts the rest.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { gunzipSync } from "node:zlib";

export interface CountingCluster {
  readonly url: string;
  readonly port: number;
  /** Documents in all. */
  count(): number;
  /** Requests that came, `METHOD target`. */
  readonly requests: string[];
  stop(): Promise<void>;
}

export interface CountingOptions {
  /** @default any free port */
  readonly port?: number;
  readonly uuid?: string;
  /** PEM: speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Answers a request itself and says true, else false. */
  readonly answer?: (request: IncomingMessage, response: ServerResponse, body: Buffer) => boolean;
}

interface Index {
  readonly uuid: string;
  readonly ids: Set<string>;
  seqNo: number;
}

const MAPPINGS = { properties: { n: { type: "long" }, name: { type: "keyword" } } };

export async function startCountingCluster({
  port = 0,
  uuid = "fake-cluster",
  tls,
  answer,
}: CountingOptions = {}): Promise<CountingCluster> {
  const indices = new Map<string, Index>();
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const listener: RequestListener = (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const raw = Buffer.concat(chunks);
      if (answer?.(request, response, raw) === true) return;
      const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
      const [status, value] = reply(indices, uuid, request, body);
      const text = Buffer.from(JSON.stringify(value));
      response.writeHead(status, {
        "content-type": "application/json",
        "x-elastic-product": "Elasticsearch",
        "content-length": text.length,
      });
      response.end(request.method === "HEAD" ? undefined : text);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: tls === undefined ? `http://127.0.0.1:${bound}` : `https://localhost:${bound}`,
    port: bound,
    requests,
    count: () => [...indices.values()].reduce((sum, { ids }) => sum + ids.size, 0),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

type Reply = readonly [status: number, value: unknown];

function reply(indices: Map<string, Index>, uuid: string, request: IncomingMessage, body: Buffer): Reply {
  const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
  const parts = path.split("/").filter((part) => part !== "");
  const [first = "", second = ""] = parts.map((part) => decodeURIComponent(part));
  if (first === "")
    return [200, { cluster_name: "fake", cluster_uuid: uuid, version: { number: "9.4.3" }, tagline: "You Know, for Search" }];
  if (first === "_bulk" || second === "_bulk") return bulk(indices, first === "_bulk" ? "" : first, body);
  const named = first.startsWith("_") ? [...indices.keys()] : first.split(",").filter((name) => indices.has(name));
  const api = first.startsWith("_") ? first : second;
  if (request.method === "PUT" && api === "") return [200, { acknowledged: true, index: indexOf(indices, first) && first }];
  if (named.length === 0 && !query.includes("ignore_unavailable=true")) return missing(first);
  const total = named.reduce((sum, name) => sum + indexOf(indices, name).ids.size, 0);
  const shards = { total: named.length, successful: named.length, skipped: 0, failed: 0 };
  switch (api) {
    case "":
      return [200, Object.fromEntries(named.map((name) => [name, describe(indexOf(indices, name))]))];
    case "_stats":
      return [200, { _shards: shards, indices: Object.fromEntries(named.map((name) => [name, statistics(indexOf(indices, name))])) }];
    case "_count":
      return [200, { count: total, _shards: shards }];
    case "_refresh":
      return [200, { _shards: shards }];
    case "_search":
      return [
        200,
        {
          took: 1,
          timed_out: false,
          _shards: shards,
          hits: { total: { value: total, relation: "eq" }, max_score: null, hits: [] },
        },
      ];
    default:
      return [400, { error: { type: "illegal_argument_exception", reason: `no ${request.method} ${path} here` }, status: 400 }];
  }
}

function bulk(indices: Map<string, Index>, otherwise: string, body: Buffer): Reply {
  const items: unknown[] = [];
  let at = 0;
  const line = (): string | undefined => {
    if (at >= body.length) return undefined;
    const end = body.indexOf(10, at);
    const text = body.toString("utf8", at, end < 0 ? body.length : end);
    at = end < 0 ? body.length : end + 1;
    return text;
  };
  for (let action = line(); action !== undefined && action !== ""; action = line()) {
    const [verb = "index", meta] = Object.entries(JSON.parse(action))[0] ?? [];
    const { _index = otherwise, _id } = meta as { _index?: string; _id?: string };
    if (verb !== "delete") line();
    const index = indexOf(indices, _index);
    const id = _id ?? `auto-${index.seqNo + 1}`;
    const result = verb === "delete" ? "deleted" : index.ids.has(id) ? "updated" : "created";
    if (verb === "delete") index.ids.delete(id);
    else index.ids.add(id);
    index.seqNo += 1;
    const place = { _version: 1, _seq_no: index.seqNo, _primary_term: 1 };
    items.push({ [verb]: { _index, _id: id, result, ...place, status: result === "created" ? 201 : 200 } });
  }
  return [200, { took: 1, errors: false, items }];
}

function indexOf(indices: Map<string, Index>, name: string): Index {
  const known = indices.get(name);
  if (known !== undefined) return known;
  const made: Index = { uuid: `uuid-${name}`, ids: new Set(), seqNo: -1 };
  indices.set(name, made);
  return made;
}

function describe({ uuid }: Index): unknown {
  return { aliases: {}, mappings: MAPPINGS, settings: { index: { uuid, number_of_shards: "1" } } };
}

function statistics({ ids, seqNo }: Index): unknown {
  return {
    primaries: { docs: { count: ids.size, deleted: 0 }, store: { size_in_bytes: 0 } },
    shards: { 0: [{ seq_no: { max_seq_no: seqNo } }] },
  };
}

function missing(index: string): Reply {
  const cause = { type: "index_not_found_exception", reason: `no such index [${index}]`, index };
  return [404, { error: { root_cause: [cause], ...cause }, status: 404 }];
}
