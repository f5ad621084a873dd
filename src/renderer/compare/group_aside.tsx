// Beside the table: the group at hand, or all that is asked for. Why and where its answers differ, how it went over time, both
// times of each search, the newest exchanges.
import type { ReactElement } from "react";
import type { CompareGroup, ComparePlaceQuery, CompareWithin } from "../../shared/compare.ts";
import { useCall } from "../api/hooks.ts";
import { RememberedNoiseOf } from "../noise/remembered_noise.tsx";
import { go, printRoute } from "../route.ts";
import { ShareButton } from "../share/share_button.tsx";
import { strings } from "../strings.ts";
import { LatencyChart, RatioChart, VerdictChart } from "../ui/chart/charts.tsx";
import { clock, count, duration, ms } from "../ui/format.ts";
import { VerdictMark } from "../ui/verdict.tsx";
import { shareText } from "./group_table.tsx";
import { isCertain } from "./latency_bar.tsx";
import { sharedPlace, trafficFilter } from "./place.ts";
import { WhyGroup } from "./why_group.tsx";

interface GroupAsideProps {
  readonly name: string;
  readonly group: CompareGroup;
  readonly filter: string;
  readonly within: CompareWithin;
}

export function GroupAside({ name, group, filter, within }: GroupAsideProps): ReactElement {
  const { compare } = strings;
  const place: ComparePlaceQuery = { ...(filter === "" ? {} : { filter }), ...within };
  return (
    <aside className="compare-aside column scroll" aria-label={name}>
      <section>
        <div className="line-up">
          <h2 className="cut grow" title={name}>
            {name}
          </h2>
          <ShareButton of={sharedPlace(filter, within)} page={{ title: name, start: "compare" }} />
        </div>
        <p className="s2">
          {compare.alike(shareText(group.similarity))} {ratioSentence(group)}
        </p>
        <p className="s2 mut">{compare.percentiles(duration(group.elasticsearch.p95), duration(group.clickhouse.p95))}</p>
        <RememberedNoiseOf shape={within.shape ?? ""} />
      </section>
      <WhyGroup key={JSON.stringify(place)} place={place} />
      <Trend place={place} />
      <BothTimes place={place} />
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

/** As the groups: a dear answer may be a little older than the last search. */
const TREND_AGAIN_MS = 5_000;

function Trend({ place }: { readonly place: ComparePlaceQuery }): ReactElement | null {
  const trend = useCall("compare.groups", { by: "time", ...place }, { keep: true, everyMs: TREND_AGAIN_MS }).data;
  if (trend === undefined || trend.groups.length === 0) return null;
  const bucketMs = trend.bucketMs ?? 1000;
  const buckets = trend.groups.map(({ key, searches, counts, elasticsearch, clickhouse }) => ({
    time: Number(key),
    count: searches,
    failed: counts.failed,
    counts,
    elasticsearch,
    clickhouse,
  }));
  return (
    <section>
      <h3>{strings.compare.trend}</h3>
      <VerdictChart buckets={buckets} bucketMs={bucketMs} height={84} />
      <LatencyChart overTime={{ bucketMs, buckets }} height={130} />
    </section>
  );
}

function BothTimes({ place }: { readonly place: ComparePlaceQuery }): ReactElement | null {
  const points = useCall("compare.points", place, { keep: true }).data;
  if (points === undefined || points.searches.length === 0) return null;
  const open = (id: number) => go({ page: "exchange", id });
  return (
    <section>
      <h3>{strings.compare.bothTimes}</h3>
      <p className="s1 mut">{strings.compare.bothTimesHint}</p>
      <RatioChart points={points} height={220} onOpen={open} />
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
