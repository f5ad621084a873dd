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
  /** What it gets of each piece so far: cut when it is written, so that many calls that end together don't keep the thread. */
  readonly parts: (() => readonly ThreadProfile[])[];
}

/** Of a longer call, its first minute is kept. */
const LONGEST_US = 60_000_000;
/** Calls whose profile is not written yet; past them calls have none. */
const MOST_WAITING = 1_000;

export class EveryCall {
  readonly #options: EveryCallOptions;
  readonly #open = new Set<Open>();
  readonly #exchanges = new Map<number, () => void>();
  /** Calls that are over and not written. */
  #unwritten = 0;
  #writing: Promise<void> = Promise.resolve();
  #on = false;
  #without = 0;
  /** How many of these were told of. */
  #told = 0;
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
    if (!this.#on || this.#open.size + this.#unwritten >= MOST_WAITING) {
      if (this.#on) this.#without += 1;
      return () => {};
    }
    const now = profileNow();
    const from = now - Math.max(0, Math.round(1000 * (performance.timeOrigin + performance.now() - call.time)));
    const open: Open = { call, from, to: null, parts: [] };
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

  #cut({ window, threads }: Piece): void {
    if (this.#without > this.#told) {
      this.#told = this.#without;
      this.#options.problem(`${this.#without} calls have no profile so far: more came than profiles can be written.`);
    }
    const cut = cutting(threads);
    const over: Open[] = [];
    for (const open of this.#open) {
      const { from, to, parts } = open;
      const end = Math.min(to ?? window.to, from + LONGEST_US);
      if (end >= window.from) parts.push(() => cut({ from, to: end }));
      if (to === null || to > window.to) continue;
      this.#open.delete(open);
      over.push(open);
    }
    this.#unwritten += over.length;
    if (over.length > 0) this.#writing = this.#writing.then(() => this.#write(over));
  }

  async #write(over: readonly Open[]): Promise<void> {
    let lost = "";
    for (const { call, parts } of over) {
      const name = callName({ ...call, time: new Date(call.time) });
      await this.#options.kept
        .keep(name, { [FORMAT_FILES.cpuprofile.ending]: FORMATS.cpuprofile(joinedOf(parts)) })
        .catch((error: unknown) => {
          lost = messageOf(error);
        });
      this.#unwritten -= 1;
    }
    if (lost !== "") this.#options.problem(`Profiles of calls can't be written: ${lost}`);
    else if (this.#without === 0) this.#options.problem("");
    this.#options.changed();
  }
}

function joinedOf(parts: Open["parts"]): readonly ThreadProfile[] {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only();
  const joined = new JoinedProfile({ times: true });
  for (const part of parts) joined.add(part());
  return joined.profiles();
}
