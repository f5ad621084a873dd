// The standard analyzer: Lucene's StandardTokenizer and the lowercase filter. ASCII text, nearly all of it, takes a short path.
import { lowercase } from "./lowercase.ts";
import { type Analyzer, denselyPositioned, type Token } from "./token.ts";
import { wordClass } from "./word_class.ts";
import { matchToken } from "./word_match.ts";

/** Longer tokens are cut: the tokenizer sees so many UTF-16 units at a time. */
const MAX_TOKEN = 255;

export const standard: Analyzer = Object.freeze({
  name: "standard",
  analyze: (text: string) => standardTokens(text),
  positions: denselyPositioned,
  normalize: lowercase,
});

/** Tokens of the standard tokenizer, in lower case. */
export function standardTokens(text: string): readonly Token[] {
  return isAscii(text) ? asciiTokens(text, text.toLowerCase(), MAX_TOKEN) : unicodeTokens(text, lowercase, MAX_TOKEN);
}

/** Tokens of the standard tokenizer as they stand; longer ones than `most` UTF-16 units are cut. */
export function standardWords(text: string, most: number): readonly Token[] {
  return isAscii(text) ? asciiTokens(text, text, most) : unicodeTokens(text, (term) => term, most);
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  return /^[\x00-\x7f]*$/.test(text);
}

const BREAK = 0;
const LETTER = 1;
const DIGIT = 2;
const UNDERSCORE = 3;
const JOINS_LETTERS = 4; // :
const JOINS_DIGITS = 5; // , ;
const JOINS_BOTH = 6; // . '

const ASCII = new Uint8Array(128);
for (const [characters, kind] of [
  ["abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", LETTER],
  ["0123456789", DIGIT],
  ["_", UNDERSCORE],
  [":", JOINS_LETTERS],
  [",;", JOINS_DIGITS],
  [".'", JOINS_BOTH],
] as const) {
  for (const character of characters) ASCII[character.charCodeAt(0)] = kind;
}

/** `shown`: the same text as the terms are to have it. */
function asciiTokens(text: string, shown: string, most: number): readonly Token[] {
  const tokens: Token[] = [];
  const length = text.length;
  let start = 0;
  while (start < length) {
    const kind = ASCII[text.charCodeAt(start)] ?? BREAK;
    const end = kind === BREAK || kind > UNDERSCORE ? start : asciiEnd(text, start, Math.min(length, start + most));
    if (end > start) tokens.push({ term: shown.slice(start, end), position: tokens.length, start, end });
    start = end > start ? end : start + 1;
  }
  return tokens;
}

/** End of the word that begins at `start`; `start` when it is only underscores. */
function asciiEnd(text: string, start: number, limit: number): number {
  let last = BREAK; // the last letter, digit or underscore
  let wanted = BREAK; // what must follow a joining character
  let end = start;
  for (let i = start; i < limit; i += 1) {
    const kind = ASCII[text.charCodeAt(i)] ?? BREAK;
    if (kind === LETTER || kind === DIGIT) {
      if (wanted !== BREAK && wanted !== kind) return end;
      wanted = BREAK;
      last = kind;
      end = i + 1;
    } else if (kind === UNDERSCORE) {
      if (wanted !== BREAK) return end;
      if (end > start) end = i + 1;
      last = UNDERSCORE;
    } else {
      const joins =
        wanted === BREAK &&
        (kind === JOINS_BOTH || (kind === JOINS_LETTERS && last === LETTER) || (kind === JOINS_DIGITS && last === DIGIT));
      if (!joins || (last !== LETTER && last !== DIGIT)) return end;
      wanted = last;
    }
  }
  return end;
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
