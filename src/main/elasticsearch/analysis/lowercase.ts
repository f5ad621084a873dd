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
