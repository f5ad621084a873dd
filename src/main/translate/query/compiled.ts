// The common ways to end a clause.
import { binary, type Expr, FALSE, param } from "../../clickhouse/sql/ast.ts";
import { findField } from "../../elasticsearch/mapping.ts";
import type { Context } from "../context.ts";
import type { Compiled, Highlight } from "./types.ts";

/** Matches score a constant: 1 times the boost. */
export function constant(where: Expr, boost = 1, highlights: readonly Highlight[] = []): Compiled {
  return { where, score: Math.fround(boost), highlights };
}

/** Matches score by relevance: `scoring`, where it can be told exactly. */
export function relevant(where: Expr, highlights: readonly Highlight[] = [], scoring?: Expr): Compiled {
  return { where, score: null, ...(scoring === undefined ? {} : { scoring }), highlights };
}

/** A clause whose scores mix the statistics of several fields: its score can't be told. */
export function unscored({ scoring: _, ...clause }: Compiled): Compiled {
  return { ...clause, score: null };
}

/** A clause that no document matches. */
export const NOTHING: Compiled = Object.freeze({ where: FALSE, score: 0, highlights: Object.freeze([]) });

/** As NOTHING, and Elasticsearch knows it without looking: the query is rewritten to match_none. */
export const NONE: Compiled = Object.freeze({ ...NOTHING, none: true });

/** A clause that Elasticsearch does not look into before it looks at documents. */
export function opaque({ none: _, ...clause }: Compiled): Compiled {
  return clause;
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

/** A clause on a field that is not there for it: unmapped, Elasticsearch rewrites it to match_none; in `nested`, it does not. */
export function withoutField(context: Context, path: string): Compiled {
  return findField(context.mapping, path) === undefined ? NONE : NOTHING;
}

/** A clause whose score is multiplied. */
export function boosted(clause: Compiled, boost: number): Compiled {
  if (boost === 1) return clause;
  if (clause.score !== null) return { ...clause, score: Math.fround(clause.score * boost) };
  if (clause.scoring === undefined) return clause;
  return { ...clause, scoring: binary(clause.scoring, "*", param("Float64", boost)) };
}
