// The tree of differences as rows: virtualised, keyed, moved through by the arrow keys; the chosen pointer in its foot.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactElement, useMemo, useRef, useState } from "react";
import { strings } from "../../strings.ts";
import { CopyButton } from "../../ui/controls.tsx";
import { bytes, groupDigits } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { SideHead } from "../../ui/side.tsx";
import { State } from "../../ui/state.tsx";
import { delta } from "./delta.ts";
import { type TreeRow, treeRows } from "./rows.ts";
import type { DiffNode } from "./tree.ts";

interface DiffTreeProps {
  readonly tree: DiffNode;
  readonly differencesOnly: boolean;
  readonly elasticsearchBytes: number;
  /** The path of the chosen row. */
  readonly chosen: string | null;
  readonly onChoose: (path: string) => void;
}

export function DiffTree({ tree, differencesOnly, elasticsearchBytes, chosen, onChoose }: DiffTreeProps): ReactElement {
  const holder = useRef<HTMLDivElement>(null);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(() => new Map());
  const rows = useMemo(() => treeRows(tree, { differencesOnly, toggled }), [tree, differencesOnly, toggled]);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => holder.current, estimateSize: () => 26, overscan: 12 });
  const toggle = (row: TreeRow) => {
    onChoose(row.id);
    if (row.canOpen) setToggled(new Map(toggled).set(row.id, !row.open));
  };
  const move = (event: KeyboardEvent) => {
    const at = rows.findIndex((row) => row.id === chosen);
    const next = target(event.key, rows, at);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    const row = rows[next];
    if (row === undefined) return;
    if ((event.key === "Enter" || event.key === "ArrowRight" || event.key === "ArrowLeft") && next === at) toggle(row);
    onChoose(row.id);
    virtual.scrollToIndex(next, { align: "auto" });
  };
  return (
    <div className="diff-tree column fill">
      <div className="th">
        <span className="cut">{strings.diff.head}</span>
        <SideHead side="es">
          <span className="grow" />
          <span className="mut wide-detail">{bytes(elasticsearchBytes)}</span>
        </SideHead>
        <SideHead side="ch" />
        <span className="num">{strings.overview.difference}</span>
      </div>
      <div ref={holder} className="fill scroll grid" role="treegrid" aria-label={strings.diff.label} tabIndex={0} onKeyDown={move}>
        {rows.length === 0 ? <State title={strings.diff.nothing} /> : null}
        <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return <Row key={row.id} row={row} top={item.start} selected={row.id === chosen} onPress={() => toggle(row)} />;
          })}
        </div>
      </div>
      <div className="foot">
        <span className="mono cut" style={{ color: "var(--fg)" }}>
          {chosen ?? ""}
        </span>
        {chosen === null ? null : <CopyButton text={chosen} />}
        <div className="keys">
          <span>
            <kbd>↑</kbd>
            <kbd>↓</kbd>
            {strings.diff.move}
          </span>
          <span>
            <kbd>←</kbd>
            <kbd>→</kbd>
            {strings.diff.keys}
          </span>
        </div>
      </div>
    </div>
  );
}

/** The row that a key goes to; null for a key that is not ours. */
function target(key: string, rows: readonly TreeRow[], at: number): number | null {
  const last = rows.length - 1;
  switch (key) {
    case "ArrowDown":
      return Math.min(at + 1, last);
    case "ArrowUp":
      return Math.max(at - 1, 0);
    case "Home":
      return 0;
    case "End":
      return last;
    case "Enter":
      return at < 0 ? null : at;
    case "ArrowRight":
      return at >= 0 && rows[at]?.canOpen === true && rows[at]?.open === false ? at : null;
    case "ArrowLeft":
      return at >= 0 && rows[at]?.open === true ? at : null;
    default:
      return null;
  }
}

interface RowProps {
  readonly row: TreeRow;
  readonly top: number;
  readonly selected: boolean;
  readonly onPress: () => void;
}

function Row({ row, top, selected, onPress }: RowProps): ReactElement {
  const { node } = row;
  const style = { transform: `translateY(${top}px)`, "--depth": row.depth } as const;
  const differs = node !== null && node.differences > 0 && node.kind !== "branch";
  const className = `node${differs ? " differs" : ""}${node === null || node.kind === "equal" || node.kind === "ruled" ? " quiet" : ""}`;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the tree's: it has the focus, not its rows
    <div
      className={className}
      role="row"
      aria-level={row.depth + 1}
      aria-expanded={row.canOpen ? row.open : undefined}
      aria-selected={selected}
      style={style}
      onClick={onPress}
    >
      <span className="key" role="gridcell">
        {row.canOpen ? <Icon name={row.open ? "down" : "right"} size={12} /> : <span className="leaf" />}
        <span className="mono cut name">{node === null ? strings.diff.folded(row.folded) : node.name}</span>
        <span className="mut s1 cut">{noteOf(row)}</span>
      </span>
      {node === null ? null : <Values node={node} />}
    </div>
  );
}

function noteOf(row: TreeRow): string {
  if (row.node === null) return row.foldedRuled > 0 ? strings.diff.foldedRuled(row.foldedRuled) : "";
  if (row.node.kind === "ruled") return row.node.note === "" ? strings.diff.allowed : strings.diff.allowedBy(row.node.note);
  return row.node.note;
}

function Values({ node }: { readonly node: DiffNode }): ReactElement {
  const order = node.kind === "moved";
  return (
    <>
      <Value side="es" text={node.elasticsearch} missing={node.kind === "extra"} order={order} />
      <Value side="ch" text={node.clickhouse} missing={node.kind === "missing"} order={order} />
      <span className={`num delta${node.kind === "branch" ? " mut" : ""}`} role="gridcell">
        {deltaOf(node)}
      </span>
    </>
  );
}

function Value({
  side,
  text,
  missing,
  order,
}: {
  readonly side: "es" | "ch";
  readonly text: string | null;
  readonly missing: boolean;
  readonly order: boolean;
}): ReactElement {
  return (
    <span className={`value ${side}-value${missing ? " missing" : ""} cut`} role="gridcell" title={text ?? undefined}>
      {missing ? <span>{strings.responses.missing}</span> : text === null ? "" : order ? strings.diff.place(text) : groupDigits(text)}
    </span>
  );
}

function deltaOf(node: DiffNode): string {
  switch (node.kind) {
    case "branch":
      return node.differences > 0 ? strings.diff.count(node.differences) : "";
    case "moved":
      return strings.diff.moved;
    case "missing":
      return strings.diff.esOnly;
    case "extra":
      return strings.diff.chOnly;
    case "different":
      return delta(node.elasticsearch ?? "", node.clickhouse ?? "") || strings.diff.other;
    case "equal":
    case "ruled":
      return "";
    default:
      return node.kind satisfies never;
  }
}
