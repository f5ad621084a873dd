// Latency over time: a line for p50 and a thinner one for p95 of each engine, over bars of how many requests came. The scale is logarithmic,
// since a p95 is often many times a p50.
import type { ReactElement } from "react";
import type { Statistics, TimeBucket } from "../../shared/statistics.ts";
import { strings } from "../strings.ts";
import { clock, count, duration } from "../ui/format.ts";

const WIDTH = 1000;
const HEIGHT = 140;
const DECADES = [0.1, 1, 10, 100, 1_000, 10_000, 100_000];
/** So many buckets at least are as wide as the chart. */
const FEWEST = 30;

type Engine = "elasticsearch" | "clickhouse";
type Figure = "p50" | "p95";
const LINES: readonly (readonly [engine: Engine, figure: Figure])[] = [
  ["elasticsearch", "p95"],
  ["clickhouse", "p95"],
  ["elasticsearch", "p50"],
  ["clickhouse", "p50"],
];
const COLOURS: Readonly<Record<Engine, string>> = { elasticsearch: "var(--es)", clickhouse: "var(--ch)" };

export function LatencyChart({ overTime }: { readonly overTime: Statistics["overTime"] }): ReactElement {
  const { buckets, bucketMs } = overTime;
  const first = buckets[0]?.time ?? 0;
  const last = buckets.at(-1)?.time ?? first;
  const slots = Math.max(FEWEST, Math.round((last - first) / bucketMs) + 1);
  const step = WIDTH / slots;
  const x = (time: number): number => WIDTH - ((last - time) / bucketMs + 0.5) * step;
  const times = buckets
    .flatMap(({ elasticsearch: es, clickhouse: ch }) => [es.p50, es.p95, ch.p50, ch.p95])
    .filter((value) => value !== null);
  const top = DECADES.find((decade) => decade >= Math.max(1, ...times)) ?? 100_000;
  const bottom = DECADES.findLast((decade) => decade <= Math.min(1, ...times)) ?? 0.1;
  const y = (ms: number): number => HEIGHT - (Math.log10(Math.max(bottom, ms) / bottom) / Math.log10(top / bottom)) * HEIGHT;
  const highest = Math.max(1, ...buckets.map((bucket) => bucket.count));
  const label = strings.statistics.overTimeLabel(count(buckets.length), count(buckets.reduce((sum, bucket) => sum + bucket.count, 0)));
  return (
    <div className="latency" role="img" aria-label={label}>
      <div className="latency-scale" aria-hidden="true">
        {DECADES.filter((decade) => decade >= bottom && decade <= top).map((decade) => (
          <span key={decade} style={{ top: `${(y(decade) / HEIGHT) * 100}%` }}>
            {duration(decade).replace(".0", "")}
          </span>
        ))}
      </div>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {DECADES.filter((decade) => decade >= bottom && decade <= top).map((decade) => (
          <line key={decade} x1="0" x2={WIDTH} y1={y(decade)} y2={y(decade)} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
        ))}
        {buckets.map((bucket) => (
          <rect
            key={bucket.time}
            x={x(bucket.time) - step * 0.4}
            width={step * 0.8}
            y={HEIGHT - (bucket.count / highest) * HEIGHT * 0.4}
            height={(bucket.count / highest) * HEIGHT * 0.4}
            fill="var(--bg-3)"
          />
        ))}
        {LINES.map(([engine, figure]) => (
          <g
            key={`${engine} ${figure}`}
            stroke={COLOURS[engine]}
            strokeWidth={figure === "p50" ? 2 : 1}
            opacity={figure === "p50" ? 1 : 0.6}
          >
            {stretches(buckets, bucketMs, (bucket) => bucket[engine][figure]).map((stretch) => (
              <polyline key={stretch[0]?.time} fill="none" vectorEffect="non-scaling-stroke" points={pointsOf(stretch, x, y, step)} />
            ))}
          </g>
        ))}
      </svg>
      <div className="latency-axis s1 mut">
        <span>{clock(last - (slots - 1) * bucketMs).time}</span>
        <span className="latency-legend">
          <span className="es">{strings.side.es}</span>
          <span className="ch">{strings.side.ch}</span>
        </span>
        <span>{clock(last).time}</span>
      </div>
    </div>
  );
}

interface Point {
  readonly time: number;
  readonly value: number;
}

/** Neighbouring buckets that have the figure: a line ends where nothing came. */
function stretches(
  buckets: readonly TimeBucket[],
  bucketMs: number,
  of: (bucket: TimeBucket) => number | null,
): readonly (readonly Point[])[] {
  const found: Point[][] = [];
  let before = Number.NaN;
  for (const bucket of buckets) {
    const value = of(bucket);
    if (value === null) continue;
    if (bucket.time - before !== bucketMs) found.push([]);
    found.at(-1)?.push({ time: bucket.time, value });
    before = bucket.time;
  }
  return found;
}

/** One bucket alone is a short level line. */
function pointsOf(stretch: readonly Point[], x: (time: number) => number, y: (ms: number) => number, step: number): string {
  const [only] = stretch;
  if (stretch.length === 1 && only !== undefined) {
    return `${x(only.time) - step * 0.4},${y(only.value)} ${x(only.time) + step * 0.4},${y(only.value)}`;
  }
  return stretch.map(({ time, value }) => `${x(time)},${y(value)}`).join(" ");
}
