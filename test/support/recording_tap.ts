// A tap that keeps what it is told, for tests to look at.
import type { Tap, TappedExchange } from "../../src/main/proxy/tap.ts";

export interface RecordingTap extends Tap {
  readonly heads: { readonly id: number; readonly method: string; readonly target: string }[];
  readonly exchanges: TappedExchange[];
  missedCount: number;
  /** Resolves once `count` exchanges are over (missed ones counted). */
  settled(count: number): Promise<void>;
}

const PATIENCE_MS = 20_000;

export function recordingTap(): RecordingTap {
  const waiters: { readonly count: number; readonly resolve: () => void }[] = [];
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
    settled: (count) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`${tap.exchanges.length} of ${count} exchanges were tapped`)), PATIENCE_MS);
        waiters.push({
          count,
          resolve: () => {
            clearTimeout(late);
            resolve();
          },
        });
        wake();
      }),
  };
  function wake(): void {
    const over = tap.exchanges.length + tap.missedCount;
    for (const waiter of waiters.splice(0)) {
      if (over >= waiter.count) waiter.resolve();
      else waiters.push(waiter);
    }
  }
  return tap;
}
