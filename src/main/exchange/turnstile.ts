// Keeps searches and writes in the order in which Elasticsearch answered them, so that ClickHouse is asked about the same
// documents: a write is handed to the mirror when the searches before it have run, a search runs when the writes before it
// have been handed over. A write never waits longer than the limit from its coming on, so that slow searches don't add up; those that it
// overtakes are then not settled.
import { within } from "../time_limit.ts";

export class Turnstile {
  readonly #limitMs: number;
  readonly #reads = new Set<Promise<void>>();
  #writes: Promise<void> = Promise.resolve();

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** Enters a search. Await `ready` before it runs; call `done` when it has run, whatever came of it. */
  read(): { readonly ready: Promise<void>; readonly done: () => void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#reads.add(promise);
    const done = (): void => {
      this.#reads.delete(promise);
      resolve();
    };
    return { ready: this.#writes, done };
  }

  /** Hands over a write in its turn. `start` must hand over at once; the promise it returns is not waited for here. */
  write<T>(start: () => Promise<T>): Promise<T> {
    const before = [...this.#reads];
    const until = performance.now() + this.#limitMs;
    const turn = this.#writes.then(() =>
      before.length === 0 ? undefined : within(Promise.all(before), Math.max(1, until - performance.now())),
    );
    const written = Promise.withResolvers<T>();
    // The next one's turn comes when this is handed over, not when it is done.
    this.#writes = turn.then(() => {
      start().then(written.resolve, written.reject);
    });
    return written.promise;
  }
}
