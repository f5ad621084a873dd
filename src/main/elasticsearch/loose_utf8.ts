// Bytes → text as Elasticsearch's JSON reader makes it: the length of a character is its first byte's to say, and encodings that are
// longer than they need be, or of half a surrogate pair, are taken as they stand. Lucene keeps such a half as U+FFFD. Pure.

/** The text of what Elasticsearch took. Bytes that it would have refused are U+FFFD. */
export function looseText(bytes: Uint8Array): string {
  const units: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { code, length } = characterAt(bytes, at);
    units.push(textOfCode(code));
    at += length;
  }
  return units.join("");
}

const REPLACEMENT = 0xfffd;

function characterAt(bytes: Uint8Array, at: number): { readonly code: number; readonly length: number } {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { code: first, length: 1 };
  const length = first >> 5 === 0b110 ? 2 : first >> 4 === 0b1110 ? 3 : first >> 3 === 0b11110 ? 4 : 1;
  if (length === 1) return { code: REPLACEMENT, length };
  let code = first & (0xff >> (length + 1));
  for (let i = 1; i < length; i += 1) {
    const next = bytes[at + i] ?? 0;
    if (next >> 6 !== 0b10) return { code: REPLACEMENT, length: 1 };
    code = (code << 6) | (next & 0x3f);
  }
  return { code, length };
}

// Four bytes are two halves of a pair, whatever they stand for.
function textOfCode(code: number): string {
  if (code <= 0xffff) return String.fromCharCode(code);
  const above = code - 0x10000;
  return String.fromCharCode(0xd800 | (above >> 10), 0xdc00 | (above & 0x3ff));
}
