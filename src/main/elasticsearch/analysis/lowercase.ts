// `Character.toLowerCase`, one code point at a time: İ → i and Σ → σ, where String.toLowerCase would give i̇ and a final ς.

/** Lower case as Lucene's filter and Elasticsearch's `lowercase` normalizer make it; never changes the number of code points. */
export function lowercase(text: string): string {
  if (isLowerAscii(text)) return text;
  const lower = text.toLowerCase();
  return SPECIAL.test(text) ? Array.from(text, lowerCodePoint).join("") : lower;
}

// The only two characters whose lower case depends on context or has two code points.
const SPECIAL = /[İΣ]/;

function lowerCodePoint(char: string): string {
  return char === "İ" ? "i" : char.toLowerCase();
}

function isLowerAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit > 127 || (unit >= 65 && unit <= 90)) return false;
  }
  return true;
}

/** Upper case as Lucene's filter makes it (`Character.toUpperCase`): ß stays, ᾀ becomes ᾈ. */
export function uppercase(text: string): string {
  return Array.from(text, upperCodePoint).join("");
}

function upperCodePoint(char: string): string {
  const upper = char.toUpperCase();
  if (upper.length === char.length || String.fromCodePoint(upper.codePointAt(0) ?? 0) === upper) return upper;
  const code = char.codePointAt(0) ?? 0;
  // Greek with a small iota below has a capital of its own, where JavaScript writes two letters.
  if (code >= 0x1f80 && code <= 0x1fa7) return String.fromCodePoint(code | 8);
  return GREEK_CAPITALS.get(char) ?? char;
}

const GREEK_CAPITALS: ReadonlyMap<string, string> = new Map([
  ["\u1fb3", "\u1fbc"],
  ["\u1fc3", "\u1fcc"],
  ["\u1ff3", "\u1ffc"],
]);
