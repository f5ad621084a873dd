// The implicit order of searches in a point in time: by `_shard_doc` after everything that the request sorts by. Pure.
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../shared/json.ts";

/** The elements of a body's `sort`. */
export function sortSpecs(body: JsonObject): readonly JsonValue[] {
  const sort = member(body, "sort");
  return sort === undefined || sort === null ? [] : isArray(sort) ? sort : [sort];
}

/**
 * The body with the tie-break that Elasticsearch adds: documents that tie keep one order from page to page. None is added
 * to a search that sorts by nothing, or whose search_after has just the values of its own sort.
 */
export function withTieBreak(body: JsonObject): JsonObject {
  const specs = sortSpecs(body);
  const after = member(body, "search_after");
  if (specs.length === 0 || specs.some((spec) => sortsBy(spec, "_shard_doc"))) return body;
  return isArray(after) && after.length === specs.length ? body : { ...body, sort: [...specs, { _shard_doc: "asc" }] };
}

/** True for a `sort` with values that number documents inside Elasticsearch's own files. */
export function sortsByPlace(body: JsonObject): boolean {
  return sortSpecs(body).some((spec) => sortsBy(spec, "_shard_doc") || sortsBy(spec, "_doc"));
}

function sortsBy(spec: JsonValue, name: string): boolean {
  return spec === name || (isObject(spec) && member(spec, name) !== undefined);
}
