// Which of very many rows of one height are drawn, and where: those in view and some around. What it costs does not grow with the rows.
import { type RefObject, useCallback, useLayoutEffect, useReducer, useRef } from "react";
import { ROW, ScaledScroll } from "./scaled_scroll.ts";
import type { PlacesInView, SessionRows } from "./session_rows.ts";

const AROUND = 12;
/** CSS pixels, before the element is laid out. */
const FIRST_SCREEN = 1120;
const SETTLED_AFTER_MS = 200;

interface RowWindow extends PlacesInView {
  /** Of the content of the scrolling element. */
  readonly height: number;
  /** Where the row of a place is drawn in it. */
  readonly topOf: (place: number) => number;
  /** Rows that fit into the view. */
  readonly screen: number;
  /** Scrolls as little as brings a row into view. */
  show(place: number): void;
}

/** The rows to draw of a list in the scrolling element `holder`. What is in view stays there when rows come above it. */
export function useRowWindow(holder: RefObject<HTMLElement | null>, rows: SessionRows, filter: string): RowWindow {
  const [, redraw] = useReducer((drawn: number) => drawn + 1, 0);
  const held = useRef<HeldView | null>(null);
  held.current ??= new HeldView();
  const view = held.current;
  view.hold(rows, filter);
  useLayoutEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    let settling: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      if (view.scrolled(element)) redraw();
      clearTimeout(settling);
      settling = setTimeout(() => view.settle(element), SETTLED_AFTER_MS);
    };
    element.addEventListener("scroll", look, { passive: true });
    const resized = new ResizeObserver(() => {
      view.height = element.clientHeight;
      redraw();
    });
    resized.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      resized.disconnect();
      clearTimeout(settling);
    };
  }, [holder, view]);
  // Rows that come above what is in view move what the scrollbar says, not what is seen.
  useLayoutEffect(() => {
    if (holder.current !== null) view.follow(holder.current);
  });
  const show = useCallback(
    (place: number) => {
      if (holder.current !== null && view.show(place, holder.current)) redraw();
    },
    [holder, view],
  );
  return { ...view.drawn, height: view.scroll.height, topOf: (place) => place * ROW - view.scroll.shift, screen: view.screen, show };
}

/** What is in view, by the exchange at its upper edge. */
class HeldView {
  readonly scroll = new ScaledScroll();
  #rows: SessionRows | null = null;
  #filter: string | null = null;
  /** Of the view. */
  height = FIRST_SCREEN;
  /** The exchange at the upper edge, and how far it is scrolled out; null at the top of the list, where the newest stay in view. */
  #edge: { readonly id: number; readonly out: number } | null = null;

  get screen(): number {
    return Math.max(1, Math.floor(this.height / ROW) - 1);
  }

  get drawn(): PlacesInView {
    return drawnRows({ first: Math.floor(this.scroll.top / ROW), rows: Math.ceil(this.height / ROW) + 1 }, this.#rows?.total ?? 0);
  }

  /** Puts the view where it was in the rows as they are now: at the top for another filter. */
  hold(rows: SessionRows, filter: string): void {
    if (filter !== this.#filter) this.#edge = null;
    this.#rows = rows;
    this.#filter = filter;
    this.scroll.layOut(rows.total, this.height);
    const place = this.#edge === null ? 0 : rows.placeOf(this.#edge.id);
    if (place !== null) this.scroll.goTo(place * ROW + (this.#edge?.out ?? 0));
  }

  /** True when other rows are in view. */
  scrolled(element: HTMLElement): boolean {
    const { top } = this.scroll;
    this.scroll.scrolled(element.scrollTop);
    if (this.scroll.top === top) return false;
    this.#holdEdge();
    if (this.scroll.isStuck) this.settle(element);
    return true;
  }

  /** Once it is drawn. */
  follow(element: HTMLElement): void {
    if (this.scroll.isStuck || this.scroll.isFarOff) this.settle(element);
  }

  /** Lets the scrollbar say the truth. */
  settle(element: HTMLElement): void {
    const { truth } = this.scroll;
    if (Math.abs(truth - element.scrollTop) >= 1) element.scrollTop = truth;
    this.scroll.put(element.scrollTop);
  }

  show(place: number, element: HTMLElement): boolean {
    const { top } = this.scroll;
    const at = place * ROW;
    if (at < top) this.scroll.goTo(at);
    else if (at + ROW > top + this.height) this.scroll.goTo(at + ROW - this.height);
    if (this.scroll.top === top) return false;
    this.#holdEdge();
    this.settle(element);
    return true;
  }

  #holdEdge(): void {
    const { top } = this.scroll;
    const place = Math.floor(top / ROW);
    const id = top < ROW / 2 ? null : (this.#rows?.idAt(place) ?? null);
    this.#edge = id === null ? null : { id, out: top - place * ROW };
  }
}

/** Of `count` rows, those in view and some around. */
export function drawnRows({ first, rows }: { readonly first: number; readonly rows: number }, count: number): PlacesInView {
  const from = Math.max(0, Math.min(first, count - rows) - AROUND);
  const to = Math.min(count, first + rows + AROUND);
  return { from, to };
}
