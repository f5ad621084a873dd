// Rows of two tables, paired. Rows of one rank come in any order, so they are paired by what they hold; where a LIMIT ends amid a rank,
// which of its rows are shown is open too. Rows that stand elsewhere, or on one side only, are told from rows that hold something else.
import { isArray, type JsonValue } from "../../shared/json.ts";
import type { TableRows } from "../translate/types.ts";
import { keyText, longestRising } from "./keyed_list.ts";

export type Cells = readonly JsonValue[];

export interface Row {
  readonly at: number;
  readonly cells: Cells;
}

export interface Pair {
  readonly theirs: Row | null;
  readonly ours: Row | null;
  /** Rows of the rank amid which the page ends, that the other side does not show. */
  readonly open: boolean;
  /** `shuffled`: another place in its own rank. `moved`: another place, though the order is determined. */
  readonly order: "same" | "shuffled" | "moved";
}

/** Every row of both sides once, in the order of theirs, extras last. */
export function pairRows(theirs: readonly Cells[], ours: readonly Cells[], table: TableRows): readonly Pair[] {
  const pairs: Pair[] = [];
  const [theirRest, ourRest]: [Row[], Row[]] = [[], []];
  const [theirOpen, ourOpen]: [Row[], Row[]] = [[], []];
  const length = Math.max(theirs.length, ours.length);
  for (let from = 0; from < length; ) {
    const rank = table.groups[from];
    let to = from + 1;
    while (to < length && (rank === undefined || table.groups[to] === rank)) to += 1;
    const open = table.endsAmid && to >= ours.length && theirs.length === ours.length;
    const { alike, rest } = pairRank(rowsOf(theirs, from, to), rowsOf(ours, from, to), table, open);
    pairs.push(...alike);
    (open ? theirOpen : theirRest).push(...rest.theirs);
    (open ? ourOpen : ourRest).push(...rest.ours);
    from = to;
  }
  // A row that the other side shows in an earlier rank is not one that may be left out.
  const exactly = { ...table, loose: [] };
  const risen = pairByKey(theirOpen, ourRest, exactly);
  const fallen = pairByKey(theirRest, ourOpen, exactly);
  const moved = [...risen.alike, ...fallen.alike].map(([row, own]): Pair => ({ theirs: row, ours: own, open: false, order: "moved" }));
  pairs.push(...pairRest(fallen.rest.theirs, risen.rest.ours, pairs, table), ...moved);
  pairs.push(...risen.rest.theirs.map((row) => alone(row, null, true)), ...fallen.rest.ours.map((row) => alone(null, row, true)));
  return pairs.toSorted((a, b) => (a.theirs?.at ?? Number.POSITIVE_INFINITY) - (b.theirs?.at ?? Number.POSITIVE_INFINITY));
}

function rowsOf(rows: readonly Cells[], from: number, to: number): readonly Row[] {
  return rows.slice(from, to).map((cells, i) => ({ at: from + i, cells }));
}

function alone(theirs: Row | null, ours: Row | null, open = false): Pair {
  return { theirs, ours, open, order: "same" };
}

interface PairedRank {
  readonly alike: readonly Pair[];
  /** What the other side does not hold in this rank. */
  readonly rest: { readonly theirs: readonly Row[]; readonly ours: readonly Row[] };
}

// Rows that hold the same belong together.
function pairRank(theirs: readonly Row[], ours: readonly Row[], table: TableRows, open: boolean): PairedRank {
  // Where other rows may be shown, one that is alike but for a loose number may be another row.
  const keyed = open ? { ...table, loose: [] } : table;
  const { alike, rest } = pairByKey(sortedLoosely(theirs, table), sortedLoosely(ours, table), keyed);
  const pairs = alike.map(([row, own]): Pair => ({ theirs: row, ours: own, open: false, order: row.at === own.at ? "same" : "shuffled" }));
  return { alike: pairs, rest };
}

interface Keyed extends Pick<PairedRank, "rest"> {
  readonly alike: readonly (readonly [theirs: Row, ours: Row])[];
}

function pairByKey(theirs: readonly Row[], ours: readonly Row[], table: TableRows): Keyed {
  const waiting = new Map<string, Row[]>();
  for (const row of theirs) {
    const key = rowKey(row.cells, table);
    const rows = waiting.get(key);
    if (rows === undefined) waiting.set(key, [row]);
    else rows.push(row);
  }
  // Rows that are taken, by key.
  const taken = new Map<string, number>();
  const alike: [Row, Row][] = [];
  const left: Row[] = [];
  for (const row of ours) {
    const key = rowKey(row.cells, table);
    const next = taken.get(key) ?? 0;
    const other = waiting.get(key)?.[next];
    taken.set(key, next + 1);
    if (other === undefined) left.push(row);
    else alike.push([other, row]);
  }
  const rest = [...waiting].flatMap(([key, rows]) => rows.slice(taken.get(key) ?? 0));
  return { alike, rest: { theirs: rest.toSorted(byPlace), ours: left.toSorted(byPlace) } };
}

function byPlace(a: Row, b: Row): number {
  return a.at - b.at;
}

/** What no row of its rank is like: rows that moved first, then, between rows that are alike, the first to the first. */
function pairRest(theirs: readonly Row[], ours: readonly Row[], known: readonly Pair[], table: TableRows): readonly Pair[] {
  const { alike, rest } = pairByKey(theirs, ours, table);
  const rankOf = (row: Row) => table.groups[row.at] ?? Number.MAX_SAFE_INTEGER;
  const before = known.flatMap(({ theirs: row, ours: own }) => (row === null || own === null ? [] : [[row, own] as const]));
  const standing = [...before, ...alike].toSorted(([a], [b]) => a.at - b.at);
  const rising = longestRising(standing.map(([, own]) => rankOf(own)));
  const steady = standing.filter((_, i) => rising.has(i));
  const kept = new Set(steady.map(([row]) => row));
  const pairs = alike.map(([row, own]): Pair => ({ theirs: row, ours: own, open: false, order: kept.has(row) ? "same" : "moved" }));
  let [after, next] = [0, 0];
  for (const row of rest.theirs) {
    while ((steady[after]?.[0].at ?? Number.POSITIVE_INFINITY) < row.at) after += 1;
    const [low, high] = [steady[after - 1], steady[after]].map((pair) => (pair === undefined ? null : rankOf(pair[1])));
    const own = () => rest.ours[next];
    for (let one = own(); one !== undefined && rankOf(one) < (low ?? Number.NEGATIVE_INFINITY); one = own()) {
      pairs.push(alone(null, one));
      next += 1;
    }
    const one = own();
    const fits = one !== undefined && rankOf(one) <= (high ?? Number.POSITIVE_INFINITY);
    pairs.push(alone(row, fits ? one : null));
    if (fits) next += 1;
  }
  return [...pairs, ...rest.ours.slice(next).map((row) => alone(null, row))];
}

// Numbers with tolerances don't tell rows apart; among rows that are alike but for them, the least belongs to the least.
function sortedLoosely(rows: readonly Row[], { loose }: TableRows): readonly Row[] {
  if (loose.length === 0) return rows;
  const weight = ({ cells }: Row): readonly number[] => loose.map((i) => Number(cells[i] ?? 0));
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

/** Text that is equal for cells that hold the same; `unordered`: several values in any order. */
export function keyOf(cell: JsonValue, unordered: boolean): string {
  if (unordered && isArray(cell))
    return cell
      .map((item) => keyText(item) ?? "")
      .toSorted()
      .join("\u0001");
  return keyText(cell) ?? "";
}
