// Two tables (ES|QL): columns by position, rows by what the query orders. Rows of one rank come in any order, so they are paired
// by what they hold; where a LIMIT ends amid a rank, which of its rows are shown is open too.
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject, member } from "../../shared/json.ts";
import type { TableRows } from "../translate/types.ts";
import { keyText } from "./keyed_list.ts";
import type { Ledger } from "./ledger.ts";
import { memberPlace, type Place } from "./place.ts";
import type { Tolerances } from "./tolerances.ts";
import { walk } from "./walk.ts";

type Cells = readonly JsonValue[];

/** Compares everything of two answers whose `values` are rows. */
export function compareTable(root: Place, ledger: Ledger, tolerances: Tolerances, table: TableRows): void {
  walk({ ...root, elasticsearch: withoutValues(root.elasticsearch), clickhouse: withoutValues(root.clickhouse) }, ledger, tolerances);
  const columnar = root.role.kind === "root" && member(root.role.request, "columnar") === true;
  const [theirs, ours] = [valuesOf(root.elasticsearch, columnar), valuesOf(root.clickhouse, columnar)];
  const place = memberPlace(root, "values", theirs, ours);
  if (theirs.length === 0 && ours.length === 0) ledger.comparedLeaves += 1;
  for (const pair of pairRows(theirs.map(cellsOf), ours.map(cellsOf), table)) compareRow(place, pair, ledger, tolerances, table);
}

function withoutValues(answer: JsonValue | undefined): JsonValue | undefined {
  if (!isObject(answer)) return answer;
  return jsonObject(Object.entries<JsonValue>(answer satisfies JsonObject).filter(([name]) => name !== "values"));
}

function valuesOf(answer: JsonValue | undefined, columnar: boolean): Cells {
  const values = isObject(answer) ? member(answer, "values") : undefined;
  if (!isArray(values)) return [];
  if (!columnar) return values;
  const columns = values.map(cellsOf);
  return (columns[0] ?? []).map((_, at) => columns.map((column) => column[at] ?? null));
}

function cellsOf(row: JsonValue): Cells {
  return isArray(row) ? row : [row];
}

interface Pair {
  readonly theirs: { readonly at: number; readonly cells: Cells } | null;
  readonly ours: { readonly at: number; readonly cells: Cells } | null;
  /** Rows of the rank amid which the page ends, that the other side does not show. */
  readonly open: boolean;
}

function pairRows(theirs: readonly Cells[], ours: readonly Cells[], table: TableRows): readonly Pair[] {
  const pairs: Pair[] = [];
  const length = Math.max(theirs.length, ours.length);
  for (let from = 0; from < length; ) {
    const rank = table.groups[from];
    let to = from + 1;
    while (to < length && (rank === undefined || table.groups[to] === rank)) to += 1;
    const open = table.endsAmid && to >= ours.length && theirs.length === ours.length;
    pairs.push(...pairRank(numbered(theirs, from, to), numbered(ours, from, to), table, open));
    from = to;
  }
  return pairs;
}

type Numbered = { readonly at: number; readonly cells: Cells };

function numbered(rows: readonly Cells[], from: number, to: number): readonly Numbered[] {
  return rows.slice(from, to).map((cells, i) => ({ at: from + i, cells }));
}

// Rows that hold the same belong together; of the rest, the first to the first.
function pairRank(theirs: readonly Numbered[], ours: readonly Numbered[], table: TableRows, open: boolean): readonly Pair[] {
  const waiting = new Map<string, Numbered[]>();
  // Where other rows may be shown, one that is alike but for a loose number may be another row.
  const keyed = open ? { ...table, loose: [] } : table;
  for (const row of sortedLoosely(theirs, table)) {
    const key = rowKey(row.cells, keyed);
    waiting.set(key, [...(waiting.get(key) ?? []), row]);
  }
  const pairs: Pair[] = [];
  const left: Numbered[] = [];
  for (const row of sortedLoosely(ours, table)) {
    const other = waiting.get(rowKey(row.cells, keyed))?.shift();
    if (other === undefined) left.push(row);
    else pairs.push({ theirs: other, ours: row, open: false });
  }
  const rest = [...waiting.values()].flat().toSorted((a, b) => a.at - b.at);
  const byPlace = left.toSorted((a, b) => a.at - b.at);
  for (let i = 0; i < Math.max(rest.length, byPlace.length); i += 1) {
    const [a, b] = [rest[i] ?? null, byPlace[i] ?? null];
    if (open) pairs.push({ theirs: a, ours: null, open }, { theirs: null, ours: b, open });
    else pairs.push({ theirs: a, ours: b, open });
  }
  return pairs.toSorted((a, b) => (a.theirs?.at ?? Number.POSITIVE_INFINITY) - (b.theirs?.at ?? Number.POSITIVE_INFINITY));
}

// Numbers with tolerances don't tell rows apart; among rows that are alike but for them, the least belongs to the least.
function sortedLoosely(rows: readonly Numbered[], { loose }: TableRows): readonly Numbered[] {
  if (loose.length === 0) return rows;
  const weight = ({ cells }: Numbered): readonly number[] => loose.map((i) => Number(cells[i] ?? 0));
  return rows.toSorted((a, b) => {
    const [x, y] = [weight(a), weight(b)];
    const at = x.findIndex((value, i) => value !== y[i]);
    return at < 0 ? 0 : (x[at] ?? 0) - (y[at] ?? 0);
  });
}

function rowKey(cells: Cells, { loose, unordered }: TableRows): string {
  return cells
    .map((cell, i) => (loose.includes(i) && !isArray(cell) && cell !== null ? "~" : keyOf(cell, unordered.includes(i))))
    .join("\u0000");
}

function keyOf(cell: JsonValue, unordered: boolean): string {
  if (unordered && isArray(cell))
    return cell
      .map((item) => keyText(item) ?? "")
      .toSorted()
      .join("\u0001");
  return keyText(cell) ?? "";
}

function compareRow(parent: Place, { theirs, ours, open }: Pair, ledger: Ledger, tolerances: Tolerances, table: TableRows): void {
  const place: Place = {
    parent,
    step: String(theirs?.at ?? ours?.at ?? 0),
    position: String(ours?.at ?? ""),
    role: { kind: "table_row" },
    elasticsearch: theirs?.cells,
    clickhouse: ours?.cells,
  };
  if (theirs === null || ours === null) {
    if (theirs === null && ours === null) return;
    const kind = theirs === null ? "extra" : "missing";
    ledger.record({ kind, place, elasticsearch: place.elasticsearch, clickhouse: place.clickhouse, tied: open, tolerance: undefined });
    return;
  }
  if (theirs.at !== ours.at) {
    ledger.record({ kind: "order", place, elasticsearch: theirs.at, clickhouse: ours.at, tied: true, tolerance: undefined });
  }
  walk({ ...place, elasticsearch: sameOrder(place, theirs.cells, ours.cells, ledger, table) }, ledger, tolerances);
}

/** Their cells, with the values of unordered columns in our order where both hold the same. */
function sameOrder(row: Place, theirs: Cells, ours: Cells, ledger: Ledger, { unordered }: TableRows): Cells {
  return theirs.map((cell, i) => {
    const own = ours[i] ?? null;
    if (!unordered.includes(i) || keyOf(cell, true) !== keyOf(own, true) || keyOf(cell, false) === keyOf(own, false)) return cell;
    const place: Place = {
      parent: row,
      step: String(i),
      position: String(i),
      role: { kind: "table_row" },
      elasticsearch: cell,
      clickhouse: own,
    };
    ledger.record({ kind: "order", place, elasticsearch: 0, clickhouse: 0, tied: true, tolerance: undefined });
    return own;
  });
}
