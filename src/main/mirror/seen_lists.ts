// What the documents of a table were seen to have in their lists, by column, over all the layouts that it had: searches read lists as
// plain values by it. Starts with what the table was opened with; each layout has seen what was written in its form.
import { firstColumns } from "../elasticsearch/columns.ts";
import type { Mapping } from "../elasticsearch/mapping.ts";
import { type DateSpans, joinSpans } from "./date_spans.ts";
import { type ListSizes, singleLists } from "./list_sizes.ts";

export class SeenLists {
  readonly #several: Set<string>;
  readonly #lacking: Set<string>;
  #dates: DateSpans;
  #filled: boolean;

  constructor({ several, lacking, dates, filled }: ListSizes) {
    this.#several = new Set(several);
    this.#lacking = new Set(lacking);
    this.#dates = dates;
    this.#filled = filled;
  }

  /** From now on there may be a document. */
  fill(): void {
    this.#filled = true;
  }

  /** Lists that hold no more than one value, and between which moments dates lie; `layout`: what was seen since the last one. */
  known(mapping: Mapping, layout: Omit<ListSizes, "filled">): { readonly single: ReadonlyMap<string, boolean>; readonly dates: DateSpans } {
    const seen = { several: this.#several.union(layout.several), lacking: this.#lacking.union(layout.lacking) };
    return { single: singleLists(mapping, seen), dates: joinSpans(this.#dates, layout.dates) };
  }

  /** Keeps what a layout has seen, before one of another mapping takes its place. Documents of before have nothing in columns that are new. */
  keep(layout: Omit<ListSizes, "filled">, before: Mapping, after: Mapping): void {
    for (const name of layout.several) this.#several.add(name);
    for (const name of layout.lacking) this.#lacking.add(name);
    this.#dates = joinSpans(this.#dates, layout.dates);
    if (!this.#filled) return;
    const known = new Set(firstColumns(before).map(({ of }) => of));
    const fields = new Set([...before.fields.values()].map(({ column }) => column));
    for (const { of } of firstColumns(after)) {
      if (known.has(of)) continue;
      this.#lacking.add(of);
      // One that nobody looked at when the table was met: its lists may have any size.
      if (fields.has(of)) this.#several.add(of);
    }
  }
}
