// A line between two regions that can be dragged, or moved by the arrow keys. The width is kept for the next time.
import { type KeyboardEvent, type PointerEvent, type ReactElement, useState } from "react";

interface SplitWidth {
  readonly width: number;
  readonly set: (width: number) => void;
}

/** The width of a side region in px, kept under `name`. */
export function useSplitWidth(name: string, initial: number): SplitWidth {
  const key = `parallax.split.${name}`;
  const [width, setWidth] = useState(() => Number(localStorage.getItem(key) ?? initial) || initial);
  return {
    width,
    set: (next) => {
      const bounded = Math.round(Math.min(Math.max(next, 320), window.innerWidth - 480));
      localStorage.setItem(key, String(bounded));
      setWidth(bounded);
    },
  };
}

/** Sits at the left of the region whose width it changes. */
export function Splitter({ label, split }: { readonly label: string; readonly split: SplitWidth }): ReactElement {
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const start = event.clientX;
    const from = split.width;
    event.currentTarget.setPointerCapture(event.pointerId);
    const target = event.currentTarget;
    target.onpointermove = (move) => split.set(from + start - move.clientX);
    target.onpointerup = () => {
      target.onpointermove = null;
    };
  };
  const key = (event: KeyboardEvent) => {
    const step = event.key === "ArrowLeft" ? 16 : event.key === "ArrowRight" ? -16 : 0;
    if (step !== 0) split.set(split.width + step);
  };
  return (
    <div
      className="splitter"
      role="separator"
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={split.width}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={key}
    />
  );
}
