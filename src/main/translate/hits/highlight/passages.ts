// The pieces that a highlighted field shows: from the sentence of a value's first match to the value's end, of several
// values those with the best matches, in their order.

import type { Match } from "./matches.ts";
import type { HighlightOptions } from "./options.ts";
import { sentenceStart } from "./sentences.ts";

interface Passage {
  readonly value: number;
  /** Offsets in the values joined by one separator. */
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly matches: readonly Match[];
  readonly score: number;
}

export function passages(values: readonly string[], matches: readonly Match[], options: HighlightOptions): readonly string[] {
  const found: Passage[] = [];
  const contentLength = values.reduce((sum, value) => sum + value.length + 1, -1);
  const frequency = new Map<string, number>();
  for (const { key } of matches) frequency.set(key, (frequency.get(key) ?? 0) + 1);
  let base = 0;
  values.forEach((text, value) => {
    const own = matches.filter((match) => match.value === value);
    const [first] = own;
    if (first !== undefined) {
      const start = options.fragments === 0 ? 0 : sentenceStart(text, first.start);
      const place = { value, from: base + start, to: base + text.length, start, matches: own };
      found.push({ ...place, score: scoreOf(place, contentLength, frequency) });
    }
    base += text.length + 1;
  });
  const kept = options.fragments === 0 ? found : best(found, options.fragments);
  return kept.map((passage) => marked(values[passage.value] ?? "", passage, options));
}

// Of equal scores the later passage stays.
function best(found: readonly Passage[], most: number): readonly Passage[] {
  if (found.length <= most) return found;
  const chosen = found.toSorted((a, b) => b.score - a.score || b.from - a.from).slice(0, most);
  return chosen.sort((a, b) => a.from - b.from);
}

// Lucene's PassageScorer: BM25 with passages for documents, nearer to the start of the field first.
const K1 = 1.2;
const B = 0.75;
const PIVOT = 87;

function scoreOf(passage: Omit<Passage, "score">, contentLength: number, frequency: ReadonlyMap<string, number>): number {
  const inPassage = new Map<string, number>();
  for (const { key } of passage.matches) inPassage.set(key, (inPassage.get(key) ?? 0) + 1);
  const norm = K1 * (1 - B + B * ((passage.to - passage.from) / PIVOT));
  let score = 0;
  for (const [key, count] of inPassage) {
    const documents = 1 + contentLength / PIVOT;
    const weight = Math.fround((K1 + 1) * Math.log(1 + (documents + 0.5) / ((frequency.get(key) ?? 0) + 0.5)));
    score = Math.fround(score + weight * Math.fround(count / (count + norm)));
  }
  return Math.fround(score * Math.fround(1 + 1 / Math.log(PIVOT + passage.from)));
}

function marked(text: string, passage: Passage, { before, after }: HighlightOptions): string {
  let out = "";
  let at = passage.start;
  const { matches } = passage;
  for (let i = 0; i < matches.length; i += 1) {
    const { start = 0, end: own = 0 } = matches[i] ?? {};
    let end = own;
    for (let next = matches[i + 1]; next !== undefined && next.start < end; next = matches[i + 1]) {
      end = next.end;
      i += 1;
    }
    out += text.slice(at, start) + before + text.slice(start, end) + after;
    at = end;
  }
  return trim(out + text.slice(at));
}

// Java's trim: everything up to the space character.
function trim(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text.charCodeAt(start) <= 32) start += 1;
  while (end > start && text.charCodeAt(end - 1) <= 32) end -= 1;
  return text.slice(start, end);
}
