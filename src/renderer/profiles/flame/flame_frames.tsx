// Frames on their rows: of a flame graph and of lanes alike. One of them is at hand: by mouse or by arrow keys; Enter or a click chooses it.
import { type KeyboardEvent, memo, type ReactElement, type ReactNode, useId, useState } from "react";
import { strings } from "../../strings.ts";
import { percent } from "../../ui/format.ts";
import { type Direction, isFound, neighbourOf, type PlacedFrame } from "./layout.ts";
import "./flame.css";

const ARROWS: Readonly<Record<string, Direction>> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };
const ROW = 20;
/** A narrower frame, as a share of the width, has no room for a letter. */
const UNNAMED = 0.012;

interface FlameFramesProps {
  readonly label: string;
  readonly frames: readonly PlacedFrame[];
  /** What shares are of. */
  readonly whole: number;
  readonly format: (value: number) => string;
  /** What is looked for. @default nothing */
  readonly find?: string;
  readonly onChoose?: (frame: PlacedFrame) => void;
  /** 0 or Escape. */
  readonly onAll?: () => void;
}

export function FlameFrames(props: FlameFramesProps): ReactElement {
  const { label, frames, whole, format, find = "", onChoose, onAll } = props;
  const prefix = useId();
  const [at, setAt] = useState<string | null>(null);
  const [shown, setShown] = useState(false);
  const here = frames.find(({ id }) => id === at) ?? frames[0];
  const rows = Math.max(0, ...frames.map(({ depth }) => depth + 1));
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const direction = ARROWS[event.key];
    if (here === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (direction !== undefined) {
      setAt(neighbourOf(frames, here.id, direction));
      setShown(true);
    } else if (event.key === "Enter" || event.key === " ") onChoose?.(here);
    else if ((event.key === "Escape" || event.key === "0") && onAll !== undefined) onAll();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      className="flame-frames"
      role="tree"
      aria-label={label}
      aria-activedescendant={here === undefined ? undefined : `${prefix}${here.id}`}
      tabIndex={0}
      style={{ height: rows * ROW + 4 }}
      onKeyDown={onKeyDown}
      onFocus={() => setShown(true)}
      onBlur={() => setShown(false)}
      onMouseLeave={() => setShown(false)}
    >
      {frames.map((frame) => (
        <Frame
          key={frame.id}
          frame={frame}
          id={`${prefix}${frame.id}`}
          label={strings.flame.frame(
            frame.name,
            format(frame.value),
            format(frame.self),
            strings.flame.ofAll(percent(Math.min(frame.value, whole), whole)),
          )}
          at={frame.id === here?.id && at !== null}
          found={isFound(frame, find)}
          onPoint={(id) => {
            setAt(id);
            setShown(true);
          }}
          onChoose={onChoose}
        />
      ))}
      {here !== undefined && at !== null && shown ? (
        <Tip frame={here}>
          <b className="mono">{here.name}</b>
          <span className="num">
            {format(here.value)} {strings.flame.total} · {format(here.self)} {strings.flame.self} ·{" "}
            {strings.flame.ofAll(percent(Math.min(here.value, whole), whole))}
          </span>
          {here.where === "" ? null : <span className="mono mut">{here.where}</span>}
        </Tip>
      ) : null}
    </div>
  );
}

interface FrameProps {
  readonly frame: PlacedFrame;
  readonly id: string;
  readonly label: string;
  readonly at: boolean;
  readonly found: boolean;
  readonly onPoint: (id: string) => void;
  readonly onChoose: ((frame: PlacedFrame) => void) | undefined;
}

const Frame = memo(
  function Frame({ frame, id, label, at, found, onPoint, onChoose }: FrameProps): ReactElement {
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys
      <div
        id={id}
        role="treeitem"
        aria-level={frame.depth + 1}
        aria-selected={at}
        aria-label={label}
        className={`flame-frame ${frame.side}${at ? " at" : ""}${found ? " found" : ""}`}
        style={{ left: `${frame.left * 100}%`, width: `${frame.width * 100}%`, top: 2 + frame.depth * ROW }}
        onMouseEnter={() => onPoint(frame.id)}
        onClick={() => onChoose?.(frame)}
      >
        {frame.width > UNNAMED ? frame.name : ""}
      </div>
    );
  },
  (before, after) => before.frame === after.frame && before.at === after.at && before.found === after.found,
);

function Tip({ frame, children }: { readonly frame: PlacedFrame; readonly children: ReactNode }): ReactElement {
  const right = frame.left > 0.6;
  const place = right ? { right: `${Math.max(0, 1 - frame.left - frame.width) * 100}%` } : { left: `${frame.left * 100}%` };
  return (
    <div className="flame-tip pop" aria-hidden="true" style={{ ...place, top: (frame.depth + 1) * ROW + 6 }}>
      {children}
    </div>
  );
}
