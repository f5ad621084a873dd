// Indices: each index beside its table.
import { type ReactElement, useState } from "react";
import type { IndexInfo } from "../../shared/contract.ts";
import { useCall, useInvalidation } from "../api/hooks.ts";
import { go } from "../route.ts";
import { strings } from "../strings.ts";
import { Switch } from "../ui/controls.tsx";
import { bytes, count, NONE, times } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Side } from "../ui/side.tsx";
import { LoadingBars, State } from "../ui/state.tsx";
import "./indices.css";

export function IndicesPage(): ReactElement {
  const indices = useCall("indices.list", {});
  useInvalidation(["indices.list"], "exchanges", 2000);
  const [own, setOwn] = useState(false);
  if (indices.isError && indices.data === undefined) return <State title={strings.indices.unavailable}>{indices.error.message}</State>;
  if (indices.data === undefined) return <LoadingBars />;
  const shown = indices.data.filter((index) => own || !index.name.startsWith("."));
  const hidden = indices.data.length - shown.length;
  return (
    <>
      <div className="page-head">
        <h1>{strings.pages.indices}</h1>
        <span className="s2 mut nowrap">{strings.indices.shown(shown.length, hidden)}</span>
        <span className="grow" />
        <Switch on={own} onChange={setOwn}>
          {strings.indices.own}
        </Switch>
      </div>
      {shown.length === 0 ? <State title={strings.indices.empty}>{strings.indices.emptyAdvice}</State> : <IndexTable indices={shown} />}
    </>
  );
}

function IndexTable({ indices }: { readonly indices: readonly IndexInfo[] }): ReactElement {
  const { columns } = strings.indices;
  return (
    <div className="index-table column fill">
      <div className="th" aria-hidden="true">
        <span className="on">{columns.index}</span>
        <span>{columns.mode}</span>
        <span className="num">
          {columns.documents} <Side side="es" />
        </span>
        <span className="num">
          <Side side="ch" />
        </span>
        <span>{columns.mirror}</span>
        <span className="num col-lag">{columns.behind}</span>
        <span className="num col-bytes">
          {columns.bytes} <Side side="es" />
        </span>
        <span className="num col-bytes">
          <Side side="ch" />
        </span>
        <span className="col-bytes">{columns.size}</span>
      </div>
      <div className="fill scroll grid" role="grid" aria-label={strings.pages.indices}>
        {indices
          .toSorted((a, b) => (a.name < b.name ? -1 : 1))
          .map((index) => (
            <IndexRow key={index.name} index={index} />
          ))}
      </div>
    </div>
  );
}

function IndexRow({ index }: { readonly index: IndexInfo }): ReactElement {
  const { elasticsearch: es, clickhouse: ch, lag } = index;
  const differ = es.docs !== null && ch.docs !== null && es.docs !== ch.docs;
  const open = () => go({ page: "traffic", filter: `~index ${index.name}` });
  return (
    <div className="tr" role="row" tabIndex={0} onClick={open} onKeyDown={(event) => (event.key === "Enter" ? open() : undefined)}>
      <span role="gridcell" className="mono cut" title={index.name}>
        {index.name}
      </span>
      <span role="gridcell" className="dim">
        {strings.bar.modes[index.mode]}
      </span>
      <span role="gridcell" className="num">
        {count(es.docs)}
      </span>
      <span role="gridcell" className={`num ${differ ? "different" : ""}`}>
        {count(ch.docs)}
      </span>
      <span role="gridcell" className="cut">
        <MirrorState index={index} />
      </span>
      <span role="gridcell" className={`num col-lag ${lag.seconds > 1 ? "b" : "dim"}`}>
        {ch.docs === null ? NONE : `${lag.seconds.toFixed(1)} s`}
      </span>
      <span role="gridcell" className="num col-bytes">
        {bytes(es.bytes)}
      </span>
      <span role="gridcell" className="num col-bytes">
        {bytes(ch.bytes)}
      </span>
      <span role="gridcell" className="col-bytes">
        <Sizes es={es.bytes} ch={ch.bytes} />
      </span>
    </div>
  );
}

function MirrorState({ index }: { readonly index: IndexInfo }): ReactElement {
  if (index.notMirrored > 0) {
    return (
      <span className="mirror-state different" title={strings.indices.notMirroredHint}>
        <Icon name="failed" size={14} />
        {strings.indices.notMirrored(count(index.notMirrored))}
      </span>
    );
  }
  if (index.clickhouse.docs === null) return <span className="mut">{strings.indices.noTable}</span>;
  if (index.lag.documents > 0) return <span className="mirror-state b">{strings.indices.waiting(count(index.lag.documents))}</span>;
  return (
    <span className="mirror-state in-step">
      <Icon name="check" size={14} />
      {strings.indices.inStep}
    </span>
  );
}

function Sizes({ es, ch }: { readonly es: number | null; readonly ch: number | null }): ReactElement {
  if (es === null || ch === null || es <= 0 || ch <= 0) return <span className="mut">{NONE}</span>;
  const most = Math.max(es, ch);
  return (
    <span className="sizes">
      <span>
        <i className="es-bar" style={{ width: `${(es / most) * 100}%` }} />
        <i className="ch-bar" style={{ width: `${(ch / most) * 100}%` }} />
      </span>
      <span className="num">{es >= ch ? times(es, ch) : `1:${(ch / es).toFixed(1)}`}</span>
    </span>
  );
}
