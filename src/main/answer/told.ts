// What is said of an answer: who gave it, and why not all of it came from ClickHouse. Pure.
import type { Comparison, SearchPart } from "../../shared/exchange.ts";
import { notMatched } from "../exchange/outcome.ts";
import { ANSWERED_ALONE } from "./search.ts";
import type { Answered, Declined, RejectedCall } from "./types.ts";

/** The value of `x-parallax-source` where nobody else was asked. */
export const CLICKHOUSE = "clickhouse";
export const NONE: ReadonlySet<number> = new Set();

interface Told {
  readonly comparison: Comparison;
  /** `x-parallax-source`. */
  readonly source: string;
  /** `x-parallax-verdict`; null: nothing of it was ClickHouse's to answer and was not. */
  readonly verdict: Declined["verdict"] | null;
}

/** `theirs`: positions that are Elasticsearch's by the mode of their index. */
export function told(outcome: Answered | RejectedCall, parts: readonly SearchPart[], theirs: ReadonlyMap<number, string>): Told {
  const elsewhere = outcome.kind === "answered" ? (outcome.elsewhere ?? NONE) : NONE;
  if (elsewhere.size === 0) {
    const reason = outcome.kind === "rejected" ? `${ANSWERED_ALONE}: refused, ${outcome.error.errorType}` : ANSWERED_ALONE;
    return { comparison: notMatched("not_compared", reason), source: CLICKHOUSE, verdict: null };
  }
  const left = parts.find(({ position }) => elsewhere.has(position) && !theirs.has(position))?.comparison;
  const why = left?.reason ?? [...theirs.values()][0] ?? "";
  const reason = `answered by ClickHouse, ${elsewhere.size} of it by Elasticsearch: ${why}`;
  const verdict = left === undefined ? null : verdictOf(left);
  return {
    comparison: notMatched(verdict ?? "not_compared", reason, left?.unsupported),
    source: `${CLICKHOUSE}, elasticsearch`,
    verdict,
  };
}

function verdictOf({ verdict }: Comparison): Declined["verdict"] {
  return verdict === "failed" || verdict === "unsupported" ? verdict : "not_compared";
}
