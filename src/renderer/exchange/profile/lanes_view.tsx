// Lanes on one axis under one ruler. A click or Enter gives a frame the whole width; waits may be shortened, the ruler says by how much.
import { type ReactElement, useMemo, useState } from "react";
import type { LaneFrame } from "../../../shared/flame.ts";
import { FlameFrames } from "../../profiles/flame/flame_frames.tsx";
import { FlameTools } from "../../profiles/flame/flame_graph.tsx";
import { isFound } from "../../profiles/flame/layout.ts";
import { strings } from "../../strings.ts";
import { Switch } from "../../ui/controls.tsx";
import { micros } from "../../ui/format.ts";
import { type Axis, axisOf, placeLane, ticksOf } from "./axis.ts";
import type { Lane } from "./lanes.ts";

const WORDS = strings.profile;

interface LanesViewProps {
  readonly lanes: readonly Lane[];
  readonly totalUs: number;
}

interface Window {
  readonly from: number;
  readonly to: number;
}

export function LanesView({ lanes, totalUs }: LanesViewProps): ReactElement {
  const [shorten, setShorten] = useState(true);
  const [find, setFind] = useState("");
  const [zoom, setZoom] = useState<Window | null>(null);
  const frames = useMemo(() => lanes.flatMap((lane) => lane.frames), [lanes]);
  const end = useMemo(() => frames.reduce((latest, { to }) => Math.max(latest, to), totalUs), [frames, totalUs]);
  const { from, to } = zoom ?? { from: 0, to: end };
  const axis = useMemo(() => axisOf(frames, from, to, shorten), [frames, from, to, shorten]);
  const working = lanes.filter((lane) => lane.frames.length > 0);
  const idle = lanes.filter((lane) => lane.frames.length === 0);
  const found = find.trim() === "" ? "" : strings.flame.found(frames.filter((frame) => isFound(frame, find)).length);
  const choose = (lane: Lane) => (id: string) => {
    const frame = lane.frames[Number(id)];
    if (frame !== undefined && frame.to > frame.from) setZoom({ from: frame.from, to: frame.to });
  };
  return (
    <div className="lanes">
      <FlameTools find={find} onFind={setFind}>
        {found}
      </FlameTools>
      <div className="lanes-options">
        <Switch on={shorten} onChange={setShorten}>
          {WORDS.shorten}
        </Switch>
        {zoom === null ? null : (
          <button type="button" className="btn small" onClick={() => setZoom(null)}>
            {strings.flame.all}
            <kbd>0</kbd>
          </button>
        )}
        <span className="grow" />
        <Legend frames={frames} />
      </div>
      <Ruler frames={frames} axis={axis} />
      {working.map((lane) => (
        <section key={lane.id} className="lane-of" aria-label={`${lane.title}: ${lane.note}`}>
          <div className="lane-head">
            <span className={`tag ${lane.tag}`}>{lane.tag.toUpperCase()}</span>
            <b>{lane.title}</b>
            <span className="mut cut" title={lane.note}>
              {lane.note}
            </span>
          </div>
          <LaneFrames lane={lane} axis={axis} whole={end} find={find} onChoose={choose(lane)} onAll={() => setZoom(null)} />
        </section>
      ))}
      {idle.length === 0 ? null : <p className="s2 mut lane-idle">{WORDS.idle(idle.map(({ title }) => title).join(", "))}</p>}
    </div>
  );
}

interface LaneFramesProps {
  readonly lane: Lane;
  readonly axis: Axis;
  readonly whole: number;
  readonly find: string;
  readonly onChoose: (id: string) => void;
  readonly onAll: () => void;
}

function LaneFrames({ lane, axis, whole, find, onChoose, onAll }: LaneFramesProps): ReactElement {
  const placed = useMemo(() => placeLane(lane.frames, axis), [lane, axis]);
  return (
    <FlameFrames
      label={lane.title}
      frames={placed}
      whole={whole}
      format={micros}
      find={find}
      onChoose={({ id }) => onChoose(id)}
      onAll={onAll}
    />
  );
}

function Ruler({ frames, axis }: { readonly frames: readonly LaneFrame[]; readonly axis: Axis }): ReactElement {
  const ticks = useMemo(
    () =>
      ticksOf(
        frames.toSorted((a, b) => a.from - b.from),
        axis,
      ),
    [frames, axis],
  );
  const share = (us: number) => `${axis.at(us) * 100}%`;
  return (
    <div className="lane-ruler" role="img" aria-label={`${WORDS.axis}: ${micros(axis.from)} – ${micros(axis.to)}`}>
      <div>
        {ticks.map((tick) => (
          <span key={tick} style={{ left: share(tick) }}>
            {micros(tick)}
          </span>
        ))}
        <span className="end">{micros(axis.to)}</span>
      </div>
      <div className="cuts">
        {axis.cuts.map((cut) => (
          <i
            key={cut.from}
            style={{ left: share(cut.from), width: `${(axis.at(cut.to) - axis.at(cut.from)) * 100}%` }}
            title={WORDS.shortened(micros(cut.to - cut.from))}
          >
            {WORDS.shortened(micros(cut.to - cut.from))}
          </i>
        ))}
      </div>
    </div>
  );
}

const SHOWN = ["own", "es", "ch", "library", "gc"] as const;

function Legend({ frames }: { readonly frames: readonly LaneFrame[] }): ReactElement {
  const there = new Set(frames.map(({ side }) => side));
  return (
    <span className="lane-legend s1">
      {SHOWN.filter((side) => there.has(side)).map((side) => (
        <span key={side}>
          <i className={`flame-mark ${side}`} />
          {WORDS.legend[side]}
        </span>
      ))}
    </span>
  );
}
