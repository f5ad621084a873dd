// The plane of a chart with its axes, as wide as there is room, and what the pointer is over. What stands in it is a path a line or
// a kind of bar, however many figures it tells: a chart of a live session is drawn anew every few seconds.
import { type PointerEvent, type ReactElement, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from "react";
import { AXIS_WIDTH, MARGIN } from "./axes.ts";

/** A place on an axis, from 0 to 1, and what is written there. */
export interface AxisMark {
  readonly at: number;
  readonly text: string;
}

/** Pixels of the plane. */
export interface PlaneSize {
  readonly width: number;
  readonly height: number;
}

/** What is told of a place, and how far to the right that place goes, from 0 to 1. */
export interface Pointed {
  readonly tip: ReactElement;
  readonly from: number;
  readonly to: number;
}

interface PlotProps {
  readonly across: readonly AxisMark[];
  readonly up: readonly AxisMark[];
  /** Lines for the marks across, too. */
  readonly gridAcross?: boolean;
  /** In pixels, from the plane's upper left corner. */
  readonly draw: (size: PlaneSize) => ReactNode;
  /** What is at a place; both from 0 to 1, from the lower left corner. */
  readonly tipAt: (x: number, y: number, size: PlaneSize) => Pointed | null;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

export function Plot({ across, up, gridAcross = false, draw, tipAt }: PlotProps): ReactElement {
  const holder = useRef<HTMLDivElement>(null);
  const size = usePlane(holder);
  const [at, setAt] = useState<Place | null>(null);
  // The pointer moves over a drawing that stays as it is.
  const drawn = useMemo(() => (size === null ? null : draw(size)), [draw, size]);
  const pointed = at === null || size === null ? null : tipAt(at.x, at.y, size);
  const move = (event: PointerEvent<HTMLDivElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    if (size === null) return;
    const x = (event.clientX - left - AXIS_WIDTH) / size.width;
    const y = 1 - (event.clientY - top - MARGIN.top) / size.height;
    setAt(x < 0 || x > 1 || y < 0 || y > 1 ? null : { x, y });
  };
  return (
    <div ref={holder} className="chart-plot" onPointerMove={move} onPointerLeave={() => setAt(null)}>
      {size === null ? null : (
        <svg width="100%" height="100%" aria-hidden="true">
          <g transform={`translate(${AXIS_WIDTH} ${MARGIN.top})`}>
            {pointed === null ? null : (
              <rect
                className="chart-cursor"
                x={pointed.from * size.width}
                width={(pointed.to - pointed.from) * size.width}
                height={size.height}
              />
            )}
            <Axes across={across} up={up} gridAcross={gridAcross} size={size} />
            {drawn}
          </g>
        </svg>
      )}
      {pointed === null || at === null || size === null ? null : (
        <TipAt place={at} size={size}>
          {pointed.tip}
        </TipAt>
      )}
    </div>
  );
}

/** The plane's size, as the chart's changes; null until it is known. */
function usePlane(holder: { readonly current: HTMLDivElement | null }): PlaneSize | null {
  const [size, setSize] = useState<PlaneSize | null>(null);
  useLayoutEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    const measure = () => {
      const width = element.clientWidth - AXIS_WIDTH - MARGIN.right;
      const height = element.clientHeight - MARGIN.top - MARGIN.bottom;
      setSize((known) => (known?.width === width && known.height === height ? known : width > 0 && height > 0 ? { width, height } : null));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [holder]);
  return size;
}

/** Pixels between the pointer and what is told of its place. */
const BESIDE = 14;

/** Beside the pointer, and within the chart's width. */
function TipAt({ place: { x, y }, size, children }: { readonly place: Place; readonly size: PlaneSize; readonly children: ReactNode }) {
  const tip = useRef<HTMLDivElement>(null);
  const pointer = AXIS_WIDTH + x * size.width;
  const most = AXIS_WIDTH + size.width + MARGIN.right;
  useLayoutEffect(() => {
    const element = tip.current;
    if (element === null) return;
    const left = x > 0.5 ? pointer - BESIDE - element.offsetWidth : pointer + BESIDE;
    element.style.left = `${Math.max(0, Math.min(most - element.offsetWidth, left))}px`;
  });
  const down = y > 0.5 ? { top: MARGIN.top + (1 - y) * size.height } : { bottom: MARGIN.bottom + y * size.height };
  return (
    <div ref={tip} className="chart-pointed" style={down}>
      {children}
    </div>
  );
}

interface AxesProps extends Pick<PlotProps, "across" | "up"> {
  readonly gridAcross: boolean;
  readonly size: PlaneSize;
}

function Axes({ across, up, gridAcross, size: { width, height } }: AxesProps): ReactElement {
  const levels = up.map(({ at }) => `M0 ${(1 - at) * height}h${width}`).join("");
  const uprights = gridAcross ? across.map(({ at }) => `M${at * width} 0v${height}`).join("") : "";
  return (
    <>
      <path className="chart-grid" d={levels + uprights} />
      <path className="chart-axis" d={`M0 0v${height}h${width}`} />
      {up.map(({ at, text }) => (
        <text key={at} x={-6} y={(1 - at) * height} dy="0.35em" textAnchor="end">
          {text}
        </text>
      ))}
      {across.map(({ at, text }) => (
        <text key={at} x={at * width} y={height + 17} textAnchor="middle">
          {text}
        </text>
      ))}
    </>
  );
}
