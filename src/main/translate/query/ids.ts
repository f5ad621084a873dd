// ids: documents by `_id`. Scores 1.
import { type JsonValue, member } from "../../../shared/json.ts";
import type { Context } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { boostOf, listOf, parameters } from "../parameters.ts";
import { resultWindowOf } from "../types.ts";
import { NONE } from "./compiled.ts";
import { compileMetaTerms } from "./meta_field.ts";
import type { Compiled } from "./types.ts";

export function compileIds(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = parameters(body, pointer, "ids", ["values", "boost"]);
  const values = member(options, "values");
  if (values === undefined) throw new RejectedRequest("illegal_argument_exception", "Required [values]");
  const list = listOf(values);
  const most = resultWindowOf(context.tables);
  if (list.length > most) {
    throw new RejectedRequest(
      "query_shard_exception",
      `failed to create query: Too many ids specified, allowed max result window is [${most}]`,
    );
  }
  return list.length === 0 ? NONE : compileMetaTerms("_id", list, `${pointer}/values`, context, boostOf(options));
}
