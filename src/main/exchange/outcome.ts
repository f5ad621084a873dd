// Verdicts that need no comparison, and the verdict of several searches together.
import { type Comparison, type Unsupported, VERDICTS, type Verdict } from "../../shared/exchange.ts";
import { messageOf } from "../../shared/thrown.ts";
import { UndecodableBody } from "../elasticsearch/body.ts";
import type { TappedExchange } from "../proxy/tap.ts";

/** Decoded bodies past this are not compared. */
const COMPARE_LIMIT_BYTES = 128 * 1024 * 1024;

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
    (worst, one) => (worst === undefined || louder(one.verdict, worst.verdict) ? one : worst),
    undefined,
  );
}

/** True when `one` calls for a look more than `other`. */
export function louder(one: Verdict, other: Verdict): boolean {
  return LOUDNESS.indexOf(one) > LOUDNESS.indexOf(other);
}

/** True for a word that is one of the six verdicts. */
export function isVerdict(word: string): word is Verdict {
  return VERDICTS.some((verdict) => verdict === word);
}

/** True for the reason that a search is not compared where writes of its indices wait in the journal. */
export function waitsInJournal(reason: string): boolean {
  return /^mirror behind: .*wait in the journal$/.test(reason);
}

/** "" or why a search can't be compared, whatever is there to compare it with. */
export function obstacleTo({ request, response, error }: TappedExchange): string {
  if (response === null) return `Elasticsearch gave no answer: ${error}`;
  const tooLarge = request.bodyBytes + response.bodyBytes > COMPARE_LIMIT_BYTES;
  if (error !== "" && !tooLarge) return `Elasticsearch's answer is not whole: ${error}`;
  return tooLarge || request.truncated || response.truncated ? "too large to compare" : "";
}

/** What could not be judged: for what came by, or for a fault of ours. */
export function faultOf(error: unknown): Comparison {
  const message = messageOf(error);
  if (error instanceof UndecodableBody) return notMatched("not_compared", message);
  return notMatched("failed", message);
}
