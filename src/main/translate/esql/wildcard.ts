// LIKE's patterns: `*` any text, `?` one character, `\` takes the next literally.
import { piecesOf } from "../query/pattern.ts";

/** The pattern as RE2 reads it, not anchored. */
export function wildcardSource(pattern: string): string {
  return piecesOf(pattern)
    .map((piece) => (piece.kind === "any" ? ".*" : piece.kind === "one" ? "." : piece.text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")))
    .join("");
}
