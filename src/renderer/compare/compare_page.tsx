// Compare: verdicts by query shape. A press on a shape shows its exchanges in Traffic.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactElement, useMemo, useRef, useState } from "react";
import type { ShapeVerdicts, VerdictCounts, Verdicts } from "../../shared/contract.ts";
import { VERDICTS } from "../../shared/exchange.ts";
import { useCall, useInvalidation } from "../api/hooks.ts";
import { go, printRoute } from "../route.ts";
import { strings } from "../strings.ts";
import { Switch } from "../ui/controls.tsx";
import { count, ms, NONE, percent, times } from "../ui/format.ts";
import { LoadingBars, State } from "../ui/state.tsx";
import { Proportion, sumCounts, VerdictMark } from "../ui/verdict.tsx";
import "./compare.css";

export function ComparePage(): ReactElement {
  const verdicts = useCall("verdicts.get", {});
  useInvalidation(["verdicts.get"], "verdicts", 1000);
  const [only, setOnly] = useState(false);
  if (verdicts.isError && verdicts.data === undefined) return <State title={strings.compare.unavailable}>{verdicts.error.message}</State>;
  if (verdicts.data === undefined) return <LoadingBars />;
  if (verdicts.data.total === 0) {
    return (
      <State title={strings.compare.empty} action={{ label: strings.traffic.howToConnect, run: () => go({ page: "start" }) }}>
        {strings.compare.emptyAdvice}
      </State>
    );
  }
  return (
    <>
      <Summary verdicts={verdicts.data} />
      <div className="tab-tools">
        <span className="s2 mut">{strings.compare.shapes(verdicts.data.shapes.length)}</span>
        <Switch on={only} onChange={setOnly}>
          {strings.compare.only}
        </Switch>
      </div>
      <ShapeTable shapes={verdicts.data.shapes} only={only} />
    </>
  );
}

function agreeing(counts: VerdictCounts): readonly [number, number] {
  const agree = counts.equal + counts.equivalent;
  return [agree, agree + counts.different];
}

function Summary({ verdicts }: { readonly verdicts: Verdicts }): ReactElement {
  const [agree, compared] = agreeing(verdicts.counts);
  return (
    <div className="compare-summary">
      <div>
        <div className="s2 mut">{strings.compare.searches(count(verdicts.total))}</div>
        <div className="big">
          {strings.compare.agree(percent(agree, compared))} <span className="s2 mut">{strings.compare.ofCompared(count(compared))}</span>
        </div>
      </div>
      <div>
        <Proportion counts={verdicts.counts} height={14} />
        <div className="compare-legend">
          {VERDICTS.filter((verdict) => verdicts.counts[verdict] > 0).map((verdict) => (
            <a key={verdict} href={printRoute({ page: "traffic", filter: `~verdict ${verdict}` })}>
              <VerdictMark verdict={verdict}>
                {strings.verdict[verdict]} <b>{count(verdicts.counts[verdict])}</b>
              </VerdictMark>
            </a>
          ))}
        </div>
      </div>
    </div>
  );
}

function ShapeTable({ shapes, only }: { readonly shapes: readonly ShapeVerdicts[]; readonly only: boolean }): ReactElement {
  const shown = useMemo(() => {
    const wanted = only ? shapes.filter(({ counts }) => counts.equal + counts.equivalent < sumCounts(counts)) : shapes;
    return wanted.toSorted((a, b) => trouble(b.counts) - trouble(a.counts) || sumCounts(b.counts) - sumCounts(a.counts));
  }, [shapes, only]);
  const holder = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: shown.length, getScrollElement: () => holder.current, estimateSize: () => 28, overscan: 12 });
  const { columns } = strings.compare;
  return (
    <div className="compare-table column fill">
      <div className="th" aria-hidden="true">
        <span>{columns.shape}</span>
        <span>{columns.index}</span>
        <span className="num">{columns.searches}</span>
        <span>{columns.verdicts}</span>
        <span className="num on">{columns.agree}</span>
        <span className="num es m col-ms">{columns.es}</span>
        <span className="num ch m col-ms">{columns.ch}</span>
        <span className="num col-ms">{columns.chIs}</span>
        <span className="col-reason">{columns.reason}</span>
      </div>
      <div ref={holder} className="fill scroll grid" role="grid" aria-label={strings.compare.label} aria-rowcount={shown.length}>
        {shown.length === 0 ? <State title={strings.compare.allAgree} /> : null}
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map((item) => {
            const shape = shown[item.index];
            return shape === undefined ? null : <ShapeRow key={shape.shape} shape={shape} top={item.start} />;
          })}
        </div>
      </div>
    </div>
  );
}

function trouble(counts: VerdictCounts): number {
  return counts.failed * 4 + counts.different * 2 + counts.unsupported;
}

function ShapeRow({ shape, top }: { readonly shape: ShapeVerdicts; readonly top: number }): ReactElement {
  const [agree, compared] = agreeing(shape.counts);
  const open = () => go({ page: "traffic", filter: `~shape ${shape.shape}`, id: shape.example });
  const key = (event: KeyboardEvent) => {
    if (event.key === "Enter") open();
  };
  const { elasticsearchMs: es, clickhouseMs: ch } = shape;
  return (
    <div
      className="tr"
      role="row"
      tabIndex={0}
      onClick={open}
      onKeyDown={key}
      title={strings.compare.open}
      style={{ position: "absolute", top: 0, left: 0, right: 0, transform: `translateY(${top}px)` }}
    >
      <span role="gridcell" className="cut" title={`${shape.shape} ${shape.sketch}`}>
        <span className="mono mut">{shape.shape.slice(0, 6)}</span> {shape.sketch}
      </span>
      <span role="gridcell" className="mono cut-start dim" title={shape.index}>
        <bdi>{shape.index}</bdi>
      </span>
      <span role="gridcell" className="num">
        {count(sumCounts(shape.counts))}
      </span>
      <span role="gridcell">
        <Proportion counts={shape.counts} />
      </span>
      <span role="gridcell" className={`num ${agree < compared ? "different" : ""}`}>
        {compared === 0 ? NONE : percent(agree, compared)}
      </span>
      <span role="gridcell" className="num col-ms">
        {ms(es)}
      </span>
      <span role="gridcell" className="num col-ms">
        {ms(ch)}
      </span>
      <span role="gridcell" className="num col-ms">
        {es === null || ch === null || es <= 0 || ch <= 0 ? NONE : es >= ch ? `${times(es, ch)} ↑` : `${times(ch, es)} ↓`}
      </span>
      <span role="gridcell" className="cut mut col-reason" title={shape.reason}>
        {shape.reason}
      </span>
    </div>
  );
}
