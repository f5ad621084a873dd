// Two tables (ES|QL): columns by position, rows by what the query orders (table_rows.ts).
import { isArray, isObject, type JsonObject, type JsonValue, jsonObject, member } from "../../shared/json.ts";
import type { TableRows } from "../translate/types.ts";
import type { Disagreement } from "./disagreement.ts";
import type { Ledger } from "./ledger.ts";
import { memberPlace, type Place } from "./place.ts";
import type { Role } from "./role.ts";
import { type Cells, keyOf, type Pair, pairRows } from "./table_rows.ts";
import type { Tolerances } from "./tolerances.ts";
import { walk } from "./walk.ts";

/** Compares everything of two answers whose `values` are rows. */
export function compareTable(root: Place, ledger: Ledger, tolerances: Tolerances, table: TableRows): void {
  walk({ ...root, elasticsearch: withoutValues(root.elasticsearch), clickhouse: withoutValues(root.clickhouse) }, ledger, tolerances);
  const columnar = root.role.kind === "root" && member(root.role.request, "columnar") === true;
  const [theirs, ours] = [valuesOf(root.elasticsearch, columnar), valuesOf(root.clickhouse, columnar)];
  const place = memberPlace(root, "values", theirs ?? undefined, ours ?? undefined);
  if (theirs === null || ours === null) {
    if (theirs !== ours) ledger.record(disagreementAt(place, false));
    return;
  }
  if (theirs.length === 0 && ours.length === 0) ledger.comparedLeaves += 1;
  const comparing: Comparing = { ledger, tolerances, table, columnar };
  for (const pair of pairRows(theirs.map(cellsOf), ours.map(cellsOf), table)) compareRow(place, pair, comparing);
}

interface Comparing {
  readonly ledger: Ledger;
  readonly tolerances: Tolerances;
  readonly table: TableRows;
  /** The answers hold columns: `/values/COLUMN/ROW`. */
  readonly columnar: boolean;
}

function withoutValues(answer: JsonValue | undefined): JsonValue | undefined {
  if (!isObject(answer)) return answer;
  return jsonObject(Object.entries<JsonValue>(answer satisfies JsonObject).filter(([name]) => name !== "values"));
}

// null: the answer has none.
function valuesOf(answer: JsonValue | undefined, columnar: boolean): Cells | null {
  const values = isObject(answer) ? member(answer, "values") : undefined;
  if (!isArray(values)) return null;
  if (!columnar) return values;
  const columns = values.map(cellsOf);
  return (columns[0] ?? []).map((_, at) => columns.map((column) => column[at] ?? null));
}

function cellsOf(row: JsonValue): Cells {
  return isArray(row) ? row : [row];
}

function compareRow(parent: Place, { theirs, ours, open, order }: Pair, comparing: Comparing): void {
  const { ledger, columnar } = comparing;
  const at = String(theirs?.at ?? ours?.at ?? 0);
  const place: Place = {
    parent,
    step: columnar ? `[row=${at}]` : at,
    position: String(ours?.at ?? ""),
    role: ROW,
    elasticsearch: theirs?.cells,
    clickhouse: ours?.cells,
  };
  if (theirs === null || ours === null) {
    if (theirs !== null || ours !== null) ledger.record(disagreementAt(place, open));
    return;
  }
  if (order !== "same") {
    ledger.record({
      ...{ kind: "order", place, tied: order === "shuffled", tolerance: undefined },
      ...{ elasticsearch: theirs.at, clickhouse: ours.at },
    });
  }
  if (theirs.cells.length === 0 && ours.cells.length === 0) ledger.comparedLeaves += 1;
  for (let i = 0; i < Math.max(theirs.cells.length, ours.cells.length); i += 1) {
    compareCell(cellPlace(place, at, i, columnar), i, comparing);
  }
}

const ROW: Role = Object.freeze({ kind: "table_row" });

/** The cell of column `i`; its position is that of rows, as tolerances have it, whichever way the answer shows it. */
function cellPlace(row: Place, at: string, i: number, columnar: boolean): Place {
  const [theirs, ours] = [row.elasticsearch, row.clickhouse].map((cells) => (isArray(cells) ? cells[i] : undefined));
  const parent = columnar ? { ...row, step: String(i) } : row;
  return { parent, step: columnar ? at : String(i), position: String(i), role: ROW, elasticsearch: theirs, clickhouse: ours };
}

/** Of unordered columns, values that both hold are in our order. */
function compareCell(cell: Place, i: number, { ledger, tolerances, table }: Comparing): void {
  const { elasticsearch: theirs, clickhouse: ours } = cell;
  const plain = { ...cell, role: PLAIN };
  const held = table.unordered.includes(i) && theirs !== undefined && ours !== undefined && keyOf(theirs, true) === keyOf(ours, true);
  const shuffled = held && keyOf(theirs, false) !== keyOf(ours, false);
  if (shuffled) ledger.record({ kind: "order", place: cell, elasticsearch: 0, clickhouse: 0, tied: true, tolerance: undefined });
  walk(shuffled ? { ...plain, elasticsearch: ours } : plain, ledger, tolerances);
}

const PLAIN: Role = Object.freeze({ kind: "plain" });

/** What one side lacks. */
function disagreementAt(place: Place, tied: boolean): Disagreement {
  const { elasticsearch, clickhouse } = place;
  return { kind: elasticsearch === undefined ? "extra" : "missing", place, elasticsearch, clickhouse, tied, tolerance: undefined };
}
