// Which of the words liked a shard looks for: the rarest and most frequent, chosen by tf-idf in floats as Lucene does, with its hash
// table's order where they score alike.
import { javaHashOrder } from "../../aggs/java_hash_order.ts";
import { topOfHeap } from "../../aggs/java_heap.ts";
import type { Likeness } from "./asked.ts";
import type { ShardCounts } from "./counts.ts";
import type { Frequencies, LikedWords } from "./words.ts";

export interface ChosenWord {
  readonly path: string;
  readonly word: string;
  readonly boost: number;
}

/** Words of one part of the clause, the least first. */
type Part = readonly ChosenWord[];

/** The words of documents liked and of texts liked, of which each part has a minimum of its own; null where nothing is. */
export interface Chosen {
  readonly ofDocuments: Part | null;
  readonly ofTexts: Part | null;
}

/** What the shard looks for. */
export function chooseWords(asked: Likeness, words: LikedWords, counts: ShardCounts): Chosen {
  const paths = words.fields.map(({ path }) => path);
  const { ofDocuments, ofTexts } = words;
  return {
    ofDocuments: ofDocuments && [...ofDocuments].flatMap(([path, frequencies]) => best(asked, frequencies, [path], counts)),
    ofTexts: ofTexts && best(asked, ofTexts, paths, counts),
  };
}

function best(asked: Likeness, words: Frequencies, paths: readonly string[], counts: ShardCounts): Part {
  const scored = javaHashOrder([...words.keys()]).flatMap((word) => {
    const often = words.get(word) ?? 0;
    if (asked.leastInLiked > 0 && often < asked.leastInLiked) return [];
    const { path, documents } = whereMost(word, paths, counts);
    if (documents === 0 || documents > asked.mostDocuments || (asked.leastDocuments > 0 && documents < asked.leastDocuments)) return [];
    return [{ path, word, score: Math.fround(often * rarity(documents, counts.total)) }];
  });
  const chosen = topOfHeap(scored, Math.min(asked.mostWords, words.size), ({ score }) => score, true).toReversed();
  const least = chosen[0]?.score ?? 1;
  return chosen.map(({ path, word, score }) => ({
    path,
    word,
    boost: asked.boostWords === 0 ? 1 : Math.fround(Math.fround(asked.boostWords * score) / least),
  }));
}

function whereMost(word: string, paths: readonly string[], counts: ShardCounts): { readonly path: string; readonly documents: number } {
  let most = { path: paths[0] ?? "", documents: 0 };
  for (const path of paths) {
    const documents = counts.statistics(path, word).having;
    if (documents > most.documents) most = { path, documents };
  }
  return most;
}

// ClassicSimilarity's.
function rarity(documents: number, total: number): number {
  return Math.fround(Math.log((total + 1) / (documents + 1)) + 1);
}
