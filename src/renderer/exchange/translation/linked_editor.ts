// An editor whose clauses are named by a letter in the gutter, with one clause at hand marked. Pointing at a clause tells
// the other side; clauses without SQL are underlined where they stand, with the reason under their line.
import { type Extension, RangeSet, RangeSetBuilder, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter, WidgetType } from "@codemirror/view";
import type { Range } from "./layout_json.ts";

/** A clause as one editor sees it. */
export interface Mark {
  readonly pointer: string;
  readonly letter: string;
  readonly ranges: readonly Range[];
}

export interface Trouble {
  readonly range: Range;
  readonly reason: string;
}

const setActive = StateEffect.define<string | null>();

/** Marks the clause at hand; null takes the mark away. */
export function activate(view: EditorView, pointer: string | null): void {
  view.dispatch({ effects: setActive.of(pointer) });
}

interface LinkedOptions {
  readonly marks: readonly Mark[];
  readonly troubles: readonly Trouble[];
  /** An offset that the mouse is over or the cursor was put at; `chosen` for the latter. */
  readonly onPoint: (offset: number | null, chosen: boolean) => void;
}

export function linked({ marks, troubles, onPoint }: LinkedOptions): Extension {
  const active = StateField.define<string | null>({
    create: () => null,
    update: (value, transaction) => transaction.effects.reduce((newest, effect) => (effect.is(setActive) ? effect.value : newest), value),
  });
  return [
    active,
    EditorView.decorations.compute([active], (state) => activeMarks(marks, state.field(active), state.doc)),
    EditorView.decorations.compute([], (state) =>
      markEach(
        BAD,
        troubles.map((trouble) => trouble.range),
        state.doc,
      ),
    ),
    StateField.define<DecorationSet>({
      create: (state) => troubleBlocks(troubles, (offset) => state.doc.lineAt(offset)),
      update: (value) => value,
      provide: (field) => EditorView.decorations.from(field),
    }),
    letterGutter(marks, troubles, active),
    EditorView.domEventHandlers({
      mousemove: (event, view) => onPoint(view.posAtCoords(event), false),
      mouseleave: () => onPoint(null, false),
      click: (event, view) => onPoint(view.posAtCoords(event), true),
    }),
  ];
}

const ON = Decoration.mark({ class: "clause-on" });
const BAD = Decoration.mark({ class: "clause-bad" });
const BAD_LINE = Decoration.line({ class: "clause-bad-line" });

function activeMarks(marks: readonly Mark[], pointer: string | null, doc: Text): DecorationSet {
  return markEach(ON, marks.find((each) => each.pointer === pointer)?.ranges ?? [], doc);
}

/** Marks the ranges line by line, without the blanks that indent a line. */
function markEach(mark: Decoration, ranges: readonly Range[], doc: Text): DecorationSet {
  const pieces = ranges.flatMap((range) => linePieces(doc, range));
  return Decoration.set(
    pieces.map((piece) => mark.range(piece.from, piece.to)),
    true,
  );
}

function linePieces(doc: Text, range: Range): readonly Range[] {
  const pieces: Range[] = [];
  for (let at = range.from; at < range.to; ) {
    const line = doc.lineAt(at);
    const to = Math.min(line.to, range.to);
    const blanks = /^\s*/.exec(doc.sliceString(at, to))?.[0].length ?? 0;
    if (at + blanks < to) pieces.push({ from: at + blanks, to });
    at = line.to + 1;
  }
  return pieces;
}

interface Line {
  readonly from: number;
  readonly to: number;
}

/** The violet ground of each line with trouble, and the reason under the last of them. */
function troubleBlocks(troubles: readonly Trouble[], lineAt: (offset: number) => Line): DecorationSet {
  const lines = new Set<number>();
  const decorations = troubles.flatMap(({ range, reason }) => {
    const first = lineAt(range.from);
    const fresh = !lines.has(first.from);
    lines.add(first.from);
    const block = Decoration.widget({ widget: new Reason(reason), block: true, side: 1 }).range(first.to);
    return fresh ? [BAD_LINE.range(first.from), block] : [block];
  });
  return Decoration.set(decorations, true);
}

class Reason extends WidgetType {
  readonly reason: string;
  constructor(reason: string) {
    super();
    this.reason = reason;
  }
  override eq(other: Reason): boolean {
    return other.reason === this.reason;
  }
  override toDOM(): HTMLElement {
    const block = document.createElement("div");
    block.className = "clause-reason";
    block.textContent = this.reason;
    return block;
  }
  override get estimatedHeight(): number {
    return 36;
  }
}

class Letter extends GutterMarker {
  readonly letters: string;
  readonly on: boolean;
  constructor(letters: string, on: boolean) {
    super();
    this.letters = letters;
    this.on = on;
  }
  override eq(other: GutterMarker): boolean {
    return other instanceof Letter && other.letters === this.letters && other.on === this.on;
  }
  override toDOM(): Node {
    const box = document.createElement("span");
    box.className = `clause-letter${this.on ? " on" : ""}${this.letters === "∅" ? " bad" : ""}`;
    box.textContent = this.letters;
    return box;
  }
}

/** The letters of the clauses that begin on a line; on the lines of the clause at hand, its own or a bar. */
function letterGutter(marks: readonly Mark[], troubles: readonly Trouble[], active: StateField<string | null>): Extension {
  return gutter({
    class: "clause-gutter",
    markers: (view) => {
      const pointer = view.state.field(active);
      const doc = view.state.doc;
      const byLine = new Map<number, { letters: string[]; on: boolean }>();
      const at = (offset: number) => {
        const { from } = doc.lineAt(Math.min(offset, doc.length));
        const entry = byLine.get(from) ?? { letters: [], on: false };
        byLine.set(from, entry);
        return entry;
      };
      for (const { range } of troubles) at(range.from).letters.push("∅");
      for (const mark of marks) {
        for (const range of mark.ranges) {
          const entry = at(range.from);
          if (mark.pointer === pointer) Object.assign(entry, { letters: [mark.letter], on: true });
          else if (!entry.on && !entry.letters.includes(mark.letter)) entry.letters.push(mark.letter);
        }
      }
      const builder = new RangeSetBuilder<GutterMarker>();
      for (const [line, { letters, on }] of [...byLine].toSorted(([a], [b]) => a - b)) {
        builder.add(line, line, new Letter(letters.length > 2 ? `${letters[0]}+` : letters.join(""), on));
      }
      return byLine.size === 0 ? RangeSet.empty : builder.finish();
    },
    lineMarkerChange: (update) => update.transactions.some((transaction) => transaction.effects.some((effect) => effect.is(setActive))),
  });
}
