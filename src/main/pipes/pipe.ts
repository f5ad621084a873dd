// One pipe: a job and its state. Whatever its job throws ends in the pipe itself, as its last error: no other pipe, and nothing
// around it, hears of it.
import type { PipeInfo, PipeProgress, PipeReport, PipeState } from "../../shared/pipe.ts";
import type { Log } from "../report/log.ts";
import { type End, type Job, PipeRefusal } from "./job.ts";

export interface PipeOptions {
  readonly autorun: boolean;
  /** Told of each end of a run. @default nobody */
  readonly ended?: (how: End) => void;
  readonly log: Log;
  readonly changed: () => void;
}

export class Pipe {
  readonly job: Job;
  readonly #options: PipeOptions;
  #state: PipeState = "stopped";
  #rate: number | null = null;
  #running: { readonly end: AbortController; readonly ended: Promise<void> } | null = null;
  #leaving = false;
  #started: Date | null = null;
  #ended: Date | null = null;
  #progress: PipeProgress | null = null;
  #result = "";
  #lastError = "";
  #report: PipeReport | null = null;

  constructor(job: Job, options: PipeOptions) {
    this.job = job;
    this.#options = options;
  }

  get running(): boolean {
    return this.#running !== null;
  }

  get keptBack(): boolean {
    return this.#state === "kept-back";
  }

  /** It would run by itself, and does not. */
  keepBack(rate: number | null = null): void {
    this.#rate = rate;
    this.#state = "kept-back";
    this.#options.changed();
  }

  /**
   * Runs it once, at the last rate unless there is another; or has one that runs do at once what it waits for. Throws PipeRefusal where
   * it runs and can't be asked twice.
   */
  async start(rate: number | null = this.#rate): Promise<void> {
    const { id, kick, renew } = this.job;
    if (this.#running !== null) {
      if (kick === undefined) throw new PipeRefusal("running", `Pipe ${id} runs already. Stop it first to start it anew.`);
      kick();
      return;
    }
    if (renew !== undefined && this.#started !== null) return renew();
    this.job.changed?.("begun", rate);
    this.run(rate);
  }

  /** Starts it of its own accord. */
  run(rate: number | null): void {
    this.#leaving = false;
    const end = new AbortController();
    this.#state = "running";
    this.#rate = rate;
    this.#started = new Date();
    this.#ended = null;
    this.#progress = null;
    this.#result = "";
    this.#lastError = "";
    this.#report = null;
    this.#running = { end, ended: this.#run(end.signal) };
    this.#options.changed();
  }

  /** Resolves when it has ended. Throws PipeRefusal where it does not run, or is needed. */
  async stop(): Promise<void> {
    if (this.#running === null) throw new PipeRefusal("idle", `Pipe ${this.job.id} does not run.`);
    const needed = this.job.needed?.() ?? "";
    if (needed !== "") throw new PipeRefusal("needed", needed);
    this.#running.end.abort();
    await this.#running.ended;
  }

  /** Ends a run that can be ended, to go on with it later; what is not wanted by itself is only stopped. */
  async stopAndKeepBack(): Promise<void> {
    if (!this.running || (this.job.needed?.() ?? "") !== "") return;
    await this.leave();
    if (this.#options.autorun) this.keepBack(this.#rate);
  }

  /** Parallax ends, or goes to another cluster. */
  async leave(): Promise<void> {
    this.#leaving = true;
    this.#running?.end.abort();
    await this.#running?.ended;
  }

  info(): PipeInfo {
    const { id, kind, title, index, progress } = this.job;
    return {
      id,
      kind,
      title,
      index,
      state: this.#state,
      rate: this.#rate,
      autorun: this.#options.autorun,
      started: this.#started?.toISOString() ?? null,
      ended: this.#ended?.toISOString() ?? null,
      progress: progress === undefined ? this.#progress : progress(),
      result: this.#result,
      lastError: this.#lastError,
      report: this.#report,
    };
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { job } = this;
    let how: End = "done";
    // Whatever comes at once comes after `#running` is set.
    await Promise.resolve();
    try {
      const { sentence, report } = await job.run({
        signal,
        rate: this.#rate,
        progress: (progress) => {
          this.#progress = progress;
          this.#options.changed();
        },
        problem: (message) => {
          this.#lastError = message;
          this.#options.changed();
        },
      });
      this.#result = sentence;
      this.#report = report;
      this.#lastError = "";
    } catch (error) {
      how = this.#leaving ? "left" : signal.aborted ? "stopped" : "failed";
      this.#lastError = how === "failed" ? messageOf(error) : "";
      if (how === "failed") this.#options.log.write("error", `Pipe ${job.id} failed: ${this.#lastError}`);
    }
    this.#state = how === "failed" ? "failed" : "stopped";
    this.#ended = new Date();
    this.#running = null;
    this.#tell(how);
    this.#options.ended?.(how);
    this.#options.changed();
  }

  #tell(how: End): void {
    try {
      this.job.changed?.(how, this.#rate);
    } catch (error) {
      this.#options.log.write("error", `Pipe ${this.job.id}: ${messageOf(error)}`);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
