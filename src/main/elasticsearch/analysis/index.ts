// The analyzers that we have, by name, and which of them a text field uses.
import { type JsonValue, member } from "../../../shared/json.ts";
import type { Field } from "../mapping.ts";
import { english } from "./english.ts";
import { keywordAnalyzer, simple, stop, whitespace } from "./simple.ts";
import { standard } from "./standard.ts";
import type { Analyzer } from "./token.ts";

export { type Analyzer, analyzeValues, POSITION_GAP, type Token } from "./token.ts";

const ANALYZERS: ReadonlyMap<string, Analyzer> = new Map(
  [standard, simple, whitespace, keywordAnalyzer, stop, english].map((analyzer) => [analyzer.name, analyzer]),
);

/** The analyzer of that name; undefined where we don't have it. */
export function analyzerNamed(name: string): Analyzer | undefined {
  return ANALYZERS.get(name);
}

/** The analyzer that indexes a text field; undefined where we don't have it (unsupportedReason says so). */
export function analyzerOf(field: Field): Analyzer | undefined {
  return analyzerNamed(nameOf(member(field.params, "analyzer")) ?? "standard");
}

/** The analyzer of a field's query text; undefined where we don't have it. */
export function searchAnalyzerOf(field: Field): Analyzer | undefined {
  const name = nameOf(member(field.params, "search_analyzer")) ?? nameOf(member(field.params, "analyzer")) ?? "standard";
  return analyzerNamed(name);
}

function nameOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
