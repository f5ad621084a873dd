// p50 and p95 over time: a line for p50 and thinner ones for p95 of each side on a logarithmic axis, over bars of how many requests came.
import { Fragment, type ReactElement, useCallback, useMemo } from "react";
import type { TimeBucket } from "../../../shared/statistics.ts";
import { strings } from "../../strings.ts";
import { clock, count, ms } from "../format.ts";
import { shortDuration } from "./axes.ts";
import { type PlaneSize, Plot } from "./plot.tsx";
import { decadesAround, type LogAxis, logPlace, type Slot, slotAt, slotMarks, slotsOf } from "./scale.ts";
import { Tip } from "./tip.tsx";

type SideName = "elasticsearch" | "clickhouse";
type Figure = "p50" | "p95";
const LINES: readonly (readonly [side: SideName, figure: Figure])[] = [
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
  const slots = useMemo(() => slotsOf(buckets, bucketMs), [buckets, bucketMs]);
  const axis = useMemo(() => {
    const times = buckets.flatMap(({ elasticsearch: es, clickhouse: ch }) => [es.p50, es.p95, ch.p50, ch.p95]);
    return decadesAround(times.filter((value) => value !== null));
  }, [buckets]);
  const draw = useCallback(
    (size: PlaneSize) => (
      <>
        <path d={barsOf(slots, size)} style={{ fill: "var(--bg-3)" }} />
        {LINES.map(([side, figure]) => {
          const { line, alone } = lineOf(slots, axis, size, side, figure);
          const [width, dashes, radius] = figure === "p50" ? [2, "none", 2.5] : [1, "4 3", 1.5];
          const stroke = COLOURS[side];
          return (
            <Fragment key={`${side} ${figure}`}>
              <path d={line} style={{ stroke, strokeWidth: width, strokeDasharray: dashes }} />
              {alone.map(([x, y]) => (
                <circle key={x} cx={x} cy={y} r={radius} style={{ fill: stroke }} />
              ))}
            </Fragment>
          );
        })}
      </>
    ),
    [slots, axis],
  );
  return (
    <Plot
      across={slotMarks(slots, (time) => clock(time).time)}
      up={axis.ticks.map((tick) => ({ at: logPlace(axis, tick), text: shortDuration(tick) }))}
      draw={draw}
      tipAt={(x) => slotAt(slots, x, ({ bucket }) => (bucket === undefined ? null : <BucketTip bucket={bucket} />))}
    />
  );
}

function barsOf(slots: readonly Slot<TimeBucket>[], { width, height }: PlaneSize): string {
  const most = OVER_BARS * Math.max(1, ...slots.map(({ bucket }) => bucket?.count ?? 0));
  const step = width / slots.length;
  const bars = slots.map(({ bucket }, i) => {
    const tall = ((bucket?.count ?? 0) / most) * height;
    if (tall === 0) return "";
    return `M${((i + 0.1) * step).toFixed(2)} ${(height - tall).toFixed(2)}h${(0.8 * step).toFixed(2)}V${height}h${(-0.8 * step).toFixed(2)}z`;
  });
  return bars.join("");
}

/** A line through the slots that have the figure, and those that have no neighbour to draw a line to. */
function lineOf(
  slots: readonly Slot<TimeBucket>[],
  axis: LogAxis,
  { width, height }: PlaneSize,
  side: SideName,
  figure: Figure,
): { readonly line: string; readonly alone: readonly (readonly [number, number])[] } {
  const known = slots.map(({ bucket }) => bucket?.[side][figure] ?? null);
  const alone: (readonly [number, number])[] = [];
  let line = "";
  for (const [i, value] of known.entries()) {
    if (value === null) continue;
    const x = ((i + 0.5) / slots.length) * width;
    const y = (1 - logPlace(axis, value)) * height;
    const follows = (known[i - 1] ?? null) !== null;
    line += `${follows ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`;
    if (!follows && (known[i + 1] ?? null) === null) alone.push([x, y]);
  }
  return { line, alone };
}

function BucketTip({ bucket: { time, count: requests, elasticsearch, clickhouse } }: { readonly bucket: TimeBucket }): ReactElement {
  const { chart } = strings;
  const between = ({ p50, p95 }: TimeBucket[SideName]) => chart.range(ms(p50), ms(p95));
  return (
    <Tip
      title={clock(time).time}
      lines={[
        { name: chart.es, value: between(elasticsearch), mark: "mark-es" },
        { name: chart.ch, value: between(clickhouse), mark: "mark-ch" },
        { name: chart.requests, value: count(requests), mark: "mark-count" },
      ]}
    />
  );
}
