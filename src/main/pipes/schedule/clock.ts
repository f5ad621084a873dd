// What the schedules know of time. A clock of the wall may jump: whoever waits for a time looks at it again and again.
export interface Clock {
  /** Epoch ms, of the wall. */
  now(): number;
  /** Calls back once, about so long from now; gives what calls that off. */
  wake(afterMs: number, then: () => void): () => void;
}

export const WALL_CLOCK: Clock = {
  now: () => Date.now(),
  wake: (afterMs, then) => {
    const timer = setTimeout(then, afterMs).unref();
    return () => clearTimeout(timer);
  },
};
