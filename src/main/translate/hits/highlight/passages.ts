// The pieces that a highlighted field shows. Lucene's FieldHighlighter: matches from left to right, each new passage reaching
// from one boundary to the next around its first match; the best by score are kept.
import { BoundedSentences, type BreakIterator, wholeText, words } from "./break_iterator.ts";
import type { Match } from "./matches.ts";
import type { HighlightOptions } from "./options.ts";
import { Sentences } from "./sentences.ts";
import { wordBreaks } from "./word_breaks.ts";

interface Passage {
  readonly value: number;
  /** Offsets in the value. */
  readonly start: number;
  readonly end: number;
  /** Offset of the value in all values joined by one separator. */
  readonly base: number;
  readonly matches: readonly Match[];
  readonly score: number;
}

/** `tokenized` false: values are not cut, however long. */
export function passages(
  values: readonly string[],
  matches: readonly Match[],
  options: HighlightOptions,
  tokenized: boolean,
): readonly string[] {
  const contentLength = values.reduce((sum, value) => sum + value.length + 1, -1);
  const score = scorer(contentLength, matches, options.sameField);
  const found: Passage[] = [];
  let base = 0;
  values.forEach((text, value) => {
    const own = matches.filter((match) => match.value === value);
    if (own.length > 0) {
      const breaks = tokenized ? breakIterator(text, options) : wholeText(text);
      for (const cut of cutPassages(own, breaks, text.length)) {
        const place = { ...cut, value, base };
        found.push({ ...place, score: score(place) });
      }
    }
    base += text.length + 1;
  });
  const kept = options.fragments === 0 ? found : best(found, options.fragments);
  const ordered = options.byScore ? kept.toSorted((a, b) => b.score - a.score) : kept;
  const shown = ordered.map((passage) => marked(values[passage.value] ?? "", passage, options));
  return found.length > 0 ? shown.filter((text) => text.trim() !== "") : withoutMatch(values, options);
}

function breakIterator(text: string, { fragments, fragmentSize, boundary }: HighlightOptions): BreakIterator {
  if (fragments === 0) return wholeText(text);
  if (boundary === "word") return words(text);
  return fragmentSize > 0 ? new BoundedSentences(text, fragmentSize) : new Sentences(text);
}

type Cut = Pick<Passage, "start" | "end" | "matches">;

function cutPassages(matches: readonly Match[], breaks: BreakIterator, length: number): readonly Cut[] {
  const cuts: { start: number; end: number; matches: Match[] }[] = [];
  let lastEnd = 0;
  for (const match of matches) {
    const { start, end } = match;
    const current = cuts.at(-1);
    if (current !== undefined && start < current.end) {
      current.matches.push(match);
      continue;
    }
    const center = start + Math.trunc((end - start) / 2);
    const from = Math.min(start, Math.max(breaks.preceding(Math.max(start + 1, center)), lastEnd));
    lastEnd = Math.max(end, Math.min(breaks.following(Math.min(end - 1, center)), length));
    cuts.push({ start: from, end: lastEnd, matches: [match] });
  }
  return cuts;
}

// Of equal scores the later passage stays.
function best(found: readonly Passage[], most: number): readonly Passage[] {
  if (found.length <= most) return found;
  const place = ({ base, start }: Passage): number => base + start;
  const chosen = found.toSorted((a, b) => b.score - a.score || place(b) - place(a)).slice(0, most);
  return chosen.sort((a, b) => place(a) - place(b));
}

// Lucene's PassageScorer, in its floats: BM25 with passages for documents, nearer to the start of the field first. A search whose
// clauses are weighed as a whole (require_field_match) takes each to occur once in the document.
const { fround } = Math;
const K1 = fround(1.2);
const B = fround(0.75);
const PIVOT = 87;

function scorer(contentLength: number, all: readonly Match[], weighed: boolean): (passage: Omit<Passage, "score">) => number {
  const frequency = countKeys(all);
  const documents = fround(1 + fround(contentLength / PIVOT));
  const weight = (key: string): number => {
    const times = weighed ? 1 : (frequency.get(key) ?? 0);
    return fround(fround(K1 + 1) * fround(Math.log(1 + (documents + 0.5) / (times + 0.5))));
  };
  return ({ base, start, end, matches }) => {
    const norm = fround(K1 * fround(fround(1 - B) + fround(B * fround((end - start) / PIVOT))));
    let score = 0;
    for (const [key, count] of countKeys(matches)) score += fround(fround(count / fround(count + norm)) * weight(key));
    return fround(score * fround(1 + fround(1 / fround(Math.log(PIVOT + base + start)))));
  };
}

function countKeys(matches: readonly Match[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of matches) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function marked(text: string, { start: from, end: to, matches }: Passage, { before, after, encode, fragments }: HighlightOptions): string {
  let out = "";
  let at = from;
  for (let i = 0; i < matches.length; i += 1) {
    const { start = 0, end: own = 0 } = matches[i] ?? {};
    let end = own;
    for (let next = matches[i + 1]; next !== undefined && next.start < end; next = matches[i + 1]) {
      end = Math.max(next.end, end);
      i += 1;
    }
    end = Math.min(end, to);
    out += encode(text.slice(at, start)) + before + encode(text.slice(start, end)) + after;
    at = end;
  }
  const whole = out + encode(text.slice(at, Math.max(at, to)));
  return fragments === 0 ? whole : trim(whole);
}

// `no_match_size`: the first value that is not empty, up to the end of a word.
function withoutMatch(values: readonly string[], { noMatchSize, encode, fragments }: HighlightOptions): readonly string[] {
  const first = noMatchSize > 0 ? values.find((value) => value !== "") : undefined;
  if (first === undefined) return [];
  const end = noMatchSize < first.length ? (wordBreaks(first).find((each) => each > noMatchSize) ?? first.length) : first.length;
  const piece = encode(first.slice(0, end));
  if (trim(piece) === "") return [];
  return [fragments === 0 ? piece : trim(piece)];
}

// Java's trim: everything up to the space character.
function trim(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text.charCodeAt(start) <= 32) start += 1;
  while (end > start && text.charCodeAt(end - 1) <= 32) end -= 1;
  return text.slice(start, end);
}
