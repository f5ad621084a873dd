// How batches of copies get from a wire's thread to the engine: in memory while the engine keeps up, by files when it falls behind, in the
// order in which they were made. Neither is waited for: what finds no room is missed.
import { PRESSED, SPOOLED_TAKEN, TAKEN } from "./copy_format.ts";
import { Pressure } from "./pressure.ts";
import { type Spooled, type SpoolPlace, SpoolWriter } from "./spool_writer.ts";

/** Octets that wait in memory before the spool takes what follows: some 1,500 exchanges, which the engine keeps in a blink. */
const AT_HAND_BYTES = 4 * 1024 * 1024;

export interface HandoverOptions {
  /** Posts one batch; the buffer is given away. */
  readonly post: (batch: ArrayBuffer) => void;
  /** Says where batches lie that were written to a file. */
  readonly spooled: (spooled: Spooled) => void;
  /** As ThreadStart has them. */
  readonly counters: Int32Array;
  /** Octets that may wait in memory. */
  readonly queueBytes: number;
  /** null: what does not fit into memory is missed. */
  readonly spool: SpoolPlace | null;
  /** Told of a spool that can't be written, in words. */
  readonly problem: (message: string) => void;
}

export class Handover {
  readonly #options: HandoverOptions;
  readonly #spool: SpoolWriter | null;
  readonly #pressure = new Pressure();
  #posted = 0;
  #atHand = 0;

  constructor(options: HandoverOptions) {
    this.#options = options;
    const { spool, counters, spooled, problem } = options;
    const failed = (batches: readonly ArrayBuffer[], why: string): void => {
      problem(`Copies for the capture can't be written to ${spool?.folder}, those that find no room in memory are missed: ${why}`);
      for (const batch of batches) this.#post(batch);
    };
    const taken = (): number => Atomics.load(counters, SPOOLED_TAKEN);
    this.#spool = spool === null ? null : new SpoolWriter({ place: spool, spooled, taken, failed });
  }

  /** Whether `size` more octets may wait. */
  room(size: number): boolean {
    const { queueBytes } = this.#options;
    const writing = this.#spool?.unwrittenBytes ?? 0;
    if (this.#spool?.full(size) === true) return false;
    if (this.#atHand + writing + size <= queueBytes) return true;
    this.#look();
    return this.#atHand + writing + size <= queueBytes;
  }

  due(): void {
    const pressed = this.#pressure.measure();
    if (pressed !== null) Atomics.store(this.#options.counters, PRESSED, pressed);
  }

  post(batch: ArrayBuffer): void {
    this.#look();
    const spool = this.#spool;
    if (spool?.usable === true && (spool.begun || this.#atHand + batch.byteLength > AT_HAND_BYTES)) spool.append(batch);
    else this.#post(batch);
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await this.#spool?.settled();
  }

  #post(batch: ArrayBuffer): void {
    this.#posted = (this.#posted + batch.byteLength) | 0;
    this.#look();
    this.#options.post(batch);
  }

  #look(): void {
    this.#atHand = (this.#posted - Atomics.load(this.#options.counters, TAKEN)) | 0;
  }
}
