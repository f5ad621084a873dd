// Which words of a shard a term suggestion shows, as Lucene's DirectSpellChecker chooses them. Pure.
import { compareUtf8 } from "../../elasticsearch/fields/utf8_order.ts";
import { nearness } from "./string_distance.ts";

/** A word near the term. */
export interface Candidate {
  readonly word: string;
  /** Documents of the shard that have it. */
  readonly documents: number;
  /** Edits between it and the term, 1 or 2. */
  readonly edits: number;
}

export interface Suggested {
  readonly word: string;
  readonly documents: number;
  readonly score: number;
}

export interface Spelling {
  readonly mode: "missing" | "popular" | "always";
  readonly accuracy: number;
  readonly byFrequency: boolean;
  readonly maxEdits: number;
  readonly maxInspections: number;
  readonly maxTermFrequency: number;
  readonly prefixLength: number;
  readonly minWordLength: number;
  readonly minDocumentFrequency: number;
  /** How many words each shard gives. */
  readonly shardSize: number;
  readonly likeness: (term: string, word: string, edits: number) => number;
}

/** The words of one shard, the best first. `documents`: those that have the term itself, and all of the shard. */
export function suggestSimilar(
  term: string,
  candidates: readonly Candidate[],
  documents: { readonly withTerm: number; readonly all: number },
  spelling: Spelling,
): readonly Suggested[] {
  const { withTerm, all } = documents;
  if ([...term].length < spelling.minWordLength) return [];
  if (spelling.mode === "missing" && withTerm > 0) return [];
  const most = spelling.maxTermFrequency;
  if (withTerm > (most >= 1 ? most : Math.ceil(Math.fround(Math.fround(most) * all)))) return [];
  const floor = leastDocuments(spelling.mode === "popular" ? withTerm : 0, all, spelling);
  const rated = candidates
    .filter((each) => each.documents > floor)
    .map((each) => ({ ...each, score: spelling.likeness(term, each.word, each.edits), near: nearness(each.edits, each.word, term) }))
    .filter((each) => each.score >= Math.fround(spelling.accuracy));
  const inspected = spelling.shardSize * spelling.maxInspections;
  const nearest = (edits: number, prefixLength: number) =>
    inspect(
      rated.filter((each) => each.edits <= edits && sharePrefix(each.word, term, prefixLength)),
      inspected,
    );
  const once = nearest(1, spelling.prefixLength);
  const twice = spelling.maxEdits > 1 && once.length < inspected ? nearest(2, Math.max(spelling.prefixLength, 1)) : [];
  return [...new Map([...once, ...twice].map(({ word, documents: count, score }) => [word, { word, documents: count, score }])).values()]
    .toSorted(bestFirst(spelling.byFrequency))
    .slice(0, spelling.shardSize);
}

interface Rated extends Suggested {
  readonly near: number;
}

// Words come in byte order. Once there are enough, one is looked at only if it is nearer by its edits than the worst is alike.
function inspect(words: readonly Rated[], most: number): readonly Rated[] {
  const kept: Rated[] = [];
  for (const each of words.toSorted((a, b) => compareUtf8(a.word, b.word))) {
    const worst = kept.at(-1);
    if (kept.length >= most && worst !== undefined && each.near <= worst.score) continue;
    const at = kept.findLastIndex(({ score }) => score >= each.score);
    kept.splice(at + 1, 0, each);
    if (kept.length > most) kept.pop();
  }
  return kept;
}

function leastDocuments(floor: number, all: number, { minDocumentFrequency: least }: Spelling): number {
  if (least >= 1) return Math.max(floor, Math.trunc(least));
  return least > 0 ? Math.max(floor, Math.trunc(Math.fround(Math.fround(least) * all)) - 1) : floor;
}

function sharePrefix(word: string, term: string, length: number): boolean {
  return word.startsWith([...term].slice(0, length).join(""));
}

/** The order in which suggestions are shown. */
export function bestFirst(byFrequency: boolean): (a: Suggested, b: Suggested) => number {
  return (a, b) => {
    const [score, documents] = [b.score - a.score, b.documents - a.documents];
    return (byFrequency ? documents || score : score || documents) || compareUtf8(a.word, b.word);
  };
}

/** What the shards gave, put together: `size` words at most. One shard's are shown as they came. */
export function mergeShards(shards: readonly (readonly Suggested[])[], size: number, byFrequency: boolean): readonly Suggested[] {
  const merged = new Map<string, Suggested>();
  for (const each of shards.flat()) {
    const known = merged.get(each.word);
    merged.set(
      each.word,
      known === undefined
        ? each
        : { word: each.word, documents: known.documents + each.documents, score: Math.max(known.score, each.score) },
    );
  }
  return [...merged.values()].toSorted(bestFirst(byFrequency)).slice(0, size);
}
