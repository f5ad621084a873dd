// Writes and changes of the schema that were handed over and are not in ClickHouse yet.
import { within } from "../time_limit.ts";

export interface Pending {
  /** null while its documents are not known yet. */
  indices: ReadonlySet<string> | null;
  /** Highest number by shard that it gave each index; empty until it is done. */
  highest: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly done: Promise<unknown>;
}

export class PendingWrites {
  readonly #pending = new Set<Pending>();

  get all(): Iterable<Pending> {
    return this.#pending;
  }

  /** Runs `work`; it is pending until that ends. */
  pend<T>(work: (pending: Pending) => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const pending: Pending = { indices: null, highest: new Map(), done: promise };
    this.#pending.add(pending);
    return work(pending).finally(() => {
      this.#pending.delete(pending);
      resolve();
    });
  }

  /** Those that may change these indices by now; null where there are none. Else resolves when they have ended. */
  ofThese(indices: readonly string[]): Promise<unknown> | null {
    const waiting = [...this.#pending].filter(({ indices: own }) => own === null || indices.some((index) => own.has(index)));
    return waiting.length === 0 ? null : Promise.allSettled(waiting.map(({ done }) => done));
  }

  /** Resolves when all of them have ended, or after `limitMs`. */
  async ended(limitMs: number): Promise<void> {
    await within(Promise.allSettled([...this.#pending].map(({ done }) => done)), limitMs);
  }
}
