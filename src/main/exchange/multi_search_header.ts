// The header of a search in an `_msearch`: which indices it means, and how they are found. Pure.
import { isArray, isObject, type JsonObject, JsonSyntaxError, type JsonValue, parseJson } from "../../shared/json.ts";
import { duplicateField } from "../elasticsearch/duplicate_field.ts";

/** What a header may say, by the names that Elasticsearch reads; "" changes nothing in the answer. */
const NAMES: Readonly<Record<string, string>> = {
  index: "index",
  indices: "index",
  search_type: "search_type",
  searchType: "search_type",
  request_cache: "",
  requestCache: "",
  preference: "preference",
  routing: "routing",
  allow_partial_search_results: "",
  allowPartialSearchResults: "",
  ccs_minimize_roundtrips: "",
  ccsMinimizeRoundtrips: "",
  expand_wildcards: "expand_wildcards",
  expandWildcards: "expand_wildcards",
  ignore_unavailable: "ignore_unavailable",
  ignoreUnavailable: "ignore_unavailable",
  allow_no_indices: "allow_no_indices",
  allowNoIndices: "allow_no_indices",
  ignore_throttled: "",
  ignoreThrottled: "",
};

/** Reads a header's line as parameters by name, `index` among them. Throws JsonSyntaxError for what is none. */
export function readHeader(line: string): ReadonlyMap<string, string> {
  const header: JsonValue = line.trim() === "" ? {} : parseJson(line);
  const twice = duplicateField(line);
  if (twice !== null) throw new JsonSyntaxError(`it has the field [${twice}] twice in one object`);
  if (!isObject(header)) throw new JsonSyntaxError("a header is no object");
  return paramsOf(header);
}

function paramsOf(header: JsonObject): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  for (const [name, value] of Object.entries(header)) {
    const known = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
    const values = isArray(value) ? value : [value];
    if (known === undefined || values.some((item) => item === null || typeof item === "object")) {
      throw new JsonSyntaxError(`[${name}] in a header can't be read`);
    }
    if (known !== "") params.set(known, values.map(String).join(","));
  }
  return params;
}
