// The sample session while it is open: the recorded upstream that the proxy stands before, and how far its play has come.
import type { SessionInfo } from "../shared/contract.ts";
import { type Progress, type Sample, startSample } from "./sample/index.ts";

export interface SampleSessionOptions {
  readonly log: (line: string) => void;
  /** Told when the play has come further. */
  readonly changed: () => void;
}

export class SampleSession {
  readonly #options: SampleSessionOptions;
  #sample: Sample | null = null;
  #replay: SessionInfo["replay"] = null;

  constructor(options: SampleSessionOptions) {
    this.#options = options;
  }

  get open(): boolean {
    return this.#sample !== null;
  }

  /** Elasticsearch's version at the recording; null while it is not open. */
  get version(): string | null {
    return this.#sample?.version ?? null;
  }

  /** How far its play has come. */
  get replay(): SessionInfo["replay"] {
    return this.#replay;
  }

  /** Starts the recorded upstream anew. Throws when the recording is missing or damaged. */
  async start(): Promise<Sample> {
    const sample = await startSample({ log: this.#options.log });
    this.#sample = sample;
    this.#replay = { played: 0, total: sample.total };
    return sample;
  }

  /** Plays it through the proxy at `endpoint`, and takes note of how far that comes. */
  play(sample: Sample, endpoint: string, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<Progress> {
    const noted = (progress: Progress): void => {
      this.#replay = { played: progress.played, total: progress.total };
      this.#options.changed();
      onProgress(progress);
    };
    return sample.play(endpoint, noted, signal);
  }

  /** Stops the play; the upstream is closed. */
  async stop(): Promise<void> {
    await this.#sample?.stop();
    this.#sample = null;
    this.#replay = null;
  }
}
