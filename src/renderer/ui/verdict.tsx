// A verdict: icon, word, weight and colour, never one of them alone (but in the foot, where a tooltip has the word).
import type { ReactElement, ReactNode } from "react";
import type { VerdictCounts } from "../../shared/contract.ts";
import { VERDICTS, type Verdict } from "../../shared/exchange.ts";
import { strings } from "../strings.ts";
import { count } from "./format.ts";
import { Icon } from "./icon.tsx";

interface VerdictMarkProps {
  readonly verdict: Verdict;
  readonly badge?: boolean;
  /** Instead of the verdict's word. */
  readonly children?: ReactNode;
}

export function VerdictMark({ verdict, badge = false, children }: VerdictMarkProps): ReactElement {
  return (
    <span className={`verdict ${verdict}${badge ? " badge" : ""}`} title={strings.verdict[verdict]}>
      <Icon name={verdict} size={14} />
      {children ?? strings.verdict[verdict]}
    </span>
  );
}

export function sumCounts(counts: VerdictCounts): number {
  return VERDICTS.reduce((sum, verdict) => sum + counts[verdict], 0);
}

/** One bar, cut in proportion; each verdict with its own pattern. */
export function Proportion({ counts, height }: { readonly counts: VerdictCounts; readonly height?: number }): ReactElement {
  const label = VERDICTS.filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${count(counts[verdict])} ${strings.verdict[verdict]}`)
    .join(", ");
  return (
    <span className="proportion" role="img" aria-label={label} title={label} style={height === undefined ? undefined : { height }}>
      {VERDICTS.filter((verdict) => counts[verdict] > 0).map((verdict) => (
        <i key={verdict} className={`part-${verdict}`} style={{ flex: counts[verdict] }} />
      ))}
    </span>
  );
}
