// `highlight`, the unified highlighter: the values of text and keyword fields with the words that were searched for marked.
import type { JsonObject, JsonValue } from "../../../../shared/json.ts";
import { member } from "../../../../shared/json.ts";
import { analyzerOf, analyzeValues } from "../../../elasticsearch/analysis/index.ts";
import { fieldType } from "../../../elasticsearch/fields/index.ts";
import { withNullValue } from "../../../elasticsearch/fields/null_value.ts";
import { type Field, sourcesOf } from "../../../elasticsearch/mapping.ts";
import type { Context } from "../../context.ts";
import { UnsupportedClause } from "../../failure.ts";
import { scalarText } from "../../parameters.ts";
import { compileQuery } from "../../query/index.ts";
import type { Highlight } from "../../query/types.ts";
import { readValues } from "../copied_values.ts";
import { matchingFields } from "../field_patterns.ts";
import { type Document, rootOf } from "../hit.ts";
import { findMatches, type Word } from "./matches.ts";
import { type HighlightOptions, highlightOptions } from "./options.ts";
import { passages } from "./passages.ts";

/** Compiles the option; the result is the `highlight` of a hit, empty where nothing was found. */
export function compileHighlight(
  value: JsonValue | undefined,
  pointer: string,
  context: Context,
  highlights: readonly Highlight[],
): (document: Document) => JsonObject {
  if (value === undefined || value === null) return () => ({});
  const options = highlightOptions(value, pointer).map((each) => ({
    ...each,
    highlights: each.query === undefined ? highlights : compileQuery(each.query, each.queryPointer, context).highlights,
  }));
  for (const each of options) {
    checkAnalyzers(each, pointer, context);
    if (each.sameField && each.highlights.some(({ conditional }) => conditional === true)) {
      throw new UnsupportedClause(pointer, "alternatives with further conditions are marked only with require_field_match false");
    }
    if (each.highlights.some((sought) => (sought.kind === "phrase" && sought.slop > 0) || sought.kind === "places")) {
      throw new UnsupportedClause(pointer, "phrases with slop, spans and intervals are not marked yet");
    }
  }
  return (document) => {
    const shown: Record<string, JsonValue> = {};
    for (const each of options) {
      for (const [name, field] of matchingFields(document.mapping, each.pattern)) {
        const pieces = highlightField(field, each, document, each.highlights);
        if (pieces.length > 0) shown[name] = pieces;
      }
    }
    return shown;
  };
}

function checkAnalyzers(options: HighlightOptions, pointer: string, context: Context): void {
  for (const [name, field] of matchingFields(context.mapping, options.pattern)) {
    if (field.type === "text" && analyzerOf(field) === undefined) {
      throw new UnsupportedClause(pointer, `[${name}] is analysed in a way that is not known here: its words can't be marked`);
    }
  }
}

function highlightField(field: Field, options: HighlightOptions, document: Document, highlights: readonly Highlight[]): readonly string[] {
  const searched = searchedIn(field, options, highlights);
  const family = fieldType(field)?.family;
  if ((searched.length === 0 && options.noMatchSize === 0) || !sourcesOf(field).some((path) => document.roots.has(rootOf(path)))) return [];
  if (family !== "text" && family !== "keyword") return [];
  const texts = withNullValue(field, readValues(field, document.source, 0, false, "/highlight")).map(scalarText);
  const values =
    family === "keyword" ? texts.filter((text) => text.length <= limitOf(field)).map((text) => normalised(field, text)) : texts;
  const words = family === "keyword" ? keywordWords(values) : textWords(field, values);
  return passages(values, findMatches(words, searched, options.sameField), options, family === "text");
}

// A constant is no term to look for: all documents match, or none.
function searchedIn(field: Field, { sameField }: HighlightOptions, highlights: readonly Highlight[]): readonly Highlight[] {
  if (field.type === "constant_keyword") return [];
  const searched = sameField ? highlights.filter((each) => each.field.path === field.path) : highlights;
  if (field.type === "wildcard" && searched.length > 0) {
    throw new UnsupportedClause(
      "/highlight",
      `[${field.path}] is indexed by parts of its values: what is marked of them is not known here`,
    );
  }
  return searched;
}

function limitOf(field: Field): number {
  const limit = member(field.params, "ignore_above");
  return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
}

// A keyword is shown as its mapping normalises it.
function normalised(field: Field, text: string): string {
  const term = fieldType(field)?.term(field, text);
  return term?.kind === "value" ? String(term.value) : text;
}

// Each value is one word.
function keywordWords(values: readonly string[]): readonly Word[] {
  return values.map((text, value) => ({ value, term: text, position: value, start: 0, end: text.length }));
}

function textWords(field: Field, values: readonly string[]): readonly Word[] {
  const analyzer = analyzerOf(field);
  if (analyzer === undefined) return [];
  let base = 0;
  return values.flatMap((text, value) => {
    const tokens = analyzeValues(analyzer, [text]);
    const words = tokens.map((token) => ({ ...token, value, position: token.position + base }));
    base += analyzer.positions(text, tokens) + 100;
    return words;
  });
}
