// Arithmetic of scores: a number where all matches score alike, else SQL.
import { binary, call, type Expr, literal, param } from "../../clickhouse/sql/ast.ts";
import type { Compiled } from "./types.ts";

type Score = Pick<Compiled, "score" | "scoring">;

/** The score of a match as SQL; undefined where it depends on how often terms occur. */
export function scoringOf(clause: Score): Expr | undefined {
  return clause.score === null ? clause.scoring : param("Float64", clause.score);
}

/** Sum of the scores of required clauses, and of those optional ones that match. */
export function sumScore(required: readonly Compiled[], optional: readonly Compiled[]): Score {
  const counted = optional.filter((clause) => clause.score !== 0);
  const fixed = required.reduce<number | null>((sum, { score }) => (sum === null || score === null ? null : sum + score), 0);
  if (fixed !== null && counted.length === 0) return { score: Math.fround(fixed) };
  const parts: Expr[] = fixed === null ? [] : fixed === 0 ? [] : [param("Float64", fixed)];
  for (const clause of fixed === null ? required : []) {
    const scoring = scoringOf(clause);
    if (scoring === undefined) return { score: null };
    parts.push(scoring);
  }
  for (const clause of counted) {
    const scoring = scoringOf(clause);
    if (scoring === undefined) return { score: null };
    parts.push(call("if", clause.where, scoring, param("Float64", 0)));
  }
  const [first = literal(0), ...others] = parts;
  const sum = others.reduce((left, right) => binary(left, "+", right), first);
  return { score: null, scoring: others.length === 0 ? first : call("toFloat64", call("toFloat32", sum)) };
}

/** The best score among the clauses that match, plus `tieBreaker` times the others. */
export function bestScore(clauses: readonly Compiled[], tieBreaker: number): Score {
  const [first] = clauses;
  if (first === undefined) return { score: 0 };
  if (tieBreaker === 0 && first.score !== null && clauses.every((clause) => clause.score === first.score)) return { score: first.score };
  const parts: Expr[] = [];
  for (const clause of clauses) {
    const scoring = scoringOf(clause);
    if (scoring === undefined) return { score: null };
    parts.push(call("if", clause.where, scoring, param("Float64", 0)));
  }
  const best = parts.length === 1 ? (parts[0] ?? literal(0)) : call("greatest", ...parts);
  if (tieBreaker === 0) return { score: null, scoring: best };
  const sum = parts.reduce((left, right) => binary(left, "+", right));
  const others = binary(param("Float64", Math.fround(tieBreaker)), "*", binary(sum, "-", best));
  return { score: null, scoring: call("toFloat64", call("toFloat32", binary(best, "+", others))) };
}
