// The two sides, always in this order: Elasticsearch in a pill, ClickHouse in a square.
import type { ReactElement, ReactNode } from "react";
import { strings } from "../strings.ts";

export type SideName = "es" | "ch";

export function Side({ side }: { readonly side: SideName }): ReactElement {
  return (
    <span className={`tag ${side}`} title={strings.side[side]}>
      {side.toUpperCase()}
    </span>
  );
}

/** The coloured head over what one side said. */
export function SideHead({ side, children }: { readonly side: SideName; readonly children?: ReactNode }): ReactElement {
  return (
    <div className={`side-head ${side}`}>
      <Side side={side} />
      {children}
    </div>
  );
}

/** A bar from the middle: how many times faster which side was. Both under 10 ms is noise and shown as none. */
export function Ratio({
  elasticsearchMs,
  clickhouseMs,
}: {
  readonly elasticsearchMs: number | null;
  readonly clickhouseMs: number | null;
}): ReactElement {
  const noise = elasticsearchMs === null || clickhouseMs === null || (elasticsearchMs < 10 && clickhouseMs < 10);
  if (noise || elasticsearchMs <= 0 || clickhouseMs <= 0) {
    return (
      <span className="ratio">
        <i />
        <span className="mut">–</span>
      </span>
    );
  }
  const ratio = elasticsearchMs / clickhouseMs;
  const width = (Math.min(1, Math.abs(Math.log2(ratio)) / 3) * 50).toFixed(1);
  const shown = ratio >= 1 ? ratio : 1 / ratio;
  return (
    <span className={`ratio ${ratio >= 1 ? "ch-faster" : "es-faster"}`}>
      <i>
        <b style={{ width: `${width}%` }} />
      </i>
      <span>{shown >= 100 ? Math.round(shown) : shown.toFixed(1)}×</span>
    </span>
  );
}
