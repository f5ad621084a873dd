// The list of all exchanges that pass a filter, kept true by the engine's events: its newest rows, the counts of all the others, and the
// rows that are looked at, asked for as they come into view and forgotten again. Outside React, so that events cost no drawing.
import type { Events } from "../../shared/contract.ts";
import type { ExchangeSummary } from "../../shared/exchange.ts";
import { ask, EngineError } from "../api/ask.ts";
import type { Transport } from "../api/transport.ts";
import { LARGEST_PAGE, nextMismatch, rowsBetween } from "./row_requests.ts";
import { type IdsBetween, type PlacesInView, SessionRows } from "./session_rows.ts";

/** Rows that are there at once. */
const FIRST_PAGE = 200;
/** A search through bodies goes on by itself until a window is full, and until so many rows are left below what is in view. */
const FULL = 60;
const SEARCHED_AHEAD = 250;
/** How soon it is asked again while Parallax starts. */
const START_MS = 300;
/** Ids in which a filter that reads bodies looks again for what has changed. */
const LOOKED_AGAIN = 250;
/** An event tells of so many; others have changed as well, then. */
const TOLD = 200;
const REFRESH_MS = 300;

export interface ListState {
  /** The same object as long as the filter is the same; what it holds changes with each state. */
  readonly rows: SessionRows;
  /** The filter that these rows have passed. */
  readonly filter: string;
  /** Exchanges that match the filter, as far as they are counted. */
  readonly total: number;
  /** All exchanges of the session. */
  readonly all: number;
  readonly loading: boolean;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Exchanges that came while paused. */
  readonly held: number;
}

const NOTHING = Object.freeze({ exchanges: [], next: null, total: 0 });

export class TrafficList {
  readonly #transport: Transport;
  readonly #listeners = new Set<() => void>();
  #state: ListState = { rows: new SessionRows(NOTHING), filter: "", total: 0, all: 0, loading: true, error: null, held: 0 };
  #filter = "";
  #paused = false;
  #generation = 0;
  #view: PlacesInView = { from: 0, to: FULL };
  #screen = FULL;
  /** The filter reads bodies: what passes is found piece by piece. */
  #searches = false;
  #searching = false;
  #filling = false;
  /** The newest exchange that was told of. */
  #newest = 0;
  /** Events that left some out, since the newest rows were complete: what is new goes on top only once they are there. */
  #behind = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #changed = new Map<number, ExchangeSummary>();
  #touched = new Set<number>();
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
    clearTimeout(this.#retry ?? undefined);
    this.#behind = 0;
    this.#changed.clear();
    this.#touched.clear();
    this.#set({ loading: true, error: null });
    void this.#begin(this.#generation);
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    if (!paused) {
      this.#set({ held: 0 });
      void this.#loadHead();
    }
  }

  /** Rows that fit into the view. */
  get screen(): number {
    return this.#screen;
  }

  /** What is in view, and how many rows fit into it. */
  readonly look = (view: PlacesInView, screen: number): void => {
    this.#view = view;
    this.#screen = screen;
    void this.#fill();
    void this.#searchOn();
  };

  /** What the engine pushed. */
  apply(event: Events["exchanges"]): void {
    const news = this.#state.all === 0 ? 0 : event.total - this.#state.all;
    if (isCleared(this.#state.all, event.total)) {
      this.#set({ all: event.total });
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
    if (this.#filter !== "") {
      for (const { id } of event.changed) this.#touched.add(id);
      this.#refreshSoon();
    } else if (event.changed.length >= TOLD) {
      this.#behind += 1;
      if (this.#behind === 1) void this.#loadHead();
    }
    this.#onNextFrame();
  }

  /** The exchange at a place, asked for where it is not here; null where there is none. */
  async idAt(place: number): Promise<number | null> {
    const { rows } = this.#state;
    const here = rows.rowAt(place);
    if (here !== null || place < 0 || place >= rows.total) return here?.id ?? null;
    const ids = rows.idsAround(place);
    const generation = this.#generation;
    const found = await this.#between(ids, generation).catch(() => null);
    if (found === null || rows !== this.#state.rows) return null;
    rows.fill(ids, found);
    this.#set({});
    return rows.rowAt(Math.min(place, rows.total - 1))?.id ?? null;
  }

  /** The next exchange down (1) or up (-1) the list whose answers differ or failed; null when there is none, or the engine is away. */
  async mismatch(from: number | null, step: 1 | -1): Promise<number | null> {
    return await nextMismatch(this.#transport, this.#filter, from, step);
  }

  /** Replaces one row, e.g. after it was pinned. */
  replace(row: ExchangeSummary): void {
    if (this.#state.rows.replace([row])) this.#set({});
  }

  dispose(): void {
    clearTimeout(this.#timer ?? undefined);
    clearTimeout(this.#retry ?? undefined);
    this.#listeners.clear();
  }

  async #begin(generation: number): Promise<void> {
    try {
      const page = await ask(this.#transport, "exchanges.list", { filter: this.#filter, limit: FIRST_PAGE, after: 0 });
      if (generation !== this.#generation) return;
      const rows = new SessionRows(page);
      // The same list asked for again takes the place of the old one when it is as long.
      const again = this.#state.filter === this.#filter && this.#state.rows.total > page.exchanges.length && this.#state.all > 0;
      if (!again) this.#show(rows);
      this.#searches = !(await this.#count(rows, generation));
      if (generation !== this.#generation) return;
      if (again) this.#show(rows);
      if (this.#filter === "") this.#set({ all: Math.max(this.#state.all, rows.total) });
      void this.#fill();
      void this.#searchOn();
    } catch (error) {
      this.#failed(error, generation);
    }
  }

  #show(rows: SessionRows): void {
    this.#searches = false;
    this.#set({ rows, filter: this.#filter, loading: false, error: null });
    this.#caughtUp(0);
  }

  /** Where all the others lie. False where only a search can tell. */
  async #count(rows: SessionRows, generation: number): Promise<boolean> {
    while (rows.end !== null) {
      const answer = await ask(this.#transport, "exchanges.ranges", { filter: this.#filter, before: rows.end });
      if (generation !== this.#generation) return true;
      if (!answer.counted) return false;
      rows.addRanges(answer);
      if (rows === this.#state.rows) this.#set({});
    }
    return true;
  }

  // Each piece is asked for by itself: another filter ends it.
  async #searchOn(): Promise<void> {
    if (this.#searching) return;
    this.#searching = true;
    try {
      while (this.#searches && this.#isShown) {
        const { rows } = this.#state;
        if (rows.end === null || rows.total >= Math.max(FULL, this.#view.to + SEARCHED_AHEAD)) return;
        const query = { filter: this.#filter, limit: SEARCHED_AHEAD, before: rows.end };
        const page = await ask(this.#transport, "exchanges.list", query);
        if (rows !== this.#state.rows) continue;
        rows.addFound(page);
        this.#set({});
      }
    } catch {
      // The newest rows' own request tells about an engine that is away; this one is made again on the next scroll.
    } finally {
      this.#searching = false;
    }
  }

  /** Asks for what is in view and not here, one segment after the other: what is in view by then counts. */
  async #fill(): Promise<void> {
    if (this.#filling) return;
    this.#filling = true;
    try {
      while (this.#isShown) {
        const { rows } = this.#state;
        const ids = rows.wanted(this.#view);
        if (ids === null) return;
        const found = await this.#between(ids, this.#generation);
        if (found === null || rows !== this.#state.rows) continue;
        rows.fill(ids, found);
        this.#set({});
      }
    } catch {
      // Asked for again on the next scroll.
    } finally {
      this.#filling = false;
    }
  }

  /** All rows between two ids; null when another filter came meanwhile. */
  #between(ids: IdsBetween, generation: number): Promise<readonly ExchangeSummary[] | null> {
    return rowsBetween(this.#transport, this.#filter, ids, () => generation === this.#generation);
  }

  #onNextFrame(): void {
    if (this.#frame) return;
    this.#frame = true;
    const run = () => {
      this.#frame = false;
      if (this.#behind > 0 || this.#state.loading) return; // they wait for those between
      const { rows, all } = this.#state;
      const changed = [...this.#changed.values()];
      this.#changed = new Map();
      rows.replace(changed);
      if (this.#filter === "") {
        const { newest } = rows;
        rows.putOnTop(changed.filter(({ id }) => id > newest).toSorted((a, b) => b.id - a.id));
        // What was told of is all there is: at its cap a session lets its oldest go.
        if (rows.end === null && rows.newest === this.#newest) rows.trimTo(all);
      }
      this.#set({});
    };
    if (document.hidden) setTimeout(run, 250);
    else requestAnimationFrame(run);
  }

  #refreshSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      if (this.#paused || this.#state.loading) return;
      this.#state.rows.touch(this.#touched);
      this.#touched.clear();
      void this.#fill();
      void this.#loadHead();
    }, REFRESH_MS);
  }

  /** The newest rows as they are now; all of the list where too many have come to add them. */
  async #loadHead(): Promise<void> {
    if (this.#state.loading) return;
    const generation = this.#generation;
    const behind = this.#behind;
    const { rows } = this.#state;
    const newest = this.#newest;
    const query = { filter: this.#filter, limit: LARGEST_PAGE, after: Math.max(0, rows.headAfter) };
    try {
      let page = await ask(this.#transport, "exchanges.list", query);
      const found = [...page.exchanges];
      while (page.next !== null && this.#searches && generation === this.#generation) {
        page = await ask(this.#transport, "exchanges.list", { ...query, before: page.next });
        found.push(...page.exchanges);
      }
      if (generation !== this.#generation || rows !== this.#state.rows) return;
      if (page.next !== null) {
        this.setFilter(this.#filter);
        return;
      }
      rows.setHead(found);
      if (this.#searches) rows.closeHead(newest - LOOKED_AGAIN);
      this.#set({ loading: false, error: null });
      this.#caughtUp(behind);
    } catch (error) {
      this.#failed(error, generation);
    }
  }

  #failed(error: unknown, generation: number): void {
    if (generation !== this.#generation) return;
    this.#behind = 0;
    const { code, message } = error instanceof EngineError ? error : { code: "bug", message: String(error) };
    this.#set({ loading: false, error: { code, message } });
    // Parallax is starting: nobody tells this list when it is ready.
    if (code === "no_session") this.#retry = setTimeout(() => void this.#begin(generation), START_MS);
  }

  #caughtUp(behind: number): void {
    const again = this.#behind > behind;
    this.#behind = again ? 1 : 0;
    if (again) void this.#loadHead();
    else if (this.#changed.size > 0) this.#onNextFrame();
    if (this.#touched.size > 0) this.#refreshSoon();
  }

  /** Whether the rows are those of the filter that was asked for last. */
  get #isShown(): boolean {
    return this.#state.filter === this.#filter;
  }

  #set(part: Partial<ListState>, tell = true): void {
    const state = { ...this.#state, ...part };
    // Nothing is hidden: while the newest rows are here alone, the session knows how many there are.
    const total = state.rows.end !== null && state.filter === "" ? Math.max(state.all, state.rows.total) : state.rows.total;
    this.#state = { ...state, total };
    if (tell) for (const listener of this.#listeners) listener();
  }
}

/** Fewer than before are another session, or a cleared one; a large one that is at its cap loses some of the oldest as others come. */
function isCleared(before: number, now: number): boolean {
  return now < before && (before < LARGEST_PAGE || before - now > LARGEST_PAGE);
}
