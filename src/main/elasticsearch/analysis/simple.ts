// The analyzers that need no table: whitespace, keyword, simple and stop.
import { lowercase } from "./lowercase.ts";
import { ENGLISH_STOP_WORDS } from "./stop_words.ts";
import { type Analyzer, denselyPositioned, type Token } from "./token.ts";

/** Longer tokens are cut. */
const MAX_TOKEN = 255;

function matches(text: string, pattern: RegExp, change: (term: string) => string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(pattern)) {
    let start = match.index;
    const last = start + match[0].length;
    while (start < last) {
      const end = cut(text, start, last);
      tokens.push({ term: change(text.slice(start, end)), position: tokens.length, start, end });
      start = end;
    }
  }
  return tokens;
}

// CharTokenizer cuts once the buffer has MAX_TOKEN units: one more where the last is a surrogate pair.
function cut(text: string, start: number, last: number): number {
  let end = start;
  while (end < last && end - start < MAX_TOKEN) end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return end;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: Java counts the separators U+001C–U+001F as white space
const NOT_SPACE = /[^\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+/g;

/** Runs of the characters that belong to a token, cut where they grow too long. */
export function runs(
  text: string,
  belongs: RegExp | ((char: string) => boolean),
  most: number,
  change: (term: string) => string,
): readonly Token[] {
  const isPart = typeof belongs === "function" ? belongs : (char: string) => belongs.test(char);
  const tokens: Token[] = [];
  let start = -1;
  let at = 0;
  const close = () => {
    if (start >= 0) tokens.push({ term: change(text.slice(start, at)), position: tokens.length, start, end: at });
    start = -1;
  };
  for (const char of text) {
    if (!isPart(char)) close();
    else if (start < 0) start = at;
    at += char.length;
    if (start >= 0 && at - start >= most) close();
  }
  close();
  return tokens;
}

/** Words between white space (Character.isWhitespace: not the non-breaking ones), as they are. */
export const whitespace: Analyzer = Object.freeze({
  name: "whitespace",
  analyze: (text: string) => matches(text, NOT_SPACE, (term) => term),
  positions: denselyPositioned,
  normalize: (text: string) => text,
});

/** The whole text, one token, also where it is empty. */
export const keywordAnalyzer: Analyzer = Object.freeze({
  name: "keyword",
  analyze: (text: string) => [{ term: text, position: 0, start: 0, end: text.length }],
  positions: denselyPositioned,
  normalize: (text: string) => text,
});

/** Runs of letters, in lower case. */
export function simpleTokens(text: string): readonly Token[] {
  return matches(text, /\p{L}+/gu, lowercase);
}

/** Runs of letters, in lower case. */
export const simple: Analyzer = Object.freeze({
  name: "simple",
  analyze: simpleTokens,
  positions: denselyPositioned,
  normalize: lowercase,
});

/** Runs of letters, in lower case, without English stop words. */
export const stop: Analyzer = Object.freeze({
  name: "stop",
  analyze: (text: string) => simpleTokens(text).filter((token) => !ENGLISH_STOP_WORDS.has(token.term)),
  positions: (text: string) => simpleTokens(text).length,
  normalize: lowercase,
});
