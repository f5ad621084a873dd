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

/** True when the condition lets no document through, as written: a query that Elasticsearch rewrites to match_none. */
export function isNothing(where: Expr): boolean {
  if (where.kind === "marked") return isNothing(where.item);
  if (where.kind === "and") return where.items.some(isNothing);
  return where.kind === "or" ? where.items.every(isNothing) : where.kind === "literal" && where.value === 0;
}

/** The words of alternatives. Those of one that has further conditions count only where it matches as a whole. */
export function alternativeHighlights(clauses: readonly Compiled[]): readonly Highlight[] {
  return clauses.flatMap(({ where, highlights }) =>
    isConjunction(where) ? highlights.map((highlight) => ({ ...highlight, conditional: true as const })) : highlights,
  );
}

function isConjunction(where: Expr): boolean {
  return where.kind === "marked" ? isConjunction(where.item) : where.kind === "and";
}

/** A clause whose score is multiplied. */
export function boosted(clause: Compiled, boost: number): Compiled {
  if (boost === 1) return clause;
  if (clause.score !== null) return { ...clause, score: Math.fround(clause.score * boost) };
  if (clause.scoring === undefined) return clause;
  return { ...clause, scoring: binary(clause.scoring, "*", param("Float64", boost)) };
}
