// Indices: each index beside its table, what is copied and compared, and the index at hand below.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, useEffect, useRef, useState } from "react";
import type { IndexInfo } from "../../shared/contract.ts";
import { useCall, useInvalidation } from "../api/hooks.ts";
import { CommandKey, FootKeys } from "../frame/command_key.tsx";
import { useCommands } from "../frame/keys.ts";
import { SampleData } from "../sample_data/sample_data.tsx";
import { strings } from "../strings.ts";
import { BytesChart } from "../ui/chart/charts.tsx";
import { Segments, Switch } from "../ui/controls.tsx";
import { Icon } from "../ui/icon.tsx";
import { Side } from "../ui/side.tsx";
import { AwaitedPage, State } from "../ui/state.tsx";
import { IndexPanel } from "./index_panel.tsx";
import { IndexRow } from "./index_row.tsx";
import { nextMode } from "./mode_choice.tsx";
import { isNamedSo } from "./name_filter.ts";
import { type IndexActions, useIndexActions, usePipes } from "./pipes.ts";
import "./indices.css";

type View = "list" | "bytes";
const VIEWS: readonly View[] = ["list", "bytes"];
const FOOT = [["nextRow", "previousRow"], ["filter"], ["help"]] as const;
const FOOT_OF_ONE = [["nextRow", "previousRow"], ["indexMode"], ["backfill"], ["reconcile"], ["help"]] as const;
/** px */
const ROW = 34;
/** Indices in the chart, the largest. */
const MOST_DRAWN = 40;

export function IndicesPage(): ReactElement {
  const indices = useCall("indices.list", {});
  useInvalidation(["indices.list"], "exchanges", 2000);
  useInvalidation(["indices.list"], "pipes", 2000);
  const [own, setOwn] = useState(false);
  const [view, setView] = useState<View>("list");
  const [wanted, setWanted] = useState("");
  if (indices.data === undefined) return <AwaitedPage page="indices" title={strings.indices.unavailable} query={indices} />;
  const listed = indices.data.filter((index) => own || !index.name.startsWith("."));
  const shown = listed.filter(({ name }) => isNamedSo(name, wanted));
  const figures = strings.indices.shown(shown.length, indices.data.length - listed.length);
  return (
    <>
      <div className="page-head">
        <h1>{strings.pages.indices}</h1>
        <span className="s2 mut cut" title={figures}>
          {figures}
        </span>
        <span className="grow" />
        <NameField value={wanted} onChange={setWanted} />
        <Segments
          label={strings.indices.view}
          small
          choices={VIEWS.map((value) => ({ value, label: strings.indices.views[value] }))}
          value={view}
          onChange={setView}
        />
        <Switch on={own} onChange={setOwn}>
          {strings.indices.own}
        </Switch>
      </div>
      {shown.length === 0 && listed.length > 0 ? (
        <State title={strings.indices.noMatch(wanted)} action={{ label: strings.indices.clearName, run: () => setWanted("") }} />
      ) : shown.length === 0 ? (
        <>
          <State title={strings.indices.empty}>{strings.indices.emptyAdvice}</State>
          <div className="indices-sample">
            <SampleData />
          </div>
        </>
      ) : view === "bytes" ? (
        <Bytes indices={shown} />
      ) : (
        <Indices indices={shown.toSorted((a, b) => (a.name < b.name ? -1 : 1))} />
      )}
    </>
  );
}

/** What leaves few of many: `/` leads here, Escape gives the list back whole. */
function NameField({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }): ReactElement {
  const field = useRef<HTMLInputElement>(null);
  useCommands({ filter: () => field.current?.focus() });
  return (
    <label className="filter index-name">
      <Icon name="search" />
      <input
        ref={field}
        aria-label={strings.indices.name}
        placeholder={strings.indices.name}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          onChange("");
          event.currentTarget.blur();
        }}
      />
      <CommandKey of="filter" />
    </label>
  );
}

/** The largest first; without those that one side does not tell of. */
function Bytes({ indices }: { readonly indices: readonly IndexInfo[] }): ReactElement {
  const known = indices.flatMap(({ name, elasticsearch: { bytes: es }, clickhouse: { bytes: ch } }) =>
    es === null || ch === null ? [] : [{ name, elasticsearch: es, clickhouse: ch }],
  );
  const drawn = known.toSorted((a, b) => b.elasticsearch - a.elasticsearch || b.clickhouse - a.clickhouse).slice(0, MOST_DRAWN);
  if (drawn.length === 0) return <State title={strings.indices.noBytes}>{strings.indices.noBytesAdvice}</State>;
  const left = indices.length - drawn.length;
  return (
    <div className="fill scroll index-bytes">
      <BytesChart indices={drawn} />
      {left === 0 ? null : <p className="s2 mut">{strings.indices.notDrawn(left)}</p>}
    </div>
  );
}

function Indices({ indices }: { readonly indices: readonly IndexInfo[] }): ReactElement {
  const pipes = usePipes();
  const actions = useIndexActions();
  const [name, setName] = useState<string | null>(null);
  const at = indices.findIndex((index) => index.name === name);
  const chosen = indices[at];
  const move = (step: number) => setName(indices[Math.max(0, Math.min(indices.length - 1, at === -1 ? 0 : at + step))]?.name ?? null);
  const close = () => setName(null);
  const holder = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: indices.length, getScrollElement: () => holder.current, estimateSize: () => ROW, overscan: 8 });
  // The panel that opens below takes room: the chosen row is shown once it has it.
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at);
  }, [at, virtual]);
  useCommands({
    nextRow: () => move(1),
    previousRow: () => move(-1),
    nextScreen: () => move(20),
    previousScreen: () => move(-20),
    backfill: chosen === undefined ? undefined : () => actions.backfill(chosen.name),
    reconcile: chosen === undefined ? undefined : () => actions.reconcile(chosen.name),
    indexMode: chosen === undefined ? undefined : () => actions.choose(chosen.name, nextMode(chosen.mode)),
    leave: close,
  });
  return (
    <>
      <Refusal actions={actions} shown={chosen?.name} />
      <div className="index-table column fill">
        <Head />
        <div ref={holder} className="fill scroll grid" role="grid" aria-label={strings.pages.indices} aria-rowcount={indices.length}>
          <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
            {virtual.getVirtualItems().map((item) => {
              const index = indices[item.index];
              if (index === undefined) return null;
              return (
                <IndexRow
                  key={index.name}
                  index={index}
                  at={item.index}
                  top={item.start}
                  pipe={pipes.get(index.name)}
                  selected={index.name === name}
                  onSelect={() => setName(index.name)}
                  actions={actions}
                />
              );
            })}
          </div>
        </div>
      </div>
      {chosen === undefined ? null : (
        <IndexPanel key={chosen.name} index={chosen} pipe={pipes.get(chosen.name)} actions={actions} onClose={close} />
      )}
      <div className="foot">
        <span className="cut">{strings.indices.how}</span>
        <FootKeys commands={chosen === undefined ? FOOT : FOOT_OF_ONE} />
      </div>
    </>
  );
}

/** A refusal of an index that is not open below has its place over the list. */
function Refusal({
  actions: { refusal },
  shown,
}: {
  readonly actions: IndexActions;
  readonly shown: string | undefined;
}): ReactElement | null {
  if (refusal === null || refusal.name === shown) return null;
  return (
    <p className="note different index-refusal" role="alert">
      {refusal.message}
    </p>
  );
}

function Head(): ReactElement {
  const { columns } = strings.indices;
  return (
    <div className="th" aria-hidden="true">
      <span className="on">{columns.index}</span>
      <span className="col-mode">{columns.mode}</span>
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
      <span />
    </div>
  );
}
