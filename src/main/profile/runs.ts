// Profiles of whole runs of pipes. They are added up as they come, so that a run of days takes no more memory than one of a minute.

import { messageOf } from "../../shared/thrown.ts";
import type { Continuous, Piece } from "./continuous.ts";
import { FORMATS } from "./formats/index.ts";
import { JoinedProfile } from "./joined_profile.ts";
import type { KeptProfiles } from "./kept_profiles.ts";
import { FORMAT_FILES, RUN_PSTATS, runName } from "./names.ts";
import { ProfilerRefusal } from "./refusal.ts";
import { cutThreads, profileNow } from "./window.ts";

export interface RunsOptions {
  readonly continuous: Pick<Continuous, "use" | "leave">;
  readonly kept: KeptProfiles;
  readonly changed: () => void;
  /** Told why a profile could not be kept; "" when one was. */
  readonly problem: (message: string) => void;
}

interface Run {
  readonly started: Date;
  readonly joined: JoinedProfile;
  readonly take: (piece: Piece) => void;
  limit: NodeJS.Timeout | undefined;
  ended: Promise<string> | null;
}

export class Runs {
  readonly #options: RunsOptions;
  readonly #runs = new Map<string, Run>();

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  list(): readonly { readonly pipe: string; readonly since: string }[] {
    return [...this.#runs].map(([pipe, { started }]) => ({ pipe, since: started.toISOString() }));
  }

  has(pipe: string): boolean {
    return this.#runs.has(pipe);
  }

  /** Resolves when the threads are recorded. Throws ProfilerRefusal. To be called where the pipe has no profile under way. `limitMs`: null for none. */
  async begin(pipe: string, limitMs: number | null): Promise<void> {
    const joined = new JoinedProfile({ times: false });
    let from = Number.POSITIVE_INFINITY;
    const take = ({ window, threads }: Piece): void => {
      if (window.to > from) joined.add(window.from >= from ? threads : cutThreads(threads, { from, to: window.to }));
    };
    const run: Run = { started: new Date(), joined, take, limit: undefined, ended: null };
    this.#runs.set(pipe, run);
    try {
      await this.#options.continuous.use(take);
      from = profileNow();
    } catch (error) {
      this.#runs.delete(pipe);
      throw new ProfilerRefusal("unable", `The threads can't be recorded: ${messageOf(error)}. The pipe was not started.`);
    }
    // Who should hear of a failure does by `problem`.
    if (limitMs !== null) run.limit = setTimeout(() => void this.end(pipe).catch(() => null), limitMs).unref();
    this.#options.changed();
  }

  /** Ends it and keeps it; the name of its files, null where there is none. Throws ProfileNotKept. */
  async end(pipe: string): Promise<string | null> {
    const run = this.#runs.get(pipe);
    if (run === undefined) return null;
    clearTimeout(run.limit);
    run.ended ??= this.#keep(pipe, run).finally(() => {
      this.#runs.delete(pipe);
      this.#options.changed();
    });
    return run.ended;
  }

  /** Ends it without a trace. */
  async drop(pipe: string): Promise<void> {
    const run = this.#runs.get(pipe);
    this.#runs.delete(pipe);
    clearTimeout(run?.limit);
    if (run !== undefined) await this.#options.continuous.leave(run.take);
    this.#options.changed();
  }

  async #keep(pipe: string, { started, joined, take }: Run): Promise<string> {
    await this.#options.continuous.leave(take);
    const threads = joined.profiles();
    const id = runName(pipe, started);
    const files = {
      [FORMAT_FILES.cpuprofile.ending]: FORMATS.cpuprofile(threads),
      [FORMAT_FILES.calltree.ending]: FORMATS.calltree(threads),
      [RUN_PSTATS]: FORMATS.pstats(threads),
    };
    await this.#options.kept.keep(id, files).catch((error: unknown) => {
      this.#options.problem(messageOf(error));
      throw error;
    });
    this.#options.problem("");
    return id;
  }
}
