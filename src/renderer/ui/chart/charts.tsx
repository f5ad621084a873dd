// The window's charts. What draws them is loaded with the first that is shown.
import { lazy, type ReactElement } from "react";
import type { ComparePoints } from "../../../shared/compare.ts";
import type { Statistics } from "../../../shared/statistics.ts";
import { printRoute } from "../../route.ts";
import { strings } from "../../strings.ts";
import { bytes, clock, count, duration } from "../format.ts";
import type { IndexBytes } from "./bytes_drawing.tsx";
import { Chart, type LegendMark } from "./chart.tsx";
import type { VerdictBucket } from "./verdict_drawing.tsx";
import { STACKED } from "./verdict_fill.tsx";

const LatencyDrawing = lazy(async () => ({ default: (await import("./latency_drawing.tsx")).LatencyDrawing }));
const VerdictDrawing = lazy(async () => ({ default: (await import("./verdict_drawing.tsx")).VerdictDrawing }));
const RatioDrawing = lazy(async () => ({ default: (await import("./ratio_drawing.tsx")).RatioDrawing }));
const BytesDrawing = lazy(async () => ({ default: (await import("./bytes_drawing.tsx")).BytesDrawing }));

const WORDS = strings.chart;
const SIDES: readonly LegendMark[] = [
  { label: WORDS.es, mark: "mark-es" },
  { label: WORDS.ch, mark: "mark-ch" },
];
const LATENCY_LEGEND: readonly LegendMark[] = [
  ...SIDES,
  { label: WORDS.p95, mark: "mark-p95" },
  { label: WORDS.requests, mark: "mark-count" },
];

const RATIO_LEGEND: readonly LegendMark[] = [
  { label: WORDS.esAcross, mark: "mark-es" },
  { label: WORDS.chUp, mark: "mark-ch" },
];

interface Sized {
  /** Pixels of the drawing. */
  readonly height?: number;
}

/** p50 and p95 of both sides over time. */
export function LatencyChart({ overTime, height = 180 }: Sized & { readonly overTime: Statistics["overTime"] }): ReactElement {
  const { buckets, bucketMs } = overTime;
  const label = WORDS.latencyLabel(count(buckets.length), count(buckets.reduce((sum, bucket) => sum + bucket.count, 0)));
  const rows = () =>
    buckets
      .map(({ time, count: requests, elasticsearch: es, clickhouse: ch }) => [
        clock(time).time,
        ...[es.p50, es.p95, ch.p50, ch.p95].map(duration),
        count(requests),
      ])
      .toReversed();
  return (
    <Chart label={label} height={height} legend={LATENCY_LEGEND} table={{ heads: WORDS.latencyHeads, rows }}>
      <LatencyDrawing buckets={buckets} bucketMs={bucketMs} />
    </Chart>
  );
}

/** Searches over time by verdict. */
export function VerdictChart({
  buckets,
  bucketMs,
  height = 140,
}: Sized & { readonly buckets: readonly VerdictBucket[]; readonly bucketMs: number }): ReactElement {
  const sums = STACKED.map((verdict) => [verdict, buckets.reduce((sum, { counts }) => sum + counts[verdict], 0)] as const);
  const met = sums.filter(([, searches]) => searches > 0).map(([verdict]) => verdict);
  const label = WORDS.verdictLabel(
    sums
      .filter(([, n]) => n > 0)
      .map(([verdict, n]) => `${count(n)} ${strings.verdict[verdict]}`)
      .join(", "),
  );
  const rows = () => buckets.map(({ time, counts }) => [clock(time).time, ...met.map((verdict) => count(counts[verdict]))]).toReversed();
  return (
    <Chart
      label={label}
      height={height}
      legend={met.map((verdict) => ({ label: strings.verdict[verdict], mark: `part-${verdict}` }))}
      table={{ heads: [WORDS.time, ...met.map((verdict) => strings.verdict[verdict])], rows }}
    >
      <VerdictDrawing buckets={buckets} bucketMs={bucketMs} />
    </Chart>
  );
}

/** Each search's time on both sides; a press on a point opens its exchange. */
export function RatioChart({
  points,
  height = 240,
  onOpen,
}: Sized & { readonly points: ComparePoints; readonly onOpen: (exchange: number) => void }): ReactElement {
  const { searches, left } = points;
  const faster = searches.filter(({ elasticsearchMs, clickhouseMs }) => clickhouseMs < elasticsearchMs).length;
  const rows = () =>
    searches
      .map(({ exchange, elasticsearchMs, clickhouseMs, verdict }) => [
        <a key={exchange} href={printRoute({ page: "exchange", id: exchange })}>
          {exchange}
        </a>,
        duration(elasticsearchMs),
        duration(clickhouseMs),
        strings.verdict[verdict],
      ])
      .toReversed();
  return (
    <Chart
      label={WORDS.ratioLabel(count(faster), count(searches.length), count(left))}
      height={height}
      widest={height * 2}
      legend={RATIO_LEGEND}
      table={{ heads: WORDS.ratioHeads, rows }}
    >
      <RatioDrawing searches={searches} onOpen={onOpen} />
    </Chart>
  );
}

/** Bytes of each index on both sides, in the order given. */
export function BytesChart({ indices }: { readonly indices: readonly IndexBytes[] }): ReactElement {
  const rows = () => indices.map(({ name, elasticsearch, clickhouse }) => [name, bytes(elasticsearch), bytes(clickhouse)]);
  return (
    <Chart
      label={WORDS.bytesLabel(count(indices.length))}
      height={indices.length * 34 + 40}
      legend={SIDES}
      table={{ heads: WORDS.bytesHeads, rows }}
    >
      <BytesDrawing indices={indices} />
    </Chart>
  );
}
