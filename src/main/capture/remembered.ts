// Answers that cost a walk over the session. They are worked out anew only after a write, and a dear one only so often that
// it takes a twentieth of the time, and all of them together a fifth: a live session is asked for a dozen ten times a second.

const SHARE = 20;
const SHARE_OF_ALL = 5;
const CHEAP_MS = 4;
const MOST = 64;

interface Answer<T> {
  readonly value: T;
  readonly writes: number;
  readonly at: number;
  readonly ms: number;
}

export class Remembered<T> {
  readonly #answers = new Map<string, Answer<T>>();

  /** The answer under `key` as of `writes`, or a slightly older one where it is dear. */
  get(key: string, writes: number, workOut: () => T): T {
    const started = performance.now();
    const earlier = this.#answers.get(key);
    if (earlier !== undefined && (earlier.writes === writes || this.#isRecent(earlier, started))) return earlier.value;
    const value = workOut();
    const at = performance.now();
    this.#answers.delete(key);
    this.#answers.set(key, { value, writes, at, ms: at - started });
    const oldest = this.#answers.keys().next().value;
    if (this.#answers.size > MOST && oldest !== undefined) this.#answers.delete(oldest);
    return value;
  }

  #isRecent({ at, ms }: Answer<T>, now: number): boolean {
    if (ms <= CHEAP_MS) return false;
    let all = 0;
    for (const answer of this.#answers.values()) all += answer.ms;
    return now - at < Math.max(ms * SHARE, all * SHARE_OF_ALL);
  }
}
