// One index in the list: both sides' figures and what can be done.
import type { ReactElement } from "react";
import type { IndexInfo } from "../../shared/contract.ts";
import type { PipeInfo } from "../../shared/pipe.ts";
import { strings } from "../strings.ts";
import { bytes, count, NONE, seconds } from "../ui/format.ts";
import { MirrorState } from "./mirror_state.tsx";
import { ModeChoice } from "./mode_choice.tsx";
import { actionFor, type IndexActions } from "./pipes.ts";

interface IndexRowProps {
  readonly index: IndexInfo;
  readonly pipe: PipeInfo | undefined;
  /** Its place in the list, from 0. */
  readonly at: number;
  /** px from the list's top. */
  readonly top: number;
  readonly selected: boolean;
  readonly onSelect: () => void;
  readonly actions: IndexActions;
}

export function IndexRow({ index, pipe, at, top, selected, onSelect, actions }: IndexRowProps): ReactElement {
  const { elasticsearch: es, clickhouse: ch, lag } = index;
  const differ = es.docs !== null && ch.docs !== null && es.docs !== ch.docs;
  return (
    <div
      className="tr in-view"
      role="row"
      aria-rowindex={at + 1}
      style={{ transform: `translateY(${top}px)` }}
      tabIndex={0}
      aria-selected={selected}
      onClick={onSelect}
      onKeyDown={(event) => (event.key === "Enter" && event.target === event.currentTarget ? onSelect() : undefined)}
    >
      <span role="gridcell" className="mono cut" title={index.name}>
        {index.name}
      </span>
      <span role="gridcell" className="col-mode">
        <ModeChoice index={index} onChoose={actions.choose} />
      </span>
      <span role="gridcell" className="num">
        {count(es.docs)}
      </span>
      <span role="gridcell" className={`num ${differ ? "different" : ""}`}>
        {count(ch.docs)}
      </span>
      <span role="gridcell" className="cut">
        <MirrorState index={index} pipe={pipe} />
      </span>
      <span role="gridcell" className={`num col-lag ${lag.seconds > 1 ? "b" : "dim"}`}>
        {ch.docs === null ? NONE : seconds(lag.seconds)}
      </span>
      <span role="gridcell" className="num col-bytes">
        {bytes(es.bytes)}
      </span>
      <span role="gridcell" className="num col-bytes">
        {bytes(ch.bytes)}
      </span>
      <span role="gridcell" className="col-bytes">
        <Sizes index={index} />
      </span>
      <span role="gridcell" className="row-action">
        <RowAction index={index} pipe={pipe} actions={actions} />
      </span>
    </div>
  );
}

function RowAction({ index, pipe, actions }: Pick<IndexRowProps, "index" | "pipe" | "actions">): ReactElement {
  const words = strings.indices;
  const running = pipe?.state === "running";
  const action = actionFor(index);
  const label = running ? words.cancel : words[action];
  const run = () => (running ? actions.stop(pipe.id) : actions[action](index.name));
  return (
    <button
      type="button"
      className="btn small"
      aria-label={`${label} ${index.name}`}
      title={running ? words.cancelHint : words.hints[action]}
      onClick={(event) => {
        event.stopPropagation();
        run();
      }}
    >
      {label}
    </button>
  );
}

function Sizes({ index }: { readonly index: IndexInfo }): ReactElement {
  const { elasticsearch: es, clickhouse: ch, ratio } = index;
  if (es.bytes === null || ch.bytes === null || ratio === null) return <span className="mut">{NONE}</span>;
  const most = Math.max(es.bytes, ch.bytes);
  return (
    <span className="sizes">
      <span>
        <i className="es-bar" style={{ width: `${(es.bytes / most) * 100}%` }} />
        <i className="ch-bar" style={{ width: `${(ch.bytes / most) * 100}%` }} />
      </span>
      <span className="num">{ratio >= 1 ? `${ratio.toFixed(1)}×` : `1:${(1 / ratio).toFixed(1)}`}</span>
    </span>
  );
}
