// How many values the documents of a table have in each of their lists, as far as searches read lists as plain values by it.
import { call, column, literal, select } from "../clickhouse/sql/ast.ts";
import { print } from "../clickhouse/sql/print.ts";
import { firstColumns } from "../elasticsearch/columns.ts";
import type { Mapping } from "../elasticsearch/mapping.ts";
import { type DateSpans, dateColumns } from "./date_spans.ts";
import type { IndexDescription } from "./index_description.ts";
import type { Store } from "./store.ts";

export interface ListSizes {
  /** Columns of which a document has more than one value. */
  readonly several: ReadonlySet<string>;
  /** Columns of which a document has none. */
  readonly lacking: ReadonlySet<string>;
  /** Of columns of dates that have any. */
  readonly dates: DateSpans;
  /** True once there may be a document. */
  readonly filled: boolean;
}

export const EMPTY_LISTS: ListSizes = Object.freeze({
  several: new Set<string>(),
  lacking: new Set<string>(),
  dates: new Map<string, never>(),
  filled: false,
});

/** Columns whose lists hold no more than one value → true where every document has one. */
export function singleLists(mapping: Mapping, { several, lacking }: Pick<ListSizes, "several" | "lacking">): ReadonlyMap<string, boolean> {
  return new Map(firstColumns(mapping).flatMap(({ of }) => (several.has(of) ? [] : [[of, !lacking.has(of)]])));
}

/** Reads the sizes of all lists: called when an index is met again. Deleted documents have no values, and count for nothing. */
export async function readListSizes(clickhouse: Store, database: string, { name, mapping }: IndexDescription): Promise<ListSizes> {
  const lists = firstColumns(mapping).map(({ of }) => of);
  const documents = { expr: call("countIf", call("not", column("_deleted"))), alias: "documents" };
  const columns = lists.flatMap((list, i) => {
    const size = call("length", column(list));
    return [
      { expr: call("max", size), alias: `most${i}` },
      { expr: call("min", call("if", column("_deleted"), literal(1), size)), alias: `least${i}` },
    ];
  });
  const dates = dateColumns(mapping);
  const moments = dates.flatMap((name, i) => [
    { expr: call("minArrayOrNull", column(name)), alias: `first${i}` },
    { expr: call("maxArrayOrNull", column(name)), alias: `last${i}` },
  ]);
  const query = select({ columns: [documents, ...columns, ...moments], from: { kind: "table", database, name } });
  const [row] = (await clickhouse.query(print(query), { asWriter: true })).rows;
  const filled = Number(row?.documents ?? 0) > 0;
  return {
    several: new Set(lists.filter((_, i) => Number(row?.[`most${i}`] ?? 0) > 1)),
    lacking: new Set(filled ? lists.filter((_, i) => Number(row?.[`least${i}`] ?? 0) === 0) : []),
    dates: new Map(
      dates.flatMap((name, i) => {
        const [first, last] = [row?.[`first${i}`] ?? null, row?.[`last${i}`] ?? null];
        return first === null || last === null ? [] : [[name, { least: Number(first), greatest: Number(last) }]];
      }),
    ),
    filled,
  };
}
