// The ready-made filters under the bar. Those of one group are alternatives (either matches), the groups narrow each other.
import { strings } from "../strings.ts";
import { both } from "./filter_language.ts";

export interface QuickFilter {
  readonly id: string;
  readonly label: string;
  readonly filter: string;
  readonly group: "kind" | "verdict" | "noise" | "hidden" | "pinned";
  /** The count tells what it hides: of the filter's opposite. */
  readonly counts?: string;
}

const KIBANAS_OWN = '~index .* | ~u "/_(cluster|nodes|license|xpack|security|ilm|cat|monitoring)(/|[?]|$)"';

/** Words in URLs of the stack's own chatter; as they are pasted into the search box of other proxies. */
export const NOISE =
  "!/_doc & !security & !metrics & !.kibana_alerting & !_nodes &!kibana_task_manager & !_pit & !_monitoring & !_xpack & !.reporting & !.kibana & !heartbeat & !_aliases & !_field_caps & !_license & !.logs-endpoint & !.fleet- & !traces & !_cluster & !_resolve & !_mapping & !logs-cloud & !.monitoring & !.ds-risk";
export const NOISE_AND_INSERTS = `${NOISE} & !_bulk`;

export const QUICK_FILTERS: readonly QuickFilter[] = [
  { id: "searches", label: strings.traffic.quick.searches, filter: "~kind search", group: "kind" },
  { id: "different", label: strings.traffic.quick.different, filter: "~verdict different", group: "verdict" },
  { id: "unsupported", label: strings.traffic.quick.unsupported, filter: "~verdict unsupported", group: "verdict" },
  { id: "failed", label: strings.traffic.quick.failed, filter: "~verdict failed", group: "verdict" },
  { id: "slower", label: strings.traffic.quick.slower, filter: "~slower 2x", group: "pinned" },
  { id: "writes", label: strings.traffic.quick.writes, filter: "~kind write", group: "kind" },
  { id: "own", label: strings.traffic.quick.own, filter: `!(${KIBANAS_OWN})`, group: "noise", counts: KIBANAS_OWN },
  { id: "noise", label: strings.traffic.quick.noise, filter: NOISE, group: "hidden", counts: `!(${NOISE})` },
  {
    id: "inserts",
    label: strings.traffic.quick.noiseAndInserts,
    filter: NOISE_AND_INSERTS,
    group: "hidden",
    counts: `!(${NOISE_AND_INSERTS})`,
  },
  { id: "pinned", label: strings.traffic.quick.pinned, filter: "~marked", group: "pinned" },
];

/** The filter of the chosen chips together. */
export function quickFilter(chosen: ReadonlySet<string>): string {
  const groups = new Map<string, string[]>();
  for (const quick of QUICK_FILTERS) {
    if (!chosen.has(quick.id)) continue;
    const key = quick.group === "pinned" || quick.group === "hidden" ? quick.id : quick.group;
    groups.set(key, [...(groups.get(key) ?? []), quick.filter]);
  }
  return [...groups.values()].map((filters) => filters.join(" | ")).reduce(both, "");
}
