// Statistics: how many requests, how fast, by backend, route, index and client.
import { type ReactElement, useState } from "react";
import type { NamedMeasure, Statistics } from "../../shared/statistics.ts";
import { useCall, useInvalidation } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { LatencyChart, VerdictChart } from "../ui/chart/charts.tsx";
import { Segments } from "../ui/controls.tsx";
import { clock, count } from "../ui/format.ts";
import { AwaitedPage, State } from "../ui/state.tsx";
import { MeasureTable } from "./measure_table.tsx";
import { TelemetryView } from "./telemetry_view.tsx";
import "./statistics.css";

const WORDS = strings.statistics;
const ASKED_AGAIN_MS = 5_000;
type By = keyof typeof WORDS.tabs;
const BYS: readonly By[] = ["routes", "indices", "clients"];

export function StatisticsPage(): ReactElement {
  const statistics = useCall("statistics.get", {});
  useInvalidation(["statistics.get"], "exchanges", 1000);
  if (statistics.data === undefined) return <AwaitedPage page="statistics" title={WORDS.unavailable} query={statistics} />;
  if (statistics.data.total.count === 0) {
    return (
      <>
        <div className="page-head">
          <h1>{strings.pages.statistics}</h1>
        </div>
        <State title={WORDS.empty}>{WORDS.emptyAdvice}</State>
      </>
    );
  }
  return <Figures statistics={statistics.data} />;
}

function Figures({ statistics }: { readonly statistics: Statistics }): ReactElement {
  const [by, setBy] = useState<By>("routes");
  const { backends } = statistics;
  const { top, other } = statistics[by];
  const engines: readonly NamedMeasure[] = [
    { ...backends.elasticsearch, name: strings.side.es },
    { ...backends.clickhouse, name: strings.side.ch },
    { ...backends.inserts, name: WORDS.inserts },
  ];
  return (
    <>
      <div className="page-head">
        <h1>{strings.pages.statistics}</h1>
        <span className="s2 mut nowrap">
          {WORDS.since(clock(statistics.since).time)} · {WORDS.unit}
        </span>
      </div>
      <div className="fill scroll statistics-page">
        <Totals statistics={statistics} />
        <section className="block">
          <div className="sec">
            <b>{WORDS.overTime}</b>
          </div>
          <LatencyChart overTime={statistics.overTime} />
        </section>
        <Verdicts />
        <section className="block">
          <div className="sec">
            <b>{WORDS.backends}</b>
          </div>
          <MeasureTable label={WORDS.backends} measures={engines} other={null} />
        </section>
        <section className="block">
          <div className="sec statistics-by">
            <b>{WORDS.by}</b>
            <Segments
              label={WORDS.by}
              small
              choices={BYS.map((value) => ({ value, label: WORDS.tabs[value] }))}
              value={by}
              onChange={setBy}
            />
          </div>
          <MeasureTable label={WORDS.tabs[by]} measures={top} other={other} mono />
        </section>
        <TelemetryView />
      </div>
    </>
  );
}

/** Of the session's searches, by the contract of Compare. */
function Verdicts(): ReactElement | null {
  const { data } = useCall("compare.groups", { by: "time" }, { keep: true, everyMs: ASKED_AGAIN_MS });
  useInvalidation(["compare.groups"], "verdicts", 2000);
  if (data === undefined || data.groups.length === 0) return null;
  return (
    <section className="block">
      <div className="sec">
        <b>{WORDS.verdicts}</b>
      </div>
      <VerdictChart buckets={data.groups.map(({ key, counts }) => ({ time: Number(key), counts }))} bucketMs={data.bucketMs ?? 1000} />
    </section>
  );
}

function Totals({ statistics }: { readonly statistics: Statistics }): ReactElement {
  const { total, matched, unmatched } = statistics;
  return (
    <dl className="statistics-totals">
      <Total label={WORDS.requests} value={total.count} />
      <Total label={WORDS.matched} value={matched} />
      <Total label={WORDS.unmatched} value={unmatched} hint={WORDS.unmatchedHint} />
      <Total label={WORDS.refused} value={total.refused} hint={WORDS.refusedHint} />
      <Total label={WORDS.failed} value={total.failed} hint={WORDS.failedHint} bad={total.failed > 0} />
    </dl>
  );
}

interface TotalProps {
  readonly label: string;
  readonly value: number;
  readonly hint?: string;
  readonly bad?: boolean;
}

function Total({ label, value, hint, bad = false }: TotalProps): ReactElement {
  return (
    <div title={hint}>
      <dt className="s2 mut">{label}</dt>
      <dd className={`big${bad ? " different" : ""}`}>{count(value)}</dd>
    </div>
  );
}
