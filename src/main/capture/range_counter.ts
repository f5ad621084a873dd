// Counts exchanges by ranges of ids, newest first: what tells the place of an exchange in a list of a million, and the exchange of a
// place. A slice of time at a time, so that pages that somebody waits for come between.
import type { DatabaseSync } from "node:sqlite";
import type { ExchangeRanges, IdRange } from "../../shared/contract.ts";
import type { Filter } from "./types.ts";

/** Ids are counted in blocks of so many; a range is one block, or several of which fewer pass. */
const BLOCK = 256;
/** Blocks that one statement counts. */
const WINDOW = 128;
const BUDGET_MS = 100;
const MOST_RANGES = 8192;

export class RangeCounter {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** From `before`, or from the newest, down. */
  from(filter: Filter, before = Number.MAX_SAFE_INTEGER): ExchangeRanges {
    const deadline = performance.now() + BUDGET_MS;
    const { oldest, newest, dense } = this.#edges();
    const below = Math.min(before, newest + 1);
    const ranges = new Ranges();
    // An answer ends where a block does, so that the next one begins with a whole one.
    let top = Math.ceil(below / BLOCK);
    const bottom = Math.floor(oldest / BLOCK);
    while (top > bottom && ranges.all.length < MOST_RANGES && performance.now() < deadline) {
      const least = Math.max(bottom, top - WINDOW);
      const counted = dense && filter.where === "1" ? null : this.#counted(filter, { least: least * BLOCK, below });
      for (let block = top - 1; block >= least; block -= 1) {
        const all = Math.min(below, (block + 1) * BLOCK) - Math.max(oldest, block * BLOCK);
        ranges.add(block * BLOCK - 1, counted === null ? all : (counted.get(block) ?? 0));
      }
      top = least;
    }
    return { ranges: ranges.all, next: top > bottom ? top * BLOCK : null, counted: true };
  }

  /** By block; those without any are left out. */
  #counted({ each, parameters }: Filter, { least, below }: { readonly least: number; readonly below: number }): Map<number, number> {
    const sql = `SELECT e.id / ${BLOCK} AS block, count(*) AS count FROM exchanges e WHERE e.id >= ? AND e.id < ? AND (${each}) GROUP BY block`;
    const rows = this.#db.prepare(sql).all(least, Math.min(below, least + WINDOW * BLOCK), ...parameters);
    return new Map(rows.map((row) => [Number(row.block), Number(row.count)]));
  }

  /** `dense`: no id is missing between them. */
  #edges(): { readonly oldest: number; readonly newest: number; readonly dense: boolean } {
    // Each by itself: together they would walk over all.
    const of = (what: string) => Number(this.#db.prepare(`SELECT ${what} AS value FROM exchanges`).get()?.value ?? 0);
    const [oldest, newest] = [of("min(id)"), of("max(id)")];
    return { oldest, newest, dense: of("count(*)") === newest - oldest + 1 };
  }
}

class Ranges {
  readonly all: IdRange[] = [];

  /** The next older block; it goes into the range above it where both together are not too many. */
  add(after: number, count: number): void {
    const last = this.all.at(-1);
    const joins = last !== undefined && last.count + count <= BLOCK;
    if (joins) this.all.pop();
    this.all.push({ after, count: joins ? last.count + count : count });
  }
}
