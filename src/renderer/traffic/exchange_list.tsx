// The virtualised list. Newest on top; when someone has scrolled away from the top, what arrives leaves the view still.
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type ReactElement, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ExchangeSummary } from "../../shared/exchange.ts";
import { strings } from "../strings.ts";
import { clock, count, ms } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Ratio, Side } from "../ui/side.tsx";
import { VerdictMark } from "../ui/verdict.tsx";
import { clientName } from "./client_name.ts";

const ROW = 28;

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
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => holder.current,
    estimateSize: () => ROW,
    overscan: 12,
    getItemKey: (i) => rows[i]?.id ?? i,
  });
  useAnchor(holder, rows);
  const items = virtual.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && lastSeen >= rows.length - 40) onEnd();
  }, [lastSeen, rows.length, onEnd]);
  const chosen = selected === null ? -1 : rows.findIndex((row) => row.id === selected);
  const shown = useRef<number | null>(null);
  useEffect(() => {
    if (selected === shown.current || chosen < 0) return;
    shown.current = selected;
    virtual.scrollToIndex(chosen, { align: "auto" });
  }, [selected, chosen, virtual]);
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
        aria-activedescendant={chosen < 0 ? undefined : `row-${selected}`}
        tabIndex={0}
      >
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <ExchangeRow
                key={item.key}
                row={row}
                index={item.index + 1}
                top={item.start}
                selected={row.id === selected}
                onSelect={onSelect}
                onOpen={onOpen}
              />
            );
          })}
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
    const moved = rows.findIndex((row) => row.id === before);
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
  readonly index: number;
  readonly top: number;
  readonly selected: boolean;
  readonly onSelect: (id: number) => void;
  readonly onOpen: (id: number) => void;
}

const ExchangeRow = memo(function ExchangeRow({ row, index, top, selected, onSelect, onOpen }: RowProps): ReactElement {
  const { time, millis } = clock(row.time);
  const client = clientName(row.client);
  const quiet = row.kind !== "search";
  const flash = useChanged(row.verdict);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the page's: the grid has the focus, not its rows
    <div
      className={`tr${quiet ? " quiet" : ""}${flash ? " flash" : ""}`}
      role="row"
      id={`row-${row.id}`}
      data-id={row.id}
      aria-rowindex={index}
      aria-selected={selected}
      style={{ position: "absolute", top: 0, left: 0, right: 0, transform: `translateY(${top}px)` }}
      onClick={() => onSelect(row.id)}
      onDoubleClick={() => onOpen(row.id)}
    >
      <span role="gridcell" className="col-time mono">
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

/** True once the value is another than the row was first drawn with. */
function useChanged(value: unknown): boolean {
  const [first] = useState(value);
  return value !== first;
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
