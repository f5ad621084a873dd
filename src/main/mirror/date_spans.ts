// Between which moments the dates of a table lie, by column, in epoch ms: what a search asks of a time zone it asks of that time only.
import type { Mapping } from "../elasticsearch/mapping.ts";
import type { DateSpan } from "../translate/types.ts";

export type DateSpans = ReadonlyMap<string, DateSpan>;

/** The columns that are looked at: dates in ms of the documents themselves. */
export function dateColumns(mapping: Mapping): readonly string[] {
  return [...mapping.fields.values()].flatMap(({ type, nested, column }) => (type === "date" && nested === null ? [column] : []));
}

/** Spans that hold those of both. */
export function joinSpans(one: DateSpans, other: DateSpans): DateSpans {
  const all = new Map(one);
  for (const [name, span] of other) widenSpan(all, name, span);
  return all;
}

export function widenSpan(spans: Map<string, DateSpan>, name: string, { least, greatest }: DateSpan): void {
  const known = spans.get(name);
  if (known !== undefined && known.least <= least && known.greatest >= greatest) return;
  spans.set(name, {
    least: Math.min(least, known?.least ?? least),
    greatest: Math.max(greatest, known?.greatest ?? greatest),
  });
}
