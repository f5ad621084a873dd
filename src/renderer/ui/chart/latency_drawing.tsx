// Lines for p50 and thinner ones for p95 of each side on a logarithmic axis, over bars of how many requests came.
import type { ReactElement } from "react";
import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { TimeBucket } from "../../../shared/statistics.ts";
import { strings } from "../../strings.ts";
import { clock, count, ms } from "../format.ts";
import { AXIS, AXIS_WIDTH, CURSOR, GRID, MARGIN, shortDuration } from "./axes.ts";
import { decadesAround, type Slot, slotsOf, timeMarks } from "./scale.ts";
import { Tip } from "./tip.tsx";

type SideName = "elasticsearch" | "clickhouse";
const LINES: readonly (readonly [side: SideName, figure: "p50" | "p95"])[] = [
  ["elasticsearch", "p95"],
  ["clickhouse", "p95"],
  ["elasticsearch", "p50"],
  ["clickhouse", "p50"],
];
const COLOURS: Readonly<Record<SideName, string>> = { elasticsearch: "var(--es)", clickhouse: "var(--ch)" };
/** Bars stay in the lower part: so many times their height is the chart's. */
const OVER_BARS = 2.5;

interface LatencyDrawingProps {
  readonly buckets: readonly TimeBucket[];
  readonly bucketMs: number;
}

export function LatencyDrawing({ buckets, bucketMs }: LatencyDrawingProps): ReactElement {
  const slots = slotsOf(buckets, bucketMs);
  const times = buckets.flatMap(({ elasticsearch: es, clickhouse: ch }) => [es.p50, es.p95, ch.p50, ch.p95]);
  const axis = decadesAround(times.filter((value) => value !== null));
  const value = (slot: Slot<TimeBucket>, side: SideName, figure: "p50" | "p95"): number | null => {
    const known = slot.bucket?.[side][figure] ?? null;
    return known === null ? null : Math.max(axis.domain[0], known);
  };
  const most = Math.max(1, ...buckets.map((bucket) => bucket.count));
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart data={[...slots]} margin={MARGIN} accessibilityLayer={false}>
        <CartesianGrid {...GRID} yAxisId="ms" vertical={false} />
        <XAxis {...AXIS} dataKey="time" ticks={timeMarks(slots)} interval={0} tickFormatter={(time: number) => clock(time).time} />
        <YAxis
          {...AXIS}
          yAxisId="ms"
          scale="log"
          domain={axis.domain}
          ticks={axis.ticks}
          interval={0}
          allowDataOverflow
          width={AXIS_WIDTH}
          tickFormatter={shortDuration}
        />
        <YAxis yAxisId="count" hide width={0} orientation="right" domain={[0, most * OVER_BARS]} />
        <Bar yAxisId="count" dataKey={(slot: Slot<TimeBucket>) => slot.bucket?.count ?? 0} fill="var(--bg-3)" isAnimationActive={false} />
        {LINES.map(([side, figure]) => (
          <Line
            key={`${side} ${figure}`}
            yAxisId="ms"
            dataKey={(slot: Slot<TimeBucket>) => value(slot, side, figure)}
            stroke={COLOURS[side]}
            strokeWidth={figure === "p50" ? 2 : 1}
            strokeDasharray={figure === "p50" ? "" : "4 3"}
            dot={(dot: { readonly key?: unknown; readonly cx?: number; readonly cy?: number; readonly index?: number }) => {
              const at = dot.index ?? 0;
              const neighbours = [slots[at - 1], slots[at + 1]].map((slot) => (slot === undefined ? null : value(slot, side, figure)));
              const alone = dot.cy !== undefined && !Number.isNaN(dot.cy) && neighbours.every((one) => one === null);
              const mine = slots[at] === undefined ? null : value(slots[at], side, figure);
              return alone && mine !== null ? (
                <circle key={at} cx={dot.cx} cy={dot.cy} r={figure === "p50" ? 2.5 : 1.5} fill={COLOURS[side]} />
              ) : (
                <g key={at} />
              );
            }}
            activeDot={false}
            isAnimationActive={false}
          />
        ))}
        <Tooltip
          cursor={CURSOR}
          isAnimationActive={false}
          content={({ active, payload }) => (active ? <BucketTip slot={payload[0]?.payload} /> : null)}
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function BucketTip({ slot }: { readonly slot: Slot<TimeBucket> | undefined }): ReactElement | null {
  if (slot?.bucket === undefined) return null;
  const { count: requests, elasticsearch, clickhouse } = slot.bucket;
  const { chart } = strings;
  const between = ({ p50, p95 }: TimeBucket[SideName]) => chart.range(ms(p50), ms(p95));
  return (
    <Tip
      title={clock(slot.time).time}
      lines={[
        { name: chart.es, value: between(elasticsearch), mark: "mark-es" },
        { name: chart.ch, value: between(clickhouse), mark: "mark-ch" },
        { name: chart.requests, value: count(requests), mark: "mark-count" },
      ]}
    />
  );
}
