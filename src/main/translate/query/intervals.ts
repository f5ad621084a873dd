// intervals: minimal stretches of words, by rules. Scores have no SQL.
import { childPointer, isArray, isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { call } from "../../clickhouse/sql/ast.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { booleanOption, boostOf, numberOption, parameters, scalarText } from "../parameters.ts";
import { boosted, NOTHING, relevant } from "./compiled.ts";
import { analyzerOption } from "./match.ts";
import { restartNames } from "./places/binding.ts";
import { adjacent, anyOf, closed, type Intervals, inAnyOrder, inOrder, maxGaps, standing, wordIntervals } from "./places/intervals.ts";
import { isWord, patternTest, positionsOf, requireWords } from "./places/words.ts";
import type { Compiled } from "./types.ts";
import { wordsOf } from "./words.ts";

interface Place {
  readonly field: Field;
  readonly pointer: string;
  readonly context: Context;
  /** False below a rule that combines: there Elasticsearch takes an `any_of` apart. */
  readonly top: boolean;
}

export function compileIntervals(body: JsonValue, pointer: string, context: Context): Compiled {
  restartNames();
  if (!isObject(body)) throw new RejectedRequest("parsing_exception", "[intervals] query malformed, no start_object after query name");
  const [path, second] = Object.keys(body).filter((name) => name !== "boost" && name !== "_name");
  if (path === undefined || second !== undefined)
    throw new RejectedRequest("parsing_exception", "[intervals] query malformed, expected one field");
  parameters(body, pointer, "intervals", [path, "boost"]);
  const own = childPointer(pointer, path);
  const rule = member(body, path) ?? null;
  const inner = isObject(rule) ? Object.fromEntries(Object.entries(rule).filter(([name]) => name !== "boost")) : rule;
  const field = fieldOf(context, path, own);
  if (field === undefined) return NOTHING;
  requireWords(field, own);
  const intervals = readRule(inner, { field, pointer: own, context, top: true });
  const boost = isObject(rule) ? boostOf(rule) * boostOf(body) : 1;
  return boosted(relevant(call("notEmpty", intervals.list), [{ kind: "places", field }]), boost);
}

type Read = (options: JsonObject, place: Place) => Intervals;

const PATTERNS: Readonly<Record<string, string>> = { prefix: "prefix", wildcard: "pattern", regexp: "pattern", fuzzy: "term" };

const RULES: Readonly<Record<string, Read>> = { match: readMatch, all_of: readAllOf, any_of: readAnyOf };

function readRule(rule: JsonValue, place: Place): Intervals {
  const [name, ...others] = isObject(rule) ? Object.keys(rule) : [];
  if (!isObject(rule) || name === undefined || others.length > 0) {
    throw new RejectedRequest("parsing_exception", "Only one interval rule can be specified");
  }
  const own = { ...place, pointer: childPointer(place.pointer, name) };
  const options = member(rule, name) ?? null;
  if (name === "range") throw new UnsupportedClause(own.pointer, "intervals of a range of words have no SQL");
  const read = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  if (read === undefined && !Object.hasOwn(PATTERNS, name)) {
    throw new RejectedRequest("parsing_exception", `Unknown interval type [${name}]`);
  }
  if (!isObject(options)) throw new RejectedRequest("parsing_exception", `[${name}] malformed`);
  if (read === undefined) return readPattern(name, options, own);
  return filteredBy(member(options, "filter"), read(options, own), own);
}

// `use_field`: the words of another field, at their own positions.
function fieldOfRule(options: JsonObject, place: Place): Field | undefined {
  const other = member(options, "use_field");
  if (typeof other !== "string") return place.field;
  const field = fieldOf(place.context, other, childPointer(place.pointer, "use_field"));
  if (field !== undefined) requireWords(field, place.pointer);
  return field;
}

function readMatch(options: JsonObject, place: Place): Intervals {
  parameters(options, place.pointer, "match", ["query", "max_gaps", "ordered", "analyzer", "filter", "use_field"]);
  const query = member(options, "query");
  if (query === undefined) throw new RejectedRequest("illegal_argument_exception", "Required [query]");
  if (isObject(query) || isArray(query)) throw new RejectedRequest("x_content_parse_exception", "[match] query must be text");
  const field = fieldOfRule(options, place);
  if (field === undefined) return wordIntervals(null, "");
  const words = wordsOf(field, scalarText(query), analyzerOption(options), place.pointer);
  const start = words[0]?.position ?? 0;
  if (start > 0 || words.some(({ position }, i) => position !== start + i)) {
    throw new UnsupportedClause(place.pointer, "intervals of a text with stop words have no SQL");
  }
  return combined(
    words.map(({ term }) => wordIntervals(positionsOf(field, isWord(term)), `${field.path}:${term}`)),
    options,
    place,
  );
}

function combined(sources: readonly Intervals[], options: JsonObject, place: Place): Intervals {
  const [only] = sources;
  if (only === undefined) return wordIntervals(null, "");
  if (sources.length === 1) return only;
  const gaps = numberOption(options, "max_gaps", -1);
  const ordered = booleanOption(options, "ordered", false);
  if (gaps === 0 && ordered) return closed(adjacent(sources));
  if (new Set(sources.map(({ key }) => key)).size < sources.length && (!ordered || gaps >= 0)) {
    throw new UnsupportedClause(place.pointer, "intervals of a word that is asked for twice have no SQL");
  }
  const inner = ordered ? inOrder(sources) : inAnyOrder(sources);
  return closed(gaps < 0 ? inner : maxGaps(inner, gaps));
}

function readAllOf(options: JsonObject, place: Place): Intervals {
  parameters(options, place.pointer, "all_of", ["intervals", "max_gaps", "ordered", "filter"]);
  return combined(rulesOf(options, { ...place, top: false }), options, place);
}

function readAnyOf(options: JsonObject, place: Place): Intervals {
  parameters(options, place.pointer, "any_of", ["intervals", "filter"]);
  const sources = rulesOf(options, place);
  if (!place.top && !sources.every(({ single }) => single)) {
    throw new UnsupportedClause(place.pointer, "alternatives of several words inside another rule have no SQL");
  }
  return anyOf(sources);
}

function rulesOf(options: JsonObject, place: Place): readonly Intervals[] {
  const rules = member(options, "intervals");
  if (!isArray(rules)) throw new RejectedRequest("illegal_argument_exception", "Required [intervals]");
  const pointer = childPointer(place.pointer, "intervals");
  return rules.map((rule, i) => readRule(rule, { ...place, pointer: childPointer(pointer, i) }));
}

function readPattern(kind: string, options: JsonObject, place: Place): Intervals {
  const name = PATTERNS[kind] ?? "";
  const known = [
    name,
    "analyzer",
    "use_field",
    "case_insensitive",
    "flags",
    "fuzziness",
    "prefix_length",
    "transpositions",
    "max_expansions",
  ];
  parameters(options, place.pointer, kind, known);
  if (member(options, "analyzer") !== undefined)
    throw new UnsupportedClause(childPointer(place.pointer, "analyzer"), "no analyzer here yet");
  const value = member(options, name);
  if (value === undefined) throw new RejectedRequest("illegal_argument_exception", `Required [${name}]`);
  const field = fieldOfRule(options, place);
  if (field === undefined) return wordIntervals(null, "");
  const test = patternTest(kind, value, options, { field, pointer: place.pointer, context: place.context, limited: false });
  return wordIntervals(positionsOf(field, test), `${field.path}:${kind}:${scalarText(value)}`);
}

function filteredBy(filter: JsonValue | undefined, source: Intervals, place: Place): Intervals {
  if (filter === undefined) return source;
  const pointer = childPointer(place.pointer, "filter");
  const [name, ...others] = isObject(filter) ? Object.keys(filter) : [];
  if (!isObject(filter) || name === undefined || others.length > 0) throw new RejectedRequest("parsing_exception", "Expected one filter");
  if (name === "script") throw new UnsupportedClause(childPointer(pointer, name), "a script over intervals has no SQL");
  const rule = readRule(member(filter, name) ?? null, { ...place, pointer: childPointer(pointer, name), top: false });
  const stood = standing(source, name, rule);
  if (stood === undefined) throw new RejectedRequest("query_shard_exception", `failed to create query: Unknown filter type [${name}]`);
  return stood;
}
