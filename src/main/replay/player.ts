// Plays recorded requests at a server as their clients sent them, at the recorded pace or another. A write waits for all that was asked
// before it and everything after waits for the write, so that each search is answered by the state that it saw; searches between
// two writes go side by side.
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { HeaderPairs } from "../../shared/exchange.ts";
import { pause } from "../pause.ts";

export interface Playable {
  /** Milliseconds after the start at which the request is sent. */
  readonly at: number;
  readonly method: string;
  readonly target: string;
  /** Without Host, Connection and Content-Length. */
  readonly headers: HeaderPairs;
  readonly body: Uint8Array;
  /** Status of the recorded answer. */
  readonly status: number;
  /** "" where nothing is written. */
  readonly writes: string;
}

export interface Played {
  readonly played: number;
  /** Requests that got no answer or another status than the recorded one. */
  readonly failed: number;
}

export interface PlayOptions {
  /** http or https; a path in it stands before each request's. User and password become an Authorization where a request has none. */
  readonly url: string;
  readonly signal: AbortSignal;
  /** Called after each answer. */
  readonly onProgress: (progress: Played) => void;
  /** Takes any certificate. @default false */
  readonly insecure?: boolean;
}

const SIDE_BY_SIDE = 6;
const ANSWER_WITHIN_MS = 60_000;

/** Resolves when the last answer is there or the signal came; rejects only where `requests` does. */
export async function playRequests(requests: Iterable<Playable> | AsyncIterable<Playable>, options: PlayOptions): Promise<Played> {
  const { signal, onProgress } = options;
  const server = new Server(options);
  const started = performance.now();
  const running = new Set<Promise<void>>();
  let played = 0;
  let failed = 0;
  try {
    for await (const request of requests) {
      await sleepUntil(started + request.at, signal);
      const isWrite = request.writes !== "";
      while (running.size >= (isWrite ? 1 : SIDE_BY_SIDE)) await Promise.race(running);
      if (signal.aborted) break;
      const one = server.send(request, signal).then((asRecorded) => {
        running.delete(one);
        played += 1;
        if (!asRecorded) failed += 1;
        onProgress({ played, failed });
      });
      running.add(one);
      if (isWrite) await one;
    }
    await Promise.all(running);
  } finally {
    server.close();
  }
  return { played, failed };
}

class Server {
  readonly #url: URL;
  readonly #agent: HttpAgent;
  readonly #insecure: boolean;

  constructor({ url, insecure = false }: PlayOptions) {
    this.#url = new URL(url);
    const agent = { keepAlive: true, maxSockets: SIDE_BY_SIDE + 2 };
    this.#agent = this.#url.protocol === "https:" ? new HttpsAgent(agent) : new HttpAgent(agent);
    this.#insecure = insecure;
  }

  /** True when the answer has the recorded status. */
  async send({ method, target, headers, body, status }: Playable, stopped: AbortSignal): Promise<boolean> {
    const { hostname, port, host, protocol } = this.#url;
    const length = body.byteLength > 0 ? ["Content-Length", String(body.byteLength)] : [];
    const lines = ["Host", host, "Connection", "keep-alive", ...headers.flat(), ...this.#authorization(headers), ...length];
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    const path = this.#url.pathname.replace(/\/$/, "") + target;
    const request = { hostname: hostname.replace(/^\[|\]$/g, ""), port, method, path, headers: lines, agent: this.#agent, signal };
    return await new Promise((done) => {
      try {
        const sent = protocol === "https:" ? httpsRequest({ ...request, rejectUnauthorized: !this.#insecure }) : httpRequest(request);
        sent
          .once("response", (response) => {
            response
              .once("end", () => done(response.statusCode === status))
              .once("error", () => done(false))
              .resume();
          })
          .once("error", () => done(false))
          .end(body);
      } catch {
        // A path or a header that Node does not send.
        done(false);
      }
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #authorization(headers: HeaderPairs): readonly string[] {
    const { username, password } = this.#url;
    if (username === "" || headers.some(([name]) => /^authorization$/i.test(name))) return [];
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return ["Authorization", `Basic ${Buffer.from(credentials).toString("base64")}`];
  }
}

async function sleepUntil(time: number, stopped: AbortSignal): Promise<void> {
  const left = time - performance.now();
  if (left > 0) await pause(left, stopped);
}
