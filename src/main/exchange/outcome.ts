// Verdicts that need no comparison, and the verdict of several searches together.
import { type Comparison, type Unsupported, VERDICTS, type Verdict } from "../../shared/exchange.ts";

/** A comparison that did not happen: why. */
export function notMatched(
  verdict: Exclude<Verdict, "equal" | "equivalent">,
  reason: string,
  unsupported: readonly Unsupported[] = [],
): Comparison {
  return Object.freeze({
    verdict,
    reason,
    differences: [],
    differenceCount: 0,
    rules: [],
    comparedLeaves: 0,
    totalLeaves: 0,
    unsupported,
  });
}

const LOUDNESS: readonly Verdict[] = ["equal", "equivalent", "not_compared", "unsupported", "different", "failed"];

/** The loudest of several verdicts, with its reason. */
export function loudest(comparisons: readonly Comparison[]): Comparison | undefined {
  return comparisons.reduce<Comparison | undefined>(
    (worst, one) => (worst === undefined || LOUDNESS.indexOf(one.verdict) > LOUDNESS.indexOf(worst.verdict) ? one : worst),
    undefined,
  );
}

/** True for a word that is one of the six verdicts. */
export function isVerdict(word: string): word is Verdict {
  return VERDICTS.some((verdict) => verdict === word);
}
