// The health checker: asks again and again, writes a line of each answer, and says when a failure deserves a stack trace.
import type { HealthCheck, HealthState } from "../../../shared/health.ts";
import { pause } from "../../pause.ts";
import type { Level } from "../../report/log.ts";
import type { RotatingFile } from "../../report/rotating_file.ts";
import type { HealthAnswer } from "./ask_health.ts";

export interface CheckerOptions {
  readonly ask: () => Promise<HealthAnswer>;
  readonly intervalMs: number;
  /** Its lines go into node_health.log. */
  readonly log: Pick<RotatingFile, "write">;
  readonly told: (check: HealthCheck) => void;
  /** A stack trace is due; `why` in words. */
  readonly failed: (why: string) => void;
  /** Monotonic; ms. @default performance.now */
  readonly now?: () => number;
}

/** Whatever a start finds, this long it may be starting. */
export const START_MS = 60_000;
/** Of a failure that lasts, one stack trace in this time. */
export const TRACE_EVERY_MS = 5 * 60_000;
/** Of failures that come and go. */
export const TRACE_AT_MOST_EVERY_MS = 60_000;

const LEVELS: Readonly<Record<HealthState, Level>> = { ok: "info", degraded: "warn", starting: "info", stopped: "info", failed: "error" };

export class HealthChecker {
  readonly #options: CheckerOptions;
  readonly #now: () => number;
  readonly #started: number;
  #failing = false;
  #traced = Number.NEGATIVE_INFINITY;
  #sooner = new AbortController();

  constructor(options: CheckerOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#started = this.#now();
  }

  /** Checks at once and then every `intervalMs` until `ended`. */
  async run(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      this.#sooner = new AbortController();
      await this.check(ended);
      await pause(this.#options.intervalMs, AbortSignal.any([ended, this.#sooner.signal]));
    }
  }

  /** Checks again without waiting for the interval: what the last check found holds no longer. */
  look(): void {
    this.#sooner.abort();
  }

  /** One check; nothing of it counts when the end comes first. */
  async check(ended: AbortSignal): Promise<void> {
    const { ask, log, told, failed } = this.#options;
    const time = new Date().toISOString();
    const asked = this.#now();
    const answer = await ask();
    if (ended.aborted) return;
    const ms = Math.round(this.#now() - asked);
    const state = this.#judged(answer.state);
    const traced = state === "failed" && this.#traceDue();
    const why = answer.message === "" ? {} : { why: answer.message };
    log.write(`${JSON.stringify({ time, level: LEVELS[state], message: state, ms, ...why, ...(traced ? { stackTrace: true } : {}) })}\n`);
    told({ time, state, ms, message: answer.message });
    this.#failing = state === "failed";
    if (traced) failed(answer.message);
  }

  // What does not answer while it starts is starting; what starts for ever has failed.
  #judged(state: HealthState): HealthState {
    const young = this.#now() - this.#started < START_MS;
    if (state === "starting" && !young) return "failed";
    return state;
  }

  #traceDue(): boolean {
    const since = this.#now() - this.#traced;
    if (since < (this.#failing ? TRACE_EVERY_MS : TRACE_AT_MOST_EVERY_MS)) return false;
    this.#traced = this.#now();
    return true;
  }
}
