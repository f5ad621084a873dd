// Reading the parameters of a clause: each file names those that it knows; any other is unsupported at its own pointer,
// never ignored. Elasticsearch reads numbers and booleans from strings too, and so do these.
import {
  childPointer,
  isArray,
  isNumber,
  isObject,
  type JsonObject,
  type JsonValue,
  member,
  printJson,
  RawNumber,
} from "../../shared/json.ts";
import { RejectedRequest, UnsupportedClause } from "./failure.ts";
import { checkKnown } from "./known_options.ts";

/** The clause's body as an object whose keys are all known. */
export function parameters(body: JsonValue, pointer: string, clause: string, known: readonly string[]): JsonObject {
  if (!isObject(body)) throw new RejectedRequest("parsing_exception", `[${clause}] query malformed, no start_object after query name`);
  for (const name of Object.keys(body)) {
    if (known.includes(name)) continue;
    checkKnown(clause, name);
    throw new UnsupportedClause(childPointer(pointer, name), `[${clause}] has no SQL for [${name}]`);
  }
  return body;
}

export interface FieldClause {
  readonly path: string;
  readonly options: JsonObject;
  /** JSON pointer of `options`. */
  readonly pointer: string;
}

const TEXT = "illegal_argument_exception";
const TOKEN = "parsing_exception";
const PATTERNS: ReadonlySet<string> = new Set(["prefix", "regexp", "wildcard"]);

// What a clause says where it looks for a value and finds a list of them.
function arrayError(clause: string): string {
  return clause.startsWith("match") || PATTERNS.has(clause) ? TEXT : TOKEN;
}

/** `{field: value}` or `{field: {shorthand: value, …}}`, the shape of most leaf clauses; only `known` options may be there. */
export function fieldClause(body: JsonValue, pointer: string, clause: string, shorthand: string, known: readonly string[]): FieldClause {
  if (!isObject(body)) throw new RejectedRequest("parsing_exception", `[${clause}] query malformed, no start_object after query name`);
  const [path, second] = Object.keys(body);
  if (path === undefined) throw new RejectedRequest("illegal_argument_exception", "fieldName must not be null or empty");
  if (second !== undefined) {
    throw new RejectedRequest("parsing_exception", `[${clause}] query doesn't support multiple fields, found [${path}] and [${second}]`);
  }
  const value = member(body, path) ?? null;
  const own = childPointer(pointer, path);
  if (isArray(value)) throw new RejectedRequest(arrayError(clause), `[${clause}] query does not support an array of values`);
  if (!isObject(value)) return { path, options: { [shorthand]: value }, pointer: own };
  const main = member(value, shorthand);
  if (isObject(main) || (isArray(main) && clause !== "range"))
    throw new RejectedRequest(PATTERNS.has(clause) ? TEXT : TOKEN, `[${clause}] query malformed after [${shorthand}]`);
  return { path, options: parameters(value, own, clause, [shorthand, "boost", ...known]), pointer: own };
}

/** A number option, or `fallback`. */
export function numberOption(options: JsonObject, name: string, fallback: number): number {
  const value = member(options, name);
  if (value === undefined || value === null) return fallback;
  const number = isNumber(value) ? Number(value) : typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
  if (!Number.isNaN(number)) return number;
  throw new RejectedRequest(
    typeof value === "string" ? "number_format_exception" : "parsing_exception",
    `For input string: ${printJson(value)} in [${name}]`,
  );
}

/** A boolean option, or `fallback`. */
export function booleanOption(options: JsonObject, name: string, fallback: boolean): boolean {
  const value = member(options, name);
  if (value === undefined || value === null) return fallback;
  if (value === true || value === "true") return true;
  if (value === false || value === "false" || value === "") return false;
  throw new RejectedRequest(
    "illegal_argument_exception",
    `Failed to parse value [${scalarText(value)}] as only [true] or [false] are allowed.`,
  );
}

/** A string option (numbers and booleans as their text), or `fallback`. */
export function textOption(options: JsonObject, name: string, fallback: string): string {
  const value = member(options, name);
  return value === undefined || value === null ? fallback : scalarText(value);
}

/** The clause's boost; Elasticsearch keeps it as a float. */
export function boostOf(options: JsonObject): number {
  const boost = numberOption(options, "boost", 1);
  if (boost < 0)
    throw new RejectedRequest("illegal_argument_exception", `negative [boost] are not allowed, use a value between 0 and 1 to deboost`);
  return Math.fround(boost);
}

/** A scalar as Elasticsearch's parser gives its text. */
export function scalarText(value: JsonValue): string {
  if (typeof value === "string") return value;
  return value instanceof RawNumber ? value.text : printJson(value);
}

/** One value or a list of them, as a list. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return isArray(value) ? value : [value];
}
