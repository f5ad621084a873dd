// A point a search: Elasticsearch's time to the right, ClickHouse's up, both logarithmic. Below the diagonal ClickHouse was faster.
import { type ReactElement, useCallback, useMemo } from "react";
import type { TimedSearch } from "../../../shared/compare.ts";
import type { Verdict } from "../../../shared/exchange.ts";
import { strings } from "../../strings.ts";
import { duration, times } from "../format.ts";
import { shortDuration } from "./axes.ts";
import { type PlaneSize, Plot } from "./plot.tsx";
import { decadesAround, type LogAxis, logPlace } from "./scale.ts";
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
  const axis = useMemo(
    () => decadesAround(searches.flatMap(({ elasticsearchMs, clickhouseMs }) => [elasticsearchMs, clickhouseMs])),
    [searches],
  );
  const marks = axis.ticks.map((tick) => ({ at: logPlace(axis, tick), text: shortDuration(tick) }));
  const draw = useCallback(
    ({ width, height }: PlaneSize) => (
      <>
        <path className="chart-diagonal" d={`M0 ${height}L${width} 0`} />
        {quietFirst(searches).map(({ at, search: { elasticsearchMs, clickhouseMs, verdict } }) => {
          const x = (logPlace(axis, elasticsearchMs) * width).toFixed(1);
          const y = ((1 - logPlace(axis, clickhouseMs)) * height).toFixed(1);
          return (
            <path key={at} className="chart-point" data-at={at} d={`M${x} ${y}${markOf(verdict)}`} style={{ fill: COLOURS[verdict] }} />
          );
        })}
      </>
    ),
    [searches, axis],
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same exchanges are links in the table
    // biome-ignore lint/a11y/useKeyWithClickEvents: the same exchanges are links in the table
    <div className="chart-plot" onClick={(event) => openedBy(event.target, searches, onOpen)}>
      <Plot
        across={marks}
        up={marks}
        gridAcross
        draw={draw}
        tipAt={(x, y, size) => {
          const search = nearest(searches, axis, size, { x, y });
          return search === null ? null : { tip: <SearchTip search={search} />, from: x, to: x };
        }}
      />
    </div>
  );
}

/** With their places; those that ask for a look come last, on top. */
function quietFirst(searches: readonly TimedSearch[]): readonly { readonly at: number; readonly search: TimedSearch }[] {
  const placed = searches.map((search, at) => ({ at, search }));
  return placed.toSorted((a, b) => STACKED.indexOf(a.search.verdict) - STACKED.indexOf(b.search.verdict));
}

/** Pixels around a point where the pointer is on it. */
const REACH = 6;

/** A mark around the point that the path is at: a diamond, a circle or a square. */
function markOf(verdict: Verdict): string {
  if (verdict === "different" || verdict === "failed") return "m0 -4l4 4l-4 4l-4 -4z";
  if (verdict === "equal") return "m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0";
  return "m-2.8 -2.8h5.6v5.6h-5.6z";
}

function openedBy(target: EventTarget, searches: readonly TimedSearch[], onOpen: (exchange: number) => void): void {
  const at = target instanceof SVGElement ? target.dataset.at : undefined;
  const search = at === undefined ? undefined : searches[Number(at)];
  if (search !== undefined) onOpen(search.exchange);
}

/** The search whose point is under the pointer. */
function nearest(
  searches: readonly TimedSearch[],
  axis: LogAxis,
  { width, height }: PlaneSize,
  pointer: { readonly x: number; readonly y: number },
): TimedSearch | null {
  let [found, away]: [TimedSearch | null, number] = [null, REACH];
  for (const search of searches) {
    const across = (logPlace(axis, search.elasticsearchMs) - pointer.x) * width;
    const up = (logPlace(axis, search.clickhouseMs) - pointer.y) * height;
    const distance = Math.hypot(across, up);
    if (distance <= away) [found, away] = [search, distance];
  }
  return found;
}

function SearchTip({ search }: { readonly search: TimedSearch }): ReactElement {
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
