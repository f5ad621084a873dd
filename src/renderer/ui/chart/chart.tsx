// The frame of every chart: its name for whoever can't see it, a legend, the drawing, which comes with the first chart that is
// shown, and the same figures as a table.
import { type ReactElement, type ReactNode, Suspense, useState } from "react";
import { strings } from "../../strings.ts";
import { ErrorBoundary } from "../error_boundary.tsx";
import "./chart.css";

export interface LegendMark {
  readonly label: string;
  /** Class of its mark in chart.css. */
  readonly mark: string;
}

export interface ChartTable {
  readonly heads: readonly string[];
  /** Made only when the table is shown. */
  readonly rows: () => readonly (readonly ReactNode[])[];
}

interface ChartProps {
  readonly label: string;
  readonly height: number;
  /** Pixels: a drawing whose axes are alike is not drawn wider. */
  readonly widest?: number;
  readonly legend?: readonly LegendMark[];
  readonly table: ChartTable;
  readonly children: ReactNode;
}

export function Chart({ label, height, widest, legend = [], table, children }: ChartProps): ReactElement {
  const [open, setOpen] = useState(false);
  return (
    <figure className="chart" style={{ maxWidth: widest }}>
      <div className="chart-drawing" role="img" aria-label={label} style={{ height }}>
        <ErrorBoundary at={label}>
          <Suspense fallback={null}>{children}</Suspense>
        </ErrorBoundary>
      </div>
      <figcaption className="chart-foot s1">
        {legend.map(({ label: name, mark }) => (
          <span key={name} className="chart-key">
            <i className={`chart-mark ${mark}`} />
            {name}
          </span>
        ))}
        <button type="button" className="chart-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? strings.chart.hideTable : strings.chart.showTable}
        </button>
      </figcaption>
      {open ? <Figures label={label} table={table} /> : null}
    </figure>
  );
}

function Figures({ label, table }: { readonly label: string; readonly table: ChartTable }): ReactElement {
  return (
    <div className="chart-table scroll">
      <table aria-label={label}>
        <thead>
          <tr>
            {table.heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows().map(([name, ...cells], i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own
            <tr key={i}>
              <th scope="row">{name}</th>
              {cells.map((cell, at) => (
                <td key={table.heads[at + 1]} className="num">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
