// Reads a session: pages of the list, one exchange, the strip over the list.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ExchangePage, ExchangeRanges, Timeline } from "../../shared/contract.ts";
import type { ExchangeDetail, ExchangeSummary } from "../../shared/exchange.ts";
import { RangeCounter } from "./range_counter.ts";
import { detailOf, EXCHANGE_COLUMNS, summaryOf } from "./rows.ts";
import { PARTS_PER_EXCHANGE } from "./schema.ts";
import type { SegmentChanges } from "./segments.ts";
import { isKept, Totals } from "./totals.ts";
import type { Filter, ListQuery } from "./types.ts";

const COLUMNS = EXCHANGE_COLUMNS.map((name) => `e.${name}`).join(", ");
const DEFAULT_LIMIT = 200;
const LARGEST_LIMIT = 5000;
/** A filter that reads bodies looks at so many exchanges at a time … */
const SCAN_WINDOW = 250;
const IDS_WINDOW = 20_000;
/** … and stops after so long; the page's `next` goes on from there. */
const SCAN_BUDGET_MS = 150;

export const EVERYTHING: Filter = Object.freeze({ text: "", where: "1", each: "1", parameters: [], scans: false });

/** Ids from `least` to below `below`. */
interface Bounds {
  readonly least: number;
  readonly below: number;
}

interface Wanted {
  readonly limit: number;
  readonly oldestFirst: boolean;
}

export class Reader {
  readonly #db: DatabaseSync;
  readonly #ranges: RangeCounter;
  readonly #exchange: StatementSync;
  readonly #detail: StatementSync;
  readonly #parts: StatementSync;
  readonly #totals: Totals;

  constructor(db: DatabaseSync, changes: SegmentChanges) {
    this.#db = db;
    this.#ranges = new RangeCounter(db);
    this.#totals = new Totals(db, changes);
    this.#exchange = db.prepare("SELECT * FROM exchanges WHERE id = ?");
    this.#detail = db.prepare("SELECT * FROM details WHERE id = ?");
    this.#parts = db.prepare("SELECT * FROM parts WHERE id BETWEEN ? AND ? ORDER BY id");
  }

  summary(id: number): ExchangeSummary | null {
    const row = this.#exchange.get(id);
    return row === undefined ? null : summaryOf(row);
  }

  detail(id: number): ExchangeDetail | null {
    const exchange = this.#exchange.get(id);
    const detail = this.#detail.get(id);
    if (exchange === undefined || detail === undefined) return null;
    return detailOf(exchange, detail, this.#parts.all(id * PARTS_PER_EXCHANGE, (id + 1) * PARTS_PER_EXCHANGE - 1));
  }

  /** A page, newest first. `writes` counts the session's writes: a total is counted anew only after one. */
  list(
    { filter = EVERYTHING, limit = DEFAULT_LIMIT, before, after, oldestFirst = false }: ListQuery,
    known: { readonly exchanges: number; readonly writes: number },
  ): ExchangePage {
    const most = Math.max(1, Math.min(LARGEST_LIMIT, Math.trunc(limit)));
    const bounds = { below: before ?? Number.MAX_SAFE_INTEGER, least: (after ?? -1) + 1 };
    if (filter.scans) return this.#scan(filter, bounds, { limit: most, oldestFirst });
    const total = after === undefined ? this.#total(filter, known) : null;
    // Whoever knows that there are few does not look through the whole session for one more.
    const isExact = filter.where !== EVERYTHING.where && isKept(filter);
    const sought = total !== null && isExact ? Math.min(most + 1, total) : most + 1;
    const rows = sought === 0 ? [] : this.#select(filter, bounds, { limit: sought, oldestFirst });
    const exchanges = rows.slice(0, most);
    const next = rows.length > most ? (exchanges.at(-1)?.id ?? null) : null;
    return { exchanges, next, total: total ?? exchanges.length };
  }

  #total(filter: Filter, known: { readonly exchanges: number; readonly writes: number }): number {
    return filter.where === EVERYTHING.where ? known.exchanges : this.#totals.count(filter, known.writes);
  }

  // Reads window by window until the page is full or the time is up. `total` counts what this page found.
  #scan(filter: Filter, bounds: Bounds, { limit, oldestFirst }: Wanted): ExchangePage {
    const deadline = performance.now() + SCAN_BUDGET_MS;
    let least = Math.max(bounds.least, this.#edge("min"));
    let below = Math.min(bounds.below, this.#edge("max") + 1);
    const exchanges: ExchangeSummary[] = [];
    while (below > least && exchanges.length < limit && performance.now() < deadline) {
      const window = oldestFirst
        ? { least, below: Math.min(below, least + SCAN_WINDOW) }
        : { least: Math.max(least, below - SCAN_WINDOW), below };
      exchanges.push(...this.#select(filter, window, { limit: limit - exchanges.length, oldestFirst }));
      const last = exchanges.length >= limit ? exchanges.at(-1)?.id : undefined;
      if (oldestFirst) least = last === undefined ? window.below : last + 1;
      else below = last ?? window.least;
    }
    return { exchanges, next: below > least ? (oldestFirst ? least - 1 : below) : null, total: exchanges.length };
  }

  /** How many pass, by ranges of ids, from `before` down, as far as a short time goes. */
  ranges({ filter = EVERYTHING, before }: Pick<ListQuery, "filter" | "before">): ExchangeRanges {
    return filter.scans ? { ranges: [], next: before ?? null, counted: false } : this.#ranges.from(filter, before);
  }

  /** Ids above `after` of one window, rising, and where that window ends; `end` is the last of all. */
  idsAfter(filter: Filter, after: number, end: number): { readonly ids: readonly number[]; readonly to: number } {
    // Gaps in the ids cost nothing: a window begins where the next exchange is.
    const first = Number(this.#db.prepare("SELECT min(id) AS id FROM exchanges WHERE id > ?").get(after)?.id ?? end + 1);
    const to = Math.min(end, first + (filter.scans ? SCAN_WINDOW : IDS_WINDOW) - 1);
    const sql = `SELECT e.id FROM exchanges e WHERE e.id >= ? AND e.id <= ? AND (${filter.where}) ORDER BY e.id`;
    const rows = this.#db.prepare(sql).all(first, to, ...filter.parameters);
    return { ids: rows.map((row) => Number(row.id)), to: Math.max(to, after + 1) };
  }

  passes(id: number, { where, parameters }: Filter): boolean {
    return this.#db.prepare(`SELECT 1 FROM exchanges e WHERE e.id = ? AND (${where})`).get(id, ...parameters) !== undefined;
  }

  #edge(which: "min" | "max"): number {
    return Number(this.#db.prepare(`SELECT ${which}(id) AS edge FROM exchanges`).get()?.edge ?? 0);
  }

  #select(filter: Filter, { below, least }: Bounds, { limit, oldestFirst }: Wanted): ExchangeSummary[] {
    const order = oldestFirst ? "e.id" : "e.id DESC";
    // The ids first: to find them an index may do, and of all others no row is read.
    const ids = `SELECT e.id FROM exchanges e WHERE e.id < ? AND e.id >= ? AND (${filter.where}) ORDER BY ${order} LIMIT ?`;
    const sql = `SELECT ${COLUMNS} FROM exchanges e WHERE e.id IN (${ids}) ORDER BY ${order}`;
    return this.#db
      .prepare(sql)
      .all(below, least, ...filter.parameters, limit)
      .map(summaryOf);
  }

  /**
   * Requests per bucket of time, over the time of the whole session. A filter that reads bodies is left out of it: the
   * strip then shows everything.
   */
  timeline(filter: Filter, writes: number): Timeline {
    return this.#totals.timeline(filter.scans ? EVERYTHING : filter, writes);
  }
}
