// Places of a text that are replaced, and what they were; the rest of it stays to the letter.
import type { SharePiece } from "../../../shared/share.ts";
import { REDACTED } from "../redaction.ts";

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The choice that takes it out, as SharePreview names it. */
  readonly by: string;
}

/** In order, without those that lie in others. Where two overlap, what both cover goes. */
export function inOrder(edits: readonly Edit[]): readonly Edit[] {
  const kept: Edit[] = [];
  for (const edit of edits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (last === undefined || edit.start >= last.end) kept.push(edit);
    else if (edit.end > last.end) kept[kept.length - 1] = { ...last, end: edit.end };
  }
  return kept;
}

/** The text with its edits made. `edits` as `inOrder` gives them. */
export function applied(text: string, edits: readonly Edit[]): string {
  return piecesOf(text, edits)
    .map((piece) => piece.redacted ?? piece.text)
    .join("");
}

/** The text, what stays and what goes. */
export function piecesOf(text: string, edits: readonly Edit[]): readonly SharePiece[] {
  const pieces: SharePiece[] = [];
  let at = 0;
  for (const edit of edits) {
    if (edit.start > at) pieces.push({ text: text.slice(at, edit.start) });
    pieces.push({ text: text.slice(edit.start, edit.end), redacted: edit.text });
    at = edit.end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

/** What stands for each of the values that tell things apart: another one for each, the same on both sides. */
export class StandIns {
  readonly #known = new Map<string, string>();

  of(value: string): string {
    if (value.startsWith(REDACTED)) return value;
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const made = this.#known.size === 0 ? REDACTED : `${REDACTED} ${this.#known.size + 1}`;
    this.#known.set(value, made);
    return made;
  }
}
