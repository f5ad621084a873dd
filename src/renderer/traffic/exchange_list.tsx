// The virtualised list. Newest on top; when someone has scrolled away from the top, what arrives leaves the view still.
import { memo, type ReactElement, useEffect, useLayoutEffect, useRef } from "react";
import type { ExchangeSummary } from "../../shared/exchange.ts";
import { strings } from "../strings.ts";
import { clock, count, ms } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Ratio, Side } from "../ui/side.tsx";
import { VerdictMark } from "../ui/verdict.tsx";
import { clientName } from "./client_name.ts";
import { ROW, useRowWindow } from "./row_window.ts";
import { placeOf } from "./rows.ts";
import { TickBox } from "./tick_box.tsx";
import { isTickBox, useTick } from "./ticked_rows.ts";

/** Rows that are left when the next older ones are asked for: a flick of a wheel goes far. */
const LOADED_AHEAD = 500;

interface ExchangeListProps {
  readonly rows: readonly ExchangeSummary[];
  readonly total: number;
  readonly selected: number | null;
  readonly onSelect: (id: number) => void;
  readonly onOpen: (id: number) => void;
  readonly onEnd: () => void;
}

export function ExchangeList({ rows, total, selected, onSelect, onOpen, onEnd }: ExchangeListProps): ReactElement {
  const holder = useRef<HTMLDivElement>(null);
  const { from, to, show } = useRowWindow(holder, rows.length);
  useAnchor(holder, rows);
  const nearEnd = rows.length > 0 && to >= rows.length - LOADED_AHEAD;
  // biome-ignore lint/correctness/useExhaustiveDependencies: more rows may still end close by
  useEffect(() => {
    if (nearEnd) onEnd();
  }, [nearEnd, rows.length, onEnd]);
  const chosen = selected === null ? -1 : placeOf(rows, selected);
  const shown = useRef<number | null>(null);
  useEffect(() => {
    if (selected === shown.current || chosen < 0) return;
    shown.current = selected;
    show(chosen);
  }, [selected, chosen, show]);
  return (
    <>
      <ListHead />
      <div
        ref={holder}
        className="grid fill scroll"
        role="grid"
        aria-label={strings.traffic.list}
        aria-rowcount={total}
        aria-colcount={9}
        aria-activedescendant={chosen < from || chosen >= to ? undefined : `row-${selected}`}
        tabIndex={0}
      >
        <div role="rowgroup" style={{ height: rows.length * ROW, position: "relative" }}>
          {rows.slice(from, to).map((row, i) => (
            <ExchangeRow key={row.id} row={row} index={from + i + 1} selected={row.id === selected} onSelect={onSelect} onOpen={onOpen} />
          ))}
        </div>
      </div>
    </>
  );
}

/** Keeps the rows in view where they are when others come on top of them. */
function useAnchor(holder: { readonly current: HTMLDivElement | null }, rows: readonly ExchangeSummary[]): void {
  const top = useRef<number | null>(null);
  useLayoutEffect(() => {
    const first = rows[0]?.id ?? null;
    const before = top.current;
    top.current = first;
    const element = holder.current;
    if (element === null || before === null || first === null || first === before || element.scrollTop < ROW / 2) return;
    const moved = placeOf(rows, before);
    if (moved > 0) element.scrollTop += moved * ROW;
  }, [holder, rows]);
}

function ListHead(): ReactElement {
  const { columns } = strings.traffic;
  return (
    <div className="th" aria-hidden="true">
      <span className="on">{columns.time} ↓</span>
      <span>{columns.from}</span>
      <span>{columns.request}</span>
      <span className="col-index">{columns.index}</span>
      <span className="col-status" />
      <span className="num es m">{columns.esMs}</span>
      <span className="num ch m">{columns.chMs}</span>
      <span className="ratio col-ratio">
        <span className="line-up" style={{ gap: 0, justifyContent: "space-between" }}>
          <Side side="es" />
          <Side side="ch" />
        </span>
        <span>{columns.faster}</span>
      </span>
      <span>{columns.verdict}</span>
    </div>
  );
}

interface RowProps {
  readonly row: ExchangeSummary;
  /** From 1. */
  readonly index: number;
  readonly selected: boolean;
  readonly onSelect: (id: number) => void;
  readonly onOpen: (id: number) => void;
}

const ExchangeRow = memo(function ExchangeRow({ row, index, selected, onSelect, onOpen }: RowProps): ReactElement {
  const { time, millis } = clock(row.time);
  const client = clientName(row.client);
  const quiet = row.kind !== "search";
  const flash = useChanged(row.id, row.verdict);
  const tick = useTick(row.id);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the page's: the grid has the focus, not its rows
    <div
      className={`tr${quiet ? " quiet" : ""}${flash ? " flash" : ""}`}
      role="row"
      id={`row-${row.id}`}
      data-id={row.id}
      aria-rowindex={index}
      aria-selected={selected}
      style={{ position: "absolute", top: 0, left: 0, right: 0, transform: `translateY(${(index - 1) * ROW}px)` }}
      onClick={(event) => {
        if (tick?.press(event, row.id) !== true) onSelect(row.id);
      }}
      onDoubleClick={(event) => {
        if (!isTickBox(event.target)) onOpen(row.id);
      }}
    >
      <span role="gridcell" className="col-time mono">
        {tick === null ? null : <TickBox id={row.id} ticked={tick.ticked} />}
        {row.pinned ? <Icon name="pinned" size={10} /> : null}
        {time}
        <b>{millis}</b>
      </span>
      <span role="gridcell" className="cut" title={row.client}>
        <Marked row={row} />
        {client.main} <span className="mut">{client.rest}</span>
      </span>
      <span role="gridcell" className="col-request mono cut" title={`${row.method} ${row.path}`}>
        <b>{row.method}</b>
        {requestOf(row)}
      </span>
      <span role="gridcell" className="col-index mono cut-start dim" title={row.index}>
        <bdi>{row.index}</bdi>
      </span>
      <span role="gridcell" className={`col-status num ${row.status >= 400 ? "different" : "mut"}`}>
        {row.status === 0 ? "…" : row.status}
      </span>
      <span role="gridcell" className="num">
        {ms(row.elasticsearchMs)}
      </span>
      <span role="gridcell" className="num">
        {ms(row.clickhouseMs)}
      </span>
      <span role="gridcell" className="col-ratio">
        <Ratio elasticsearchMs={quiet ? null : row.elasticsearchMs} clickhouseMs={quiet ? null : row.clickhouseMs} />
      </span>
      <span role="gridcell" className="cut" title={row.note}>
        <Outcome row={row} />
      </span>
    </div>
  );
});

/** What someone made of it: a marker, and a sign that there is a comment. */
function Marked({ row }: { readonly row: ExchangeSummary }): ReactElement | null {
  if (row.marker === undefined && row.comment === undefined) return null;
  return (
    <span className="marker" title={row.comment}>
      {row.marker}
      {row.comment === undefined ? null : <Icon name="edit" size={11} />}
    </span>
  );
}

/** True once the value of a row is another than that row was first drawn with. */
function useChanged(id: number, value: unknown): boolean {
  const first = useRef({ id, value });
  if (first.current.id !== id) first.current = { id, value };
  return value !== first.current.value;
}

/** What is asked for: the API, or the path of what has none. */
function requestOf({ endpoint, path }: ExchangeSummary): string {
  if (endpoint === "_search" && path.startsWith("/_search/scroll")) return "scroll";
  return endpoint === "" ? path : endpoint;
}

/** A search's verdict; what became of a write; nothing for the rest. */
function Outcome({ row }: { readonly row: ExchangeSummary }): ReactElement {
  if (row.verdict !== null) return <VerdictMark verdict={row.verdict} />;
  const waiting = row.status === 0 ? strings.traffic.waiting : row.kind === "search" ? strings.traffic.comparing : "";
  const alone = row.elasticsearchMs === null && row.clickhouseMs !== null && row.kind !== "search";
  const text = alone ? strings.traffic.byClickHouse : row.note === "" ? waiting : row.note;
  return (
    <span className="verdict none">
      {row.kind === "write" && row.note !== "" ? <Icon name="mirror" size={14} /> : null}
      {text}
    </span>
  );
}

export function CountOf({ shown, all }: { readonly shown: number; readonly all: number }): ReactElement {
  return (
    <span>
      <b style={{ color: "var(--fg)" }}>{count(shown)}</b> {strings.traffic.of} {count(all)}
    </span>
  );
}
