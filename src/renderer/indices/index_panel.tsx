// The index at hand: its mapping beside the columns of its table, and how the mirror of it stands.
import type { ReactElement, ReactNode } from "react";
import type { IndexInfo } from "../../shared/contract.ts";
import type { PipeInfo } from "../../shared/pipe.ts";
import { useCall } from "../api/hooks.ts";
import { CommandKey } from "../frame/command_key.tsx";
import { go } from "../route.ts";
import { strings } from "../strings.ts";
import { IconButton } from "../ui/controls.tsx";
import { bytes, clock, count, dateTime } from "../ui/format.ts";
import { LoadingBars, State } from "../ui/state.tsx";
import { IndexFields } from "./index_fields.tsx";
import { progressWords } from "./mirror_state.tsx";
import type { IndexActions } from "./pipes.ts";

interface IndexPanelProps {
  readonly index: IndexInfo;
  readonly pipe: PipeInfo | undefined;
  readonly actions: IndexActions;
  readonly onClose: () => void;
}

export function IndexPanel(props: IndexPanelProps): ReactElement {
  return (
    <section className="index-panel" aria-label={props.index.name}>
      <Columns name={props.index.name} />
      <Mirror {...props} />
    </section>
  );
}

function Columns({ name }: { readonly name: string }): ReactElement {
  const detail = useCall("index.get", { name });
  const words = strings.indices;
  return (
    <div className="column index-columns">
      <div className="panel-head">
        <b className="mono cut">{name}</b>
        <span className="mut nowrap">{words.mappingAndColumns}</span>
        <span className="grow" />
        {detail.data === undefined ? null : <span className="mono mut cut">{`${detail.data.database}.${detail.data.table}`}</span>}
      </div>
      {detail.isError && detail.data === undefined ? <State title={words.noDetail}>{detail.error.message}</State> : null}
      {detail.data === undefined ? (
        detail.isError ? null : (
          <LoadingBars />
        )
      ) : (
        <IndexFields fields={detail.data.fields} problem={detail.data.problem} />
      )}
    </div>
  );
}

function Mirror({ index, pipe, actions, onClose }: IndexPanelProps): ReactElement {
  const words = strings.indices;
  const running = pipe?.state === "running";
  const refusal = actions.refusal?.name === index.name || actions.refusal?.name === pipe?.id ? actions.refusal?.message : undefined;
  return (
    <div className="column index-mirror">
      <div className="panel-head">
        <b>{words.columns.mirror}</b>
        <span className="grow" />
        {running ? (
          <button type="button" className="btn small" onClick={() => actions.stop(pipe.id)}>
            {words.cancel}
          </button>
        ) : (
          <>
            <button type="button" className="btn small" title={words.hints.backfill} onClick={() => actions.backfill(index.name)}>
              {words.backfill} <CommandKey of="backfill" />
            </button>
            <button type="button" className="btn small" title={words.hints.reconcile} onClick={() => actions.reconcile(index.name)}>
              {words.reconcile} <CommandKey of="reconcile" />
            </button>
          </>
        )}
        <IconButton icon="close" label={strings.close} onClick={onClose} />
      </div>
      <div className="fill scroll mirror-figures">
        {refusal === undefined ? null : (
          <p className="note different" role="alert">
            {refusal}
          </p>
        )}
        {running ? <Running pipe={pipe} /> : <Last index={index} pipe={pipe} />}
        <div className="mirror-figure">
          <span className="dim">{words.columns.mode}</span>
          <span className="b">{words.modeFrom[index.modeFrom]}</span>
        </div>
        <p className="mut mode-hint">{words.modeMeans[index.mode]}</p>
        <Figure label={words.inElasticsearch}>{count(index.elasticsearch.docs)}</Figure>
        <Figure label={words.inClickHouse}>{count(index.clickhouse.docs)}</Figure>
        <Figure label={words.onTheWay}>{count(index.lag.documents)}</Figure>
        <Figure label={words.lost}>{count(index.notMirrored)}</Figure>
        {running || index.reason === "" ? null : <p className="note">{index.reason}</p>}
        <button type="button" className="btn small" onClick={() => go({ page: "traffic", filter: `~index ${index.name}` })}>
          {words.itsExchanges}
        </button>
      </div>
    </div>
  );
}

function Running({ pipe }: { readonly pipe: PipeInfo }): ReactElement {
  const { progress, lastError } = pipe;
  const words = strings.indices;
  return (
    <>
      <p aria-live="polite">{pipe.title}.</p>
      {progress === null ? null : (
        <>
          <Figure label={words.documentsDone}>{`${count(progress.done)} ${strings.traffic.of} ${count(progress.total)}`}</Figure>
          <Figure label={words.bytesDone}>{bytes(progress.bytes)}</Figure>
          <Figure label={words.soFar}>{progressWords(pipe)}</Figure>
        </>
      )}
      {pipe.rate === null ? null : <Figure label={words.rate}>{words.perSecond(count(pipe.rate))}</Figure>}
      {lastError === "" ? null : <p className="note different">{lastError}</p>}
    </>
  );
}

function Last({ index, pipe }: { readonly index: IndexInfo; readonly pipe: PipeInfo | undefined }): ReactElement | null {
  if (pipe?.state === "failed") return <p className="note different">{pipe.lastError}</p>;
  const { reconciled } = index;
  if (reconciled === null) return null;
  return (
    <p className={reconciled.ok ? "note" : "note different"} title={dateTime(Date.parse(reconciled.time))}>
      {reconciled.sentence} <span className="mut">{clock(Date.parse(reconciled.time)).time}</span>
    </p>
  );
}

function Figure({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className="mirror-figure">
      <span className="dim">{label}</span>
      <span className="num b">{children}</span>
    </div>
  );
}
