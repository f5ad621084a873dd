// Searches over time, stacked by verdict.
import { type ReactElement, useCallback, useId, useMemo } from "react";
import type { Verdict } from "../../../shared/exchange.ts";
import { strings } from "../../strings.ts";
import { clock, count } from "../format.ts";
import { type PlaneSize, Plot } from "./plot.tsx";
import { countMarks, type Slot, slotAt, slotMarks, slotsOf } from "./scale.ts";
import { Tip } from "./tip.tsx";
import { fillOf, STACKED, VerdictPatterns } from "./verdict_fill.tsx";

export interface VerdictBucket {
  readonly time: number;
  readonly counts: Readonly<Record<Verdict, number>>;
}

/** Bars are so narrow then that they stand without a gap. */
const CROWDED = 80;

interface VerdictDrawingProps {
  readonly buckets: readonly VerdictBucket[];
  readonly bucketMs: number;
}

export function VerdictDrawing({ buckets, bucketMs }: VerdictDrawingProps): ReactElement {
  const id = useId().replaceAll(":", "");
  const slots = useMemo(() => slotsOf(buckets, bucketMs), [buckets, bucketMs]);
  const { top, marks } = countMarks(Math.max(...buckets.map(({ counts }) => sumOf(counts, STACKED))));
  const draw = useCallback(
    (size: PlaneSize) => (
      <>
        <defs>
          <VerdictPatterns id={id} />
        </defs>
        {STACKED.map((verdict, i) => {
          const d = barsOf(slots, top, size, verdict, STACKED.slice(0, i));
          return d === "" ? null : <path key={verdict} className="chart-bar" d={d} style={{ fill: fillOf(verdict, id) }} />;
        })}
      </>
    ),
    [slots, top, id],
  );
  return (
    <Plot
      across={slotMarks(slots, (time) => clock(time).time)}
      up={marks.map((mark) => ({ at: mark / top, text: count(mark) }))}
      draw={draw}
      tipAt={(x) => slotAt(slots, x, ({ bucket }) => (bucket === undefined ? null : <BucketTip bucket={bucket} />))}
    />
  );
}

function sumOf(counts: VerdictBucket["counts"], verdicts: readonly Verdict[]): number {
  return verdicts.reduce((sum, verdict) => sum + counts[verdict], 0);
}

/** The bars of one verdict, on those of the verdicts below. */
function barsOf(
  slots: readonly Slot<VerdictBucket>[],
  top: number,
  { width, height }: PlaneSize,
  verdict: Verdict,
  below: readonly Verdict[],
): string {
  const step = width / slots.length;
  const gap = slots.length > CROWDED ? 0 : 1;
  const bars = slots.map(({ bucket }, i) => {
    if (bucket === undefined || bucket.counts[verdict] === 0) return "";
    const tall = (bucket.counts[verdict] / top) * height;
    const y = height - (sumOf(bucket.counts, below) / top) * height - tall;
    return `M${(i * step).toFixed(2)} ${y.toFixed(2)}h${(step - gap).toFixed(2)}v${tall.toFixed(2)}h${(gap - step).toFixed(2)}z`;
  });
  return bars.join("");
}

function BucketTip({ bucket }: { readonly bucket: VerdictBucket }): ReactElement {
  const lines = STACKED.toReversed().flatMap((verdict) =>
    bucket.counts[verdict] === 0 ? [] : [{ name: strings.verdict[verdict], value: count(bucket.counts[verdict]), mark: `part-${verdict}` }],
  );
  return <Tip title={clock(bucket.time).time} lines={lines} />;
}
