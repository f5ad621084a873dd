// constant_score: the filter's documents, all scored by the boost.
import { type JsonValue, member } from "../../../shared/json.ts";
import type { Context } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { boostOf, parameters } from "../parameters.ts";
import { constant } from "./compiled.ts";
import { compileQuery } from "./index.ts";
import type { Compiled } from "./types.ts";

export function compileConstantScore(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = parameters(body, pointer, "constant_score", ["filter", "boost"]);
  const filter = member(options, "filter");
  if (filter === undefined) throw new RejectedRequest("parsing_exception", "[constant_score] requires a 'filter' element");
  const compiled = compileQuery(filter, `${pointer}/filter`, context);
  const scored = constant(compiled.where, boostOf(options), compiled.highlights);
  return compiled.none === true ? { ...scored, none: true } : scored;
}
