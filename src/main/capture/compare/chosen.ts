// Which searches of the columns are asked for: by what they have in common, by time, and by a filter over their exchanges.
import type { DatabaseSync } from "node:sqlite";
import type { ClientContext } from "../../../shared/client_context.ts";
import type { CompareBy, CompareWithin } from "../../../shared/compare.ts";
import { PARTS_PER_EXCHANGE } from "../schema.ts";
import { windowsOf } from "../segments.ts";
import type { Filter } from "../types.ts";
import type { FactColumns, FactSegment } from "./columns.ts";

/** Searches of one segment, by their places in it, oldest first. */
export interface ChosenRows {
  readonly segment: FactSegment;
  readonly rows: Uint32Array;
}

export interface Chosen {
  readonly parts: readonly ChosenRows[];
  readonly askers: ReadonlyMap<number, ClientContext>;
}

const NARROWING = [
  "application",
  "dashboard",
  "panel",
  "shape",
  "index",
  "since",
  "until",
] as const satisfies readonly (keyof CompareWithin)[];
const ASKED = ["application", "dashboard", "panel"] as const satisfies readonly CompareBy[];

export class Chooser {
  readonly #db: DatabaseSync;
  readonly #columns: FactColumns;

  constructor(db: DatabaseSync, columns: FactColumns) {
    this.#db = db;
    this.#columns = columns;
  }

  /** `filter` is over exchanges. */
  choose(within: CompareWithin, filter: Filter | undefined): Chosen {
    const segments = this.#columns.segments();
    const askers = this.#columns.askers();
    const passing = filter === undefined || filter.where === "1" ? null : this.#exchanges(filter);
    if (passing === null && NARROWING.every((name) => within[name] === undefined))
      return { parts: segments.map((segment) => ({ segment, rows: allOf(segment) })), askers };
    const test = this.#testOf(within, askers, passing);
    const parts = segments.map((segment) => {
      const rows = new Uint32Array(segment.rows);
      let chosen = 0;
      for (let row = 0; row < segment.rows; row += 1) if (test(segment, row)) rows[chosen++] = row;
      return { segment, rows: rows.subarray(0, chosen) };
    });
    return { parts, askers };
  }

  #exchanges(filter: Filter): ReadonlySet<number> {
    const sql = `SELECT e.id FROM exchanges e WHERE e.id >= ? AND e.id < ? AND (${filter.where})`;
    const passing = this.#db.prepare(sql);
    passing.setReturnArrays(true);
    const ids = new Set<number>();
    for (const window of windowsOf(this.#db, filter)) {
      for (const row of passing.all(...window, ...filter.parameters)) ids.add(Number(row[0]));
    }
    return ids;
  }

  #testOf(
    within: CompareWithin,
    askers: ReadonlyMap<number, ClientContext>,
    passing: ReadonlySet<number> | null,
  ): (segment: FactSegment, row: number) => boolean {
    const { shape, index } = this.#columns.names;
    const shapeCode = within.shape === undefined ? null : shape.find(within.shape);
    const indexCode = within.index === undefined ? null : index.find(within.index);
    const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = within;
    const narrowing = ASKED.filter((name) => within[name] !== undefined);
    const asking = new Set([...askers].flatMap(([id, asker]) => (narrowing.every((name) => asker[name] === within[name]) ? [id] : [])));
    return (segment, row) => {
      const time = segment.time[row] ?? 0;
      if (time < since || time >= until) return false;
      if (shapeCode !== null && segment.shape[row] !== shapeCode) return false;
      if (indexCode !== null && segment.index[row] !== indexCode) return false;
      if (narrowing.length > 0 && !asking.has(segment.asker[row] ?? -1)) return false;
      return passing === null || passing.has(Math.floor((segment.id[row] ?? 0) / PARTS_PER_EXCHANGE));
    };
  }
}

function allOf({ rows }: FactSegment): Uint32Array {
  const all = new Uint32Array(rows);
  for (let row = 0; row < rows; row += 1) all[row] = row;
  return all;
}
