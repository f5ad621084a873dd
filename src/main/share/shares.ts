// The one file that is being made to be handed on, or was made last: how far it is, where it lies, and the way to stop it.
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { SHARE_ENDINGS, type ShareFormat, type ShareState } from "../../shared/share.ts";
import { messageOf } from "../../shared/thrown.ts";

export interface Making {
  readonly format: ShareFormat;
  readonly total: number;
  /** Where to; absent: in the data folder, until the next is made or Parallax ends. */
  readonly file?: string;
  readonly write: (file: string, each: (done: number) => void, signal: AbortSignal) => Promise<{ readonly bytes: number }>;
}

const NONE: ShareState = Object.freeze({ state: "none", format: "html", done: 0, total: 0, file: "", bytes: 0, problem: "" });

export class Shares {
  readonly #folder: string;
  #state: ShareState = NONE;
  #stop: AbortController | null = null;
  #running: Promise<void> = Promise.resolve();
  /** The folder was made: a start that fails leaves what it does not know alone. */
  #made = false;

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, "shared");
  }

  get state(): ShareState {
    return this.#state;
  }

  /** Begins; what is being made is stopped, and what was made last is removed unless it was put somewhere. */
  start({ format, total, file, write }: Making): ShareState {
    this.#stop?.abort();
    const before = this.#running;
    const stop = new AbortController();
    this.#stop = stop;
    const target = file ?? join(this.#folder, `parallax${SHARE_ENDINGS[format]}`);
    const set = (state: Partial<ShareState>): void => {
      if (this.#stop === stop) this.#state = { ...this.#state, ...state };
    };
    this.#state = { ...NONE, state: "writing", format, total };
    this.#running = (async () => {
      await before;
      try {
        if (file === undefined) {
          await rm(this.#folder, { recursive: true, force: true });
          mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
          this.#made = true;
        }
        const { bytes } = await write(target, (done) => set({ done }), stop.signal);
        set({ state: "done", done: total, file: target, bytes });
      } catch (error) {
        set(stop.signal.aborted ? { state: "stopped" } : { state: "failed", problem: messageOf(error) });
      }
    })();
    return this.#state;
  }

  /** Ends what is being made; nothing of it stays. */
  stop(): ShareState {
    this.#stop?.abort();
    if (this.#state.state === "writing") this.#state = { ...this.#state, state: "stopped" };
    return this.#state;
  }

  /** Stops, and removes what lies in the data folder. */
  async close(): Promise<void> {
    this.stop();
    await this.#running;
    if (this.#made) await rm(this.#folder, { recursive: true, force: true });
  }
}
