// Which words of a field's values the query was looking for.
import type { Highlight } from "../../query/types.ts";

/** A word where it stands: in which value, at which position of the field, at which offsets of the value. */
export interface Word {
  readonly value: number;
  readonly term: string;
  readonly position: number;
  readonly start: number;
  readonly end: number;
}

/** A piece of a value to be marked. `key` tells apart what was found, for scoring. */
export interface Match {
  readonly value: number;
  readonly start: number;
  readonly end: number;
  readonly key: string;
}

/** Matches in order of place. `whole`: a phrase is one match, from its first word to its last. */
export function findMatches(words: readonly Word[], highlights: readonly Highlight[], whole: boolean): readonly Match[] {
  const found = new Map<string, Match>();
  const add = (match: Match): void => {
    found.set(`${match.value} ${match.start} ${match.end}`, match);
  };
  for (const highlight of highlights) {
    if (highlight.kind === "phrase") for (const match of phraseMatches(words, highlight, whole)) add(match);
    else {
      const accepts = wordTest(highlight);
      for (const word of words) if (accepts(word.term)) add(matchOf(word));
    }
  }
  return [...found.values()].sort((a, b) => a.value - b.value || a.start - b.start || a.end - b.end);
}

function matchOf(word: Word): Match {
  return { value: word.value, start: word.start, end: word.end, key: word.term };
}

function wordTest(highlight: Exclude<Highlight, { kind: "phrase" }>): (term: string) => boolean {
  switch (highlight.kind) {
    case "term":
      return (term) => term === highlight.term;
    case "prefix":
      return (term) => term.startsWith(highlight.prefix);
    case "pattern": {
      const pattern = new RegExp(highlight.pattern, "su");
      return (term) => pattern.test(term);
    }
    default:
      return highlight satisfies never;
  }
}

function phraseMatches(words: readonly Word[], phrase: Extract<Highlight, { kind: "phrase" }>, whole: boolean): readonly Match[] {
  const byPosition = new Map(words.map((word) => [word.position, word]));
  const matches: Match[] = [];
  for (const first of words) {
    for (const run of runsFrom(first, byPosition, words, phrase)) {
      const ordered = run.toSorted((a, b) => a.position - b.position);
      const [start, end] = [ordered[0], ordered.at(-1)];
      if (whole && start !== undefined && end !== undefined && start.value === end.value) {
        matches.push({ value: start.value, start: start.start, end: end.end, key: phrase.terms.join(" ") });
      } else matches.push(...ordered.map(matchOf));
    }
  }
  return matches;
}

function runsFrom(
  first: Word,
  byPosition: ReadonlyMap<number, Word>,
  words: readonly Word[],
  phrase: Extract<Highlight, { kind: "phrase" }>,
): readonly (readonly Word[])[] {
  const { terms, slop, lastIsPrefix } = phrase;
  const fits = (word: Word | undefined, i: number): word is Word =>
    word !== undefined && (lastIsPrefix === true && i === terms.length - 1 ? word.term.startsWith(terms[i] ?? "") : word.term === terms[i]);
  if (!fits(first, 0)) return [];
  if (slop > 0 && terms.length === 2) {
    const near = words.filter((word) => fits(word, 1) && Math.abs(word.position - 1 - first.position) <= slop);
    return near.map((word) => [first, word]);
  }
  const run = terms.map((_, i) => byPosition.get(first.position + (phrase.offsets?.[i] ?? i)));
  return run.every(fits) ? [run.filter((word) => word !== undefined)] : [];
}
