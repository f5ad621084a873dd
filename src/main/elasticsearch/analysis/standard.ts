// The standard analyzer: Lucene's StandardTokenizer and the lowercase filter. ASCII text, nearly all of it, takes a short path.
import { found, wordsOfText } from "./ascii_words.ts";
import { lowercase } from "./lowercase.ts";
import { type Analyzer, denselyPositioned, type Token } from "./token.ts";
import { wordClass } from "./word_class.ts";
import { matchToken } from "./word_match.ts";

/** Longer tokens are cut: the tokenizer sees so many UTF-16 units at a time. */
export const MAX_TOKEN = 255;

export const standard: Analyzer = Object.freeze({
  name: "standard",
  analyze: (text: string) => standardTokens(text),
  positions: denselyPositioned,
  normalize: lowercase,
});

/** Tokens of the standard tokenizer, in lower case. */
export function standardTokens(text: string): readonly Token[] {
  const count = wordsOfText(text, MAX_TOKEN);
  return count < 0 ? unicodeTokens(text, lowercase, MAX_TOKEN) : asciiTokens(count, text.toLowerCase());
}

/** Tokens of the standard tokenizer as they stand; longer ones than `most` UTF-16 units are cut. */
export function standardWords(text: string, most: number): readonly Token[] {
  const count = wordsOfText(text, most);
  return count < 0 ? unicodeTokens(text, (term) => term, most) : asciiTokens(count, text);
}

/** The words just found; `shown`: the same text as the terms are to have it. */
function asciiTokens(count: number, shown: string): readonly Token[] {
  const { bounds } = found;
  return Array.from({ length: count }, (_, position) => {
    const [start, end] = [bounds[position * 2] ?? 0, bounds[position * 2 + 1] ?? 0];
    return { term: shown.slice(start, end), position, start, end };
  });
}

function unicodeTokens(text: string, change: (term: string) => string, most: number): readonly Token[] {
  const { classes, starts, count } = classify(text);
  const tokens: Token[] = [];
  let i = 0;
  let limit = 0;
  while (i < count) {
    const from = starts[i] ?? 0;
    // The last code point that ends within `most` units.
    if (limit < i) limit = i;
    while (limit < count && (starts[limit + 1] ?? 0) - from <= most) limit += 1;
    const end = matchToken(classes, i, limit);
    if (end > i) {
      const to = starts[end] ?? text.length;
      tokens.push({ term: change(text.slice(from, to)), position: tokens.length, start: from, end: to });
    }
    i = end > i ? end : i + 1;
  }
  return tokens;
}

/** Class and start of each code point; `starts` has one more entry, the end of the text. */
function classify(text: string): { readonly classes: Uint8Array; readonly starts: Uint32Array; readonly count: number } {
  const classes = new Uint8Array(text.length);
  const starts = new Uint32Array(text.length + 1);
  let count = 0;
  for (let i = 0; i < text.length; count += 1) {
    const codePoint = text.codePointAt(i) ?? 0;
    classes[count] = wordClass(codePoint);
    starts[count] = i;
    i += codePoint > 0xffff ? 2 : 1;
  }
  starts[count] = text.length;
  return { classes, starts, count };
}
