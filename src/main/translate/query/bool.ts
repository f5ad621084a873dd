// bool: must and filter are required, must_not excluded, should optional unless nothing else is required or
// minimum_should_match says more. Without clauses it is match_all.
import { childPointer, isArray, isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { and, type Expr, isTrue, not, TRUE } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { firstMet, RejectedRequest, UnsupportedClause } from "../failure.ts";
import { booleanOption, boostOf, listOf, parameters } from "../parameters.ts";
import { alternativeHighlights, boosted, constant } from "./compiled.ts";
import { compileQuery } from "./index.ts";
import { atLeast, minimumShouldMatch } from "./minimum_should_match.ts";
import { sumScore } from "./score.ts";
import type { Compiled } from "./types.ts";

const KNOWN = ["must", "filter", "must_not", "should", "minimum_should_match", "adjust_pure_negative", "boost"];

export function compileBool(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = parameters(body, pointer, "bool", KNOWN);
  checkScalars(options);
  const refusals: RejectedRequest[] = [];
  const clauses = (name: string) => occurrences(options, name, pointer, context, refusals);
  const must = clauses("must");
  const filter = clauses("filter");
  const { innerHits: _, ...excluding } = context;
  const mustNot = occurrences(options, "must_not", pointer, excluding, refusals);
  const should = clauses("should");
  const refusal = firstMet(refusals);
  if (refusal !== undefined) throw refusal;
  const boost = boostOf(options);
  if (must.length + filter.length + mustNot.length + should.length === 0) return constant(TRUE, boost);
  if (!booleanOption(options, "adjust_pure_negative", true)) {
    throw new UnsupportedClause(`${pointer}/adjust_pure_negative`, "only [true] has SQL");
  }
  return boosted(combine(must, filter, mustNot, should, minimumShouldMatch(options, should.length)), boost);
}

function checkScalars(options: JsonObject): void {
  for (const name of ["boost", "minimum_should_match", "adjust_pure_negative"]) {
    const value = member(options, name);
    if (isObject(value) || isArray(value))
      throw new RejectedRequest("x_content_parse_exception", `[bool] ${name} doesn't support values of that type`);
  }
}

/** The clauses put together; `minimum` undefined: one of should where nothing is required, else none. */
export function combine(
  must: readonly Compiled[],
  filter: readonly Compiled[],
  mustNot: readonly Compiled[],
  should: readonly Compiled[],
  minimum?: number,
): Compiled {
  const required = [...must, ...filter];
  // With nothing but must_not Elasticsearch puts match_all beside it, and loses the minimum on the way.
  const asked = required.length + should.length === 0 ? 0 : (minimum ?? 0);
  const least = Math.max(asked, required.length === 0 && should.length > 0 ? 1 : 0);
  const optional = should.map((clause) => clause.where);
  const conditions: readonly Expr[] = [
    ...required.map((clause) => clause.where),
    ...(least > 0 ? [atLeast(optional, least)] : []),
    ...mustNot.map((clause) => not(clause.where)),
  ];
  const rewritten =
    required.some((clause) => clause.none) ||
    (required.length === 0 && should.length > 0 && should.every((clause) => clause.none)) ||
    mustNot.some(({ where }) => isTrue(where));
  const allOptional = least === should.length && least > 0;
  return {
    where: and(conditions),
    ...(rewritten ? { none: true } : {}),
    ...(allOptional ? sumScore([...must, ...should], []) : sumScore(must, should)),
    highlights: [
      ...required.flatMap((clause) => clause.highlights),
      ...(allOptional ? should.flatMap((clause) => clause.highlights) : alternativeHighlights(should)),
    ],
  };
}

// What is refused is gathered: something behind it may be refused earlier.
function occurrences(
  options: JsonObject,
  name: string,
  pointer: string,
  context: Context,
  refusals: RejectedRequest[],
): readonly Compiled[] {
  const value = member(options, name);
  if (value === undefined || value === null) return [];
  const own = `${pointer}/${name}`;
  const clauses = listOf(value);
  // Elasticsearch passes over a null before another clause, and refuses one that comes last.
  return clauses.flatMap((query, i) => {
    if (query === null && i < clauses.length - 1) return [];
    try {
      return [compileQuery(query, isArray(value) ? childPointer(own, i) : own, context)];
    } catch (error) {
      if (!(error instanceof RejectedRequest)) throw error;
      refusals.push(error);
      return [];
    }
  });
}
