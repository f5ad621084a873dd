// How far a reconciliation is, and its pace: no more documents a second than were asked for.
import { setTimeout as pause } from "node:timers/promises";
import type { ReconcileOptions, ReconcileReport } from "./report.ts";

type Count = "compared" | "missing" | "surplus" | "stale" | "written" | "deleted" | "ranges";

export class Progress {
  readonly signal: AbortSignal;
  readonly #options: ReconcileOptions;
  readonly #started = performance.now();
  readonly #counts: Record<Count, number> = { compared: 0, missing: 0, surplus: 0, stale: 0, written: 0, deleted: 0, ranges: 0 };
  #pass = 0;
  #passStarted = 0;
  #documents = 0;
  #alike = 0;
  #expected = 0;
  #bytes = 0;
  #rangesDone = 0;
  /** When the documents that were read are paid for. */
  #paidUntil = 0;

  constructor(options: ReconcileOptions, signal: AbortSignal) {
    this.#options = options;
    this.signal = signal;
  }

  /** `expected`: documents that Elasticsearch has. */
  beginPass(expected: number): void {
    this.#pass += 1;
    this.#passStarted = performance.now();
    this.#documents = 0;
    this.#alike = 0;
    this.#expected = expected;
    this.#tell();
  }

  get pass(): number {
    return this.#pass;
  }

  /** Most documents that may be read at once. */
  get most(): number {
    return this.#options.documentsPerSecond ?? Number.POSITIVE_INFINITY;
  }

  count(what: Count, by: number): void {
    this.#counts[what] += by;
  }

  /** Documents that are alike without being read one by one. */
  alike(documents: number): void {
    this.#alike += documents;
    this.compared(documents);
  }

  compared(documents: number): void {
    this.#documents += documents;
    if (this.#pass === 1) this.#counts.compared += documents;
    this.#tell();
  }

  copied(bytes: number): void {
    this.#bytes += bytes;
  }

  rangeDone(): void {
    this.#rangesDone += 1;
    this.#tell();
  }

  /** Waits until so many documents may be read. Throws when the reconciliation is stopped. */
  async spend(documents: number): Promise<void> {
    this.signal.throwIfAborted();
    const rate = this.#options.documentsPerSecond;
    if (rate === undefined) return;
    const now = performance.now();
    const wait = Math.max(0, this.#paidUntil - now);
    this.#paidUntil = Math.max(now, this.#paidUntil) + (documents / rate) * 1000;
    await pause(wait, undefined, { signal: this.signal }).catch(() => this.signal.throwIfAborted());
  }

  report(): ReconcileReport {
    return Object.freeze({ ...this.#counts, ms: Math.round(performance.now() - this.#started) });
  }

  #tell(): void {
    const read = this.#documents - this.#alike;
    const left = Math.max(0, this.#expected - this.#documents);
    const seconds = (performance.now() - this.#passStarted) / 1000;
    this.#options.onProgress?.({
      pass: this.#pass,
      documents: this.#documents,
      expected: Math.max(this.#expected, this.#documents),
      bytes: this.#bytes,
      rangesDone: this.#rangesDone,
      ranges: this.#counts.ranges,
      secondsLeft: left === 0 ? 0 : read === 0 ? null : (left / read) * seconds,
    });
  }
}
