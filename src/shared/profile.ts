// CPU profiles of threads, in the form that V8 gives them. Plain data.

/** Where a function is. V8's own frames have no address: `(garbage collector)`, `(idle)`, `(program)` and native functions. */
export interface CallFrame {
  /** "" for one without a name. */
  readonly functionName: string;
  /** Relative to the project (`src/main/engine.ts`, `node_modules/NAME/…`, `node:fs`); "" for V8's own. */
  readonly url: string;
  /** From 0; -1 for none. */
  readonly lineNumber: number;
  /** From 0; -1 for none. */
  readonly columnNumber: number;
}

/** One function as called by the functions above it. */
export interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly hitCount?: number;
  /** Ids of the functions that it called. */
  readonly children?: readonly number[];
  /** Lines (from 1) at which samples found it. */
  readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[];
}

/** Samples of one thread's stack over time, as of the inspector's `Profiler.stop`. Times are microseconds of one monotonic clock. */
export interface CpuProfile {
  /** The first one is the root. */
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  readonly endTime: number;
  /** Ids of nodes. */
  readonly samples: readonly number[];
  /** Time from the sample before (of the first: from `startTime`). */
  readonly timeDeltas: readonly number[];
}

export interface ThreadProfile {
  /** `main`, `proxy`, `intercept`, `journal`, … */
  readonly thread: string;
  readonly profile: CpuProfile;
  /** Why the profile is empty, of a thread that did not answer. */
  readonly problem?: string;
}
