// What is recorded of the process's threads, and for whom: a recording by hand, one call, every call, runs of pipes.
import type { ThreadProfile } from "../../shared/profile.ts";
import type { ProfilerActivity } from "../../shared/profiles.ts";
import { messageOf } from "../../shared/thrown.ts";
import { HeapSampling } from "./heap_sampling.ts";
import { KeptProfiles } from "./kept_profiles.ts";
import { type Recording, startRecording } from "./recording.ts";
import { ProfilerRefusal } from "./refusal.ts";
import { cutThreads, profileNow } from "./window.ts";

export interface ProfilerOptions {
  /** The logs folder. */
  readonly logs: string;
  /** What is recorded, or which profiles are kept, has changed. */
  readonly changed: () => void;
}

/** What came of a call, and what the threads did meanwhile. */
export interface ProfiledCall<T> {
  readonly outcome: T;
  readonly threads: readonly ThreadProfile[];
}

/** Short enough that a call of a millisecond yields its functions. */
const CALL_INTERVAL_US = 100;
/** Of a longer call, its first minute is recorded. */
const LONGEST_CALL_MS = 60_000;

export class Profiler {
  readonly kept: KeptProfiles;
  readonly #options: ProfilerOptions;
  #recording: ProfilerActivity["recording"] = null;
  #heap: HeapSampling | null = null;

  constructor(options: ProfilerOptions) {
    this.#options = options;
    this.kept = new KeptProfiles(options.logs);
  }

  /** null before `start`, and where V8's inspector can't be had. */
  get heap(): HeapSampling | null {
    return this.#heap;
  }

  /** Begins to sample what is allocated. Never rejects. */
  async start(): Promise<void> {
    this.#heap ??= await HeapSampling.start().catch(() => null);
  }

  stop(): void {
    this.#heap?.stop();
    this.#heap = null;
  }

  get activity(): ProfilerActivity {
    return { recording: this.#recording, runs: [] };
  }

  /** Records what the threads do while `work` goes on. Throws ProfilerRefusal: then nothing was done. */
  async call<T>(title: string, work: () => Promise<T>): Promise<ProfiledCall<T>> {
    this.#begin({ kind: "call", title, since: new Date().toISOString(), until: null });
    try {
      const recording = await started(CALL_INTERVAL_US);
      const from = profileNow();
      const over = Promise.withResolvers<void>();
      const limit = setTimeout(over.resolve, LONGEST_CALL_MS);
      const recorded = over.promise.then(async () => {
        const to = profileNow();
        return cutThreads(await recording.stop(), { from, to });
      });
      const outcome = await work().finally(over.resolve);
      clearTimeout(limit);
      return { outcome, threads: await recorded };
    } finally {
      this.#end();
    }
  }

  /** Does `work`, which records, while nothing else by hand is recorded. Throws ProfilerRefusal where something is: then nothing was done. */
  async alone<T>(recording: Omit<NonNullable<ProfilerActivity["recording"]>, "since">, work: () => Promise<T>): Promise<T> {
    this.#begin({ ...recording, since: new Date().toISOString() });
    try {
      return await work();
    } finally {
      this.#end();
    }
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

  #begin(recording: NonNullable<ProfilerActivity["recording"]>): void {
    const running = this.#recording;
    if (running !== null) {
      throw new ProfilerRefusal(
        "busy",
        `Another recording runs since ${running.since}${running.until === null ? "" : `, until ${running.until}`} (${running.title}): wait for its end, or stop it. Nothing was done.`,
      );
    }
    this.#recording = recording;
    this.#options.changed();
  }

  #end(): void {
    this.#recording = null;
    this.#options.changed();
  }
}

async function started(intervalUs: number): Promise<Recording> {
  try {
    return await startRecording({ intervalUs });
  } catch (error) {
    throw new ProfilerRefusal("unable", `The threads can't be recorded: ${messageOf(error)}. Nothing was done.`);
  }
}
