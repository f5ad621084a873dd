// The sample's replay as a pipe. A recorded Elasticsearch goes forward only: a second run needs the sample opened anew.
import type { Progress } from "../sample/index.ts";
import type { Job } from "./job.ts";

export interface Replay {
  /** Plays until its end or the signal's. */
  play(signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<Progress>;
  /** Opens the sample anew and plays it. */
  anew(): Promise<void>;
}

export function replayJob({ play, anew }: Replay): Job {
  return {
    id: "replay",
    kind: "replay",
    title: "Plays the sample's recorded requests",
    index: null,
    renew: anew,
    run: async ({ signal, progress }) => {
      const { played, total, failed } = await play(signal, ({ played: done, total: all }) =>
        progress({ done, total: all, unit: "requests", bytes: null, secondsLeft: null, pass: null }),
      );
      signal.throwIfAborted();
      const unlike = failed === 0 ? "" : ` ${failed} were not answered as recorded.`;
      return { sentence: `Played ${played} of ${total} requests.${unlike}`, report: null };
    },
  };
}
