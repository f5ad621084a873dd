// The searches in one request: one for _search, _count and _async_search, several for _msearch; each with the answer
// that Elasticsearch gave to it.
import { isArray, isObject, type JsonObject, JsonSyntaxError, type JsonValue, member, parseJson, parseObject } from "../../shared/json.ts";
import { duplicateField } from "../elasticsearch/duplicate_field.ts";
import { filterPath } from "../elasticsearch/filter_path.ts";
import { esqlIndices } from "../translate/esql/index.ts";
import { readHeader } from "./multi_search_header.ts";

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
  const lines = body.trimEnd().split("\n");
  const searches: SearchRequest[] = [];
  if (body.trim() === "") return searches;
  if (lines.length % 2 !== 0) throw new JsonSyntaxError("a header has no body");
  for (let at = 0; at < lines.length; at += 2) {
    const header = readHeader(lines[at] ?? "");
    const text = lines[at + 1] ?? "";
    const twice = duplicateField(text);
    if (twice !== null) throw new JsonSyntaxError(`it has the field [${twice}] twice in one object`);
    const value = parseJson(text);
    if (!isObject(value)) throw new JsonSyntaxError("a search is no object");
    const { index = route.index, ...own } = Object.fromEntries(header);
    const params = new Map([...route.params, ...Object.entries(own)]);
    searches.push({ position: searches.length, endpoint: "search", index, params, filter, text, body: value });
  }
  return searches;
}

/** Elasticsearch's answers to the searches, by position. `text` is the decoded body of the whole response; it is parsed once. */
export function readAnswers(endpoint: string, status: number, text: string): (position: number) => SearchAnswer {
  const whole = parseObject(text);
  if (whole === null) return () => ({ status, body: null });
  if (endpoint === "_msearch" && status < 400) {
    const responses = responsesOf(whole);
    return (position) => {
      const one = responses[position];
      if (!isObject(one)) return { status, body: null };
      const own = member(one, "status");
      return { status: typeof own === "number" ? own : status, body: one };
    };
  }
  const inner = endpoint === "_async_search" ? member(whole, "response") : undefined;
  // A filter_path may have taken away what says that it is over.
  const running = member(whole, "is_running");
  const goesOn = status < 400 && (running === true || (inner !== undefined && (running !== false || member(whole, "is_partial") === true)));
  const answer: SearchAnswer = { status, body: isObject(inner) ? inner : whole, ...(goesOn ? { partial: true } : {}) };
  return () => answer;
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
