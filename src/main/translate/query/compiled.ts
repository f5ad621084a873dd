// The common ways to end a clause.
import { binary, type Expr, FALSE, param } from "../../clickhouse/sql/ast.ts";
import type { Compiled, Highlight } from "./types.ts";

/** Matches score a constant: 1 times the boost. */
export function constant(where: Expr, boost = 1, highlights: readonly Highlight[] = []): Compiled {
  return { where, score: Math.fround(boost), highlights };
}

/** Matches score by relevance. */
export function relevant(where: Expr, highlights: readonly Highlight[] = []): Compiled {
  return { where, score: null, highlights };
}

/** A clause that no document matches. */
export const NOTHING: Compiled = Object.freeze({ where: FALSE, score: 0, highlights: Object.freeze([]) });

/** A clause whose score is multiplied. */
export function boosted(clause: Compiled, boost: number): Compiled {
  if (boost === 1) return clause;
  if (clause.score !== null) return { ...clause, score: Math.fround(clause.score * boost) };
  if (clause.scoring === undefined) return clause;
  return { ...clause, scoring: binary(clause.scoring, "*", param("Float64", boost)) };
}
