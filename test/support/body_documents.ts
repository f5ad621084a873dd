// Documents for requests on the search body: texts of few words, so that every word is in many of them, names that are written
// wrong, sets of terms with a number of those that are required, and objects.
import type { JsonObject } from "../../src/shared/json.ts";
import { seededRandom } from "./random.ts";

export const BODY_MAPPING: JsonObject = {
  dynamic: false,
  properties: {
    seq: { type: "integer" },
    title: { type: "text", fields: { raw: { type: "keyword" } } },
    text: { type: "text" },
    english: { type: "text", analyzer: "english" },
    kind: { type: "keyword" },
    tags: { type: "keyword" },
    required: { type: "long" },
    price: { type: "double" },
    at: { type: "date" },
    place: { type: "geo_point" },
    rows: { type: "nested", properties: { name: { type: "keyword" }, count: { type: "integer" } } },
  },
};

const WORDS = "quick brown fox jumps over lazy dog search engine shard index query score words river stone hound houses house".split(" ");
const TAGS = ["red", "green", "blue", "black", "white"];

/** The same documents every time, as JSON texts. */
export function bodyDocuments(count: number): readonly string[] {
  const random = seededRandom(20260815).next;
  const pick = <T>(list: readonly T[]): T => {
    const found = list[Math.floor(random() * list.length)];
    if (found === undefined) throw new Error("an empty list");
    return found;
  };
  const some = <T>(most: number, of: () => T): readonly T[] => Array.from({ length: Math.floor(random() * (most + 1)) }, of);
  return Array.from({ length: count }, (_, seq) => {
    const text = some(12, () => pick(WORDS)).join(" ");
    return JSON.stringify({
      seq,
      title: some(4, () => pick(WORDS)).join(" "),
      text,
      english: text,
      kind: pick(["a", "b", "c"]),
      tags: [...new Set(some(4, () => pick(TAGS)))],
      ...(seq % 5 === 0 ? {} : { required: Math.floor(random() * 4) }),
      price: Math.floor(random() * 1000) / 10,
      at: 1_700_000_000_000 + Math.floor(random() * 1e9),
      place: { lat: Math.floor(random() * 1800) / 10 - 90, lon: Math.floor(random() * 3600) / 10 - 180 },
      rows: some(3, () => ({ name: pick(TAGS), count: Math.floor(random() * 5) })),
    });
  });
}
