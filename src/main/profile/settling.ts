// Waits for exchanges for which nothing is left to do.
import { within } from "../time_limit.ts";

export class Settling {
  readonly #waiting = new Map<number, () => void>();

  /** Told by whoever does it. */
  settled(exchange: number): void {
    this.#waiting.get(exchange)?.();
  }

  /** To be called before the exchange begins: the wait for its end, in ms at most, to be begun whenever it suits. */
  of(exchange: number): { within(ms: number): Promise<void>; forget(): void } {
    const settled = Promise.withResolvers<void>();
    this.#waiting.set(exchange, settled.resolve);
    const forget = (): void => {
      settled.resolve();
      this.#waiting.delete(exchange);
    };
    return {
      within: (ms) => within(settled.promise, ms),
      forget,
    };
  }
}
