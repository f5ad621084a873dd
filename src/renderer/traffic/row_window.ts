// Which of many rows of one height are drawn: those in view and some around. What it costs does not grow with the rows.
import { type RefObject, useCallback, useLayoutEffect, useState } from "react";

/** CSS pixels. */
export const ROW = 28;
const AROUND = 12;
const FIRST_SCREEN = 40;

interface View {
  readonly first: number;
  readonly rows: number;
}

export interface RowWindow {
  /** The first row that is drawn, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** Scrolls as little as brings a row into view. */
  show(row: number): void;
}

/** The rows to draw of `count` in the scrolling element `holder`. */
export function useRowWindow(holder: RefObject<HTMLElement | null>, count: number): RowWindow {
  const [view, setView] = useState<View>({ first: 0, rows: FIRST_SCREEN });
  useLayoutEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    const look = () => {
      const first = Math.floor(element.scrollTop / ROW);
      const rows = Math.ceil(element.clientHeight / ROW) + 1;
      setView((before) => (before.first === first && before.rows === rows ? before : { first, rows }));
    };
    element.addEventListener("scroll", look, { passive: true });
    const resized = new ResizeObserver(look);
    resized.observe(element);
    look();
    return () => {
      element.removeEventListener("scroll", look);
      resized.disconnect();
    };
  }, [holder]);
  const show = useCallback(
    (row: number) => {
      const element = holder.current;
      if (element === null) return;
      const top = row * ROW;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + ROW > element.scrollTop + element.clientHeight) element.scrollTop = top + ROW - element.clientHeight;
    },
    [holder],
  );
  return { ...drawnRows(view, count), show };
}

/** Of `count` rows, those in view and some around. */
export function drawnRows({ first, rows }: View, count: number): Omit<RowWindow, "show"> {
  const from = Math.max(0, Math.min(first, count - rows) - AROUND);
  const to = Math.min(count, first + rows + AROUND);
  return { from, to };
}
