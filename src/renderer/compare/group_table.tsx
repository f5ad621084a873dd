// The groups as a table: verdicts, how much agrees and is alike, latencies of both sides. A press goes one step closer.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactElement, useRef } from "react";
import type { CompareBy, CompareGroup } from "../../shared/compare.ts";
import { strings } from "../strings.ts";
import { count, ms, NONE, percent } from "../ui/format.ts";
import { State } from "../ui/state.tsx";
import { Proportion } from "../ui/verdict.tsx";
import { AXIS, LatencyBar, RatioMark } from "./latency_bar.tsx";
import { groupName } from "./place.ts";

interface GroupTableProps {
  readonly by: CompareBy;
  readonly groups: readonly CompareGroup[];
  /** Key of the row whose figures are beside the table. */
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
  readonly onOpen: (group: CompareGroup) => void;
}

/** Equal and equivalent searches, and all that were compared. */
export function agreeing(counts: CompareGroup["counts"]): readonly [number, number] {
  const agree = counts.equal + counts.equivalent;
  return [agree, agree + counts.different];
}

/** A share as the page writes it; `–` where there is none. */
export function shareText(share: number | null): string {
  return share === null ? NONE : percent(share, 1);
}

export function GroupTable(props: GroupTableProps): ReactElement {
  const { by, groups, selected, onSelect, onOpen } = props;
  const holder = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: groups.length,
    getScrollElement: () => holder.current,
    estimateSize: () => 28,
    overscan: 12,
    getItemKey: (i) => groups[i]?.key ?? i,
  });
  return (
    <div className="compare-table column fill">
      <Heads by={by} />
      <div ref={holder} className="fill scroll" role="grid" aria-label={strings.compare.label} aria-rowcount={groups.length}>
        {groups.length === 0 ? <State title={strings.compare.allAgree} /> : null}
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map((item) => {
            const group = groups[item.index];
            return group === undefined ? null : (
              <GroupRow
                key={group.key}
                by={by}
                group={group}
                top={item.start}
                selected={group.key === selected}
                onSelect={onSelect}
                onOpen={onOpen}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Heads({ by }: { readonly by: CompareBy }): ReactElement {
  const { columns, by: names } = strings.compare;
  return (
    <div className="th" aria-hidden="true">
      <span>{names[by]}</span>
      <span className="num">{columns.searches}</span>
      <span>{columns.verdicts}</span>
      <span className="num on">{columns.agree}</span>
      <span className="num col-alike">{columns.similarity}</span>
      <span className="latency-axis-head">
        {AXIS.map((tick) => (
          <span key={tick}>{tick}</span>
        ))}
      </span>
      <span className="num es m col-ms">{columns.es}</span>
      <span className="num ch m col-ms">{columns.ch}</span>
      <span className="num">{columns.chIs}</span>
    </div>
  );
}

interface GroupRowProps {
  readonly by: CompareBy;
  readonly group: CompareGroup;
  readonly top: number;
  readonly selected: boolean;
  readonly onSelect: (key: string) => void;
  readonly onOpen: (group: CompareGroup) => void;
}

function GroupRow({ by, group, top, selected, onSelect, onOpen }: GroupRowProps): ReactElement {
  const [agree, compared] = agreeing(group.counts);
  const name = groupName({ by, ...group });
  const [worst] = group.paths;
  const title = `${by === "time" ? "" : `${group.key} `}${name}${worst === undefined ? "" : `\n${worst.path}`}`;
  return (
    <div
      className="tr"
      role="row"
      tabIndex={0}
      aria-selected={selected}
      data-key={group.key}
      onClick={() => onOpen(group)}
      onFocus={() => onSelect(group.key)}
      onKeyDown={(event) => onKey(event, () => onOpen(group))}
      style={{ position: "absolute", top: 0, left: 0, right: 0, transform: `translateY(${top}px)` }}
    >
      <span role="gridcell" className="cut" title={title}>
        {by === "shape" ? <span className="mono mut">{group.key.slice(0, 6)} </span> : null}
        {name}
      </span>
      <span role="gridcell" className="num">
        {count(group.searches)}
      </span>
      <span role="gridcell">
        <Proportion counts={group.counts} />
      </span>
      <span role="gridcell" className={`num ${agree < compared ? "different" : ""}`}>
        {percent(agree, compared)}
      </span>
      <span role="gridcell" className="num col-alike">
        {shareText(group.similarity)}
      </span>
      <span role="gridcell">
        <LatencyBar group={group} />
      </span>
      <span role="gridcell" className="num col-ms">
        {ms(group.elasticsearch.p50)}
      </span>
      <span role="gridcell" className="num col-ms">
        {ms(group.clickhouse.p50)}
      </span>
      <span role="gridcell" className="num">
        <RatioMark ratio={group.ratio} />
      </span>
    </div>
  );
}

function onKey(event: KeyboardEvent<HTMLElement>, open: () => void): void {
  if (event.key === "Enter") open();
  const to = event.key === "ArrowDown" ? event.currentTarget.nextElementSibling : event.currentTarget.previousElementSibling;
  if ((event.key !== "ArrowDown" && event.key !== "ArrowUp") || !(to instanceof HTMLElement)) return;
  event.preventDefault();
  to.focus();
}
