// The searches in one request: one for _search, _count and _async_search, several for _msearch; each with the answer
// that Elasticsearch gave to it.
import { isArray, isObject, type JsonObject, JsonSyntaxError, type JsonValue, member, parseJson } from "../../shared/json.ts";
import { duplicateField } from "../elasticsearch/duplicate_field.ts";
import { filterPath } from "../elasticsearch/filter_path.ts";
import { esqlIndices } from "../translate/esql/index.ts";

export interface SearchRequest {
  readonly position: number;
  readonly endpoint: "search" | "count" | "esql";
  /** Index expression; "" means all. Of ES|QL: what its FROM names. */
  readonly index: string;
  /** Without `filter_path`. */
  readonly params: ReadonlyMap<string, string>;
  /** `filter_path`: what of the answer the client is shown. @default all */
  readonly filter?: string;
  /** As sent; "" when there was none. */
  readonly text: string;
  readonly body: JsonObject;
}

export interface ReadRequest {
  readonly searches: readonly SearchRequest[];
  /** "" or why the body can't be read. */
  readonly problem: string;
}

export interface SearchAnswer {
  readonly status: number;
  /** null when there is none, or it is not a JSON object. */
  readonly body: JsonObject | null;
  /** An asynchronous search that goes on, or does not say that it is over. */
  readonly partial?: boolean;
}

export interface Routed {
  readonly endpoint: string;
  readonly index: string;
  readonly params: ReadonlyMap<string, string>;
}

/** Reads the searches of a request. `body` is the decoded text. */
export function readSearches(route: Routed, body: string): ReadRequest {
  const filter = route.params.get("filter_path") ?? "";
  const params = new Map([...route.params].filter(([name]) => name !== "filter_path"));
  try {
    if (route.endpoint === "_msearch") return { searches: readMultiSearch({ ...route, params }, filter, body), problem: "" };
    const inUrl = body.trim() === "" && /json/i.test(params.get("source_content_type") ?? "");
    const text = inUrl ? (params.get("source") ?? "") : body;
    if (inUrl) for (const name of ["source", "source_content_type"]) params.delete(name);
    const twice = duplicateField(text);
    if (twice !== null) return { searches: [], problem: `the body has the field [${twice}] twice in one object` };
    const value = text.trim() === "" ? {} : parseJson(text);
    if (!isObject(value)) return { searches: [], problem: "the body is not a JSON object" };
    if (route.endpoint === "_query") {
      const index = esqlIndices(value) ?? "";
      return { searches: [{ position: 0, endpoint: "esql", index, params, filter, text, body: value }], problem: "" };
    }
    const endpoint = route.endpoint === "_count" ? "count" : "search";
    return { searches: [{ position: 0, endpoint, index: route.index, params, filter, text, body: value }], problem: "" };
  } catch (error) {
    if (error instanceof JsonSyntaxError) return { searches: [], problem: `the body is not JSON: ${error.message}` };
    throw error;
  }
}

function readMultiSearch(route: Routed, filter: string, body: string): readonly SearchRequest[] {
  const lines = body.split("\n");
  const searches: SearchRequest[] = [];
  let header: JsonObject | null = null;
  for (const line of lines) {
    if (header === null) {
      // An empty line where a header stands is an empty header.
      if (line.trim() === "" && searches.length * 2 >= lines.length - 1) continue;
      const value = line.trim() === "" ? {} : parseJson(line);
      header = isObject(value) ? value : {};
      continue;
    }
    if (line.trim() === "") continue;
    const twice = duplicateField(line);
    if (twice !== null) throw new JsonSyntaxError(`it has the field [${twice}] twice in one object`);
    const value = parseJson(line);
    searches.push({
      position: searches.length,
      endpoint: "search",
      index: indexOf(header, route.index),
      params: withHeader(route.params, header),
      filter,
      text: line,
      body: isObject(value) ? value : {},
    });
    header = null;
  }
  return searches;
}

function indexOf(header: JsonObject, otherwise: string): string {
  const index = member(header, "index");
  if (typeof index === "string") return index;
  return isArray(index) ? index.filter((item) => typeof item === "string").join(",") : otherwise;
}

// Only what says which indices may be missing; the rest of a header (preference, routing hints) does not change the answer.
const HEADER_PARAMS = ["ignore_unavailable", "allow_no_indices", "expand_wildcards", "routing", "preference", "search_type"] as const;

function withHeader(params: ReadonlyMap<string, string>, header: JsonObject): ReadonlyMap<string, string> {
  const all = new Map(params);
  for (const name of HEADER_PARAMS) {
    const value = member(header, name);
    if (value !== undefined && value !== null) all.set(name, String(value));
  }
  return all;
}

/** Elasticsearch's answer to the search at `position`. `text` is the decoded body of the whole response. */
export function readAnswer(endpoint: string, status: number, text: string, position: number): SearchAnswer {
  const whole = parsed(text);
  if (whole === null) return { status, body: null };
  if (endpoint === "_msearch" && status < 400) {
    const one = responsesOf(whole)[position];
    if (!isObject(one)) return { status, body: null };
    const own = member(one, "status");
    return { status: typeof own === "number" ? own : status, body: one };
  }
  const inner = endpoint === "_async_search" ? member(whole, "response") : undefined;
  // A filter_path may have taken away what says that it is over.
  const running = member(whole, "is_running");
  const goesOn = status < 400 && (running === true || (inner !== undefined && (running !== false || member(whole, "is_partial") === true)));
  return { status, body: isObject(inner) ? inner : whole, ...(goesOn ? { partial: true } : {}) };
}

/** What of `body` the client is shown by `filter_path`; null when it is not even an object then. */
export function shownOf(endpoint: string, filter: string, body: JsonObject): JsonObject | null {
  if (filter === "") return body;
  const whole = endpoint === "_msearch" ? { responses: [body] } : endpoint === "_async_search" ? { response: body } : body;
  const shown = filterPath(whole, filter);
  if (!isObject(shown)) return null;
  const inner = endpoint === "_msearch" ? responsesOf(shown)[0] : endpoint === "_async_search" ? member(shown, "response") : shown;
  return isObject(inner) ? inner : null;
}

function responsesOf(whole: JsonObject): readonly JsonValue[] {
  const responses = member(whole, "responses");
  return isArray(responses) ? responses : [];
}

function parsed(text: string): JsonObject | null {
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch {
    return null;
  }
  return isObject(value) ? value : null;
}
