// What a pipe runs. A job knows nothing of states: it works until it is done, is told to stop by its signal, or throws.
import type { PipeKind, PipeProgress, PipeReport } from "../../shared/pipe.ts";

export interface Job {
  readonly id: string;
  readonly kind: PipeKind;
  readonly title: string;
  readonly index: string | null;
  /** Throws when it can't go on; what is thrown after the signal was aborted is the stop itself. */
  run(run: Run): Promise<Outcome>;
  /** It runs already and is asked to do at once what it waits for. Absent: it can't be asked twice. */
  readonly kick?: () => void;
  /** It can't run a second time: makes everything anew, which starts another pipe of this id. */
  readonly renew?: () => Promise<void>;
  /** Why it can't be stopped; "" when it can. */
  readonly needed?: () => string;
  /** How far it is, for a job that is asked rather than tells. */
  readonly progress?: () => PipeProgress | null;
  /** Told of each start but the one of its own accord, and of each end. */
  readonly changed?: (how: "begun" | End, rate: number | null) => void;
}

/** `left`: Parallax ended or went to another cluster; it may go on another time. `failed`: it won't by itself. */
export type End = "done" | "stopped" | "left" | "failed";

export interface Run {
  readonly signal: AbortSignal;
  /** Most documents a second; null: as many as come. */
  readonly rate: number | null;
  progress(progress: PipeProgress): void;
  /** What keeps it waiting for now; "" when it goes on. */
  problem(message: string): void;
}

export interface Outcome {
  /** What was done, in a sentence. */
  readonly sentence: string;
  readonly report: PipeReport | null;
}

/** Why a pipe can't be started, stopped or made: what happened, to what, what to do. */
export class PipeRefusal extends Error {
  override readonly name = "PipeRefusal";
  readonly why: "unknown" | "running" | "idle" | "needed" | "away" | "no index" | "wrong" | "profiled" | "not profiled";

  constructor(why: PipeRefusal["why"], message: string) {
    super(message);
    this.why = why;
  }
}
