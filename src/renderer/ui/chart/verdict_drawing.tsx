// Searches over time, stacked by verdict.
import { type ReactElement, useId } from "react";
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { Verdict } from "../../../shared/exchange.ts";
import { strings } from "../../strings.ts";
import { clock, count } from "../format.ts";
import { AXIS, AXIS_WIDTH, CURSOR, GRID, MARGIN } from "./axes.ts";
import { type Slot, slotsOf, timeMarks } from "./scale.ts";
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
  const slots = slotsOf(buckets, bucketMs);
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart data={[...slots]} margin={MARGIN} barCategoryGap={slots.length > CROWDED ? 0 : 1} accessibilityLayer={false}>
        <defs>
          <VerdictPatterns id={id} />
        </defs>
        <CartesianGrid {...GRID} vertical={false} />
        <XAxis {...AXIS} dataKey="time" ticks={timeMarks(slots)} interval={0} tickFormatter={(time: number) => clock(time).time} />
        <YAxis {...AXIS} allowDecimals={false} width={AXIS_WIDTH} tickCount={4} tickFormatter={count} />
        {STACKED.map((verdict) => (
          <Bar
            key={verdict}
            stackId="verdicts"
            dataKey={(slot: Slot<VerdictBucket>) => slot.bucket?.counts[verdict] ?? 0}
            fill={fillOf(verdict, id)}
            isAnimationActive={false}
          />
        ))}
        <Tooltip
          cursor={CURSOR}
          isAnimationActive={false}
          content={({ active, payload }) => (active ? <SlotTip slot={payload[0]?.payload} /> : null)}
        />
      </BarChart>
    </ResponsiveContainer>
  );
}

function SlotTip({ slot }: { readonly slot: Slot<VerdictBucket> | undefined }): ReactElement | null {
  const bucket = slot?.bucket;
  if (bucket === undefined) return null;
  const lines = STACKED.toReversed().flatMap((verdict) =>
    bucket.counts[verdict] === 0 ? [] : [{ name: strings.verdict[verdict], value: count(bucket.counts[verdict]), mark: `part-${verdict}` }],
  );
  return <Tip title={clock(bucket.time).time} lines={lines} />;
}
