// Taking values out of JSON: what is gathered meanwhile, and what a request and an answer have in common.
import { pointerToken } from "../../../shared/json.ts";
import { REDACTED } from "../redaction.ts";
import type { Asked } from "./asked.ts";
import type { Edit, StandIns } from "./edits.ts";
import type { SpanArray, SpanNode } from "./spans.ts";

/** What edits are gathered into. */
export interface Found {
  readonly edits: Edit[];
  /** JSON pointers of what was taken out. */
  readonly pointers: string[];
  /** What was taken out, as text. */
  readonly values: Set<string>;
  readonly standIns: StandIns;
}

/** Members whose text may name fields and their values. */
export const TEXTS: ReadonlySet<string> = new Set([
  "query",
  "source",
  "q",
  "script",
  "inline",
  "lang_source",
  "reason",
  "description",
  "details",
  "explanation",
  "runtime",
  "filter",
]);

/** Takes out all values in a node. Its shape stays. */
export function takeOut(node: SpanNode, by: string, pointer: string, found: Found): void {
  if (node.kind === "scalar") {
    if (!node.isString && node.value === "null") return;
    if (node.isString && node.value.startsWith(REDACTED)) return;
    found.edits.push({ start: node.start, end: node.end, text: `"${REDACTED}"`, by });
    found.pointers.push(pointer);
    found.values.add(node.value);
    return;
  }
  if (node.kind === "array") {
    node.items.forEach((item, i) => {
      takeOut(item, by, `${pointer}/${i}`, found);
    });
    return;
  }
  for (const { name, value } of node.members) takeOut(value, by, `${pointer}/${pointerToken(name)}`, found);
}

/** Sort values by place. */
export function sortValues(values: SpanArray, sort: Asked["sort"], pointer: string, found: Found): void {
  values.items.forEach((item, i) => {
    const by = sort[i] ?? null;
    if (by !== null) takeOut(item, `field ${by}`, `${pointer}/${i}`, found);
  });
}
