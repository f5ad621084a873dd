// The rows of the list: newest first, a page at a time from the engine, kept true by its events. Holds at most MOST_ROWS
// rows; what is older is asked for again when someone scrolls there. Outside React, so that events cost no drawing.
import type { Events } from "../../shared/contract.ts";
import type { ExchangeSummary } from "../../shared/exchange.ts";
import { ask, EngineError } from "../api/ask.ts";
import type { Transport } from "../api/transport.ts";
import { both } from "./filter_language.ts";
import { mergeChanged, mergeHead } from "./rows.ts";

const PAGE = 200;
const LARGE_PAGE = 2000;
const MOST_ROWS = 40_000;
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

  /** Starts over with another filter (or the same one, after a clear or a reconnect). */
  setFilter(filter: string): void {
    this.#filter = filter;
    this.#generation += 1;
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
    if (event.total < this.#state.all) {
      this.setFilter(this.#filter); // cleared, or another session
      return;
    }
    if (this.#paused) {
      this.#set({ all: event.total, held: this.#state.held + news });
      return;
    }
    for (const row of event.changed) this.#changed.set(row.id, row);
    this.#set({ all: event.total }, false);
    this.#onNextFrame();
    // The language is the engine's: whether a row matches, and what was left out of a full event, only a list can say.
    if (this.#filter !== "" || event.changed.length >= PAGE) this.#refreshSoon();
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

  async loadOlder(limit = PAGE): Promise<void> {
    const { next } = this.#state;
    if (next === null || this.#older) return;
    this.#older = true;
    const generation = this.#generation;
    try {
      const page = await ask(this.#transport, "exchanges.list", { filter: this.#filter, limit, before: next });
      if (generation !== this.#generation) return;
      const last = this.#state.rows.at(-1)?.id ?? Number.POSITIVE_INFINITY;
      const older = page.exchanges.filter((row) => row.id < last);
      this.#set({ rows: [...this.#state.rows, ...older], next: page.next, total: page.total });
    } catch {
      // The head's own request tells about an engine that is away; this one is made again on the next scroll.
    } finally {
      this.#older = false;
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
    try {
      const page = await ask(this.#transport, "exchanges.list", { filter: this.#filter, limit: PAGE });
      if (generation !== this.#generation) return;
      const merged = afresh ? { rows: page.exchanges, next: page.next } : mergeHead(this.#state, page);
      const all = this.#filter === "" ? Math.max(page.total, this.#state.all) : this.#state.all;
      this.#set({ ...merged, total: page.total, all: afresh && this.#filter === "" ? page.total : all, loading: false, error: null });
    } catch (error) {
      if (generation !== this.#generation) return;
      const { code, message } = error instanceof EngineError ? error : { code: "bug", message: String(error) };
      this.#set({ loading: false, error: { code, message } });
    }
  }

  #set(part: Partial<ListState>, tell = true): void {
    this.#state = { ...this.#state, ...part };
    if (tell) for (const listener of this.#listeners) listener();
  }
}

function cut(rows: readonly ExchangeSummary[]): Pick<ListState, "rows" | "next"> {
  const kept = rows.slice(0, MOST_ROWS);
  return { rows: kept, next: kept.at(-1)?.id ?? null };
}
