// How alike two words are, from 0 to 1, as Lucene's StringDistance classes compute it: in floats, rounded step by step.
import { editsBetween } from "../query/edit_distance.ts";

/** 1 less the edits as a share of the shorter word: how near a word of the index is to a term. */
export function nearness(edits: number, word: string, term: string): number {
  return edits === 0 ? 1 : Math.fround(1 - Math.fround(edits / Math.min([...word].length, [...term].length)));
}

/** The likeness of a term and a word that is `edits` from it, by the name of the option. */
export const DISTANCES: Readonly<Record<string, (term: string, word: string, edits: number) => number>> = {
  internal: (term, word, edits) => nearness(edits, word, term),
  damerau_levenshtein: (term, word) => nearness(editsBetween([...term], [...word], true), word, term),
  levenshtein: (term, word) =>
    Math.fround(1 - Math.fround(editsBetween(term.split(""), word.split(""), false) / Math.max(term.length, word.length))),
  jaro_winkler: jaroWinkler,
};

const JARO_THRESHOLD = Math.fround(0.7);

function jaroWinkler(left: string, right: string): number {
  const { matches, swapped, prefix, longest } = jaroMatches(left, right);
  if (matches === 0) return 0;
  const share = (of: number, all: number): number => Math.fround(of / all);
  const sum = Math.fround(share(matches, left.length) + share(matches, right.length));
  const jaro = Math.fround(Math.fround(sum + share(matches - swapped, matches)) / 3);
  if (jaro < JARO_THRESHOLD) return jaro;
  const scale = Math.min(Math.fround(0.1), share(1, longest));
  return Math.fround(jaro + Math.fround(Math.fround(scale * prefix) * Math.fround(1 - jaro)));
}

function jaroMatches(left: string, right: string) {
  const [longer, shorter] = left.length > right.length ? [left, right] : [right, left];
  const range = Math.max(Math.floor(longer.length / 2) - 1, 0);
  const taken: boolean[] = [];
  const ofShorter: string[] = [];
  for (let i = 0; i < shorter.length; i += 1) {
    for (let k = Math.max(i - range, 0); k < Math.min(i + range + 1, longer.length); k += 1) {
      if (taken[k] === true || shorter[i] !== longer[k]) continue;
      taken[k] = true;
      ofShorter.push(shorter.charAt(i));
      break;
    }
  }
  const ofLonger = longer.split("").filter((_, k) => taken[k] === true);
  const misplaced = ofShorter.filter((unit, i) => unit !== ofLonger[i]).length;
  let prefix = 0;
  while (prefix < shorter.length && left[prefix] === right[prefix]) prefix += 1;
  return { matches: ofShorter.length, swapped: Math.floor(misplaced / 2), prefix, longest: longer.length };
}
