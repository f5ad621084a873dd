// A tap that keeps what it is told, for tests to look at.
import type { Tap, TappedExchange } from "../../src/main/proxy/tap.ts";

export interface RecordingTap extends Tap {
  readonly heads: { readonly id: number; readonly method: string; readonly target: string }[];
  readonly exchanges: TappedExchange[];
  missedCount: number;
  /** Resolves once `count` exchanges are over (missed ones counted). */
  settled(count: number): Promise<void>;
  /** The exchange with this request target, once it is over. */
  exchange(target: string): Promise<TappedExchange>;
}

const PATIENCE_MS = 20_000;

export function recordingTap(): RecordingTap {
  let waiters: (() => boolean)[] = [];
  const wake = (): void => {
    waiters = waiters.filter((attempt) => !attempt());
  };
  const until = <T>(what: string, attempt: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${what}; tapped were ${tap.exchanges.length}`)), PATIENCE_MS);
      waiters.push(() => {
        const found = attempt();
        if (found === undefined) return false;
        clearTimeout(late);
        resolve(found);
        return true;
      });
      wake();
    });
  const tap: RecordingTap = {
    heads: [],
    exchanges: [],
    missedCount: 0,
    requested: (id, _time, { method, target }) => void tap.heads.push({ id, method, target }),
    exchanged(exchange) {
      tap.exchanges.push(exchange);
      wake();
    },
    missed(count) {
      tap.missedCount += count;
      wake();
    },
    settled: async (count) => {
      await until(`${count} exchanges were expected`, () => (tap.exchanges.length + tap.missedCount >= count ? true : undefined));
    },
    exchange: (target) => until(`${target} was not tapped`, () => tap.exchanges.find(({ request }) => request.target === target)),
  };
  return tap;
}
