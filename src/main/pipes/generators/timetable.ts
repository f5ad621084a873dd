// When documents were made: the first ones, of the past, are spread over a span before the start, more by day than by night; all others
// are of the moment at which they are sent, so many a second.

const DAY_MS = 86_400_000;
/** By how much more comes at noon than on average. */
const NOON = 0.6;

export interface Past {
  /** How many documents are of the past. */
  readonly documents: number;
  /** How long it was, ms. */
  readonly span: number;
  /** When it was over, epoch ms. */
  readonly end: number;
}

/** The time of document `number` of the past, epoch ms: later documents are never earlier. */
export function timeInPast(number: number, { documents, span, end }: Past): number {
  const days = Math.max(span / DAY_MS, 1);
  const share = (number + 0.5) / documents;
  // Its derivative is 1 - NOON × cos(…), above 0: so the order stays.
  const warped = share - (NOON / (2 * Math.PI * days)) * Math.sin(2 * Math.PI * share * days);
  return Math.round(end - span * (1 - warped));
}

/** How many documents are due: what is not sent at once is sent later, up to a second's worth. */
export class Allowance {
  readonly #rate: number;
  #due = 0;
  #at: number;

  /** `rate`: documents a second. `now`: ms, of any clock. */
  constructor(rate: number, now: number) {
    this.#rate = rate;
    this.#at = now;
  }

  /** What is due `now`; `burst`: how much more than on average comes in this second. */
  take(now: number, burst: number): number {
    this.#due = Math.min(this.#due + ((now - this.#at) / 1000) * this.#rate * burst, this.#rate * Math.max(burst, 1));
    this.#at = now;
    const whole = Math.floor(this.#due);
    this.#due -= whole;
    return whole;
  }
}
