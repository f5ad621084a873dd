// CPU profiles of all threads of this process.
import type { ThreadProfile } from "../../shared/profile.ts";
import type { CpuFormat } from "../../shared/profiles.ts";
import { watcher } from "./watcher.ts";

export interface Recording {
  /** Ends it. Profiles of the threads that run, main first; those of threads that ended before are lost. */
  stop(): Promise<readonly ThreadProfile[]>;
  /** Ends it, and writes it in a format away from the main thread. */
  write(format: CpuFormat): Promise<Uint8Array>;
}

/**
 * Starts sampling the stacks of the main thread and of every worker, those that start later included. Any number of recordings may run,
 * each with its own interval (µs); each costs the threads what its samples cost.
 */
export async function startRecording({ intervalUs }: { readonly intervalUs: number }): Promise<Recording> {
  const thread = watcher();
  const recording = await thread.ask({ kind: "record", intervalUs });
  const started = Date.now();
  return {
    stop: () => thread.ask({ kind: "end recording", recording }),
    write: (format) => thread.ask({ kind: "write recording", recording, format, started }),
  };
}
