// Beside the table: the group at hand, or all that is asked for. How it went over time, where answers differ, the newest
// exchanges.
import type { ReactElement } from "react";
import type { CompareGroup, CompareWithin } from "../../shared/compare.ts";
import type { Timeline } from "../../shared/contract.ts";
import { useCall } from "../api/hooks.ts";
import { RememberedNoiseOf } from "../noise/remembered_noise.tsx";
import { printRoute } from "../route.ts";
import { LatencyChart } from "../statistics/latency_chart.tsx";
import { strings } from "../strings.ts";
import { Strip } from "../traffic/strip.tsx";
import { clock, count, duration, ms } from "../ui/format.ts";
import { VerdictMark } from "../ui/verdict.tsx";
import { shareText } from "./group_table.tsx";
import { isCertain } from "./latency_bar.tsx";
import { trafficFilter } from "./place.ts";
import "../statistics/statistics.css";

interface GroupAsideProps {
  readonly name: string;
  readonly group: CompareGroup;
  readonly filter: string;
  readonly within: CompareWithin;
}

export function GroupAside({ name, group, filter, within }: GroupAsideProps): ReactElement {
  const { compare } = strings;
  return (
    <aside className="compare-aside column scroll" aria-label={name}>
      <section>
        <h2 className="cut" title={name}>
          {name}
        </h2>
        <p className="s2">
          {compare.alike(shareText(group.similarity))} {ratioSentence(group)}
        </p>
        <p className="s2 mut">{compare.percentiles(duration(group.elasticsearch.p95), duration(group.clickhouse.p95))}</p>
        <RememberedNoiseOf shape={within.shape ?? ""} />
      </section>
      <Trend filter={filter} within={within} />
      <Paths group={group} />
      <Latest filter={trafficFilter(filter, within)} />
    </aside>
  );
}

function ratioSentence({ ratio }: CompareGroup): string {
  const { compare } = strings;
  if (ratio.ratio === null || ratio.low === null || ratio.high === null) return compare.tooFewHint(ratio.searches);
  const sentence = compare.ratio(ratio.ratio.toFixed(2), ratio.low.toFixed(2), ratio.high.toFixed(2));
  return isCertain(ratio) ? sentence : `${sentence} ${compare.undecided}`;
}

function Trend({ filter, within }: { readonly filter: string; readonly within: CompareWithin }): ReactElement | null {
  const trend = useCall("compare.groups", { by: "time", ...(filter === "" ? {} : { filter }), ...within }, { keep: true }).data;
  if (trend === undefined || trend.groups.length === 0) return null;
  const bucketMs = trend.bucketMs ?? 1000;
  const timeline: Timeline = {
    bucketMs,
    buckets: trend.groups.map(({ key, searches, counts: { different, unsupported, failed } }) => ({
      time: Number(key),
      count: searches,
      different,
      unsupported,
      failed,
    })),
  };
  const buckets = trend.groups.map(({ key, searches, counts, elasticsearch, clickhouse }) => ({
    time: Number(key),
    count: searches,
    failed: counts.failed,
    elasticsearch,
    clickhouse,
  }));
  return (
    <section className="compare-trend">
      <h3>{strings.compare.trend}</h3>
      <Strip timeline={timeline} />
      <LatencyChart overTime={{ bucketMs, buckets }} />
    </section>
  );
}

function Paths({ group }: { readonly group: CompareGroup }): ReactElement {
  return (
    <section>
      <h3>{strings.compare.paths}</h3>
      {group.paths.length === 0 ? <p className="s2 mut">{strings.compare.noPaths}</p> : null}
      <ul className="compare-paths">
        {group.paths.map(({ path, searches }) => (
          <li key={path}>
            <span className="mono cut-start" title={path}>
              <bdi>{path}</bdi>
            </span>
            <span className="num">{count(searches)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const LATEST = 5;

function Latest({ filter }: { readonly filter: string }): ReactElement {
  const searches = filter === "" ? "~kind search" : filter;
  const latest = useCall("exchanges.list", { filter: searches, limit: LATEST }, { keep: true }).data?.exchanges ?? [];
  return (
    <section>
      <h3>
        {strings.compare.latest} <a href={printRoute({ page: "traffic", filter: searches })}>{strings.compare.allInTraffic}</a>
      </h3>
      <ul className="compare-latest">
        {latest.map(({ id, time, verdict, elasticsearchMs, clickhouseMs }) => (
          <li key={id}>
            <a href={printRoute({ page: "traffic", filter: searches, id })} className="mono">
              {clock(time).time}
            </a>
            {verdict === null ? <span /> : <VerdictMark verdict={verdict} />}
            <span className="num es">{ms(elasticsearchMs)}</span>
            <span className="num ch">{ms(clickhouseMs)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
