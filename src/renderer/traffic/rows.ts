// How rows and their news come together. Pure; rows are newest first, ids fall strictly.
import type { ExchangePage } from "../../shared/contract.ts";
import type { ExchangeSummary } from "../../shared/exchange.ts";

/** Rows with the changed ones replaced; those that are new go on top when `addNew`. */
export function mergeChanged(
  rows: readonly ExchangeSummary[],
  changed: readonly ExchangeSummary[],
  addNew: boolean,
): readonly ExchangeSummary[] {
  if (changed.length === 0) return rows;
  const byId = new Map(changed.map((row) => [row.id, row]));
  const newest = rows[0]?.id ?? -1;
  const kept = rows.map((row) => byId.get(row.id) ?? row);
  if (!addNew) return kept;
  const fresh = changed.filter((row) => row.id > newest).toSorted((a, b) => b.id - a.id);
  return fresh.length === 0 ? kept : [...fresh, ...kept];
}

/** Rows with their newest part replaced by a page of the newest; all of them when the page does not reach them. */
export function mergeHead(
  list: { readonly rows: readonly ExchangeSummary[]; readonly next: number | null },
  page: ExchangePage,
): { readonly rows: readonly ExchangeSummary[]; readonly next: number | null } {
  const oldest = page.exchanges.at(-1)?.id;
  if (oldest === undefined || page.next === null) return { rows: page.exchanges, next: page.next };
  const older = list.rows.filter((row) => row.id < oldest);
  const reaches = list.rows.some((row) => row.id >= oldest);
  return reaches
    ? { rows: [...page.exchanges, ...older], next: older.length > 0 ? list.next : page.next }
    : { rows: page.exchanges, next: page.next };
}
