// When a pipe runs by itself, as the window, the API and the terminal see it. Plain data.

/**
 * Times of the day are of the machine's own zone, "HH:MM"; durations are "30m", "6h" or "1d". One of: `every`, within `from` and `to` or the whole
 * day; `at`; `from` and `to` alone, which is one run from then until then.
 */
export interface Schedule {
  readonly every?: string;
  /** Daily. */
  readonly at?: string;
  readonly from?: string;
  /** What still runs then is stopped. Before `from`: that of the next day. */
  readonly to?: string;
  /** How long a run takes at most; then it is stopped. */
  readonly for?: string;
  /** Each run is profiled. */
  readonly profiler?: boolean;
  /** As the pipe has it. */
  readonly rate?: number;
  /** Of a reconciliation. */
  readonly exact?: boolean;
  /** Of `replay-session`, as `session.replay` has them; `url`: where to. */
  readonly url?: string;
  readonly filter?: string;
  readonly speed?: number;
}

/** One run by its schedule. ISO 8601. */
export interface ScheduledRun {
  readonly started: string;
  readonly ended: string;
  /** False: it failed, or Parallax ended before it did. */
  readonly ok: boolean;
  /** What it did, or why it ended. */
  readonly sentence: string;
}

/** Runs that were due since the last one and did not begin. They are not made up for. */
export interface MissedRuns {
  readonly count: number;
  /** ISO 8601: when the last of them was due. */
  readonly last: string;
  /** Of the last of them, in a sentence. */
  readonly why: string;
}

export interface ScheduleInfo extends Schedule {
  /** Id of its pipe, which may not have been made yet. */
  readonly pipe: string;
  /** `kept-back`: what is due now is not begun. */
  readonly state: "waiting" | "running" | "kept-back";
  /** ISO 8601. */
  readonly next: string;
  /** ISO 8601: when the run of now is stopped; null where it is not, and while none is on. */
  readonly ends: string | null;
  readonly last: ScheduledRun | null;
  readonly missed: MissedRuns | null;
}

/** True for ids of pipes that can have a schedule: those that end, or can be ended. */
export function canBeScheduled(pipe: string): boolean {
  return /^(backfill|reconcile|generate)-.|^replay-session$/.test(pipe);
}
