// How every chart's axes, grid and pointer look. Nothing moves by itself.
import { duration } from "../format.ts";

export const MARGIN = { top: 8, right: 26, bottom: 24, left: 0 };
/** Of the axis at the left: `100 ms`. */
export const AXIS_WIDTH = 54;
export const AXIS = {
  stroke: "var(--line-2)",
  tick: { fill: "var(--fg-3)", fontSize: 11 },
  tickLine: false,
  tickMargin: 6,
} as const;
export const GRID = { stroke: "var(--line)" } as const;
export const CURSOR = { stroke: "var(--line-2)", fill: "var(--bg-3)", fillOpacity: 0.5 } as const;

/** Of a decade: `10 ms`, `100 s`. */
export function shortDuration(ms: number): string {
  return ms >= 1000 && ms < 10_000 ? duration(ms * 10).replace("0.0", "") : duration(ms).replace(".0", "");
}
