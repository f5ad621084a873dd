// `*` and `?` patterns over whole values: `*` any text, `?` one character, `\` takes the next literally.
import { type JsonObject, member } from "../../../shared/json.ts";
import { binary, type Expr, param } from "../../clickhouse/sql/ast.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { UnsupportedClause } from "../failure.ts";
import { scalarText } from "../parameters.ts";
import { foldAscii, lowerAscii, someValue } from "./field_values.ts";

/** A pattern's piece: text, any text, or any one character. */
export type Piece = { readonly kind: "text"; readonly text: string } | { readonly kind: "any" } | { readonly kind: "one" };

export function piecesOf(pattern: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let text = "";
  const flush = (): void => {
    if (text !== "") pieces.push({ kind: "text", text });
    text = "";
  };
  for (let i = 0; i < pattern.length; i += 1) {
    const char = pattern[i] ?? "";
    if (char === "\\" && i + 1 < pattern.length) {
      i += 1;
      text += pattern[i] ?? "";
    } else if (char === "*" || char === "?") {
      flush();
      pieces.push(char === "*" ? { kind: "any" } : { kind: "one" });
    } else {
      text += char;
    }
  }
  flush();
  return pieces;
}

/** True when a value of the field matches the pattern from its start to its end. */
export function likeCondition(field: Field, pieces: readonly Piece[], folded: boolean): Expr {
  return someValue(field, (value) => likeValue(value, pieces, folded));
}

/** True when a text matches the pattern from its start to its end. */
export function likeValue(value: Expr, pieces: readonly Piece[], folded: boolean): Expr {
  const like = pieces
    .map((piece) => (piece.kind === "any" ? "%" : piece.kind === "one" ? "_" : piece.text.replace(/[\\%_]/g, "\\$&")))
    .join("");
  const text = folded ? foldAscii(like) : like;
  return binary(folded ? lowerAscii(value) : value, "LIKE", param("String", text));
}

/** The pattern as a JavaScript regular expression's source, anchored. */
export function patternSource(pieces: readonly Piece[], folded: boolean): string {
  const source = pieces.map((piece) =>
    piece.kind === "any"
      ? ".*"
      : piece.kind === "one"
        ? "."
        : folded
          ? foldedSource(piece.text)
          : piece.text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"),
  );
  return `^${source.join("")}$`;
}

/** A text as a regular expression's source, either case for ASCII letters. */
export function foldedSource(text: string): string {
  return [...text]
    .map((char) => (/[a-z]/i.test(char) ? `[${char.toLowerCase()}${char.toUpperCase()}]` : char.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")))
    .join("");
}

/** `rewrite` decides the score: only the default, a constant, has SQL. */
export function checkRewrite(options: JsonObject, pointer: string): void {
  const rewrite = member(options, "rewrite");
  if (rewrite === undefined || rewrite === null) return;
  if (["constant_score", "constant_score_boolean", "constant_score_blended"].includes(scalarText(rewrite))) return;
  throw new UnsupportedClause(`${pointer}/rewrite`, `scoring by [${scalarText(rewrite)}] has no SQL`);
}
