// Plays the recorded requests through the proxy, at the recorded pace.
import { playRequests } from "../replay/player.ts";
import type { Recording } from "./recording.ts";

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

/** Starts at once. `onProgress` is called after each answer. */
export function play(recording: Recording, proxyUrl: string, onProgress: (progress: Progress) => void): Play {
  const stopped = new AbortController();
  const total = recording.exchanges.length;
  const done = playRequests(recording.exchanges, {
    url: proxyUrl,
    signal: stopped.signal,
    onProgress: (played) => onProgress({ ...played, total }),
  }).then((played) => ({ ...played, total }));
  return { done, stop: () => stopped.abort() };
}
