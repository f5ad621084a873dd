// Which indices are treated how: rules in order, the first that means an index wins. Plain data.
import type { Mode } from "./mode.ts";

/** An index expression (`logs-*,-logs-secret`, an alias, `<logs-{now/d}>`) and the mode of what it means. */
export interface IndexRule {
  readonly pattern: string;
  readonly mode: Mode;
}

/** `window`: chosen for one index. `configuration`: by flag or key. `listener`: the mode of all that no rule means. */
export type RuleOrigin = "window" | "configuration" | "listener";

export interface RouteInfo extends IndexRule {
  readonly from: RuleOrigin;
  /** What it is the rule of, now: not what an earlier rule means already. */
  readonly indices: readonly string[];
}
