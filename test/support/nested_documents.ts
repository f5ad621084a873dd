// Seeded documents with objects inside `nested`: none, one without an array, many; objects without members, nulls, values in arrays,
// dots in names, objects inside objects, and such whose values their parents get too.
import type { JsonObject } from "../../src/shared/json.ts";
import { type Random, seededRandom } from "./random.ts";

export const NESTED_MAPPING: JsonObject = {
  properties: {
    seq: { type: "long" },
    title: { type: "keyword" },
    kind: { type: "keyword" },
    price: { type: "double" },
    comments: {
      type: "nested",
      properties: {
        author: { type: "keyword", fields: { words: { type: "text" } } },
        text: { type: "text", fields: { raw: { type: "keyword", ignore_above: 12 } } },
        stars: { type: "long" },
        share: { type: "double" },
        at: { type: "date" },
        ok: { type: "boolean" },
        ip: { type: "ip" },
        where: { type: "geo_point" },
        other: { properties: { name: { type: "keyword" } } },
        replies: { type: "nested", properties: { by: { type: "keyword" }, likes: { type: "integer" }, said: { type: "text" } } },
      },
    },
    tags: {
      type: "nested",
      include_in_root: true,
      properties: { key: { type: "keyword" }, value: { type: "text" }, n: { type: "integer" } },
    },
    box: {
      properties: {
        parts: {
          type: "nested",
          include_in_parent: true,
          properties: {
            name: { type: "keyword" },
            bits: { type: "nested", include_in_parent: true, properties: { id: { type: "long" } } },
          },
        },
      },
    },
    never: { type: "nested", properties: { x: { type: "keyword" } } },
  },
};

type Names = readonly [string, ...string[]];

const AUTHORS: Names = ["ann", "bob", "Cyd", "dee", "eve"];
const WORDS: Names = ["quick", "brown", "fox", "lazy", "dog", "jumps"];

/** JSON texts. */
export function nestedDocuments(count: number, seed = 41): readonly string[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, seq) => JSON.stringify(documentOf(seq, random)));
}

function documentOf(seq: number, random: Random): Record<string, unknown> {
  const document: Record<string, unknown> = {
    seq,
    title: `t${seq % 17}`,
    kind: random.pick(["a", "b", "c"]),
    price: random.below(400) / 4,
  };
  if (random.next() < 0.1) {
    document["comments.author"] = random.pick(AUTHORS);
    document["comments.stars"] = random.below(5);
  } else if (random.next() < 0.9) document.comments = several(random, 4, () => comment(random));
  if (random.next() < 0.7)
    document.tags = several(random, 3, () => ({ key: random.pick(["x", "y", "z"]), value: words(random), n: random.below(9) }));
  if (random.next() < 0.6) {
    document.box = several(random, 2, () => ({
      parts: several(random, 3, () => ({ name: random.pick(["p", "q"]), bits: several(random, 3, () => ({ id: random.below(6) })) })),
    }));
  }
  return document;
}

// One alone, some in an array, or nothing that makes an object.
function several(random: Random, most: number, make: () => unknown): unknown {
  const length = random.below(most + 1);
  if (length === 0) return random.pick<unknown>([null, []]);
  if (length === 1 && random.next() < 0.5) return make();
  return Array.from({ length }, () => (random.next() < 0.05 ? null : make()));
}

function comment(random: Random): Record<string, unknown> {
  if (random.next() < 0.06) return {};
  const made: Record<string, unknown> = {
    author: random.next() < 0.2 ? [random.pick(AUTHORS), random.pick(AUTHORS)] : random.pick(AUTHORS),
  };
  if (random.next() < 0.9) made.text = random.next() < 0.2 ? [words(random), words(random)] : words(random);
  if (random.next() < 0.8) made.stars = random.next() < 0.2 ? [random.below(5), random.below(5)] : random.below(5);
  if (random.next() < 0.8) made.share = random.below(64) / 8 - 4;
  if (random.next() < 0.8) made.at = new Date(Date.UTC(2024, random.below(6), 1 + random.below(28), random.below(24))).toISOString();
  if (random.next() < 0.5) made.ok = random.next() < 0.5;
  if (random.next() < 0.5) made.ip = `10.0.${random.below(3)}.${random.below(4)}`;
  if (random.next() < 0.5) made.where = { lat: random.below(90), lon: random.below(90) };
  if (random.next() < 0.3) made["other.name"] = random.pick(AUTHORS);
  if (random.next() < 0.6)
    made.replies = several(random, 3, () => ({ by: random.pick(AUTHORS), likes: random.below(10), said: words(random) }));
  return made;
}

function words(random: Random): string {
  return Array.from({ length: 1 + random.below(4) }, () => random.pick(WORDS)).join(" ");
}
