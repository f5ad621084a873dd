// What a statement gave: columns with their types, rows virtualised, cells as JSON text.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, useRef } from "react";
import type { SqlAnswer } from "../../shared/contract.ts";
import type { EngineError } from "../api/ask.ts";
import { strings } from "../strings.ts";
import { bytes, count, duration } from "../ui/format.ts";

interface ResultGridProps {
  readonly answer: SqlAnswer | undefined;
  readonly error: EngineError | null;
  readonly compact?: boolean;
}

export function ResultGrid({ answer, error, compact = false }: ResultGridProps): ReactElement {
  const holder = useRef<HTMLDivElement>(null);
  const rows = answer?.rows ?? [];
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => holder.current, estimateSize: () => 24, overscan: 10 });
  const columns = answer?.columns ?? [];
  const cols = columns.map(() => "minmax(90px, 1fr)").join(" ");
  return (
    <section className={`result column${compact ? "" : " fill"}`} aria-label={strings.sql.result}>
      <div className="low-head">
        <b className="b">{strings.sql.result}</b>
        <span className="mut cut">
          {answer === undefined
            ? ""
            : strings.sql.figures(count(rows.length), duration(answer.ms), count(answer.readRows), bytes(answer.readBytes))}
        </span>
      </div>
      {error !== null ? (
        <p className="note different breakable body-note" role="alert">
          {error.message}
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
        <div ref={holder} className="fill scroll" tabIndex={0}>
          <div style={{ minWidth: columns.length * 98 }}>
            <div className="th result-head" style={{ gridTemplateColumns: cols }}>
              {columns.map((column) => (
                <span key={column.name} className={`cut${isNumber(column.type) ? " num" : ""}`} title={`${column.name} ${column.type}`}>
                  <span className="mono" style={{ color: "var(--fg)" }}>
                    {column.name}
                  </span>{" "}
                  {column.type}
                </span>
              ))}
            </div>
            <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
              {virtual.getVirtualItems().map((item) => (
                <div
                  key={item.key}
                  className="tr"
                  style={{
                    gridTemplateColumns: cols,
                    height: 24,
                    position: "absolute",
                    top: 0,
                    left: 0,
                    right: 0,
                    transform: `translateY(${item.start}px)`,
                  }}
                >
                  {(rows[item.index] ?? []).map((cell, i) => (
                    <span
                      key={columns[i]?.name ?? i}
                      style={{ whiteSpace: "pre" }}
                      className={`mono cut${isNumber(columns[i]?.type ?? "") ? " num" : ""}`}
                      title={cell}
                    >
                      {cell}
                    </span>
                  ))}
                </div>
              ))}
            </div>
          </div>
        </div>
      )}
    </section>
  );
}

/** Of a column's type in ClickHouse: its values stand at the right. */
function isNumber(type: string): boolean {
  return /^(LowCardinality\(|Nullable\()*(U?Int|Float|BFloat|Decimal)/.test(type);
}
