// The searches inside a search: what its `nested` clauses and its `collapse` say of their inner hits, by the names that the answer gives them.
import type { JsonObject, JsonValue } from "../../shared/json.ts";
import { isArray, isObject, member } from "../../shared/json.ts";

/** How many inner hits, and hits of `top_hits`, are shown where the request does not say. */
export const DEFAULT_INNER_SIZE = 3;

const NOTHING: JsonObject = Object.freeze({});

// A search is read once, however many hits it has.
const known = new WeakMap<JsonObject, ReadonlyMap<string, JsonObject>>();

/** The search whose answer the inner hits of this name are; an empty one where the request has none. */
export function innerSearch(search: JsonObject, name: string): JsonObject {
  let inner = known.get(search);
  if (inner === undefined) {
    inner = new Map([
      ...ofClauses(member(search, "query")),
      ...ofClauses(member(search, "post_filter")),
      ...ofCollapse(member(search, "collapse")),
    ]);
    known.set(search, inner);
  }
  return inner.get(name) ?? NOTHING;
}

// What stands in the query of a clause with inner hits is a search in those, not in the hits themselves.
function* ofClauses(clause: JsonValue | undefined): Generator<readonly [string, JsonObject]> {
  if (isArray(clause)) for (const one of clause) yield* ofClauses(one);
  if (!isObject(clause)) return;
  const spec = member(clause, "inner_hits");
  const path = member(clause, "path") ?? member(clause, "type") ?? member(clause, "parent_type");
  if (isObject(spec) && path !== undefined) yield [nameOf(spec, path), searchOf(spec, member(clause, "query"))];
  else for (const part of Object.values(clause)) yield* ofClauses(part);
}

function* ofCollapse(collapse: JsonValue | undefined): Generator<readonly [string, JsonObject]> {
  const specs = isObject(collapse) ? member(collapse, "inner_hits") : undefined;
  for (const spec of isArray(specs) ? specs : [specs]) if (isObject(spec)) yield [nameOf(spec, ""), searchOf(spec, undefined)];
}

function nameOf(spec: JsonObject, otherwise: JsonValue): string {
  const name = member(spec, "name") ?? otherwise;
  return typeof name === "string" ? name : "";
}

function searchOf(spec: JsonObject, query: JsonValue | undefined): JsonObject {
  return { size: DEFAULT_INNER_SIZE, ...spec, ...(query === undefined ? {} : { query }) };
}
