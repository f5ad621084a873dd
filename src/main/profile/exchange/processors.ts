// The processors of one statement from processors_profile_log: those of one name and step at one distance from the source together, the reading ones first. Pure.
import type { ProcessorProfile } from "../../../shared/exchange_profile.ts";
import { isArray } from "../../../shared/json.ts";
import type { Row } from "../../translate/types.ts";

/** One row a processor; `parent_ids` names those that read what it gives. */
export function readProcessors(rows: readonly Row[]): readonly ProcessorProfile[] {
  const depthOf = depths(rows);
  const groups = new Map<string, ProcessorProfile>();
  for (const row of rows) {
    const { name, step } = { name: String(row.name), step: String(row.step ?? "") };
    const depth = depthOf(String(row.id));
    const key = `${depth} ${step} ${name}`;
    const before = groups.get(key);
    const busiest = { waitedUs: Number(row.input_wait_elapsed_us), workedUs: Number(row.elapsed_us) };
    groups.set(key, {
      name,
      step,
      instances: (before?.instances ?? 0) + 1,
      depth,
      busiest: before === undefined || busiest.workedUs > before.busiest.workedUs ? busiest : before.busiest,
      workedUs: (before?.workedUs ?? 0) + Number(row.elapsed_us),
      waitedForInputUs: (before?.waitedForInputUs ?? 0) + Number(row.input_wait_elapsed_us),
      waitedForOutputUs: (before?.waitedForOutputUs ?? 0) + Number(row.output_wait_elapsed_us),
      inputRows: (before?.inputRows ?? 0) + Number(row.input_rows),
      outputRows: (before?.outputRows ?? 0) + Number(row.output_rows),
    });
  }
  return [...groups.values()].toSorted((a, b) => a.depth - b.depth || b.workedUs - a.workedUs);
}

/** How many processors stand between one and the farthest source of its rows. */
function depths(rows: readonly Row[]): (id: string) => number {
  const sources = new Map<string, string[]>();
  for (const row of rows) {
    for (const parent of isArray(row.parent_ids) ? row.parent_ids : []) {
      sources.set(String(parent), [...(sources.get(String(parent)) ?? []), String(row.id)]);
    }
  }
  const known = new Map<string, number>();
  const depthOf = (id: string): number => {
    const before = known.get(id);
    if (before !== undefined) return before;
    // Pipelines have no circles; a log with one must not hang us.
    known.set(id, 0);
    const depth = Math.max(-1, ...(sources.get(id) ?? []).map(depthOf)) + 1;
    known.set(id, depth);
    return depth;
  };
  return depthOf;
}
