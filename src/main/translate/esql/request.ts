// The body of a `_query`: the query's text and what goes with it.
import { isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";

export interface EsqlRequest {
  readonly query: string;
  readonly params: JsonValue | undefined;
  readonly filter: JsonValue | null;
  readonly dropNulls: boolean;
}

/** Change where and how Elasticsearch works, or the answer's form alone. */
const WITHOUT_EFFECT = new Set([
  "columnar",
  "locale",
  "pragma",
  "accept_pragma_risks",
  "include_ccs_metadata",
  "include_execution_metadata",
  "profile",
  "allow_partial_results",
  "wait_for_completion_timeout",
  "keep_alive",
  "keep_on_completion",
  "project_routing",
]);

export function readBody({ body, params }: { readonly body: JsonObject; readonly params: ReadonlyMap<string, string> }): EsqlRequest {
  for (const name of Object.keys(body)) check(name);
  const query = member(body, "query");
  if (query === undefined || query === null || query === "") {
    throw new RejectedRequest("action_request_validation_exception", "Validation Failed: 1: [query] is required;");
  }
  if (typeof query !== "string")
    throw new RejectedRequest("x_content_parse_exception", "[esql/query] query doesn't support values of this type");
  const dropNulls = params.get("drop_null_columns");
  const filter = member(body, "filter") ?? null;
  return {
    query,
    params: member(body, "params"),
    filter: isObject(filter) && Object.keys(filter).length === 0 ? null : filter,
    dropNulls: dropNulls === "" || dropNulls === "true",
  };
}

function check(name: string): void {
  if (name === "query" || name === "params" || name === "filter" || WITHOUT_EFFECT.has(name)) return;
  if (name === "tables" || name === "time_zone") throw new UnsupportedClause(`/${name}`, `[${name}] has no SQL yet`);
  throw new RejectedRequest("x_content_parse_exception", `[esql/query] unknown field [${name}]`);
}
