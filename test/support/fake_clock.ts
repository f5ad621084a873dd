// A clock that goes only when it is told to.
import type { Clock } from "../../src/main/pipes/schedule/clock.ts";

export class FakeClock implements Clock {
  #now: number;
  #waiting: { at: number; then: () => void }[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  wake(afterMs: number, then: () => void): () => void {
    const waiting = { at: this.#now + afterMs, then };
    this.#waiting.push(waiting);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
    };
  }

  /** How long until somebody is woken; null: nobody waits. */
  get nextIn(): number | null {
    return this.#waiting.length === 0 ? null : Math.min(...this.#waiting.map(({ at }) => at)) - this.#now;
  }

  /** Somebody puts it there, forward or back: nobody is woken. */
  put(time: number): void {
    this.#now = time;
  }

  /** Goes on, and wakes those whose time came. */
  pass(ms: number): void {
    this.#now += ms;
    const due = this.#waiting.filter(({ at }) => at <= this.#now);
    this.#waiting = this.#waiting.filter((waiting) => !due.includes(waiting));
    for (const { then } of due) then();
  }
}
