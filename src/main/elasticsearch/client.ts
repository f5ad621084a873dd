// A small HTTP client of the engine's own for Elasticsearch: asks for mappings, counts and documents beside the traffic.
// Bytes in and out; TLS verified. Of several nodes one is asked; where it takes no connection, the next one is. Every failure to reach the server is an ElasticsearchAway that says what to do.
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { HeaderPairs } from "../../shared/exchange.ts";
import { isObject, type JsonObject, member, parseJson } from "../../shared/json.ts";
import { messageOf } from "../../shared/thrown.ts";
import { addressesOf, type TlsTrust } from "../proxy/upstream.ts";

export interface ElasticsearchAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

export interface ClusterInfo {
  readonly version: string;
  readonly clusterName: string;
  readonly clusterUuid: string;
}

/** The server can't be reached, or what answers is not Elasticsearch. `message` names the address and what to do. */
export class ElasticsearchAway extends Error {
  override readonly name = "ElasticsearchAway";
  /** True when something answered that is not an Elasticsearch, or not one that talks to us. */
  readonly answered: boolean;

  constructor(message: string, answered = false) {
    super(message);
    this.answered = answered;
  }
}

/** Elasticsearch answered with an error status. */
export class ElasticsearchRefused extends Error {
  override readonly name = "ElasticsearchRefused";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const TIMEOUT_MS = 30_000;

/** Failures of a connection, after which another node is asked: what the engine asks may be asked twice. */
const DISCONNECTED = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

interface Node {
  readonly base: URL;
  /** Without user and password. */
  readonly url: string;
  readonly agent: HttpAgent;
}

interface RequestOptions {
  readonly timeoutMs?: number;
  readonly type?: string;
  /** Place of the one node to ask. @default the one that is asked now, or the next that takes a connection */
  readonly only?: number;
  /** A client's, in place of our own; its credentials win. */
  readonly headers?: HeaderPairs;
}

export class ElasticsearchClient {
  readonly #nodes: readonly Node[];
  #at = 0;

  /** `text`: one URL, or several with commas between; each may carry user:password and a path prefix. */
  constructor(text: string, trust: TlsTrust = {}) {
    this.#nodes = addressesOf(text).map((url) => nodeOf(url, trust));
  }

  /** Of the node that is asked. */
  get url(): string {
    return this.#node(this.#at).url;
  }

  /** The place in `urls` of the node that is asked. */
  get place(): number {
    return this.#at;
  }

  /** Of all nodes. */
  get urls(): readonly string[] {
    return this.#nodes.map(({ url }) => url);
  }

  /** From now on the node at this place of `urls` is asked. */
  use(place: number): void {
    this.#at = place;
  }

  /** Sends one request. `path` is path and query from `/` on. Throws ElasticsearchAway. */
  async request(method: string, path: string, body?: string | Uint8Array, options: RequestOptions = {}): Promise<ElasticsearchAnswer> {
    for (let tried = 1; ; tried += 1) {
      const at = options.only ?? this.#at;
      const node = this.#node(at);
      try {
        return await send(node, method, path, body, options);
      } catch (error) {
        const code = error instanceof Error && "code" in error ? String(error.code) : "";
        const over = options.only !== undefined || tried >= this.#nodes.length || !DISCONNECTED.has(code);
        if (options.only === undefined && this.#at === at) this.#at = (at + 1) % this.#nodes.length;
        if (over) throw new ElasticsearchAway(describe(node.url, error));
      }
    }
  }

  #node(place: number): Node {
    const node = this.#nodes[place];
    if (node === undefined) throw new ElasticsearchAway("No URL of an Elasticsearch is given.");
    return node;
  }

  /** As request, parsed. Throws ElasticsearchRefused for an error status. */
  async json(method: string, path: string, body?: string | Uint8Array, options: RequestOptions = {}): Promise<JsonObject> {
    const answer = await this.request(method, path, body, options);
    const text = Buffer.from(answer.body).toString("utf8");
    if (answer.status >= 400) throw new ElasticsearchRefused(answer.status, `${method} ${path} gave ${answer.status}: ${reasonOf(text)}`);
    try {
      const value = parseJson(text);
      if (isObject(value)) return value;
    } catch {
      // Told below: what answers is no Elasticsearch.
    }
    throw new ElasticsearchAway(
      `What answers at ${this.url} is not Elasticsearch: ${method} ${path} gave no JSON object. Check the URL.`,
      true,
    );
  }

  /** Who answers, at one place of `urls` or anywhere. Throws ElasticsearchAway when it is not Elasticsearch. */
  async info(timeoutMs = 3_000, only?: number): Promise<ClusterInfo> {
    const { url } = this.#node(only ?? this.#at);
    const value = await this.json("GET", "/", undefined, { timeoutMs, ...(only === undefined ? {} : { only }) }).catch((error: unknown) => {
      throw error instanceof ElasticsearchRefused ? new ElasticsearchAway(refused(url, error), true) : error;
    });
    const version = member(value, "version");
    const number = isObject(version) ? member(version, "number") : undefined;
    if (typeof number !== "string")
      throw new ElasticsearchAway(`What answers at ${url} is not Elasticsearch: it names no version. Check the URL.`, true);
    return {
      version: number,
      clusterName: String(member(value, "cluster_name") ?? ""),
      clusterUuid: String(member(value, "cluster_uuid") ?? ""),
    };
  }

  close(): void {
    for (const { agent } of this.#nodes) agent.destroy();
  }
}

function nodeOf(url: string, { ca, insecure }: TlsTrust): Node {
  const base = new URL(url);
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  const trust = { rejectUnauthorized: insecure !== true, ...(ca === undefined ? {} : { ca }) };
  const agent = base.protocol === "https:" ? new HttpsAgent({ keepAlive: true, ...trust }) : new HttpAgent({ keepAlive: true });
  return { base, url: shown.href.replace(/\/$/, ""), agent };
}

const ACCEPT: HeaderPairs = [["accept", "application/json"]];

/** Sends one request to one node. Throws Node's own errors. */
function send(
  { base, agent }: Node,
  method: string,
  path: string,
  body: string | Uint8Array | undefined,
  options: RequestOptions,
): Promise<ElasticsearchAnswer> {
  const { username, password, hostname, port, pathname } = base;
  const headers: Record<string, string> = Object.fromEntries(
    (options.headers ?? ACCEPT).map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (body !== undefined) {
    headers["content-type"] ??= options.type ?? "application/json";
    // Node sends the body of a GET or a DELETE without it: the server would take that for the next request.
    headers["content-length"] = String(Buffer.byteLength(body));
  }
  if (username !== "" && headers.authorization === undefined) {
    headers.authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64")}`;
  }
  return new Promise((resolve, reject) => {
    const request = (base.protocol === "https:" ? httpsRequest : httpRequest)(
      {
        agent,
        method,
        host: hostname.replace(/^\[|\]$/g, ""),
        port,
        path: pathname.replace(/\/$/, "") + path,
        headers,
        timeout: options.timeoutMs ?? TIMEOUT_MS,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
      },
    );
    request.on("timeout", () => request.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" })));
    request.on("error", reject);
    request.end(body);
  });
}

/** The reason in an error of Elasticsearch's shape; else the text itself, cut short. */
function reasonOf(text: string): string {
  try {
    const value = parseJson(text);
    const error = isObject(value) ? member(value, "error") : undefined;
    const reason = isObject(error) ? member(error, "reason") : error;
    if (isObject(error) && typeof reason === "string") return withCause(reason, error);
    if (typeof reason === "string") return reason;
  } catch {
    // No error of Elasticsearch's.
  }
  return text.slice(0, 300);
}

/** With what lies at the bottom of it, which often says more: "template after composition is invalid" names no field. */
function withCause(reason: string, error: JsonObject): string {
  let innermost = reason;
  for (let cause = member(error, "caused_by"); isObject(cause); cause = member(cause, "caused_by")) {
    const said = member(cause, "reason");
    if (typeof said === "string") innermost = said;
  }
  return innermost === reason ? reason : `${reason}: ${innermost}`;
}

function refused(url: string, { status, message }: ElasticsearchRefused): string {
  if (status === 401 || status === 403) {
    return `Elasticsearch at ${url} asks who Parallax is (${status}): requests pass, but nothing is mirrored or compared. Give user and password in the URL, like https://USER:PASSWORD@HOST:9200.`;
  }
  return `What answers at ${url} is not Elasticsearch, or is not well: ${message}`;
}

function describe(url: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ECONNREFUSED")
    return `Elasticsearch at ${url} refused the connection: nothing listens there. Start it, or give another URL.`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `The host of ${url} can't be found. Check the name in the URL.`;
  if (code === "ETIMEDOUT") return `Elasticsearch at ${url} did not answer in time. Is it overloaded, or behind a firewall?`;
  if (code === "EPROTO" || code.startsWith("ERR_SSL"))
    return `${url} does not speak TLS as expected (${code}). Try http:// instead of https://.`;
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code)) {
    return `The certificate of ${url} is not trusted (${code}). Give its authority with --elasticsearch-ca FILE, or take any with --elasticsearch-insecure.`;
  }
  if (code === "ECONNRESET") return `Elasticsearch at ${url} closed the connection. If it speaks TLS, use https:// in the URL.`;
  return `Elasticsearch at ${url} can't be reached: ${messageOf(error)}.`;
}
