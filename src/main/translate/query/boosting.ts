// boosting: the positive query's documents; those that the negative one matches too score less.
import { type JsonValue, member } from "../../../shared/json.ts";
import { binary, call, param } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { boostOf, numberOption, parameters } from "../parameters.ts";
import { boosted } from "./compiled.ts";
import { compileQuery } from "./index.ts";
import { scoringOf } from "./score.ts";
import type { Compiled } from "./types.ts";

export function compileBoosting(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = parameters(body, pointer, "boosting", ["positive", "negative", "negative_boost", "boost"]);
  const positive = member(options, "positive");
  const negative = member(options, "negative");
  if (positive === undefined) throw new RejectedRequest("parsing_exception", "[boosting] query requires 'positive' query to be set'");
  if (negative === undefined) throw new RejectedRequest("parsing_exception", "[boosting] query requires 'negative' query to be set'");
  const factor = Math.fround(numberOption(options, "negative_boost", -1));
  if (factor < 0)
    throw new RejectedRequest("parsing_exception", "[boosting] query requires 'negative_boost' to be set to be a positive value'");
  const kept = compileQuery(positive, `${pointer}/positive`, context);
  const demoted = compileQuery(negative, `${pointer}/negative`, context);
  const scoring = scoringOf(kept);
  return boosted(
    {
      where: kept.where,
      score: null,
      ...(scoring === undefined ? {} : { scoring: call("if", demoted.where, binary(scoring, "*", param("Float64", factor)), scoring) }),
      highlights: kept.highlights,
    },
    boostOf(options),
  );
}
