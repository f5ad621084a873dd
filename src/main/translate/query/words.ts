// Query text → the words that a text field is searched for, by the field's search analyzer.
import {
  type Analyzer,
  analyzerNamed,
  analyzerOf,
  quoteAnalyzerOf,
  searchAnalyzerOf,
  type Token,
} from "../../elasticsearch/analysis/index.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { UnsupportedClause } from "../failure.ts";

/** The words of the text and their positions. Throws UnsupportedClause where the analyzer isn't here. */
export function wordsOf(field: Field, text: string, analyzer: string | undefined, pointer: string): readonly Token[] {
  return words(field, text, analyzer === undefined ? searchAnalyzerOf(field) : analyzerNamed(analyzer, field.analysis), pointer);
}

/** The words of a phrase, which a field may have an analyzer of its own for. */
export function phraseWordsOf(field: Field, text: string, analyzer: string | undefined, pointer: string): readonly Token[] {
  return words(field, text, analyzer === undefined ? quoteAnalyzerOf(field) : analyzerNamed(analyzer, field.analysis), pointer);
}

function words(field: Field, text: string, analyzer: Analyzer | undefined, pointer: string): readonly Token[] {
  if (analyzer === undefined || analyzerOf(field) === undefined) {
    throw new UnsupportedClause(pointer, `[${field.path}] is analysed in a way that is not known here: its words are not mirrored`);
  }
  const found = analyzer.analyze(text);
  if (found.some(({ position }, i) => position === found[i - 1]?.position)) {
    throw new UnsupportedClause(
      pointer,
      `analyzer [${analyzer.name}] makes several words of one: queries for those are not translated yet`,
    );
  }
  return found;
}
