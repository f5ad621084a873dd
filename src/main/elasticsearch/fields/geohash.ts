// Geohash text → a point.
const ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz";

/** Elasticsearch reads no further. */
const MAX_LENGTH = 12;

/** The south-west corner of a geohash's cell, which is the point that Elasticsearch indexes; null when it is no geohash. */
export function decodeGeohash(text: string): readonly [lat: number, lon: number] | null {
  if (text === "") return null;
  const low: [number, number] = [-180, -90];
  const size: [number, number] = [360, 180];
  let axis: 0 | 1 = 0;
  for (const char of text.slice(0, MAX_LENGTH)) {
    const digit = ALPHABET.indexOf(char);
    if (digit === -1) return null;
    for (let bit = 16; bit > 0; bit >>= 1) {
      size[axis] /= 2;
      if (digit & bit) low[axis] += size[axis];
      axis = axis === 0 ? 1 : 0;
    }
  }
  return [low[1], low[0]];
}
