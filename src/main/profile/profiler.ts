// What is recorded of the process's threads, and for whom: a recording by hand, one call, every call, runs of pipes.
import type { ThreadProfile } from "../../shared/profile.ts";
import type { ProfilerActivity } from "../../shared/profiles.ts";
import { messageOf } from "../../shared/thrown.ts";
import { ByHand } from "./by_hand.ts";
import { Continuous } from "./continuous.ts";
import { EveryCall } from "./every_call.ts";
import { HeapSampling } from "./heap_sampling.ts";
import { KeptProfiles } from "./kept_profiles.ts";
import { type Recording, startRecording } from "./recording.ts";
import { ProfilerRefusal } from "./refusal.ts";
import { Runs } from "./runs.ts";
import { endWatcher } from "./watcher.ts";
import { cutThreads, profileNow } from "./window.ts";

export interface ProfilerOptions {
  /** Whether every handled call is profiled. */
  readonly everyCall: boolean;
  /** The logs folder. */
  readonly logs: string;
  /** What is recorded, or which profiles are kept, has changed. */
  readonly changed: () => void;
  /** Told of what can't be recorded or kept, in words. */
  readonly problem: (message: string) => void;
}

/** What came of a call, and what the threads did meanwhile. */
export interface ProfiledCall<T> {
  readonly outcome: T;
  readonly threads: readonly ThreadProfile[];
}

/** Short enough that a call of a millisecond yields its functions. */
const CALL_INTERVAL_US = 100;
/** Of recordings that go on: of every call, and of runs alone. */
const FINE_INTERVAL_US = 500;
const COARSE_INTERVAL_US = 1_000;
/** Of a longer call, its first minute is recorded. */
const LONGEST_CALL_MS = 60_000;

export class Profiler {
  readonly kept: KeptProfiles;
  readonly byHand = new ByHand(this);
  readonly runs: Runs;
  readonly everyCall: EveryCall;
  readonly #problems = new Map<string, string>();
  readonly #options: ProfilerOptions;
  #recording: ProfilerActivity["recording"] = null;
  #heap: HeapSampling | null = null;

  constructor(options: ProfilerOptions) {
    this.#options = options;
    this.kept = new KeptProfiles(options.logs);
    const { kept } = this;
    const { changed, everyCall } = options;
    const intervalUs = everyCall ? FINE_INTERVAL_US : COARSE_INTERVAL_US;
    const continuous = new Continuous({ intervalUs, problem: (message) => this.note("recording", message) });
    this.runs = new Runs({ continuous, kept, changed, problem: (message) => this.note("runs", message) });
    this.everyCall = new EveryCall({ continuous, kept, changed, problem: (message) => this.note("calls", message) });
  }

  /** null before `start`, and where V8's inspector can't be had. */
  get heap(): HeapSampling | null {
    return this.#heap;
  }

  /** "" or what can't be recorded or kept, for the banner. */
  get problem(): string {
    return [...this.#problems.values()].filter((message) => message !== "").join(" ");
  }

  /** Takes note of what can't be recorded or kept; "": it can again. */
  note(of: "recording" | "calls" | "runs", message: string): void {
    if (message === (this.#problems.get(of) ?? "")) return;
    this.#problems.set(of, message);
    if (message !== "") this.#options.problem(message);
  }

  /** Begins to sample what is allocated, and to profile every call where that is wanted. Never rejects. */
  async start(): Promise<void> {
    this.#heap ??= await HeapSampling.start().catch(() => null);
    if (this.#options.everyCall)
      await this.everyCall.start().catch((error: unknown) => this.note("calls", `Calls have no profile: ${messageOf(error)}.`));
  }

  /** Resolves when what was recorded is kept. */
  async stop(): Promise<void> {
    await this.byHand.stop().catch(() => null);
    await this.everyCall.stop();
    this.#heap?.stop();
    this.#heap = null;
    await endWatcher();
  }

  get activity(): ProfilerActivity {
    return { recording: this.#recording, runs: this.runs.list() };
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
