// A recording that goes on for as long as somebody needs it, given out in pieces: V8 keeps all samples of a recording until it ends, so one
// piece ends every few seconds. The next begins before the last ends, so that nothing is missed in between.
import type { ThreadProfile } from "../../shared/profile.ts";
import { messageOf } from "../../shared/thrown.ts";
import { type Recording, startRecording } from "./recording.ts";
import { cutThreads, profileNow, type Window } from "./window.ts";

/** What all threads did in a stretch of time. */
export interface Piece {
  readonly window: Window;
  readonly threads: readonly ThreadProfile[];
}

type Take = (piece: Piece) => void;

export interface ContinuousOptions {
  readonly intervalUs: number;
  /** Told why nothing is recorded for now; "" when it is again. */
  readonly problem: (message: string) => void;
  /** @default startRecording */
  readonly start?: typeof startRecording;
}

/** The start of a piece keeps each thread for some 50 ms. */
const PIECE_MS = 5_000;

export class Continuous {
  readonly #options: ContinuousOptions;
  readonly #takers = new Set<Take>();
  #current: { readonly recording: Recording; readonly from: number } | null = null;
  #turn: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ContinuousOptions) {
    this.#options = options;
  }

  /** Gives `take` every piece from now on. Rejects where nothing can be recorded. */
  async use(take: Take): Promise<void> {
    await this.#inTurn(async () => {
      this.#takers.add(take);
      if (this.#current !== null) return;
      try {
        await this.#next();
      } catch (error) {
        this.#takers.delete(take);
        throw error;
      }
      this.#timer = setInterval(() => void this.flush(), PIECE_MS).unref();
    });
  }

  /** Ends the piece at hand: everyone has it when this resolves. Never rejects. */
  flush(): Promise<void> {
    return this.#inTurn(() => this.#next()).then(
      () => this.#options.problem(""),
      (error: unknown) => this.#options.problem(messageOf(error)),
    );
  }

  /** `take` gets a last piece, up to now. Never rejects. */
  async leave(take: Take): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#takers.size === 1) {
        clearInterval(this.#timer);
        await this.#end();
      } else await this.#next();
    }).catch((error: unknown) => this.#options.problem(messageOf(error)));
    this.#takers.delete(take);
  }

  async #next(): Promise<void> {
    if (this.#takers.size === 0) return;
    const { start = startRecording, intervalUs } = this.#options;
    const recording = await start({ intervalUs });
    const from = profileNow();
    const ended = this.#end(from);
    this.#current = { recording, from };
    await ended;
  }

  async #end(to = profileNow()): Promise<void> {
    const ended = this.#current;
    this.#current = null;
    if (ended === null) return;
    const window = { from: ended.from, to };
    const threads = cutThreads(await ended.recording.stop(), window);
    for (const take of this.#takers) take({ window, threads });
  }

  #inTurn(step: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(step);
    this.#turn = done.catch(() => {});
    return done;
  }
}
