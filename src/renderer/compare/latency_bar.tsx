// Both sides' latency on one logarithmic axis from 1 ms to 10 s: a bar runs from p50 to p95, Elasticsearch above ClickHouse.
import type { ReactElement } from "react";
import type { CompareGroup, LatencyRatio, SideLatency } from "../../shared/compare.ts";
import { strings } from "../strings.ts";
import { duration, ms, NONE, times } from "../ui/format.ts";

const DECADES = 4;
export const AXIS = ["1 ms", "10", "100", "1 s", "10 s"] as const;

function place(value: number): number {
  return (Math.log10(Math.min(10 ** DECADES, Math.max(1, value))) / DECADES) * 100;
}

export function LatencyBar({ group }: { readonly group: Pick<CompareGroup, "elasticsearch" | "clickhouse"> }): ReactElement {
  const label = strings.compare.latencyOf(sideText(group.elasticsearch), sideText(group.clickhouse));
  return (
    <span className="latency-bar" role="img" aria-label={label} title={label}>
      <SideBar side="es" latency={group.elasticsearch} />
      {group.clickhouse.p50 === null ? (
        <i className="not-run">{strings.compare.notRun}</i>
      ) : (
        <SideBar side="ch" latency={group.clickhouse} />
      )}
    </span>
  );
}

function SideBar({ side, latency }: { readonly side: "es" | "ch"; readonly latency: SideLatency }): ReactElement | null {
  if (latency.p50 === null) return null;
  const left = place(latency.p50);
  return <i className={side} style={{ left: `${left}%`, width: `${place(latency.p95 ?? latency.p50) - left}%` }} />;
}

function sideText({ p50, p95 }: SideLatency): string {
  return p50 === null ? NONE : `${duration(p50)} – ${duration(p95)}`;
}

/** How many times faster ClickHouse is (up) or slower (down); grey where that may be chance. */
export function RatioMark({ ratio }: { readonly ratio: LatencyRatio }): ReactElement {
  const { compare } = strings;
  if (ratio.ratio === null || ratio.low === null || ratio.high === null) {
    return (
      <span className="mut" title={compare.tooFewHint(ratio.searches)}>
        {ratio.searches === 0 ? NONE : compare.tooFew}
      </span>
    );
  }
  const certain = isCertain(ratio);
  const between = compare.between(ratio.low.toFixed(2), ratio.high.toFixed(2), ms(ratio.searches));
  return (
    <span className={certain ? "" : "mut"} title={certain ? between : `${between} ${compare.undecided}`}>
      {ratio.ratio >= 1 ? `${times(ratio.ratio, 1)} ↑` : `${times(1, ratio.ratio)} ↓`}
    </span>
  );
}

/** Whether one side is shown to be faster: the interval does not hold 1. */
export function isCertain({ low, high }: LatencyRatio): boolean {
  return low !== null && high !== null && (low > 1 || high < 1);
}
