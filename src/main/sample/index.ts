// The sample session: a recording of a real Elasticsearch and a player that sends its requests through the proxy.
import { type Play, type Progress, play } from "./player.ts";
import { readRecording } from "./recording.ts";
import { startUpstream } from "./upstream.ts";

export type { Progress } from "./player.ts";

export interface Sample {
  /** The recorded upstream's address: what the proxy forwards to. */
  readonly url: string;
  /** Elasticsearch's version at the recording. */
  readonly version: string;
  /** Requests in all. */
  readonly total: number;
  /**
   * Plays the session through the proxy at `proxyUrl`; a play that runs is stopped first. Resolves at the end, at `stop` or at the
   * signal.
   * The recorded upstream starts with an empty Elasticsearch and goes forward only: to play again, start the sample anew,
   * with an empty mirror.
   */
  play(proxyUrl: string, onProgress: (progress: Progress) => void, signal?: AbortSignal): Promise<Progress>;
  /** Stops playing and closes the upstream. */
  stop(): Promise<void>;
}

/** Reads the recording and starts its upstream. Throws when the recording is missing or damaged. */
export async function startSample({ log }: { readonly log: (line: string) => void }): Promise<Sample> {
  const recording = await readRecording();
  const upstream = await startUpstream(recording);
  log(`sample: ${recording.exchanges.length} recorded requests of Elasticsearch ${recording.elasticsearch} at ${upstream.url}`);
  let playing: Play | undefined;
  return {
    url: upstream.url,
    version: recording.elasticsearch,
    total: recording.exchanges.length,
    async play(proxyUrl, onProgress, signal) {
      playing?.stop();
      const own = play(recording, proxyUrl, onProgress);
      playing = own;
      signal?.addEventListener("abort", () => own.stop());
      const progress = await playing.done;
      log(`sample: played ${progress.played} of ${progress.total} requests, ${progress.failed} not answered as recorded`);
      return progress;
    },
    async stop() {
      playing?.stop();
      await playing?.done;
      await upstream.stop();
    },
  };
}
