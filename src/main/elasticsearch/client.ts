// A small HTTP client of the engine's own for Elasticsearch: asks for mappings, counts and documents beside the traffic.
// Bytes in and out; TLS verified. Every failure to reach the server is an ElasticsearchAway that says what to do.
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { isObject, type JsonObject, member, parseJson } from "../../shared/json.ts";
import type { TlsTrust } from "../proxy/upstream.ts";

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

export class ElasticsearchClient {
  readonly url: string;
  readonly #base: URL;
  readonly #agent: HttpAgent;

  /** `url` may carry user:password and a path prefix. */
  constructor(url: string, { ca, insecure }: TlsTrust = {}) {
    this.#base = new URL(url);
    const shown = new URL(url);
    shown.username = "";
    shown.password = "";
    this.url = shown.href.replace(/\/$/, "");
    const trust = { rejectUnauthorized: insecure !== true, ...(ca === undefined ? {} : { ca }) };
    this.#agent = this.#base.protocol === "https:" ? new HttpsAgent({ keepAlive: true, ...trust }) : new HttpAgent({ keepAlive: true });
  }

  /** Sends one request. `path` is path and query from `/` on. Throws ElasticsearchAway. */
  request(
    method: string,
    path: string,
    body?: string | Uint8Array,
    options: { readonly timeoutMs?: number; readonly type?: string } = {},
  ): Promise<ElasticsearchAnswer> {
    const send = this.#base.protocol === "https:" ? httpsRequest : httpRequest;
    const { username, password, hostname, port, pathname } = this.#base;
    const headers: Record<string, string> = { accept: "application/json" };
    if (body !== undefined) {
      headers["content-type"] = options.type ?? "application/json";
      // Node sends the body of a GET or a DELETE without it: the server would take that for the next request.
      headers["content-length"] = String(Buffer.byteLength(body));
    }
    if (username !== "") {
      headers.authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64")}`;
    }
    return new Promise((resolve, reject) => {
      const away = (error: NodeJS.ErrnoException): void => reject(new ElasticsearchAway(describe(this.url, error)));
      const request = send(
        {
          agent: this.#agent,
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
          response.on("error", away);
          response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
        },
      );
      request.on("timeout", () => request.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" })));
      request.on("error", away);
      request.end(body);
    });
  }

  /** As request, parsed. Throws ElasticsearchRefused for an error status. */
  async json(method: string, path: string, body?: string | Uint8Array, options: { readonly timeoutMs?: number } = {}): Promise<JsonObject> {
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

  /** Who answers. Throws ElasticsearchAway when it is not Elasticsearch. */
  async info(timeoutMs = 3_000): Promise<ClusterInfo> {
    const value = await this.json("GET", "/", undefined, { timeoutMs }).catch((error: unknown) => {
      throw error instanceof ElasticsearchRefused ? new ElasticsearchAway(refused(this.url, error), true) : error;
    });
    const version = member(value, "version");
    const number = isObject(version) ? member(version, "number") : undefined;
    if (typeof number !== "string")
      throw new ElasticsearchAway(`What answers at ${this.url} is not Elasticsearch: it names no version. Check the URL.`, true);
    return {
      version: number,
      clusterName: String(member(value, "cluster_name") ?? ""),
      clusterUuid: String(member(value, "cluster_uuid") ?? ""),
    };
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The reason in an error of Elasticsearch's shape; else the text itself, cut short. */
function reasonOf(text: string): string {
  try {
    const value = parseJson(text);
    const error = isObject(value) ? member(value, "error") : undefined;
    const reason = isObject(error) ? member(error, "reason") : error;
    if (typeof reason === "string") return reason;
  } catch {
    // No error of Elasticsearch's.
  }
  return text.slice(0, 300);
}

function refused(url: string, { status, message }: ElasticsearchRefused): string {
  if (status === 401 || status === 403) {
    return `Elasticsearch at ${url} asks who Parallax is (${status}): requests pass, but nothing is mirrored or compared. Give user and password in the URL, like https://USER:PASSWORD@HOST:9200.`;
  }
  return `What answers at ${url} is not Elasticsearch, or is not well: ${message}`;
}

function describe(url: string, error: NodeJS.ErrnoException): string {
  const code = error.code ?? "";
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
  return `Elasticsearch at ${url} can't be reached: ${error.message}.`;
}
