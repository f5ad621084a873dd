// Traffic: filter, chips, strip and list at the left, the chosen exchange at the right.
import { type ReactElement, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { ExchangePage } from "../../shared/contract.ts";
import { useAction, useCall, useConnected, useInvalidation, useTransport } from "../api/hooks.ts";
import { useReadOnly } from "../api/read_only.ts";
import { ExchangeView } from "../exchange/exchange_view.tsx";
import { WelcomePanel } from "../first_run/welcome_panel.tsx";
import { FootKeys } from "../frame/command_key.tsx";
import { VerdictFoot } from "../frame/foot.tsx";
import { useCommands } from "../frame/keys.ts";
import { go, useRoute } from "../route.ts";
import { ShareButton } from "../share/share_button.tsx";
import { strings } from "../strings.ts";
import { count } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Splitter, useSplitWidth } from "../ui/splitter.tsx";
import { LoadingBars, State } from "../ui/state.tsx";
import { EmptyList, Starting } from "./before_first.tsx";
import { CountOf, ExchangeList } from "./exchange_list.tsx";
import { FilterBar, type FilterBarHandle } from "./filter_bar.tsx";
import { both } from "./filter_language.ts";
import { KeptChips } from "./kept_chips.tsx";
import { keepFilter } from "./kept_filters.ts";
import { QUICK_FILTERS, quickFilter } from "./quick_filters.ts";
import { Strip } from "./strip.tsx";
import { TickedBar } from "./ticked_bar.tsx";
import { TickedProvider, TickedRows } from "./ticked_rows.ts";
import { type ListState, TrafficList } from "./traffic_list.ts";
import "./traffic.css";

const FOOT = [["nextRow", "previousRow"], ["nextMismatch", "previousMismatch"], ["diff"], ["filter"], ["help"]] as const;

export function TrafficPage(): ReactElement {
  const route = useRoute();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set());
  const filter = both(route.filter, quickFilter(chosen));
  const list = useTrafficList(filter);
  const refusal = useListPart(list, filterRefusal);
  const [paused, setPaused] = useState(false);
  const bar = useRef<FilterBarHandle>(null);
  const split = useSplitWidth("traffic", 504);
  const clear = useAction("session.clear");
  const readOnly = useReadOnly();
  const place = { page: "traffic", filter: route.filter, tab: route.tab } as const;
  const select = useCallback(
    (id: number | null) => go({ page: "traffic", filter: route.filter, tab: route.tab, id }, true),
    [route.filter, route.tab],
  );
  const open = useCallback((id: number) => go({ page: "exchange", id, tab: route.tab }), [route.tab]);
  const setFilter = (text: string) => go({ ...place, id: route.id, filter: text }, true);
  const togglePause = () => {
    list.setPaused(!paused);
    setPaused(!paused);
  };
  useListKeys(list, route.id, {
    select,
    open,
    focusFilter: () => bar.current?.focus(),
    setTab: (tab) => go({ ...place, id: route.id, tab }, true),
    mismatch: (step) => void stepMismatch(list, route.id, step, select),
  });
  const clearAll = () => {
    setFilter("");
    setChosen(new Set());
  };
  useCommands({
    pause: togglePause,
    clearFilter: filter === "" ? undefined : clearAll,
    saveFilter: filter === "" ? undefined : () => keepFilter(filter),
  });
  const section = useFocusBack(route.id);
  const ticked = useTickedRows(filter);
  return (
    <div className={`traffic${route.id === null ? "" : " with-detail"}`}>
      <section ref={section} className="list" aria-label={strings.traffic.list}>
        <h1 className="unseen">{strings.pages.traffic}</h1>
        <div className="tools">
          <FilterBar ref={bar} value={route.filter} refusal={refusal} onChange={setFilter} />
          <button type="button" className="btn" aria-pressed={paused} onClick={togglePause}>
            <Icon name={paused ? "play" : "pause"} />
            {paused ? strings.traffic.resume : strings.traffic.pause}
          </button>
          <ShareButton small={false} of={filter === "" ? {} : { filter }} command="shareList" />
          {readOnly ? null : <ClearButton onClear={() => clear.mutate({}, { onSuccess: () => list.setFilter(filter) })} />}
        </div>
        <QuickChips filter={route.filter} chosen={chosen} onChange={setChosen} onFilter={setFilter} />
        <TimeStrip filter={filter} />
        <div className="list-body ticks column fill">
          {paused ? <Held list={list} onResume={togglePause} /> : null}
          <TickedProvider value={ticked}>
            <ListBody list={list} selected={route.id} filtered={filter !== ""} onSelect={select} onOpen={open} onClearFilter={clearAll} />
          </TickedProvider>
          <WelcomePanel />
        </div>
        <TickedBar ticked={ticked} current={route.id} />
        <div className="foot">
          <Counted list={list} />
          <VerdictFoot onChoose={setFilter} />
          <FootKeys commands={FOOT} />
        </div>
      </section>
      {route.id === null ? null : (
        <>
          <Splitter label={strings.traffic.splitter} split={split} />
          <section className="detail" style={{ width: split.width, flex: "none" }} aria-label={strings.exchange.title(route.id)}>
            <ExchangeView
              id={route.id}
              tab={route.tab}
              onTab={(tab) => go({ ...place, id: route.id, tab }, true)}
              onClose={() => select(null)}
              onChanged={(row) => list.replace(row)}
              onStep={(step) => void stepMismatch(list, route.id, step, select)}
            />
          </section>
        </>
      )}
    </div>
  );
}

/** Closing the exchange takes the focus along: back to the list. */
function useFocusBack(id: number | null) {
  const section = useRef<HTMLElement>(null);
  const before = useRef(id);
  useEffect(() => {
    const closed = before.current !== null && id === null;
    before.current = id;
    const { activeElement } = document;
    if (closed && (activeElement === null || activeElement === document.body)) {
      section.current?.querySelector<HTMLElement>("[role=grid]")?.focus({ preventScroll: true });
    }
  }, [id]);
  return section;
}

function filterRefusal(state: ListState): string {
  return state.error?.code.includes("filter") === true ? state.error.message : "";
}

/** The list of this filter, fed by events; asked afresh after the engine was away. */
function useTrafficList(filter: string): TrafficList {
  const transport = useTransport();
  const connected = useConnected();
  const list = useMemo(() => new TrafficList(transport), [transport]);
  useEffect(() => transport.on("exchanges", (event) => list.apply(event)), [transport, list]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is asked again when the engine comes back
  useEffect(() => list.setFilter(filter), [list, filter, connected]);
  return list;
}

/** What is ticked in the session that is shown; ids of another mean other exchanges. */
function useTickedRows(filter: string): TickedRows {
  const transport = useTransport();
  const session = useCall("status.get", {}, { staleMs: 30_000 }).data?.session.file ?? "";
  const ticked = useMemo(() => new TickedRows(transport), [transport]);
  useEffect(() => ticked.setFilter(filter), [ticked, filter]);
  const before = useRef(session);
  useEffect(() => {
    if (before.current !== "" && before.current !== session) ticked.clear();
    before.current = session;
  }, [ticked, session]);
  return ticked;
}

/** A part of the list's state: whoever shows no rows is not drawn again with every event. `part` gives the same for the same state. */
function useListPart<T>(list: TrafficList, part: (state: ListState) => T): T {
  return useSyncExternalStore(list.listen, () => part(list.state()));
}

function Held({ list, onResume }: { readonly list: TrafficList; readonly onResume: () => void }): ReactElement | null {
  const held = useListPart(list, (state) => state.held);
  if (held === 0) return null;
  return (
    <button type="button" className="btn ink small held" onClick={onResume}>
      {strings.traffic.held(count(held))}
    </button>
  );
}

function Counted({ list }: { readonly list: TrafficList }): ReactElement {
  const inSession = useCall("status.get", {}, { staleMs: 30_000 }).data?.capture.exchanges ?? 0;
  const shown = useListPart(list, (state) => state.total);
  const all = useListPart(list, (state) => state.all);
  return <CountOf shown={shown} all={Math.max(all, shown, inSession)} />;
}

interface ListBodyProps {
  readonly list: TrafficList;
  readonly selected: number | null;
  readonly filtered: boolean;
  readonly onSelect: (id: number) => void;
  readonly onOpen: (id: number) => void;
  readonly onClearFilter: () => void;
}

function ListBody({ list, selected, filtered, onSelect, onOpen, onClearFilter }: ListBodyProps): ReactElement {
  const state = useSyncExternalStore(list.listen, list.state);
  const clear = { label: strings.traffic.clearFilter, run: onClearFilter };
  const { rows } = state;
  if (state.error !== null && rows.total === 0) {
    if (state.error.code === "engine_unreachable") return <State title={strings.engine.unreachable}>{strings.engine.retrying}</State>;
    if (state.error.code === "no_session") return <Starting />;
    const badFilter = filterRefusal(state) !== "";
    return (
      <State
        title={badFilter ? strings.traffic.refused : strings.traffic.unavailable}
        action={badFilter ? clear : { label: strings.again, run: () => list.again() }}
      >
        {state.error.message}
      </State>
    );
  }
  if (rows.total > 0) {
    const { filter, loading } = state;
    return <ExchangeList {...{ rows, filter, selected, onSelect, onOpen }} busy={loading} onLook={list.look} />;
  }
  // Bodies are searched piece by piece: there may be some yet.
  if (state.loading || rows.end !== null) return <LoadingBars />;
  if (filtered) {
    return (
      <State title={strings.traffic.noMatch} action={clear}>
        {strings.traffic.noMatchAdvice(count(state.all))}
      </State>
    );
  }
  return <EmptyList />;
}

function TimeStrip({ filter }: { readonly filter: string }): ReactElement {
  const timeline = useCall("exchanges.timeline", { filter }, { keep: true });
  useInvalidation(["exchanges.timeline"], "exchanges", 1000);
  return <Strip timeline={timeline.data} />;
}

interface QuickChipsProps {
  readonly filter: string;
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
  readonly onFilter: (filter: string) => void;
}

function QuickChips({ filter, chosen, onChange, onFilter }: QuickChipsProps): ReactElement {
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChange(next);
  };
  useInvalidation(["exchanges.list"], "exchanges", 2000);
  return (
    <div className="chips" role="group" aria-label={strings.traffic.quickFilters}>
      {QUICK_FILTERS.map((quick) => (
        <button
          key={quick.id}
          type="button"
          className="chip"
          aria-pressed={chosen.has(quick.id)}
          title={quick.filter}
          onClick={() => toggle(quick.id)}
        >
          {quick.label} <ChipCount filter={both(filter, quick.counts ?? quick.filter)} />
        </button>
      ))}
      <KeptChips filter={filter} onFilter={onFilter} />
    </div>
  );
}

function ChipCount({ filter }: { readonly filter: string }): ReactElement {
  const page = useCall("exchanges.list", { filter, limit: 1 }, { keep: true });
  return <b>{page.data === undefined || isPartOf(page.data) ? "" : count(page.data.total)}</b>;
}

/** Whether a page is as far as a search through bodies came in its time: how many pass in all is not known then. */
function isPartOf({ exchanges, next, total }: ExchangePage): boolean {
  return next !== null && total <= exchanges.length;
}

/** Clears in two presses: the second one within four seconds. */
function ClearButton({ onClear }: { readonly onClear: () => void }): ReactElement {
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (!asked) return undefined;
    const timer = setTimeout(() => setAsked(false), 4000);
    return () => clearTimeout(timer);
  }, [asked]);
  const press = () => {
    if (asked) onClear();
    setAsked(!asked);
  };
  return (
    <button
      type="button"
      className={`btn${asked ? "" : " icon-only"}`}
      aria-label={strings.traffic.clear}
      title={strings.traffic.clear}
      onClick={press}
    >
      <Icon name="clear" />
      {asked ? strings.traffic.clearSure : null}
    </button>
  );
}

interface ListKeys {
  readonly select: (id: number | null) => void;
  readonly open: (id: number) => void;
  readonly focusFilter: () => void;
  readonly setTab: (tab: string) => void;
  readonly mismatch: (step: 1 | -1) => void;
}

function useListKeys(list: TrafficList, selected: number | null, actions: ListKeys): void {
  const moveTo = async (place: number) => {
    const id = await list.idAt(Math.min(Math.max(place, 0), list.state().rows.total - 1));
    if (id !== null) actions.select(id);
  };
  const move = (step: number) => {
    const at = selected === null ? null : list.state().rows.placeOf(selected);
    void moveTo(at === null ? 0 : at + step);
  };
  const showDiff = () => {
    if (selected === null) move(0);
    actions.setTab("responses");
  };
  useCommands({
    nextRow: () => move(1),
    previousRow: () => move(-1),
    nextScreen: () => move(list.screen),
    previousScreen: () => move(-list.screen),
    firstRow: () => void moveTo(0),
    lastRow: () => void moveTo(list.state().rows.total - 1),
    nextMismatch: () => actions.mismatch(1),
    previousMismatch: () => actions.mismatch(-1),
    filter: actions.focusFilter,
    diff: showDiff,
    openAlone: selected === null ? undefined : () => actions.open(selected),
    leave: selected === null ? undefined : () => actions.select(null),
  });
}

/** Chooses the next exchange down (or up) the list whose answers differ or failed. */
async function stepMismatch(list: TrafficList, selected: number | null, step: 1 | -1, select: (id: number) => void): Promise<void> {
  const id = await list.mismatch(selected, step);
  if (id !== null) select(id);
}
