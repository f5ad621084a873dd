// Exchanges that someone has ticked to do something with all of them. Kept by id, apart from the list: rows that are scrolled away, or that
// another filter hides, stay ticked.
import { createContext, useContext, useSyncExternalStore } from "react";
import type { ExchangePage } from "../../shared/contract.ts";
import { ask } from "../api/ask.ts";
import type { Transport } from "../api/transport.ts";
import { strings } from "../strings.ts";
import { count } from "../ui/format.ts";

/** More are what a filter is for: the list's own Share… has no bound. */
export const MOST_TICKED = 50_000;
const PAGE = 5000;

export interface TickedState {
  readonly ids: ReadonlySet<number>;
  /** The rows between two are being asked for. */
  readonly working: boolean;
  /** What could not be ticked, and why. */
  readonly problem: string;
}

const NOTHING: TickedState = Object.freeze({ ids: new Set<number>(), working: false, problem: "" });

export class TickedRows {
  readonly #transport: Transport;
  readonly #listeners = new Set<() => void>();
  #state = NOTHING;
  #filter = "";
  /** Where a range begins: the row that was ticked by itself last. */
  #anchor: number | null = null;
  #generation = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): TickedState => this.#state;

  /** The list's: a range holds what passes it. */
  setFilter(filter: string): void {
    this.#filter = filter;
  }

  toggle(id: number): void {
    const ids = new Set(this.#state.ids);
    if (!ids.delete(id)) ids.add(id);
    this.#anchor = id;
    this.#set(bounded(ids));
  }

  /** Ticks all rows from the one that was ticked last to this one, also those that the window does not hold. Never rejects. */
  async extendTo(id: number): Promise<void> {
    const anchor = this.#anchor;
    if (anchor === null) return this.toggle(id);
    this.#generation += 1;
    const generation = this.#generation;
    const [first, last] = [Math.min(anchor, id), Math.max(anchor, id)];
    const ids = new Set([...this.#state.ids, anchor, id]);
    this.#set({ working: true, problem: "" });
    try {
      let before: number | null = last;
      while (before !== null && before > first && ids.size <= MOST_TICKED) {
        const page: ExchangePage = await ask(this.#transport, "exchanges.list", { filter: this.#filter, limit: PAGE, before });
        if (generation !== this.#generation) return;
        for (const row of page.exchanges) if (row.id > first) ids.add(row.id);
        before = page.next;
      }
      this.#set({ ...bounded(ids), working: false });
    } catch (error) {
      if (generation === this.#generation) this.#set({ working: false, problem: error instanceof Error ? error.message : String(error) });
    }
  }

  clear(): void {
    this.#generation += 1;
    this.#anchor = null;
    this.#set(NOTHING);
  }

  #set(part: Partial<TickedState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of this.#listeners) listener();
  }
}

function bounded(ids: ReadonlySet<number>): Pick<TickedState, "ids" | "problem"> {
  if (ids.size <= MOST_TICKED) return { ids, problem: "" };
  return { ids: new Set([...ids].slice(0, MOST_TICKED)), problem: strings.ticked.tooMany(count(MOST_TICKED)) };
}

const TickedContext = createContext<TickedRows | null>(null);
export const TickedProvider = TickedContext.Provider;

/** Whether a row is ticked, and what a press on it does to that; null where rows can't be ticked. */
export interface Tick {
  readonly ticked: boolean;
  /** True when the press was for the ticks, and for nothing else: on the box, with Ctrl (Cmd) or with Shift. */
  press(event: Press, id: number): boolean;
}

interface Press {
  readonly target: EventTarget;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

const NO_LISTENER = (): (() => void) => () => undefined;

export function useTick(id: number): Tick | null {
  const rows = useContext(TickedContext);
  const ticked = useSyncExternalStore(rows?.listen ?? NO_LISTENER, () => rows?.state().ids.has(id) ?? false);
  return rows === null ? null : { ticked, press: (event, of) => pressed(rows, event, of) };
}

function pressed(rows: TickedRows, event: Press, id: number): boolean {
  if (event.shiftKey) {
    getSelection()?.removeAllRanges(); // the browser takes the text between, too
    void rows.extendTo(id);
  } else if (isTickBox(event.target) || event.ctrlKey || event.metaKey) rows.toggle(id);
  else return false;
  return true;
}

/** Whether an event was on the box of a row. */
export function isTickBox(target: EventTarget): boolean {
  return target instanceof Element && target.closest(".tick-box") !== null;
}
