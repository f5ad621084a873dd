// The functions of a flame graph: self and total, sorted by either or by name.
import { type ReactElement, useState } from "react";
import type { FunctionTotal } from "../../../shared/flame.ts";
import { strings } from "../../strings.ts";
import { isFound } from "./layout.ts";

type Column = "name" | "self" | "total";

interface FlameTableProps {
  readonly functions: readonly FunctionTotal[];
  readonly format: (value: number) => string;
  /** Only those that fit it are listed. @default all */
  readonly find?: string;
}

const MOST_ROWS = 200;

export function FlameTable({ functions, format, find = "" }: FlameTableProps): ReactElement {
  const [by, setBy] = useState<Column>("self");
  const wanted = find.trim() === "" ? functions : functions.filter((row) => isFound(row, find));
  const rows = wanted.toSorted((a, b) => (by === "name" ? a.name.localeCompare(b.name) : b[by] - a[by])).slice(0, MOST_ROWS);
  const most = {
    self: Math.max(1e-9, ...functions.map(({ self }) => self)),
    total: Math.max(1e-9, ...functions.map(({ total }) => total)),
  };
  return (
    <table className="flame-table" aria-label={strings.flame.functions}>
      <thead>
        <tr>
          <Head column="name" by={by} onSort={setBy} />
          <Head column="self" by={by} onSort={setBy} />
          <Head column="total" by={by} onSort={setBy} />
          <th scope="col">{strings.flame.columns.where}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.name} ${row.where}`}>
            <th scope="row" className="mono cut" title={row.name}>
              <i className={`flame-mark ${row.side}`} />
              {row.name}
            </th>
            <td className="num">
              {format(row.self)}
              <Bar share={row.self / most.self} />
            </td>
            <td className="num">
              {format(row.total)}
              <Bar share={row.total / most.total} />
            </td>
            <td className="mono mut cut" title={row.where}>
              {row.where}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Head({
  column,
  by,
  onSort,
}: {
  readonly column: Column;
  readonly by: Column;
  readonly onSort: (column: Column) => void;
}): ReactElement {
  const sorted = column === by;
  return (
    <th
      scope="col"
      className={column === "name" ? "" : "num"}
      aria-sort={sorted ? (column === "name" ? "ascending" : "descending") : "none"}
    >
      <button type="button" className={sorted ? "on" : ""} onClick={() => onSort(column)}>
        {strings.flame.columns[column]}
        {sorted ? (column === "name" ? " ↑" : " ↓") : ""}
      </button>
    </th>
  );
}

function Bar({ share }: { readonly share: number }): ReactElement {
  return (
    <span className="flame-bar" aria-hidden="true">
      <i style={{ width: `${share * 100}%` }} />
    </span>
  );
}
