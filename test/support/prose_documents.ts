// Documents whose scores are worth comparing: texts of common and rare words, some long, in several fields with several analyzers.
import type { JsonObject } from "../../src/shared/json.ts";
import { seededRandom } from "./random.ts";

export const PROSE_MAPPING: JsonObject = {
  dynamic: false,
  properties: {
    seq: { type: "integer" },
    title: { type: "text", fields: { raw: { type: "keyword" } } },
    text: { type: "text" },
    english: { type: "text", analyzer: "english" },
    terse: { type: "text", norms: false },
    tags: { type: "keyword" },
    author: { type: "keyword", normalizer: "lowercase" },
    views: { type: "integer" },
    rating: { type: "double" },
    at: { type: "date" },
    both: { type: "text" },
    summary: { type: "text", copy_to: "both" },
    rows: { type: "nested", properties: { name: { type: "keyword" }, note: { type: "text" } } },
  },
};

const COMMON = "the quick brown fox jumps over a lazy dog in the river".split(" ");
const USUAL = "search engine shard index query score words stone hound house houses quicker quickly brows browse browser foxes".split(" ");
const RARE = Array.from({ length: 120 }, (_, i) => `rare${i.toString(36)}x`);

/** The same documents every time, as JSON texts. */
export function proseDocuments(count: number): readonly string[] {
  const random = seededRandom(20260901);
  const pick = (list: readonly string[]): string => list[random.below(list.length)] ?? "";
  const word = (): string => {
    const which = random.next();
    return which < 0.55 ? pick(COMMON) : which < 0.93 ? pick(USUAL) : pick(RARE);
  };
  const words = (most: number): string => Array.from({ length: random.below(most + 1) }, word).join(" ");
  return Array.from({ length: count }, (_, seq) => {
    const long = seq % 17 === 0;
    const text = words(long ? 150 : 18);
    return JSON.stringify({
      seq,
      title: words(6),
      text: seq % 9 === 0 ? [text, words(5)] : text,
      english: text,
      terse: words(8),
      tags: [...new Set([pick(USUAL), pick(COMMON), ...(seq % 2 === 0 ? [pick(RARE)] : [])])],
      author: pick(["Ann", "ann", "Bob", "Cid"]),
      ...(seq % 7 === 0 ? {} : { views: 1 + random.below(1000) }),
      rating: random.below(50) / 10,
      at: 1_700_000_000_000 + random.below(1_000_000_000),
      summary: words(5),
      rows: Array.from({ length: random.below(3) }, () => ({ name: pick(USUAL), note: words(4) })),
    });
  });
}
