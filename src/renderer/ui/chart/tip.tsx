// What the pointer is over, in a chart.
import type { ReactElement } from "react";

export interface TipLine {
  readonly name: string;
  readonly value: string;
  /** Class of its colour: a side or a verdict. */
  readonly mark?: string;
}

export function Tip({ title, lines }: { readonly title: string; readonly lines: readonly TipLine[] }): ReactElement {
  return (
    <div className="chart-tip">
      <b>{title}</b>
      {lines.map(({ name, value, mark = "" }) => (
        <span key={name}>
          <i className={`chart-mark ${mark}`} />
          {name}
          <span className="num">{value}</span>
        </span>
      ))}
    </div>
  );
}
