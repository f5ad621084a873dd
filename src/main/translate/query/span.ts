// span_term, span_near, span_first, span_or, span_not, span_containing, span_within, span_multi, field_masking_span, span_gap: where
// words stand to one another. Their scores have no SQL.
import { childPointer, isArray, isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { booleanOption, boostOf, fieldClause, numberOption, parameters, scalarText, textOption } from "../parameters.ts";
import { boosted, relevant } from "./compiled.ts";
import { restartNames } from "./places/binding.ts";
import {
  anyOf,
  containing,
  first,
  found,
  inAnyOrder,
  inOrder,
  type Spans,
  type Step,
  UnorderedSpans,
  within,
  without,
  wordSpans,
} from "./places/spans.ts";
import { isWord, patternTest, positionsOf, requireWords } from "./places/words.ts";
import type { CompileClause, Highlight } from "./types.ts";

interface Place {
  readonly pointer: string;
  readonly context: Context;
  readonly outermost: boolean;
  /** What the words belong to; null where the field is not known yet. */
  readonly fields: Set<string>;
  readonly highlights: Highlight[];
}

type Read = (body: JsonValue, place: Place) => Spans;

const SPANS: Readonly<Record<string, Read>> = {
  span_term: readTerm,
  span_near: readNear,
  span_first: readFirst,
  span_or: readOr,
  span_not: readNot,
  span_containing: (body, place) => {
    const { big, little } = bigAndLittle(body, place, "span_containing");
    return containing(big, little);
  },
  span_within: (body, place) => {
    const { big, little } = bigAndLittle(body, place, "span_within");
    return within(little, big);
  },
  span_multi: readMulti,
  field_masking_span: readMasked,
  span_field_masking: readMasked,
};

/** The clauses of spans; `span_gap` stands in `span_near` only. */
export const SPAN_CLAUSES: Readonly<Record<string, CompileClause>> = Object.fromEntries(
  Object.entries(SPANS).map(([name, read]) => [name, spanClause(name, read)]),
);

function spanClause(name: string, read: Read): CompileClause {
  return (body, pointer, context) => {
    restartNames();
    const place: Place = { pointer, context, outermost: true, fields: new Set(), highlights: [] };
    try {
      const where = found(read(body, place));
      const boost = boostOf(name !== "span_term" && isObject(body) ? body : {});
      return boosted(relevant(where, place.highlights), boost);
    } catch (error) {
      if (error instanceof UnorderedSpans) throw new UnsupportedClause(pointer, error.message);
      throw error;
    }
  };
}

function readSpan(query: JsonValue, place: Place): Spans {
  const [name, ...others] = isObject(query) ? Object.keys(query) : [];
  const read = name === undefined || !Object.hasOwn(SPANS, name) ? undefined : SPANS[name];
  if (!isObject(query) || name === undefined || read === undefined || others.length > 0) {
    throw new RejectedRequest("parsing_exception", "a clause must be of type span query");
  }
  return read(query[name] ?? null, { ...place, pointer: childPointer(place.pointer, name) });
}

function inside(options: JsonObject, name: string, place: Place, clause: string): Spans {
  const query = member(options, name);
  if (query === undefined) throw new RejectedRequest("parsing_exception", `[${clause}] must have [${name}] span query clause`);
  return readSpan(query, { ...place, pointer: childPointer(place.pointer, name), outermost: false });
}

function readTerm(body: JsonValue, place: Place): Spans {
  const { path, options, pointer } = fieldClause(body, place.pointer, "span_term", "value", ["term"]);
  const value = member(options, "value") ?? member(options, "term") ?? null;
  if (value === null) throw new RejectedRequest("illegal_argument_exception", "value cannot be null");
  const term = scalarText(value);
  const field = fieldAt(path, pointer, place);
  if (field === undefined) return wordSpans(null, new Set([term]));
  return wordSpans(positionsOf(field, isWord(term)), new Set([term]));
}

function fieldAt(path: string, pointer: string, place: Place) {
  place.fields.add(path);
  const field = fieldOf(place.context, path, pointer);
  if (field === undefined) return undefined;
  requireWords(field, pointer);
  place.highlights.push({ kind: "places", field });
  return field;
}

function readMulti(body: JsonValue, place: Place): Spans {
  const options = parameters(body, place.pointer, "span_multi", ["match", "boost"]);
  const query = member(options, "match") ?? null;
  const [kind = ""] = isObject(query) ? Object.keys(query) : [];
  const own = childPointer(childPointer(place.pointer, "match"), kind);
  if (kind === "range") throw new UnsupportedClause(own, "a range of words in [span_multi] has no SQL");
  if (!isObject(query) || !["prefix", "wildcard", "regexp", "fuzzy"].includes(kind)) {
    throw new RejectedRequest("parsing_exception", "[span_multi] [match] must be of type multi term query");
  }
  const known = ["case_insensitive", "flags", "fuzziness", "prefix_length", "max_expansions", "transpositions", "wildcard"];
  const { path, options: asked, pointer } = fieldClause(query[kind] ?? null, own, kind, "value", known);
  const field = fieldAt(path, pointer, place);
  if (field === undefined) return wordSpans(null, null);
  const value = member(asked, "value") ?? member(asked, "wildcard") ?? null;
  if (value === null) throw new RejectedRequest("illegal_argument_exception", "value cannot be null");
  return wordSpans(positionsOf(field, patternTest(kind, value, asked, { field, pointer, context: place.context, limited: true })), null);
}

function readMasked(body: JsonValue, place: Place): Spans {
  const options = parameters(body, place.pointer, "field_masking_span", ["query", "field", "boost"]);
  const fields = new Set<string>();
  const spans = inside(options, "query", { ...place, fields }, "field_masking_span");
  place.fields.add(textOption(options, "field", ""));
  return { ...spans, terms: null };
}

function readOr(body: JsonValue, place: Place): Spans {
  const options = parameters(body, place.pointer, "span_or", ["clauses", "boost"]);
  const spans = clauses(options, place).map(({ query, pointer }) => readSpan(query, { ...place, pointer }));
  requireOneField(place);
  return anyOf(spans);
}

function clauses(options: JsonObject, place: Place) {
  const list = member(options, "clauses");
  if (!isArray(list) || list.length === 0) throw new RejectedRequest("parsing_exception", "must include [clauses]");
  return list.map((query, i) => ({ query, pointer: childPointer(childPointer(place.pointer, "clauses"), i) }));
}

function readNear(body: JsonValue, place: Place): Spans {
  const options = parameters(body, place.pointer, "span_near", ["clauses", "slop", "in_order", "boost"]);
  const asked = clauses(options, place);
  const steps: Step[] = asked.map(
    ({ query, pointer }) => gapOf(query) ?? readSpan(query, { ...place, pointer, outermost: asked.length === 1 && place.outermost }),
  );
  requireOneField(place);
  const [start, ...others] = steps;
  if (start === undefined || typeof start === "number")
    throw new UnsupportedClause(place.pointer, "a gap before the first span has no SQL");
  if (others.length === 0) return start;
  const slop = numberOption(options, "slop", 0);
  if (booleanOption(options, "in_order", true)) return inOrder(start, others, slop);
  const spans = steps.filter((step) => typeof step !== "number");
  if (spans.length < steps.length) throw new UnsupportedClause(place.pointer, "a gap between spans in any order has no SQL");
  return inAnyOrder(spans, slop, place.outermost);
}

// {"span_gap": {"field": 2}}
function gapOf(query: JsonValue): number | undefined {
  const gap = isObject(query) ? member(query, "span_gap") : undefined;
  if (gap === undefined || !isObject(gap)) return undefined;
  return Number(Object.values(gap)[0] ?? 0);
}

function requireOneField(place: Place): void {
  if (place.fields.size > 1) throw new RejectedRequest("query_shard_exception", "failed to create query: Clauses must have same field.");
}

function readFirst(body: JsonValue, place: Place): Spans {
  const options = parameters(body, place.pointer, "span_first", ["match", "end", "boost"]);
  if (member(options, "end") === undefined) throw new RejectedRequest("parsing_exception", "span_first must have [end] set for it");
  return first(inside(options, "match", place, "span_first"), numberOption(options, "end", 0));
}

function readNot(body: JsonValue, place: Place): Spans {
  const options = parameters(body, place.pointer, "span_not", ["include", "exclude", "pre", "post", "dist", "boost"]);
  const distance = numberOption(options, "dist", 0);
  const spans = inside(options, "include", place, "span_not");
  const others = inside(options, "exclude", place, "span_not");
  requireOneField(place);
  return without(spans, others, numberOption(options, "pre", distance), numberOption(options, "post", distance));
}

function bigAndLittle(body: JsonValue, place: Place, clause: string): { readonly big: Spans; readonly little: Spans } {
  const options = parameters(body, place.pointer, clause, ["big", "little", "boost"]);
  const big = inside(options, "big", place, clause);
  const little = inside(options, "little", place, clause);
  requireOneField(place);
  return { big, little };
}
