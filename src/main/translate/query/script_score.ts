// script_score: the matches of a query, with a score that a script makes.
import { childPointer, type JsonValue, member } from "../../../shared/json.ts";
import { binary, call, type Expr, literal, or, param } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { compileValue } from "../painless/compile.ts";
import { asDouble } from "../painless/finish.ts";
import { readScript } from "../painless/source.ts";
import { boostOf, numberOption, parameters } from "../parameters.ts";
import { boosted } from "./compiled.ts";
import { compileQuery } from "./index.ts";
import { scoringOf } from "./score.ts";
import { withMinScore } from "./score_filter.ts";
import type { Compiled } from "./types.ts";

export function compileScriptScore(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = parameters(body, pointer, "script_score", ["query", "script", "min_score", "boost"]);
  const inner = member(options, "query");
  if (inner === undefined || inner === null) throw new RejectedRequest("illegal_argument_exception", "query must not be null");
  if (typeof member(options, "script") === "string") {
    throw new RejectedRequest("x_content_parse_exception", "[script_score] script doesn't support values of type: VALUE_STRING");
  }
  const query = compileQuery(inner, childPointer(pointer, "query"), context);
  const score = scriptedScore(member(options, "script"), childPointer(pointer, "script"), query, context);
  const scored: Compiled = { ...query, score: null, scoring: float(score) };
  const least = member(options, "min_score");
  const clause = boosted(scored, boostOf(options));
  return least === undefined || least === null ? clause : withMinScore(clause, numberOption(options, "min_score", 0), pointer);
}

/** A score as Lucene keeps it: a float, here as a double. */
export const float = (score: Expr): Expr => call("toFloat64", call("toFloat32", score));

/** The double that a script gives as a score; a negative one fails. */
export function scriptedScore(script: JsonValue | undefined, pointer: string, query: Compiled, context: Context): Expr {
  const score = scoringOf(query);
  const around = { context, pointer, rounded: true, ...(score === undefined ? {} : { score }) };
  const { value, faults } = compileValue(readScript(script, pointer), around, asDouble);
  if (value.kind !== "leaf") throw new Error("a score is one value");
  const wrong = or([call("isNaN", value.expr), binary(value.expr, "<", literal(0))]);
  const invalid = {
    kind: "throws",
    when: wrong,
    reason: "the script returned an invalid score",
    errorType: "illegal_argument_exception",
  } as const;
  context.scripts?.addScoring(pointer, [...faults, invalid]);
  return call("if", wrong, param("Float64", 0), value.expr);
}
