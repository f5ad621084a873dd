// The profile of every handled call: one recording of all threads goes on, and each call gets what they did while it was under way. Calls
// that go on at one time are in each other's profiles.
import type { ThreadProfile } from "../../shared/profile.ts";
import { messageOf } from "../../shared/thrown.ts";
import type { Continuous, Piece } from "./continuous.ts";
import { FORMATS } from "./formats/index.ts";
import { JoinedProfile } from "./joined_profile.ts";
import type { KeptProfiles } from "./kept_profiles.ts";
import { callName, FORMAT_FILES } from "./names.ts";
import { cutting, profileNow } from "./window.ts";

export interface EveryCallOptions {
  readonly continuous: Pick<Continuous, "use" | "leave">;
  readonly kept: KeptProfiles;
  /** Told why calls have no profile now; "" when they have again. */
  readonly problem: (message: string) => void;
  /** A profile was kept. */
  readonly changed: () => void;
}

/** A call that begins. */
export interface BegunCall {
  /** Epoch ms. */
  readonly time: number;
  readonly method: string;
  readonly target: string;
  /** 0 for none. */
  readonly exchange: number;
}

interface Open {
  readonly call: BegunCall;
  readonly from: number;
  /** null while it goes on. */
  to: number | null;
  /** What came of it in pieces before. */
  joined: JoinedProfile | null;
}

/** Of a longer call, its first minute is kept. */
const LONGEST_US = 60_000_000;
/** Calls whose profile is not written yet; past them calls have none. */
const MOST_OPEN = 5_000;

export class EveryCall {
  readonly #options: EveryCallOptions;
  readonly #open = new Set<Open>();
  readonly #exchanges = new Map<number, () => void>();
  #writing: Promise<void> = Promise.resolve();
  #on = false;
  #without = 0;
  readonly #take = (piece: Piece): void => this.#cut(piece);

  constructor(options: EveryCallOptions) {
    this.#options = options;
  }

  get on(): boolean {
    return this.#on;
  }

  /** Rejects where nothing can be recorded. */
  async start(): Promise<void> {
    await this.#options.continuous.use(this.#take);
    this.#on = true;
  }

  /** Resolves when the profiles of all calls that are over are written. */
  async stop(): Promise<void> {
    if (!this.#on) return;
    this.#on = false;
    await this.#options.continuous.leave(this.#take);
    await this.#writing;
  }

  /** Returns what is to be called when the call is over. */
  begin(call: BegunCall): () => void {
    if (!this.#on || this.#open.size >= MOST_OPEN) {
      if (this.#on) this.#miss();
      return () => {};
    }
    const now = profileNow();
    const from = now - Math.max(0, Math.round(1000 * (performance.timeOrigin + performance.now() - call.time)));
    const open: Open = { call, from, to: null, joined: null };
    this.#open.add(open);
    return () => {
      open.to ??= profileNow();
    };
  }

  /** The same for an exchange, which ends with `settled`. */
  requested(call: BegunCall): void {
    if (this.#on) this.#exchanges.set(call.exchange, this.begin(call));
  }

  settled(exchange: number): void {
    this.#exchanges.get(exchange)?.();
    this.#exchanges.delete(exchange);
  }

  #miss(): void {
    this.#without += 1;
    this.#options.problem(`${this.#without} calls have no profile: more come than profiles can be written.`);
  }

  #cut({ window, threads }: Piece): void {
    const cut = cutting(threads);
    const over: { readonly call: BegunCall; readonly threads: readonly ThreadProfile[] }[] = [];
    for (const open of this.#open) {
      const { call, from, to } = open;
      const end = Math.min(to ?? window.to, from + LONGEST_US);
      const part = cut({ from, to: end });
      const whole = to !== null && to <= window.to;
      if (whole) this.#open.delete(open);
      if (whole && open.joined === null) {
        over.push({ call, threads: part });
        continue;
      }
      open.joined ??= new JoinedProfile({ times: true });
      if (end > window.from) open.joined.add(part);
      if (whole) over.push({ call, threads: open.joined.profiles() });
    }
    if (over.length > 0) this.#writing = this.#writing.then(() => this.#write(over));
  }

  async #write(over: readonly { readonly call: BegunCall; readonly threads: readonly ThreadProfile[] }[]): Promise<void> {
    let lost = "";
    for (const { call, threads } of over) {
      const name = callName({ ...call, time: new Date(call.time) });
      await this.#options.kept.keep(name, { [FORMAT_FILES.cpuprofile.ending]: FORMATS.cpuprofile(threads) }).catch((error: unknown) => {
        lost = messageOf(error);
      });
    }
    if (this.#without === 0) this.#options.problem(lost === "" ? "" : `Profiles of calls can't be written: ${lost}.`);
    this.#options.changed();
  }
}
