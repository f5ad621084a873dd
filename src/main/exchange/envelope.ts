// What an answer holds that only Elasticsearch's own process knows: how long it took, how many shards it asked. Pure.
import { isArray, type JsonObject, type JsonValue, member } from "../../shared/json.ts";
import { isColumnar } from "../translate/esql/index.ts";
import type { IndexTable } from "../translate/types.ts";
import type { SearchRequest } from "./search_request.ts";

/** The answer with it, each in its place; `ms`: what the answer took. */
export function withEnvelope(search: SearchRequest, body: JsonObject, tables: readonly IndexTable[], ms: number): JsonObject {
  if (search.endpoint === "esql") return esqlEnvelope(search, body, ms);
  const shards = tables.reduce((sum, table) => sum + table.shards, 0);
  const _shards: JsonValue = { total: shards, successful: shards, skipped: 0, failed: 0 };
  return search.endpoint === "count" ? { ...body, _shards } : { took: Math.round(ms), timed_out: false, _shards, ...body };
}

// `documents_found` and `values_loaded` count what Elasticsearch's own reading came upon: here, what the answer has.
function esqlEnvelope(search: SearchRequest, body: JsonObject, ms: number): JsonObject {
  const values = member(body, "values");
  const rows = (isArray(values) ? values : []).map((row) => (isArray(row) ? row : []));
  const width = rows[0]?.length ?? 0;
  const shown = isColumnar(search.body) ? { ...body, values: columnValues(body, rows) } : body;
  return { took: Math.round(ms), is_partial: false, documents_found: rows.length, values_loaded: rows.length * width, ...shown };
}

function columnValues(body: JsonObject, rows: readonly (readonly JsonValue[])[]): JsonValue {
  const columns = member(body, "columns");
  return (isArray(columns) ? columns : []).map((_, i) => rows.map((row) => row[i] ?? null));
}
