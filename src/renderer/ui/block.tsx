// A titled block of facts, a line each.
import type { ReactElement, ReactNode } from "react";

export function Block({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className="block">
      <div className="sec">
        <b>{title}</b>
      </div>
      {children}
    </section>
  );
}

interface FactProps {
  readonly label: string;
  readonly value: string;
  /** What it means, after the value. */
  readonly hint?: string;
  readonly bad?: boolean;
}

export function Fact({ label, value, hint = "", bad = false }: FactProps): ReactElement {
  return (
    <div className="fact">
      <span className="dim">{label}</span>
      <span>
        <span className={`mono breakable${bad ? " different" : ""}`}>{value}</span>
        {hint === "" ? null : <span className="mut"> {hint}</span>}
      </span>
    </div>
  );
}
