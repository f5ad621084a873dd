// The virtualised list. Newest on top; when someone has scrolled away from the top, what arrives leaves the view still.
import { type CSSProperties, memo, type ReactElement, useEffect, useRef } from "react";
import type { ExchangeSummary } from "../../shared/exchange.ts";
import { strings } from "../strings.ts";
import { clock, count, ms } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Ratio, Side } from "../ui/side.tsx";
import { VerdictMark } from "../ui/verdict.tsx";
import { clientName } from "./client_name.ts";
import { useRowWindow } from "./row_window.ts";
import type { PlacesInView, SessionRows } from "./session_rows.ts";
import { TickBox } from "./tick_box.tsx";
import { isTickBox, useTick } from "./ticked_rows.ts";

interface ExchangeListProps {
  readonly rows: SessionRows;
  /** What they have passed: with another one the view begins at the top. */
  readonly filter: string;
  /** Others are on their way. */
  readonly busy?: boolean;
  readonly selected: number | null;
  readonly onSelect: (id: number) => void;
  readonly onOpen: (id: number) => void;
  /** Told of the places that are drawn, and of how many rows fit into the view. */
  readonly onLook?: (view: PlacesInView, screen: number) => void;
}

export function ExchangeList({ rows, filter, busy = false, selected, onSelect, onOpen, onLook }: ExchangeListProps): ReactElement {
  const holder = useRef<HTMLDivElement>(null);
  const { from, to, height, topOf, show, screen } = useRowWindow(holder, rows, filter);
  // Each time: with other rows, others are missing in the same view.
  useEffect(() => onLook?.({ from, to }, screen));
  useShown(rows, selected, show);
  const drawn: ReactElement[] = [];
  for (let place = from; place < to; place += 1) {
    const row = rows.rowAt(place);
    const at = { index: place + 1, top: topOf(place) };
    drawn.push(
      row === null ? (
        <AwaitedRow key={`place-${place}`} {...at} />
      ) : (
        <ExchangeRow key={row.id} {...at} row={row} selected={row.id === selected} onSelect={onSelect} onOpen={onOpen} />
      ),
    );
  }
  return (
    <>
      <ListHead />
      <div
        ref={holder}
        className="grid fill scroll"
        role="grid"
        aria-label={strings.traffic.list}
        aria-busy={busy}
        aria-rowcount={rows.end === null ? rows.total : -1}
        aria-colcount={9}
        aria-activedescendant={drawn.some(({ key }) => key === String(selected)) ? `row-${selected}` : undefined}
        tabIndex={0}
      >
        <div role="rowgroup" style={{ height, position: "relative" }}>
          {drawn}
        </div>
      </div>
    </>
  );
}

/** Brings what was chosen into view, once: where it stands only about where, again when its row is here. */
function useShown(rows: SessionRows, selected: number | null, show: (place: number) => void): void {
  const shown = useRef<{ readonly id: number | null; readonly exactly: boolean }>({ id: null, exactly: true });
  useEffect(() => {
    const again = selected === shown.current.id;
    const place = selected === null || (again && shown.current.exactly) ? null : rows.placeOf(selected);
    if (place === null) return;
    // Where the rows around it are here and it is not, the filter does not let it through.
    const exactly = rows.rowAt(place) !== null;
    if (!again || exactly) show(place);
    shown.current = { id: selected, exactly };
  });
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

interface PlaceProps {
  /** From 1. */
  readonly index: number;
  /** CSS pixels. */
  readonly top: number;
}

function placed(top: number): CSSProperties {
  return { position: "absolute", top: 0, left: 0, right: 0, transform: `translateY(${top}px)` };
}

/** In the place of a row that is on its way. */
function AwaitedRow({ index, top }: PlaceProps): ReactElement {
  return (
    <div className="tr awaited" role="row" aria-rowindex={index} aria-busy style={placed(top)}>
      <span role="gridcell">
        <i style={{ width: `${40 + ((index * 17) % 41)}%` }} />
      </span>
    </div>
  );
}

interface RowProps extends PlaceProps {
  readonly row: ExchangeSummary;
  readonly selected: boolean;
  readonly onSelect: (id: number) => void;
  readonly onOpen: (id: number) => void;
}

const ExchangeRow = memo(function ExchangeRow({ row, index, top, selected, onSelect, onOpen }: RowProps): ReactElement {
  const flash = useChanged(row.id, row.verdict);
  const tick = useTick(row.id);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the page's: the grid has the focus, not its rows
    <div
      className={`tr${row.kind === "search" ? "" : " quiet"}${flash ? " flash" : ""}`}
      role="row"
      id={`row-${row.id}`}
      data-id={row.id}
      aria-rowindex={index}
      aria-selected={selected}
      style={placed(top)}
      onClick={(event) => {
        if (tick?.press(event, row.id) !== true) onSelect(row.id);
      }}
      onDoubleClick={(event) => {
        if (!isTickBox(event.target)) onOpen(row.id);
      }}
    >
      <RowCells row={row} ticked={tick?.ticked ?? null} />
    </div>
  );
});

interface CellsProps {
  readonly row: ExchangeSummary;
  /** Null where rows can't be ticked. */
  readonly ticked: boolean | null;
}

/** Apart from the row's place, which changes with each exchange that comes above it. */
const RowCells = memo(function RowCells({ row, ticked }: CellsProps): ReactElement {
  const { time, millis } = clock(row.time);
  const client = clientName(row.client);
  const quiet = row.kind !== "search";
  return (
    <>
      <span role="gridcell" className="col-time mono">
        {ticked === null ? null : <TickBox id={row.id} ticked={ticked} />}
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
    </>
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
