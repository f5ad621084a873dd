// What an analyzer makes of text.

export interface Token {
  readonly term: string;
  /** Counts from 0; a removed stop word leaves its position empty. */
  readonly position: number;
  /** UTF-16 offsets in the text. */
  readonly start: number;
  readonly end: number;
}

export interface Analyzer {
  readonly name: string;
  /** True where several tokens may stand at one place: a text is then not as long as it has tokens. */
  readonly stacks?: boolean;
  analyze(text: string): readonly Token[];
  /** How many positions the text takes: more than the last token's + 1 where stop words were removed behind it. */
  positions(text: string, tokens: readonly Token[]): number;
  /** A piece of a word, as of a pattern: in the case and the letters that tokens have, whole. */
  normalize(text: string): string;
}

/** Positions between two values of a field where the mapping says nothing. */
export const POSITION_GAP = 100;

/** The tokens of a field's values in order, at their positions in the field; `start` and `end` are within their own value. */
export function analyzeValues(analyzer: Analyzer, values: readonly string[], gap = POSITION_GAP): Token[] {
  const all: Token[] = [];
  let base = 0;
  for (const value of values) {
    const tokens = analyzer.analyze(value);
    if (base === 0) all.push(...tokens);
    else for (const token of tokens) all.push({ ...token, position: token.position + base });
    base += analyzer.positions(value, tokens) + gap;
  }
  return all;
}

/** Positions of an analyzer that removes nothing. */
export function denselyPositioned(_text: string, tokens: readonly Token[]): number {
  return tokens.length;
}
