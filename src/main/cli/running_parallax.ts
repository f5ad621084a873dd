// The Parallax that runs on this machine, asked over its HTTP API by the one-shot verbs.
import { get, type IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import type { AnswerOf, Reply, RequestName, RequestOf } from "../../shared/contract.ts";
import { isRecord } from "../../shared/record.ts";

/** What a verb prints and returns when it can't go on: 2 bad usage or input, 3 something is away. */
export class VerbFailure extends Error {
  override readonly name = "VerbFailure";
  readonly exitCode: 2 | 3;

  constructor(exitCode: 2 | 3, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

export const DEFAULT_UI_PORT = 9999;
const ANSWER_MS = 60_000;

export class RunningParallax {
  readonly #url: string;
  #token: string | null;

  /** `token` is null where it is to be taken from the page that Parallax serves. */
  constructor(port: number, token: string | null) {
    this.#url = `http://127.0.0.1:${port}`;
    this.#token = token;
  }

  /** Throws VerbFailure. */
  call<N extends RequestName>(name: N, request: RequestOf<N>): Promise<AnswerOf<N>> {
    return this.send(name, JSON.stringify(request));
  }

  /** The same with the request as JSON text, whose numbers arrive as they are. Throws VerbFailure. */
  async send<N extends RequestName>(name: N, request: string): Promise<AnswerOf<N>> {
    const { status, reply } = await this.#post(name, request);
    if (reply.ok) return reply.value;
    if (status === 401 && this.#token === null && (await this.#takeToken())) return this.send(name, request);
    const { message } = reply.error;
    if (status === 401) throw new VerbFailure(2, `${message} Give it as --token TOKEN, or in PARALLAX_TOKEN.`);
    throw new VerbFailure(status === 503 ? 3 : 2, message);
  }

  /** What `GET path` sends, as it comes. Throws VerbFailure. */
  async read(path: string): Promise<AsyncIterable<Uint8Array>> {
    const headers = this.#token === null ? {} : { authorization: `Bearer ${this.#token}` };
    // Not fetch: that waits for no answer longer than 5 minutes, and a profile may take 10.
    const asked = Promise.withResolvers<IncomingMessage>();
    get(this.#url + path, { headers }, asked.resolve).on("error", asked.reject);
    const response = await asked.promise.catch(() => {
      throw this.#nobody();
    });
    if (response.statusCode === 200) return response;
    const value: unknown = await json(response).catch(() => null);
    const error = isRecord(value) && isRecord(value.error) ? value.error.message : null;
    const message = typeof error === "string" ? error : `${this.#url}${path} answered ${response.statusCode}.`;
    throw new VerbFailure(response.statusCode === 503 ? 3 : 2, message);
  }

  #nobody(): VerbFailure {
    return new VerbFailure(3, `No Parallax answers at ${this.#url}. Start it (\`parallax serve\`), or say where it is with --ui-port.`);
  }

  async #post<N extends RequestName>(name: N, body: string): Promise<{ readonly status: number; readonly reply: Reply<AnswerOf<N>> }> {
    const headers: Record<string, string> = { "content-type": "application/json" };
    if (this.#token !== null) headers.authorization = `Bearer ${this.#token}`;
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      const response = await fetch(`${this.#url}/api/call/${name}`, { method: "POST", headers, body, signal });
      return { status: response.status, reply: replyOf(await response.json()) };
    } catch (error) {
      if (error instanceof VerbFailure) throw error;
      throw this.#nobody();
    }
  }

  /** As the page does: whoever may read it may use it. */
  async #takeToken(): Promise<boolean> {
    const page = await fetch(`${this.#url}/`).then(
      (response) => response.text(),
      () => "",
    );
    this.#token = /<meta name="parallax-token" content="([^"]+)">/.exec(page)?.[1] ?? null;
    return this.#token !== null;
  }
}

// The server answers this route with a Reply of the name's answer; anything else is no Parallax.
function replyOf<T>(value: unknown): Reply<T> {
  if (typeof value === "object" && value !== null && "ok" in value) return value as Reply<T>;
  throw new VerbFailure(3, "What answers there is no Parallax. Say where Parallax is with --ui-port.");
}
