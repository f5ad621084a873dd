// Plays the recorded requests through the proxy as their clients sent them, at the recorded pace. A write waits for all
// that was asked before it and everything after waits for the write, so that each search is answered by the state that
// it saw; searches between two writes go side by side.
import { Agent, request as httpRequest } from "node:http";
import type { RecordedExchange, Recording } from "./recording.ts";

export interface Progress {
  readonly played: number;
  readonly total: number;
  /** Requests that got no answer or another status than the recorded one. */
  readonly failed: number;
}

export interface Play {
  /** Resolves when the last answer is there or after `stop`; never rejects. */
  readonly done: Promise<Progress>;
  stop(): void;
}

const SIDE_BY_SIDE = 6;
const ANSWER_WITHIN_MS = 60_000;

/** Starts at once. `onProgress` is called after each answer. */
export function play(recording: Recording, proxyUrl: string, onProgress: (progress: Progress) => void): Play {
  const stopped = new AbortController();
  const agent = new Agent({ keepAlive: true, maxSockets: SIDE_BY_SIDE + 2 });
  const done = playAll(recording.exchanges, proxyUrl, agent, stopped.signal, onProgress).finally(() => agent.destroy());
  return { done, stop: () => stopped.abort() };
}

async function playAll(
  exchanges: readonly RecordedExchange[],
  proxyUrl: string,
  agent: Agent,
  stopped: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Progress> {
  const started = performance.now();
  const running = new Set<Promise<void>>();
  let played = 0;
  let failed = 0;
  const progress = (): Progress => ({ played, total: exchanges.length, failed });
  for (const exchange of exchanges) {
    await sleepUntil(started + exchange.at, stopped);
    const isWrite = exchange.writes !== "";
    while (running.size >= (isWrite ? 1 : SIDE_BY_SIDE)) await Promise.race(running);
    if (stopped.aborted) break;
    const one = send(exchange, proxyUrl, agent, stopped).then((asRecorded) => {
      running.delete(one);
      played += 1;
      if (!asRecorded) failed += 1;
      onProgress(progress());
    });
    running.add(one);
    if (isWrite) await one;
  }
  await Promise.all(running);
  return progress();
}

/** True when the answer has the recorded status. */
async function send(exchange: RecordedExchange, proxyUrl: string, agent: Agent, stopped: AbortSignal): Promise<boolean> {
  const { hostname, port, host } = new URL(proxyUrl);
  const length = exchange.body.length > 0 ? ["Content-Length", String(exchange.body.length)] : [];
  const headers = ["Host", host, "Connection", "keep-alive", ...exchange.headers.flatMap(([name, value]) => [name, value]), ...length];
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  return await new Promise((done) => {
    const request = httpRequest({ hostname, port, method: exchange.method, path: exchange.target, headers, agent, signal }, (response) => {
      response
        .once("end", () => done(response.statusCode === exchange.status))
        .once("error", () => done(false))
        .resume();
    });
    request.once("error", () => done(false)).end(exchange.body);
  });
}

async function sleepUntil(time: number, stopped: AbortSignal): Promise<void> {
  const left = time - performance.now();
  if (left <= 0 || stopped.aborted) return;
  await new Promise<void>((done) => {
    const end = (): void => {
      clearTimeout(timer);
      stopped.removeEventListener("abort", end);
      done();
    };
    const timer = setTimeout(end, left);
    stopped.addEventListener("abort", end);
  });
}
