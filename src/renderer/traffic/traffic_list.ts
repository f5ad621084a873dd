// The rows of the list: newest first, a page at a time from the engine, kept true by its events. Holds at most MOST_ROWS
// rows; what is older is asked for again when someone scrolls there. Outside React, so that events cost no drawing.
import type { Events } from "../../shared/contract.ts";
import type { ExchangeSummary } from "../../shared/exchange.ts";
import { ask, EngineError } from "../api/ask.ts";
import type { Transport } from "../api/transport.ts";
import { both } from "./filter_language.ts";
import { isPartOf, mergeChanged, mergeHead } from "./rows.ts";

const PAGE = 200;
/** A flick of a wheel passes hundreds of rows a second. */
const OLDER_PAGE = 1000;
const LARGE_PAGE = 2000;
const LARGEST_PAGE = 5000;
const MOST_ROWS = 40_000;
/** A search through bodies goes on by itself until a window is full. */
const FULL = 60;
const MISMATCH = "~verdict different | ~verdict failed";
const REFRESH_MS = 300;

export interface ListState {
  readonly rows: readonly ExchangeSummary[];
  /** Exchanges that match the filter, also those not loaded. */
  readonly total: number;
  /** All exchanges of the session. */
  readonly all: number;
  readonly next: number | null;
  readonly loading: boolean;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Exchanges that came while paused. */
  readonly held: number;
}

const EMPTY: ListState = { rows: [], total: 0, all: 0, next: null, loading: true, error: null, held: 0 };

export class TrafficList {
  readonly #transport: Transport;
  readonly #listeners = new Set<() => void>();
  #state = EMPTY;
  #filter = "";
  #paused = false;
  #generation = 0;
  #older = false;
  /** The newest exchange that was told of, and the one when the head was asked for last. */
  #newest = -1;
  #known = -1;
  /** Events that left some out, since the head was complete: what is new goes on top only once they are there. */
  #behind = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #changed = new Map<number, ExchangeSummary>();
  #frame = false;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): ListState => this.#state;

  /** Asks afresh, after a refusal. */
  again(): void {
    this.setFilter(this.#filter);
  }

  /** Starts over with another filter (or the same one, after a clear or a reconnect). */
  setFilter(filter: string): void {
    this.#filter = filter;
    this.#generation += 1;
    this.#older = false;
    this.#behind = 0;
    this.#set({ loading: true, error: null });
    void this.#loadHead(true);
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    if (!paused) {
      this.#set({ held: 0 });
      void this.#loadHead(false);
    }
  }

  /** What the engine pushed. */
  apply(event: Events["exchanges"]): void {
    const news = this.#state.all === 0 ? 0 : event.total - this.#state.all;
    if (isCleared(this.#state.all, event.total)) {
      this.setFilter(this.#filter); // cleared, or another session
      return;
    }
    for (const { id } of event.changed) this.#newest = Math.max(this.#newest, id);
    if (this.#paused) {
      this.#set({ all: event.total, held: this.#state.held + news });
      return;
    }
    for (const row of event.changed) this.#changed.set(row.id, row);
    this.#set({ all: event.total }, false);
    // The language is the engine's: whether a row matches, and what was left out of a full event, only a list can say.
    if (this.#filter !== "") this.#refreshSoon();
    else if (event.changed.length >= PAGE) {
      this.#behind += 1;
      if (this.#behind === 1) void this.#loadHead(false);
    }
    this.#onNextFrame();
  }

  /** Loads older pages until the exchange is among the rows, or can't be. */
  async loadUntil(id: number): Promise<void> {
    for (let pages = 0; pages < MOST_ROWS / LARGE_PAGE; pages += 1) {
      const oldest = this.#state.rows.at(-1)?.id;
      if (oldest === undefined || oldest <= id || this.#state.next === null) return;
      await this.loadOlder(LARGE_PAGE);
    }
  }

  /** The next older exchange whose answers differ or failed, also one that is not loaded; null when there is none. */
  async olderMismatch(before: number): Promise<number | null> {
    const page = await ask(this.#transport, "exchanges.list", { filter: both(this.#filter, MISMATCH), limit: 1, before });
    return page.exchanges[0]?.id ?? null;
  }

  async loadOlder(limit = OLDER_PAGE): Promise<void> {
    const { next } = this.#state;
    if (next === null || this.#older) return;
    this.#older = true;
    const generation = this.#generation;
    try {
      const page = await ask(this.#transport, "exchanges.list", { filter: this.#filter, limit, before: next });
      if (generation !== this.#generation) return;
      const last = this.#state.rows.at(-1)?.id ?? Number.POSITIVE_INFINITY;
      const rows = this.#state.rows.concat(page.exchanges.filter((row) => row.id < last));
      this.#set({ rows, next: page.next, total: isPartOf(page) ? rows.length : page.total });
    } catch {
      // The head's own request tells about an engine that is away; this one is made again on the next scroll.
    } finally {
      if (generation === this.#generation) this.#older = false;
    }
  }

  /** Replaces one row, e.g. after it was pinned. */
  replace(row: ExchangeSummary): void {
    this.#set({ rows: mergeChanged(this.#state.rows, [row], false) });
  }

  dispose(): void {
    clearTimeout(this.#timer ?? undefined);
    this.#listeners.clear();
  }

  #onNextFrame(): void {
    if (this.#frame) return;
    this.#frame = true;
    const run = () => {
      this.#frame = false;
      if (this.#behind > 0) return; // they wait for those between
      const changed = [...this.#changed.values()];
      this.#changed = new Map();
      const rows = mergeChanged(this.#state.rows, changed, this.#filter === "");
      const total = this.#filter === "" ? this.#state.all : this.#state.total;
      this.#set(rows.length > MOST_ROWS ? { ...cut(rows), total } : { rows, total });
    };
    if (document.hidden) setTimeout(run, 250);
    else requestAnimationFrame(run);
  }

  #refreshSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      if (!this.#paused) void this.#loadHead(false);
    }, REFRESH_MS);
  }

  async #loadHead(afresh: boolean): Promise<void> {
    const generation = this.#generation;
    const newest = this.#newest;
    const behind = this.#behind;
    try {
      const page = await ask(this.#transport, "exchanges.list", { filter: this.#filter, limit: afresh ? PAGE : this.#missed() });
      if (generation !== this.#generation) return;
      const merged = afresh ? { rows: page.exchanges, next: page.next } : mergeHead(this.#state, page, this.#known);
      this.#known = newest;
      const total = isPartOf(page) ? merged.rows.length : page.total;
      const all = this.#filter === "" ? Math.max(page.total, this.#state.all) : this.#state.all;
      this.#set({ ...merged, total, all: afresh && this.#filter === "" ? page.total : all, loading: false, error: null });
      this.#caughtUp(behind);
      if (isPartOf(page)) await this.#searchOn(generation);
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#behind = 0;
      const { code, message } = error instanceof EngineError ? error : { code: "bug", message: String(error) };
      this.#set({ loading: false, error: { code, message } });
    }
  }

  #caughtUp(behind: number): void {
    const again = this.#behind > behind;
    this.#behind = again ? 1 : 0;
    if (again) void this.#loadHead(false);
    else if (this.#changed.size > 0) this.#onNextFrame();
  }

  /** So many rows that a page of the newest reaches those that are here. */
  #missed(): number {
    const newest = this.#state.rows[0]?.id;
    return this.#filter !== "" || newest === undefined ? PAGE : Math.min(LARGEST_PAGE, OLDER_PAGE + Math.max(0, this.#newest - newest));
  }

  // Each piece is asked for by itself: another filter ends it.
  async #searchOn(generation: number): Promise<void> {
    while (generation === this.#generation && this.#state.rows.length < FULL && this.#state.next !== null && !this.#older) {
      const { next } = this.#state;
      await this.loadOlder();
      if (this.#state.next === next) return; // the engine is away
    }
  }

  #set(part: Partial<ListState>, tell = true): void {
    this.#state = { ...this.#state, ...part };
    if (tell) for (const listener of this.#listeners) listener();
  }
}

/** Fewer than before are another session, or a cleared one; a large one that is at its cap loses some of the oldest as others come. */
function isCleared(before: number, now: number): boolean {
  return now < before && (before < LARGEST_PAGE || before - now > LARGEST_PAGE);
}

function cut(rows: readonly ExchangeSummary[]): Pick<ListState, "rows" | "next"> {
  const kept = rows.slice(0, MOST_ROWS);
  return { rows: kept, next: kept.at(-1)?.id ?? null };
}
