// Query text → the words that a text field is searched for, by the field's search analyzer.
import { analyzerNamed, analyzerOf, searchAnalyzerOf, type Token } from "../../elasticsearch/analysis/index.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { UnsupportedClause } from "../failure.ts";

/** The words of the text and their positions. Throws UnsupportedClause where the analyzer isn't here. */
export function wordsOf(field: Field, text: string, analyzer: string | undefined, pointer: string): readonly Token[] {
  const asked = analyzer === undefined ? searchAnalyzerOf(field) : analyzerNamed(analyzer);
  if (asked === undefined || analyzerOf(field) === undefined) {
    throw new UnsupportedClause(pointer, `[${field.path}] is analysed in a way that is not known here: its words are not mirrored`);
  }
  return asked.analyze(text);
}
