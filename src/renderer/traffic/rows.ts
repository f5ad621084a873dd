// How rows and their news come together. Pure; rows are newest first, ids fall strictly.
import type { ExchangePage } from "../../shared/contract.ts";
import type { ExchangeSummary } from "../../shared/exchange.ts";

/** Where the row of that id is; -1 where it is not among them. */
export function placeOf(rows: readonly ExchangeSummary[], id: number): number {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((rows[middle]?.id ?? 0) > id) from = middle + 1;
    else to = middle;
  }
  return rows[from]?.id === id ? from : -1;
}

/** Rows with the changed ones replaced; those that are new go on top when `addNew`. */
export function mergeChanged(
  rows: readonly ExchangeSummary[],
  changed: readonly ExchangeSummary[],
  addNew: boolean,
): readonly ExchangeSummary[] {
  const newest = rows[0]?.id ?? -1;
  const known = changed
    .flatMap((row) => (row.id > newest ? [] : [{ row, place: placeOf(rows, row.id) }]))
    .filter(({ place }) => place >= 0);
  const fresh = addNew ? changed.filter((row) => row.id > newest).toSorted((a, b) => b.id - a.id) : [];
  if (known.length === 0 && fresh.length === 0) return rows;
  const merged = fresh.concat(rows);
  for (const { row, place } of known) merged[fresh.length + place] = row;
  return merged;
}

/** Whether a page is as far as a search through bodies came in its time: how many pass in all is not known then. */
export function isPartOf({ exchanges, next, total }: ExchangePage): boolean {
  return next !== null && total <= exchanges.length;
}

/**
 * Rows with their newest part replaced by a page of the newest; all of them when the page does not reach them. `known`: the newest
 * exchange that there was when the rows were asked for, whether it passes or not.
 */
export function mergeHead(
  list: { readonly rows: readonly ExchangeSummary[]; readonly next: number | null },
  page: ExchangePage,
  known = -1,
): { readonly rows: readonly ExchangeSummary[]; readonly next: number | null } {
  const { exchanges, next } = page;
  if (next === null || Math.max(known, list.rows[0]?.id ?? -1) < next) return { rows: exchanges, next };
  const older = list.rows.filter((row) => row.id < next);
  return { rows: [...exchanges, ...older], next: older.length > 0 || isPartOf(page) ? list.next : next };
}
