// The piece of SQL that a clause became. Pure.
import type { StatementRun } from "../../shared/exchange.ts";
import type { Explanation } from "../../shared/explanation.ts";

/** The span of the clause itself, of what lies in it, or of the nearest around it; null where no statement has one. */
export function spanOf(statements: readonly StatementRun[], pointer: string): Explanation["sql"] {
  const spans = statements.flatMap(({ name, spans }) => spans.map((span) => ({ statement: name, span })));
  const within = spans.filter(({ span }) => span.pointer === pointer || span.pointer.startsWith(`${pointer}/`));
  const around = spans.filter(({ span }) => span.pointer !== "" && pointer.startsWith(`${span.pointer}/`));
  const nearest = within.toSorted((a, b) => a.span.pointer.length - b.span.pointer.length)[0];
  return nearest ?? around.toSorted((a, b) => b.span.pointer.length - a.span.pointer.length)[0] ?? null;
}
