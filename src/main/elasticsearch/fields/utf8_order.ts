// Lucene and ClickHouse order strings by their UTF-8 bytes; JavaScript's `<` orders by UTF-16 units, which puts a
// character beyond U+FFFF (a surrogate pair, D800–DFFF) before U+E000–U+FFFF.

/** Order of two strings by UTF-8 bytes (the same as by code points). */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Sorted by UTF-8 bytes, each value once: a doc's keyword values as Lucene keeps them. */
export function sortedSet(values: readonly string[]): readonly string[] {
  return values.length < 2 ? values : [...new Set(values)].sort(compareUtf8);
}
