// Runs of pipes that are profiled from their start to their end.
import { type Job, PipeRefusal } from "./job.ts";

/** A profile of a pipe that runs until it is stopped ends by itself after an hour. */
const ENDLESS_PROFILE_MS = 3_600_000;

/** Profiles of runs, by the ids of their pipes. */
export interface RunProfiles {
  has(pipe: string): boolean;
  /** `limitMs`: it ends by itself after so long; null: only with the run. */
  begin(pipe: string, limitMs: number | null): Promise<void>;
  /** Ends it and keeps it; the name of its files, null where there is none. */
  end(pipe: string): Promise<string | null>;
  drop(pipe: string): Promise<void>;
}

/** Starts a run that is profiled. Throws PipeRefusal; rejects where nothing can be recorded, and with what `start` rejects with. */
export async function profiled<T>(profiles: RunProfiles, { id, kick }: Pick<Job, "id" | "kick">, start: () => Promise<T>): Promise<T> {
  if (profiles.has(id)) throw new PipeRefusal("profiled", `The run of pipe ${id} is being profiled already: wait for its end, or stop it.`);
  await profiles.begin(id, kick === undefined ? null : ENDLESS_PROFILE_MS);
  try {
    return await start();
  } catch (error) {
    await profiles.drop(id);
    throw error;
  }
}
