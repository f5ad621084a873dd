// CPU recordings as the watcher's thread makes them: each has sessions of its own, so that one does not end or alter another and each
// samples at its own interval.
import type { CpuProfile, ThreadProfile } from "../../shared/profile.ts";
import type { CpuFormat } from "../../shared/profiles.ts";
import { isRecord } from "../../shared/record.ts";
import { messageOf } from "../../shared/thrown.ts";
import { answered } from "./answered.ts";
import { nameSources } from "./source_names.ts";
import { type InspectedThread, Threads } from "./threads.ts";

interface CpuRecording {
  readonly threads: Threads;
  /** Whose sampling was started, or why it was not. */
  readonly started: Map<InspectedThread, Promise<string>>;
}

const NOTHING: CpuProfile = Object.freeze({ nodes: [], startTime: 0, endTime: 0, samples: [], timeDeltas: [] });

export class CpuRecordings {
  readonly #recordings = new Map<number, CpuRecording>();
  #next = 1;

  /** Samples all threads, and those that start later. Returns the recording's number. */
  async start(intervalUs: number): Promise<number> {
    const started: CpuRecording["started"] = new Map();
    const joined = (thread: InspectedThread): void =>
      void started.set(
        thread,
        sample(thread, intervalUs).then(() => "", messageOf),
      );
    const connecting = Threads.connect(joined);
    const threads = await answered(connecting).catch((error: unknown) => {
      // It comes too late, if ever.
      void connecting.then((late) => late.disconnect());
      throw error;
    });
    await Promise.all(started.values());
    const recording = this.#next;
    this.#next += 1;
    this.#recordings.set(recording, { threads, started });
    return recording;
  }

  /** Profiles of the threads that run, main first. Those that ended before are lost. */
  async stop(recording: number): Promise<readonly ThreadProfile[]> {
    const found = this.#recordings.get(recording);
    if (found === undefined) throw new Error(`There is no recording ${recording}.`);
    this.#recordings.delete(recording);
    const profiles = await Promise.all(
      found.threads.list.map(async (thread): Promise<ThreadProfile> => {
        const problem = (await found.started.get(thread)) ?? "";
        const profile = problem === "" ? await answered(thread.post("Profiler.stop").then(profileOf)).catch(messageOf) : problem;
        return typeof profile === "string"
          ? { thread: thread.label, profile: NOTHING, problem: profile }
          : { thread: thread.label, profile: nameSources(profile) };
      }),
    );
    found.threads.disconnect();
    return profiles;
  }

  /** Stops it and writes it in a format. `started`: epoch ms. */
  async write({
    recording,
    format,
    started,
  }: {
    readonly recording: number;
    readonly format: CpuFormat;
    readonly started: number;
  }): Promise<Uint8Array> {
    const profiles = await this.stop(recording);
    // Loaded when it is needed: most recordings are written elsewhere.
    const { FORMATS } = await import("./formats/index.ts");
    return FORMATS[format](profiles, { started });
  }
}

async function sample(thread: InspectedThread, intervalUs: number): Promise<void> {
  await answered(thread.post("Profiler.enable"));
  await thread.post("Profiler.setSamplingInterval", { interval: intervalUs });
  await answered(thread.post("Profiler.start"));
}

function profileOf(stopped: unknown): CpuProfile {
  if (isRecord(stopped) && isCpuProfile(stopped.profile)) return stopped.profile;
  throw new Error("Profiler.stop gave no profile");
}

function isCpuProfile(value: unknown): value is CpuProfile {
  return isRecord(value) && Array.isArray(value.nodes) && Array.isArray(value.samples) && Array.isArray(value.timeDeltas);
}
