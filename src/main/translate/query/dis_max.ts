// dis_max: documents of any of the queries, scored by the best (plus tie_breaker times the others).
import { childPointer, type JsonValue, member } from "../../../shared/json.ts";
import { or } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { boostOf, listOf, numberOption, parameters } from "../parameters.ts";
import { alternativeHighlights, boosted, NOTHING, opaque } from "./compiled.ts";
import { compileQuery } from "./index.ts";
import { bestScore } from "./score.ts";
import type { Compiled } from "./types.ts";

export function compileDisMax(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = parameters(body, pointer, "dis_max", ["queries", "tie_breaker", "boost"]);
  const queries = listOf(member(options, "queries"));
  if (queries.length === 0) throw new RejectedRequest("parsing_exception", "[dis_max] requires 'queries' field with at least one clause");
  const compiled = queries.map((query, i) => compileQuery(query, childPointer(`${pointer}/queries`, i), context));
  return boosted(best(compiled, numberOption(options, "tie_breaker", 0)), boostOf(options));
}

/** Documents of any of the clauses, scored by the best. */
export function best(clauses: readonly Compiled[], tieBreaker: number): Compiled {
  const [only] = clauses;
  if (only === undefined) return NOTHING;
  if (clauses.length === 1) return opaque(only);
  return {
    where: or(clauses.map((clause) => clause.where)),
    ...bestScore(clauses, tieBreaker),
    highlights: alternativeHighlights(clauses),
  };
}
