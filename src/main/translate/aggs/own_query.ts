// A query inside an aggregation: its faults come as they are, where those of the search's own query come wrapped.
import type { JsonValue } from "../../../shared/json.ts";
import type { Context } from "../context.ts";
import { RejectedRequest } from "../failure.ts";
import { compileQuery } from "../query/index.ts";
import type { Compiled } from "../query/types.ts";

/** compileQuery for a query of an aggregation. Throws UnsupportedClause or RejectedRequest. */
export function compileOwnQuery(query: JsonValue, pointer: string, context: Context): Compiled {
  try {
    return compileQuery(query, pointer, context);
  } catch (error) {
    if (!(error instanceof RejectedRequest) || error.bareType === error.errorType) throw error;
    throw new RejectedRequest(error.bareType, error.message, error.status);
  }
}
