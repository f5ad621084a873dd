// A flame graph, the root on top: a click or Enter gives a frame the whole width, one on a frame above it gives it back. What is looked for stands out.
import { type ReactElement, useMemo, useState } from "react";
import { type FlameNode, functionsOf } from "../../../shared/flame.ts";
import { strings } from "../../strings.ts";
import { percent } from "../../ui/format.ts";
import { FlameFrames } from "./flame_frames.tsx";
import { FlameTable } from "./flame_table.tsx";
import { isFound, placeFrames } from "./layout.ts";

interface FlameGraphProps {
  readonly label: string;
  readonly root: FlameNode;
  /** Values with their unit. */
  readonly format: (value: number) => string;
}

/** The graph with its field to find functions by, and the table of its functions. */
export function FlameGraph({ label, root, format }: FlameGraphProps): ReactElement {
  const [zoom, setZoom] = useState("0");
  const [find, setFind] = useState("");
  const frames = useMemo(() => placeFrames(root, zoom), [root, zoom]);
  const functions = useMemo(() => functionsOf(root), [root]);
  if (root.value === 0) return <p className="flame-empty mut">{strings.flame.nothing}</p>;
  const found = functions.filter((row) => isFound(row, find));
  return (
    <div className="flame-graph">
      <FlameTools find={find} onFind={setFind}>
        {find.trim() === "" ? "" : `${strings.flame.found(found.length)}, ${selfShare(found, root.value)}`}
      </FlameTools>
      {zoom === "0" ? null : (
        <button type="button" className="btn small flame-all" onClick={() => setZoom("0")}>
          {strings.flame.all}
          <kbd>0</kbd>
        </button>
      )}
      <FlameFrames
        label={label}
        frames={frames}
        whole={root.value}
        format={format}
        find={find}
        onChoose={({ id }) => setZoom(id)}
        onAll={() => setZoom("0")}
      />
      <FlameTable functions={functions} format={format} find={find} />
    </div>
  );
}

function selfShare(found: readonly { readonly self: number }[], whole: number): string {
  const self = found.reduce((sum, row) => sum + row.self, 0);
  return `${percent(Math.min(self, whole), whole)} ${strings.flame.self}`;
}

interface FlameToolsProps {
  readonly find: string;
  readonly onFind: (text: string) => void;
  /** What was found, in words. */
  readonly children: string;
}

/** The field to find functions by. */
export function FlameTools({ find, onFind, children }: FlameToolsProps): ReactElement {
  return (
    <div className="flame-tools">
      <input
        type="search"
        className="field"
        aria-label={strings.flame.find}
        placeholder={strings.flame.find}
        value={find}
        onChange={(event) => onFind(event.target.value)}
      />
      <span className="s2 mut" role="status">
        {children}
      </span>
      <span className="grow" />
      <span className="s1 mut">{strings.flame.keys}</span>
    </div>
  );
}
