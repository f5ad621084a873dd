// Work on exchanges that someone asked for, one at a time and bounded in time: how far each is, an end to it, and what came out.
import { messageOf } from "../../shared/thrown.ts";
import { ByExchange } from "./by_exchange.ts";

/** How a work stands. */
export interface Outcome<Result> {
  readonly state: "none" | "running" | "done" | "stopped" | "failed";
  /** "" or why it failed. */
  readonly problem: string;
  /** null until it is over. */
  readonly result: Result | null;
}

/** What the work that runs is given. */
export interface Going<Progress> {
  /** False once it is to end with what it has. */
  readonly goOn: () => boolean;
  /** It has come further. */
  readonly come: (progress: Partial<Progress>) => void;
}

export class OneAtATime<Progress, Result> {
  readonly #mostMs: number;
  readonly #states: ByExchange<{ readonly progress: Progress; readonly outcome: Outcome<Result> }>;
  #running: { readonly id: number; stopped: boolean } | null = null;

  /** `none`: the progress of what was never begun. */
  constructor(none: Progress, mostMs: number) {
    this.#mostMs = mostMs;
    this.#states = new ByExchange({ progress: none, outcome: { state: "none", problem: "", result: null } });
  }

  /** The exchange that is worked on; null when there is none. */
  get running(): number | null {
    return this.#running?.id ?? null;
  }

  state(session: object, id: number): Progress & Outcome<Result> {
    const { progress, outcome } = this.#states.get(session, id);
    return { ...progress, ...outcome };
  }

  /** Ends it with what it has by then. */
  stop(session: object, id: number): Progress & Outcome<Result> {
    if (this.#running?.id === id) this.#running.stopped = true;
    return this.state(session, id);
  }

  /** Begins at once, while none runs; resolves when it is over, whatever came of it. `work` gives the result, or in words why there is none. */
  async run(session: object, id: number, first: Progress, work: (going: Going<Progress>) => Promise<Result | string>): Promise<void> {
    const running = { id, stopped: false };
    this.#running = running;
    this.#states.set(session, id, { progress: first, outcome: { state: "running", problem: "", result: null } });
    const until = performance.now() + this.#mostMs;
    const going: Going<Progress> = {
      goOn: () => !running.stopped && performance.now() < until,
      come: (progress) => this.#states.change(session, id, { progress: { ...this.#states.get(session, id).progress, ...progress } }),
    };
    const result = await attempt(() => work(going));
    const outcome: Outcome<Result> =
      typeof result === "string"
        ? { state: "failed", problem: result, result: null }
        : { state: running.stopped ? "stopped" : "done", problem: "", result };
    this.#states.change(session, id, { outcome });
    this.#running = null;
  }
}

/** What it gives, or the message of what it throws. */
async function attempt<Result>(work: () => Promise<Result | string>): Promise<Result | string> {
  try {
    return await work();
  } catch (error) {
    return messageOf(error);
  }
}
