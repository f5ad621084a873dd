// Turns at the mirror, in the order in which Elasticsearch answered: of what reads it, and of what is handed over to it.
import type { Mirrored, MirrorSource } from "./cluster_mirror.ts";
import { Turnstile } from "./turnstile.ts";

const WRITE_LIMIT_MS = 5_000;
/** Said of what had no turn before the end. */
export const ENDING = "Parallax was ending before it was compared";

/** The turn of one that reads. */
export interface ReadTurn {
  /** The mirror, once every write before is handed over; in words, why it can't be read. Never rejects. */
  readonly mirrored: () => Promise<Mirrored | string>;
  /** To be called when it has read, whatever came of it. */
  readonly done: () => void;
}

export class MirrorTurns {
  readonly #source: MirrorSource;
  readonly #turnstile = new Turnstile(WRITE_LIMIT_MS);
  #ending = false;

  constructor(source: MirrorSource) {
    this.#source = source;
  }

  /** "" or why a turn would come to nothing now. */
  obstacle(): string {
    return this.#source.unavailable();
  }

  /** Enters one that reads. */
  read(): ReadTurn {
    const { ready, done } = this.#turnstile.read();
    return { mirrored: () => ready.then(() => (this.#ending ? ENDING : this.#source.mirrored())), done };
  }

  /** Resolves when every write before is handed over. Never rejects. */
  async handedOver(): Promise<void> {
    const { mirrored, done } = this.read();
    await mirrored().finally(done);
  }

  /** Enters a write. `hand` gets the mirror, or in words why there is none, and must hand over at once; what it promises holds nobody up. */
  write<T>(hand: (mirrored: Mirrored | string) => Promise<T>): Promise<T> {
    // Whoever waits for the same mirror goes on in the order in which it began to wait: the turns are kept.
    return this.#turnstile.write(async () => hand(await this.#source.mirrored()));
  }

  /** Who waits to read gets no mirror any more. */
  end(): void {
    this.#ending = true;
  }
}
