// Requests over time, above the list: grey bars; under the line red = different, outlined violet = unsupported, taller = failed.
import type { ReactElement } from "react";
import type { Timeline } from "../../shared/contract.ts";
import { strings } from "../strings.ts";
import { clock, count } from "../ui/format.ts";

const WIDTH = 1000;
const BASE = 34;
const MOST_BARS = 120;

export function Strip({ timeline }: { readonly timeline: Timeline | undefined }): ReactElement {
  const bars = timeline === undefined ? [] : lastBars(timeline);
  const highest = Math.max(1, ...bars.map((bar) => bar.count));
  const step = WIDTH / Math.max(bars.length, 60);
  const sum = (of: (bar: Bar) => number) => bars.reduce((total, bar) => total + of(bar), 0);
  const label = strings.traffic.strip(
    count(sum((bar) => bar.count)),
    count(sum((bar) => bar.different)),
    count(sum((bar) => bar.unsupported)),
    count(sum((bar) => bar.failed)),
  );
  return (
    <div className="strip" role="img" aria-label={label} title={label}>
      <svg viewBox={`0 0 ${WIDTH} 58`} preserveAspectRatio="none" aria-hidden="true">
        <line x1="0" x2={WIDTH} y1={BASE + 0.5} y2={BASE + 0.5} stroke="var(--line-2)" vectorEffect="non-scaling-stroke" />
        {bars.map((bar, i) => (
          <BarMarks key={bar.time} bar={bar} x={WIDTH - (bars.length - i) * step} width={step - 1.5} highest={highest} />
        ))}
      </svg>
      <div className="strip-axis">
        {axisTimes(bars, Math.max(bars.length, 60), timeline?.bucketMs ?? 1000).map((time) => (
          <span key={time}>{clock(time).time}</span>
        ))}
        <span>{strings.traffic.now}</span>
      </div>
    </div>
  );
}

type Bar = Timeline["buckets"][number];

/** The newest buckets, with empty ones where nothing came. */
function lastBars({ bucketMs, buckets }: Timeline): readonly Bar[] {
  const end = buckets.at(-1)?.time;
  const start = buckets[0]?.time;
  if (end === undefined || start === undefined || bucketMs <= 0) return [];
  const byTime = new Map(buckets.map((bucket) => [bucket.time, bucket]));
  const length = Math.min(MOST_BARS, Math.round((end - start) / bucketMs) + 1);
  return Array.from({ length }, (_, i) => {
    const time = end - (length - 1 - i) * bucketMs;
    return byTime.get(time) ?? { time, count: 0, different: 0, unsupported: 0, failed: 0 };
  });
}

function axisTimes(bars: readonly Bar[], slots: number, bucketMs: number): readonly number[] {
  const end = bars.at(-1)?.time;
  return end === undefined ? [] : [1, 0.75, 0.5, 0.25].map((share) => end - Math.round(share * (slots - 1)) * bucketMs);
}

interface MarksProps {
  readonly bar: Bar;
  readonly x: number;
  readonly width: number;
  readonly highest: number;
}

function BarMarks({ bar, x, width, highest }: MarksProps): ReactElement {
  const height = bar.count === 0 ? 0 : 2 + (bar.count / highest) * 26;
  return (
    <>
      <rect x={x} y={BASE - height} width={width} height={height} fill="var(--bar)" />
      {bar.failed > 0 ? (
        <rect x={x} y={BASE + 2.5} width={width} height="8" fill="var(--v-failed-soft)" />
      ) : bar.different > 0 ? (
        <rect x={x} y={BASE + 2.5} width={width} height="5" fill="var(--v-different)" />
      ) : bar.unsupported > 0 ? (
        <rect x={x} y={BASE + 3} width={width} height="4" fill="none" stroke="var(--v-unsupported)" strokeWidth="1.4" />
      ) : null}
    </>
  );
}
