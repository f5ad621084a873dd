// Which buckets of conditions (`filters`, ranges) are counted as columns of the statement around them.
import { definitionOf } from "./table.ts";
import type { AggregationNode } from "./types.ts";

/** More columns take longer than rows that are repeated for each condition. */
const MOST_COLUMNS = 24;

/** True for metrics of a few conditions; buckets inside of them, and rows, need a statement of their own. */
export function fitColumns(conditions: number, children: readonly AggregationNode[]): boolean {
  const metrics = metricsOf(children);
  return metrics !== undefined && conditions * (1 + metrics) <= MOST_COLUMNS;
}

function metricsOf(nodes: readonly AggregationNode[]): number | undefined {
  let metrics = 0;
  for (const node of nodes) {
    const definition = definitionOf(node);
    if (definition.kind === "multi" || definition.kind === "rows" || definition.kind === "scope") return undefined;
    const inside = definition.kind === "single" ? metricsOf(node.children) : 0;
    if (inside === undefined || (definition.kind === "single" && definition.global === true)) return undefined;
    metrics += 1 + inside;
  }
  return metrics;
}
