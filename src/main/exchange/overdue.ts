// Requests that wait for their answer, until they have waited long enough to be told of. All may wait equally long, so they come due in
// the order in which they came: one timer does for all of them, however many come and go.

interface Waiting<T> {
  /** On the clock of `performance.now`. */
  readonly due: number;
  readonly what: T;
}

export class Overdue<T> {
  readonly #afterMs: number;
  readonly #tell: (id: number, what: T) => void;
  /** The one that is due first comes first. */
  readonly #waiting = new Map<number, Waiting<T>>();
  #timer: NodeJS.Timeout | null = null;

  /** `tell` is called once of each that is still there `afterMs` after it was added. */
  constructor(afterMs: number, tell: (id: number, what: T) => void) {
    this.#afterMs = afterMs;
    this.#tell = tell;
  }

  add(id: number, what: T): void {
    this.#waiting.delete(id);
    this.#waiting.set(id, { due: performance.now() + this.#afterMs, what });
    this.#timer ??= this.#lookIn(this.#afterMs);
  }

  /** It waits no more. */
  remove(id: number): void {
    this.#waiting.delete(id);
  }

  /** Nobody is told of what still waits. */
  clear(): void {
    this.#waiting.clear();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #lookIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#look(), Math.ceil(ms)).unref();
  }

  #look(): void {
    this.#timer = null;
    const now = performance.now();
    for (const [id, { due, what }] of this.#waiting) {
      if (due > now) {
        this.#timer = this.#lookIn(due - now);
        return;
      }
      this.#waiting.delete(id);
      this.#tell(id, what);
    }
  }
}
