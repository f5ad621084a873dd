// Which words of a field's values the query was looking for.
import { compareUtf8 } from "../../../elasticsearch/fields/utf8_order.ts";
import { withinEdits } from "../../query/edit_distance.ts";
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
  for (const [number, highlight] of highlights.entries()) {
    // Weighed as a whole, each clause finds its own matches, though they be the same words.
    const clause = whole ? number : 0;
    const add = (match: Match): void => {
      found.set(`${clause} ${match.value} ${match.start} ${match.end} ${match.key}`, match);
    };
    if (highlight.kind === "phrase") for (const match of phraseMatches(words, highlight, whole)) add(match);
    const accepts = wordTest(highlight, whole);
    if (accepts !== null) {
      // A clause of many terms counts as one.
      const label = highlight.kind === "term" ? undefined : `#${number}`;
      for (const word of words) if (accepts(word.term)) add(matchOf(word, label));
    }
  }
  return [...found.values()].sort((a, b) => a.value - b.value || a.start - b.start || a.end - b.end);
}

function matchOf(word: Word, key = word.term): Match {
  return { value: word.value, start: word.start, end: word.end, key };
}

function wordTest(highlight: Highlight, whole: boolean): ((term: string) => boolean) | null {
  switch (highlight.kind) {
    case "term":
      return (term) => term === highlight.term;
    case "prefix":
      return (term) => term.startsWith(highlight.prefix);
    case "pattern": {
      const pattern = new RegExp(highlight.pattern, "su");
      return (term) => pattern.test(term);
    }
    case "fuzzy": {
      const { edits, prefixLength, swaps, term: sought } = highlight;
      const prefix = [...sought].slice(0, prefixLength).join("");
      return (term) => term.startsWith(prefix) && withinEdits(term, sought, edits, swaps);
    }
    case "range":
      return (term) => highlight.bounds.every(({ op, limit }) => holds(compareUtf8(term, limit), op));
    case "places":
      return null;
    case "phrase":
      return whole ? null : unfinishedWord(highlight);
    default:
      return highlight satisfies never;
  }
}

function holds(order: number, op: ">" | ">=" | "<" | "<="): boolean {
  if (order === 0) return op === ">=" || op === "<=";
  return op.startsWith(">") === order > 0;
}

// The unfinished last word of a phrase is looked for anywhere, not only behind the others.
function unfinishedWord(phrase: Extract<Highlight, { kind: "phrase" }>): ((term: string) => boolean) | null {
  if (phrase.lastIsPrefix !== true) return null;
  const prefix = phrase.terms.at(-1) ?? "";
  return (term) => term.startsWith(prefix);
}

function phraseMatches(words: readonly Word[], phrase: Extract<Highlight, { kind: "phrase" }>, whole: boolean): readonly Match[] {
  const byPosition = new Map(words.map((word) => [word.position, word]));
  const matches: Match[] = [];
  for (const first of words) {
    for (const run of runsFrom(first, byPosition, phrase)) {
      const ordered = run.toSorted((a, b) => a.position - b.position);
      const [start, end] = [ordered[0], ordered.at(-1)];
      if (whole && start !== undefined && end !== undefined && start.value === end.value) {
        matches.push({ value: start.value, start: start.start, end: end.end, key: phrase.terms.join(" ") });
      } else matches.push(...ordered.map((word) => matchOf(word)));
    }
  }
  return matches;
}

function runsFrom(
  first: Word,
  byPosition: ReadonlyMap<number, Word>,
  phrase: Extract<Highlight, { kind: "phrase" }>,
): readonly (readonly Word[])[] {
  const { terms, lastIsPrefix } = phrase;
  const fits = (word: Word | undefined, i: number): word is Word =>
    word !== undefined && (lastIsPrefix === true && i === terms.length - 1 ? word.term.startsWith(terms[i] ?? "") : word.term === terms[i]);
  if (!fits(first, 0)) return [];
  const run = terms.map((_, i) => byPosition.get(first.position + (phrase.offsets?.[i] ?? i)));
  return run.every(fits) ? [run.filter((word) => word !== undefined)] : [];
}
