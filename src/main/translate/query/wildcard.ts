// wildcard: a keyword or word that matches a pattern of `*` and `?`. Keywords' patterns are normalised, words' are not.
import { type JsonValue, member } from "../../../shared/json.ts";
import type { Expr } from "../../clickhouse/sql/ast.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { booleanOption, boostOf, fieldClause, scalarText } from "../parameters.ts";
import { constant, withoutField } from "./compiled.ts";
import { termValue } from "./field_values.ts";
import { compileMetaPattern, isMetaField } from "./meta_field.ts";
import { checkRewrite, likeCondition, likeValue, type Piece, patternSource, piecesOf } from "./pattern.ts";
import { requireText } from "./prefix.ts";
import type { Compiled } from "./types.ts";

export function compileWildcard(body: JsonValue, pointer: string, context: Context): Compiled {
  const known = ["case_insensitive", "rewrite", "wildcard"];
  const { path, options, pointer: own } = fieldClause(body, pointer, "wildcard", "value", known);
  checkRewrite(options, own);
  const value = member(options, "value") ?? member(options, "wildcard") ?? null;
  if (value === null) throw new RejectedRequest("illegal_argument_exception", "value cannot be null");
  const folded = booleanOption(options, "case_insensitive", false);
  if (isMetaField(path)) {
    const like = (each: Expr): Expr => likeValue(each, piecesOf(scalarText(value)), folded);
    return compileMetaPattern(
      path,
      { clause: "wildcard", pattern: scalarText(value), folded, where: like },
      own,
      context,
      boostOf(options),
    );
  }
  const field = fieldOf(context, path, own);
  if (field === undefined) return withoutField(context, path);
  requireText(field, "wildcard", own);
  const pieces = normalised(field, piecesOf(scalarText(value)), own, context);
  return wildcardOf(field, pieces, folded, boostOf(options));
}

/** Documents with a value or word that matches the pieces. */
export function wildcardOf(field: Field, pieces: readonly Piece[], folded: boolean, boost = 1): Compiled {
  return constant(likeCondition(field, pieces, folded), boost, [{ kind: "pattern", field, pattern: patternSource(pieces, folded) }]);
}

/** The pattern with its text as the field's term query would have it. */
export function normalised(field: Field, pieces: readonly Piece[], pointer: string, context: Context): readonly Piece[] {
  return pieces.map((piece) => {
    if (piece.kind !== "text") return piece;
    const term = termValue(field, piece.text, pointer, context);
    return term.kind === "value" ? { kind: "text", text: String(term.value) } : piece;
  });
}
