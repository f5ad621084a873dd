// The exchanges of a shared file: the list with a filter that needs no engine, and the one that is chosen.
import { type ReactElement, useMemo, useRef } from "react";
import { useCall } from "../api/hooks.ts";
import { ExchangeView } from "../exchange/exchange_view.tsx";
import { FootKeys } from "../frame/command_key.tsx";
import type { CommandId } from "../frame/commands.ts";
import { useCommands } from "../frame/keys.ts";
import { go, useRoute } from "../route.ts";
import { strings } from "../strings.ts";
import { ExchangeList } from "../traffic/exchange_list.tsx";
import { SessionRows } from "../traffic/session_rows.ts";
import { Strip } from "../traffic/strip.tsx";
import { count } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Splitter, useSplitWidth } from "../ui/splitter.tsx";
import { State } from "../ui/state.tsx";
import type { Held } from "./held.ts";
import { HELD_TERMS, heldFilter } from "./held_filter.ts";
import "../traffic/traffic.css";

const WORDS = strings.shared;

/** What keys do in the list. */
export const LIST_KEYS = [
  ...["nextRow", "previousRow", "nextScreen", "previousScreen", "firstRow", "lastRow", "nextMismatch", "previousMismatch"],
  ...["filter", "openAlone", "leave"],
] as const satisfies readonly CommandId[];
const FOOT = [["nextRow", "previousRow"], ["nextMismatch", "previousMismatch"], ["diff"], ["filter"], ["help"]] as const;

export function SharedTraffic({ held }: { readonly held: Held }): ReactElement {
  const { id, tab, filter } = useRoute();
  const split = useSplitWidth("traffic", 560);
  const find = useRef<HTMLInputElement>(null);
  const timeline = useCall("exchanges.timeline", { filter: "" }).data;
  const passes = useMemo(() => heldFilter(filter), [filter]);
  const rows = useMemo(() => {
    const all = held.exchanges.map(({ detail }) => detail);
    const exchanges = passes === null ? [] : all.filter(passes);
    return new SessionRows({ exchanges, next: null, total: exchanges.length });
  }, [held, passes]);
  const select = (chosen: number | null) => go({ page: "traffic", filter, tab, id: chosen }, true);
  const setTab = (next: string) => go({ page: "traffic", filter, id, tab: next }, true);
  useListKeys(rows, id, { select, setTab, focusFilter: () => find.current?.focus(), open: (at) => go({ page: "exchange", id: at, tab }) });
  return (
    <div className={`traffic${id === null ? "" : " with-detail"}`}>
      <section className="list" aria-label={strings.traffic.list}>
        <h1 className="unseen">{strings.pages.traffic}</h1>
        <div className="tools">
          <label className={`filter shared-find${passes === null ? " wrong" : ""}`}>
            <Icon name="search" />
            <input
              ref={find}
              type="search"
              aria-label={WORDS.find}
              placeholder={WORDS.find}
              value={filter}
              onChange={({ target }) => go({ page: "traffic", tab, id, filter: target.value }, true)}
              onKeyDown={(event) => {
                if (event.key === "Escape") event.currentTarget.blur();
              }}
            />
          </label>
        </div>
        <Strip timeline={timeline} />
        <div className="list-body column fill">
          {rows.total === 0 ? (
            <State
              title={passes === null ? strings.traffic.refused : strings.traffic.noMatch}
              action={{ label: strings.traffic.clearFilter, run: () => go({ page: "traffic", id, tab }, true) }}
            >
              {passes === null ? WORDS.terms(HELD_TERMS.join(" ")) : null}
            </State>
          ) : (
            <ExchangeList
              rows={rows}
              filter={filter}
              selected={id}
              onSelect={select}
              onOpen={(opened) => go({ page: "exchange", id: opened, tab })}
            />
          )}
        </div>
        <div className="foot">
          <span>{WORDS.exchanges(count(rows.total), count(held.exchanges.length))}</span>
          <FootKeys commands={FOOT} />
        </div>
      </section>
      {id === null ? null : (
        <>
          <Splitter label={strings.traffic.splitter} split={split} />
          <section className="detail" style={{ width: split.width, flex: "none" }} aria-label={strings.exchange.title(id)}>
            <ExchangeView
              id={id}
              tab={tab}
              onTab={setTab}
              onClose={() => select(null)}
              onStep={(step) => stepMismatch(rows, id, step, select)}
            />
          </section>
        </>
      )}
    </div>
  );
}

interface ListActions {
  readonly select: (id: number | null) => void;
  readonly setTab: (tab: string) => void;
  readonly focusFilter: () => void;
  readonly open: (id: number) => void;
}

const SCREEN = 20;

function useListKeys(rows: SessionRows, selected: number | null, { select, setTab, focusFilter, open }: ListActions): void {
  const moveTo = (place: number) => {
    const next = rows.rowAt(Math.min(Math.max(place, 0), rows.total - 1));
    if (next !== null) select(next.id);
  };
  const move = (step: number) => {
    const at = selected === null ? null : rows.placeOf(selected);
    moveTo(at === null ? 0 : at + step);
  };
  useCommands({
    nextRow: () => move(1),
    previousRow: () => move(-1),
    nextScreen: () => move(SCREEN),
    previousScreen: () => move(-SCREEN),
    firstRow: () => moveTo(0),
    lastRow: () => moveTo(rows.total - 1),
    nextMismatch: () => stepMismatch(rows, selected, 1, select),
    previousMismatch: () => stepMismatch(rows, selected, -1, select),
    filter: focusFilter,
    diff: () => {
      if (selected === null) move(0);
      else setTab("responses");
    },
    openAlone: selected === null ? undefined : () => open(selected),
    leave: selected === null ? undefined : () => select(null),
  });
}

function stepMismatch(rows: SessionRows, selected: number | null, step: 1 | -1, select: (id: number) => void): void {
  const from = selected === null ? -1 : (rows.placeOf(selected) ?? -1);
  for (let place = from + step; place >= 0 && place < rows.total; place += step) {
    const row = rows.rowAt(place);
    if (row?.verdict !== "different" && row?.verdict !== "failed") continue;
    select(row.id);
    return;
  }
}
