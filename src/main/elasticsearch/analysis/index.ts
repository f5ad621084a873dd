// The analyzers that we have, by name, and which of them a text field uses.
import { type JsonObject, member } from "../../../shared/json.ts";
import type { Field } from "../mapping.ts";
import { definedAnalyzer, definedNormalizer, definitionOf } from "./custom.ts";
import { english } from "./english.ts";
import { LANGUAGES } from "./languages.ts";
import { lowercase } from "./lowercase.ts";
import { keywordAnalyzer, simple, stop, whitespace } from "./simple.ts";
import { standard } from "./standard.ts";
import type { Analyzer } from "./token.ts";

export { type Analyzer, analyzeValues, POSITION_GAP, type Token } from "./token.ts";

const ANALYZERS: ReadonlyMap<string, Analyzer> = new Map(
  [standard, simple, whitespace, keywordAnalyzer, stop, english].map((analyzer) => [analyzer.name, analyzer]),
);

const DEFINED = new WeakMap<JsonObject, Map<string, Analyzer | undefined>>();

/** The analyzer of that name: the index's own (of its `settings.analysis`), else a built-in one; undefined where we don't have it. */
export function analyzerNamed(name: string, analysis?: JsonObject): Analyzer | undefined {
  if (analysis === undefined || definitionOf(analysis, "analyzer", name) === undefined) return builtIn(name);
  const known = DEFINED.get(analysis) ?? new Map<string, Analyzer | undefined>();
  DEFINED.set(analysis, known);
  if (!known.has(name)) known.set(name, definedAnalyzer(analysis, name));
  return known.get(name);
}

function builtIn(name: string): Analyzer | undefined {
  return ANALYZERS.get(name) ?? (definitionOf(LANGUAGES, "analyzer", name) === undefined ? undefined : analyzerNamed(name, LANGUAGES));
}

/** The name of the analyzer that indexes a text field. */
export function analyzerNameOf(field: Field): string {
  return nameOf(field, "analyzer") ?? (defines(field, "default") ? "default" : "standard");
}

/** The name of the analyzer of a field's query text. */
export function searchAnalyzerNameOf(field: Field): string {
  const own = nameOf(field, "search_analyzer") ?? nameOf(field, "analyzer");
  return own ?? (defines(field, "default_search") ? "default_search" : analyzerNameOf(field));
}

/** The name of the analyzer of the phrases that a query asks for. */
export function quoteAnalyzerNameOf(field: Field): string {
  return nameOf(field, "search_quote_analyzer") ?? searchAnalyzerNameOf(field);
}

/** The analyzer that indexes a text field; undefined where we don't have it (unsupportedReason says so). */
export function analyzerOf(field: Field): Analyzer | undefined {
  return analyzerNamed(analyzerNameOf(field), field.analysis);
}

/** The analyzer of a field's query text; undefined where we don't have it. */
export function searchAnalyzerOf(field: Field): Analyzer | undefined {
  return analyzerNamed(searchAnalyzerNameOf(field), field.analysis);
}

/** The analyzer of phrases; undefined where we don't have it. */
export function quoteAnalyzerOf(field: Field): Analyzer | undefined {
  return analyzerNamed(quoteAnalyzerNameOf(field), field.analysis);
}

/** True when the field is analysed or normalised by what the index itself defines. */
export function usesOwnAnalysis(field: Field): boolean {
  const { analysis } = field;
  if (analysis === undefined) return false;
  const normalizer = nameOf(field, "normalizer");
  if (normalizer !== undefined) return definitionOf(analysis, "normalizer", normalizer) !== undefined;
  return [analyzerNameOf(field), searchAnalyzerNameOf(field), quoteAnalyzerNameOf(field)].some((name) => defines(field, name));
}

const NORMALIZERS = new WeakMap<JsonObject, Map<string, ((text: string) => string) | undefined>>();

/** What a keyword's normalizer makes of a text; undefined where we don't have it. */
export function normalizerOf(field: Field): ((text: string) => string) | undefined {
  const name = nameOf(field, "normalizer");
  const { analysis } = field;
  if (name === undefined) return identity;
  if (analysis === undefined || definitionOf(analysis, "normalizer", name) === undefined)
    return name === "lowercase" ? lowercase : undefined;
  const known = NORMALIZERS.get(analysis) ?? new Map<string, ((text: string) => string) | undefined>();
  NORMALIZERS.set(analysis, known);
  if (!known.has(name)) known.set(name, definedNormalizer(analysis, name));
  return known.get(name);
}

function identity(text: string): string {
  return text;
}

function defines(field: Field, name: string): boolean {
  return field.analysis !== undefined && definitionOf(field.analysis, "analyzer", name) !== undefined;
}

function nameOf(field: Field, parameter: string): string | undefined {
  const value = member(field.params, parameter);
  return typeof value === "string" ? value : undefined;
}
