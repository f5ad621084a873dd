// What is recorded of the process's threads, and for whom: a recording by hand, one call, every call, runs of pipes.
import type { ProfilerActivity } from "../../shared/profiles.ts";
import { KeptProfiles } from "./kept_profiles.ts";

export interface ProfilerOptions {
  /** The logs folder. */
  readonly logs: string;
  /** What is recorded, or which profiles are kept, has changed. */
  readonly changed: () => void;
}

export class Profiler {
  readonly kept: KeptProfiles;
  readonly #options: ProfilerOptions;

  constructor(options: ProfilerOptions) {
    this.#options = options;
    this.kept = new KeptProfiles(options.logs);
  }

  get activity(): ProfilerActivity {
    return { recording: null, runs: [] };
  }

  /** Removes a profile; null when there is none of this id. */
  async remove(id: string): Promise<{ readonly files: number; readonly bytes: number } | null> {
    const found = await this.kept.find(id);
    if (found === null) return null;
    await this.kept.remove(found);
    this.#options.changed();
    return { files: found.files.length, bytes: found.bytes };
  }

  async cleanCalls(): Promise<{ readonly files: number; readonly bytes: number }> {
    const removed = await this.kept.cleanCalls();
    this.#options.changed();
    return removed;
  }
}
