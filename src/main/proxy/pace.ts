// How fast copies are taken: as fast as can be, but while the wire is short of processor time only with a small share of a processor, for
// the clients come first. The fuller the spool, the larger the share. Milliseconds, on any clock.

/** Share of a processor at the least, and how it is changed by one look at the wire. */
const LEAST_SHARE = 0.05;
const FALL = 0.6;
const RISE = 0.05;
/** Thousandths of its time that the wire may have to wait for a processor. */
const TOLERATED = 30;
const LOOK_MS = 25;
const LONGEST_REST_MS = 200;
/** From a spool that is half full as much is taken as can be. */
const FULL_SPEED_AT = 0.5;
/** Past this without a batch the wire has nothing to do. */
const QUIET_MS = 100;

export interface PaceOptions {
  /** What the wire last said of itself (Pressure). */
  readonly pressed: () => number;
  /** How full the spool is, 0 to 1. */
  readonly fill: () => number;
}

export class Pace {
  readonly #options: PaceOptions;
  #share = 1;
  #lookedAt = 0;
  #lastBatch = 0;
  #used = 0;
  #at = 0;
  /** Milliseconds that are to pass before more is taken. */
  #owed = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** A batch came. */
  came(now: number): void {
    this.#lastBatch = now;
  }

  /** For how long nothing is to be taken. `used`: processor time that the thread has used. */
  rest(now: number, used: number): number {
    const share = this.#shareAt(now);
    this.#owed = share === 1 ? 0 : Math.max(0, this.#owed + (used - this.#used) / share - (now - this.#at));
    this.#used = used;
    this.#at = now;
    return this.#owed < 1 ? 0 : Math.min(this.#owed, LONGEST_REST_MS);
  }

  #shareAt(now: number): number {
    if (now - this.#lastBatch > QUIET_MS) this.#share = 1;
    else if (now - this.#lookedAt >= LOOK_MS) {
      this.#lookedAt = now;
      const pressed = this.#options.pressed() > TOLERATED;
      this.#share = pressed ? Math.max(LEAST_SHARE, this.#share * FALL) : Math.min(1, this.#share + RISE);
    }
    return Math.min(1, Math.max(this.#share, this.#options.fill() / FULL_SPEED_AT));
  }
}
