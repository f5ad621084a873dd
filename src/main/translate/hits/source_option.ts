// `_source` of a request: none, all of it as it was sent, or filtered.
import { isArray, isObject, type JsonObject, type JsonValue, member, printJson } from "../../../shared/json.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { listOf, scalarText } from "../parameters.ts";
import type { Document } from "./hit.ts";
import { filterSource, type SourceFilter } from "./source_filter.ts";

const VECTORS = "exclude_vectors";

/**
 * The `_source` member of a hit, or none. `shownByDefault` is false when `stored_fields` are asked for, `parsed` true where values of
 * the same document are read before: Elasticsearch then filters what it has parsed.
 */
export function compileSource(body: JsonObject, shownByDefault: boolean, parsed = false): (document: Document) => JsonObject {
  const option = member(body, "_source") ?? null;
  if (option === false || option === "false" || (option === null && !shownByDefault)) return () => ({});
  const filter = filterOf(option);
  if (filter.includes.length === 0 && filter.excludes.length === 0) return (document) => shown(document, document.source);
  return (document) => shown(document, filterSource(document.source, filter, parsed));
}

function shown(document: Document, source: JsonObject): JsonObject {
  return document.mapping.sourceEnabled ? { _source: source } : {};
}

function filterOf(option: JsonValue): SourceFilter {
  if (option === null || option === true || option === "true") return { includes: [], excludes: [] };
  if (isObject(option)) {
    const unknown = Object.keys(option).find((name) => !["includes", "include", "excludes", "exclude", VECTORS].includes(name));
    if (unknown !== undefined) throw new RejectedRequest("parsing_exception", `Unknown key for a VALUE in [${unknown}].`);
    checkVectors(member(option, VECTORS));
    return { includes: names(option, "includes", "include"), excludes: names(option, "excludes", "exclude") };
  }
  if (typeof option === "string" || isArray(option)) return { includes: listOf(option).map(scalarText), excludes: [] };
  throw new RejectedRequest(
    "parsing_exception",
    `Expected one of [VALUE_BOOLEAN, VALUE_STRING, START_ARRAY, START_OBJECT] but found ${printJson(option)}`,
  );
}

/** Clients ask for whole sources by `false`: vectors among them, as they were sent. */
function checkVectors(value: JsonValue | undefined): void {
  if (value === undefined || value === false || value === "false") return;
  if (value === true || value === "true") throw new UnsupportedClause(`/_source/${VECTORS}`, "sources without their vectors");
  throw new RejectedRequest("parsing_exception", `Unknown key for a VALUE in [${VECTORS}].`);
}

function names(option: JsonObject, ...spellings: readonly string[]): readonly string[] {
  return spellings.flatMap((spelling) => {
    const value = member(option, spelling) ?? undefined;
    if (isObject(value)) throw new RejectedRequest("parsing_exception", `Unknown key for a START_OBJECT in [${spelling}].`);
    return listOf(value).map(scalarText);
  });
}
