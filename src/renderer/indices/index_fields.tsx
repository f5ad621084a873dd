// The fields of an index beside their columns. There may be thousands: those in view are drawn.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, useRef } from "react";
import type { FieldColumns } from "../../shared/index_info.ts";
import { strings } from "../strings.ts";
import { NONE } from "../ui/format.ts";
import { Side } from "../ui/side.tsx";

const ROW = 28;

export function IndexFields({ fields, problem }: { readonly fields: readonly FieldColumns[]; readonly problem: string }): ReactElement {
  const { detail } = strings.indices;
  const holder = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: fields.length, getScrollElement: () => holder.current, estimateSize: () => ROW, overscan: 12 });
  return (
    <>
      {problem === "" ? null : <p className="note different">{problem}</p>}
      <div className="th" aria-hidden="true">
        <span>{detail.field}</span>
        <span>
          <Side side="es" /> {detail.type}
        </span>
        <span>
          <Side side="ch" /> {detail.columns}
        </span>
      </div>
      {fields.length === 0 ? <p className="mut no-fields">{detail.none}</p> : null}
      <div
        ref={holder}
        className="fill scroll"
        role="table"
        aria-label={strings.indices.mappingAndColumns}
        aria-rowcount={fields.length}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
        tabIndex={0}
      >
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map((item) => {
            const field = fields[item.index];
            return field === undefined ? null : <FieldRow key={field.field} field={field} at={item.index} top={item.start} />;
          })}
        </div>
      </div>
    </>
  );
}

function FieldRow({ field, at, top }: { readonly field: FieldColumns; readonly at: number; readonly top: number }): ReactElement {
  return (
    <div className="tr in-view" role="row" aria-rowindex={at + 1} style={{ transform: `translateY(${top}px)` }}>
      <span role="cell" className="mono cut" title={field.field}>
        {field.field}
      </span>
      <span role="cell" className="mono es-text cut">
        {field.type}
      </span>
      <ColumnsCell field={field} />
    </div>
  );
}

function ColumnsCell({ field: { columns, reason } }: { readonly field: FieldColumns }): ReactElement {
  if (reason !== "" || columns.length === 0) {
    return (
      <span role="cell" className="mut cut" title={reason}>
        {reason || NONE}
      </span>
    );
  }
  const text = columns.map(({ name, type }) => `${name} ${type}`).join(", ");
  return (
    <span role="cell" className="mono cut" title={text}>
      {columns.map(({ name, type }) => (
        <span key={name} className="one-column">
          {name} <span className="ch-text">{type}</span>
        </span>
      ))}
    </span>
  );
}
