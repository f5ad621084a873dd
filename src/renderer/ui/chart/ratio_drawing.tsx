// A point a search: Elasticsearch's time to the right, ClickHouse's up, both logarithmic. Below the diagonal ClickHouse was faster.
import type { ReactElement } from "react";
import { CartesianGrid, ReferenceLine, ResponsiveContainer, Scatter, ScatterChart, Tooltip, XAxis, YAxis, ZAxis } from "recharts";
import type { TimedSearch } from "../../../shared/compare.ts";
import type { Verdict } from "../../../shared/exchange.ts";
import { strings } from "../../strings.ts";
import { duration, times } from "../format.ts";
import { AXIS, AXIS_WIDTH, GRID, MARGIN, shortDuration } from "./axes.ts";
import { decadesAround } from "./scale.ts";
import { Tip } from "./tip.tsx";
import { STACKED } from "./verdict_fill.tsx";

const COLOURS: Readonly<Record<Verdict, string>> = {
  equal: "var(--bar-equal)",
  equivalent: "var(--v-equivalent)",
  different: "var(--v-different)",
  unsupported: "var(--v-unsupported)",
  failed: "var(--v-failed-soft)",
  not_compared: "var(--bar-none)",
};

interface RatioDrawingProps {
  readonly searches: readonly TimedSearch[];
  readonly onOpen: (exchange: number) => void;
}

export function RatioDrawing({ searches, onOpen }: RatioDrawingProps): ReactElement {
  const { domain, ticks } = decadesAround(searches.flatMap(({ elasticsearchMs, clickhouseMs }) => [elasticsearchMs, clickhouseMs]));
  const [least, most] = domain;
  const at = (ms: number) => Math.min(most, Math.max(least, ms));
  const axis = { ...AXIS, type: "number", scale: "log", domain, ticks, interval: 0, allowDataOverflow: true } as const;
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ScatterChart margin={MARGIN} accessibilityLayer={false}>
        <CartesianGrid {...GRID} />
        <XAxis {...axis} dataKey={(one: TimedSearch) => at(one.elasticsearchMs)} tickFormatter={shortDuration} />
        <YAxis {...axis} width={AXIS_WIDTH} dataKey={(one: TimedSearch) => at(one.clickhouseMs)} tickFormatter={shortDuration} />
        <ZAxis range={[32, 32]} />
        <ReferenceLine
          segment={[
            { x: least, y: least },
            { x: most, y: most },
          ]}
          stroke="var(--line-2)"
          strokeDasharray="4 3"
        />
        {STACKED.map((verdict) => (
          <Scatter
            key={verdict}
            data={searches.filter((one) => one.verdict === verdict)}
            shape={verdict === "different" || verdict === "failed" ? "diamond" : verdict === "equal" ? "circle" : "square"}
            fill={COLOURS[verdict]}
            stroke="var(--bg)"
            strokeWidth={0.5}
            className="chart-point"
            isAnimationActive={false}
            onClick={(point: { readonly payload?: TimedSearch }) => point.payload === undefined || onOpen(point.payload.exchange)}
          />
        ))}
        <Tooltip
          cursor={false}
          isAnimationActive={false}
          content={({ active, payload }) => (active ? <SearchTip search={payload[0]?.payload} /> : null)}
        />
      </ScatterChart>
    </ResponsiveContainer>
  );
}

function SearchTip({ search }: { readonly search: TimedSearch | undefined }): ReactElement | null {
  if (search === undefined) return null;
  const { exchange, elasticsearchMs: es, clickhouseMs: ch, verdict } = search;
  const { chart } = strings;
  return (
    <Tip
      title={chart.exchange(exchange)}
      lines={[
        { name: chart.es, value: duration(es), mark: "mark-es" },
        { name: chart.ch, value: duration(ch), mark: "mark-ch" },
        {
          name: strings.verdict[verdict],
          value: ch <= es ? chart.chFaster(times(es, ch)) : chart.esFaster(times(ch, es)),
          mark: `part-${verdict}`,
        },
      ]}
    />
  );
}
