// What came of judging kept answers again by the rules of now.

export interface JudgedAgainCounts {
  /** Exchanges whose answers were compared again. */
  readonly judged: number;
  /** Those whose verdict is another now; `turn`: before and now, `different equivalent`. */
  readonly changed: readonly { readonly turn: string; readonly exchanges: number }[];
  /** Exchanges that were left as they are, and why. */
  readonly left: readonly { readonly why: string; readonly exchanges: number }[];
  /** There are more: give this as `after` to go on. */
  readonly next: number | null;
}
