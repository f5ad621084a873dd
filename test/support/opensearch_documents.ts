// Documents for the fields that only the second reference has: wildcard, match_only_text, scaled_float, unsigned_long,
// constant_keyword. Several values, nulls, empty arrays, bounds of the types. Seeded: the same every time.
import type { JsonObject } from "../../src/shared/json.ts";
import { type Random, seededRandom } from "./random.ts";

export const OPENSEARCH_MAPPING: JsonObject = {
  dynamic: false,
  properties: {
    seq: { type: "integer" },
    kind: { type: "constant_keyword", value: "cart" },
    wild: { type: "wildcard" },
    wildn: { type: "wildcard", null_value: "NONE" },
    words: { type: "match_only_text" },
    price: { type: "scaled_float", scaling_factor: 100 },
    third: { type: "scaled_float", scaling_factor: 3, null_value: 1.1 },
    big: { type: "unsigned_long" },
    one: { type: "unsigned_long" },
    color: { type: "keyword" },
    tag: {
      type: "keyword",
      fields: {
        words: { type: "token_count", analyzer: "standard" },
        stems: { type: "token_count", analyzer: "english", enable_position_increments: false, null_value: 9 },
      },
    },
    n: { type: "integer" },
    x: { type: "double" },
    at: { type: "date" },
    b: { type: "boolean" },
    ip: { type: "ip" },
  },
};

const TEXTS = [
  "foo",
  "foobar",
  "Foo",
  "foo*bar",
  "fo?o",
  "a\\b",
  "",
  "é",
  "日本",
  "x y z",
  "/var/log/app.log",
  "/var/log/sys",
  "0123456789",
] as const;
const WORDS = ["quick", "brown", "fox", "The", "dog", "quick", "error:", "timeout", "30s", "user@example.com"] as const;
const BIG = ["0", "1", "7", "42", "9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551615", "42"] as const;
const PRICES = ["0", "-0.0", "0.1", "0.105", "1.005", "19.99", "-2.345", "1234567.891", '"3.5"', "100"] as const;
const COLORS = ["red", "green", "blue", "Red", "", "é"] as const;

/** 400 documents, as JSON texts. */
export function opensearchDocuments(): readonly string[] {
  const random = seededRandom(20_261_124);
  return Array.from({ length: 400 }, (_, i) => documentText(random, i));
}

function documentText(random: Random, i: number): string {
  const { below, pick } = random;
  const members: string[] = [];
  const add = (name: string, value: () => string, several = true): void => {
    const roll = below(20);
    if (roll < 3) return;
    if (roll === 3) members.push(`"${name}":null`);
    else if (roll === 4) members.push(`"${name}":[]`);
    else if (roll < 9 && several) members.push(`"${name}":[${value()},${roll < 6 ? "null" : value()},${value()}]`);
    else members.push(`"${name}":${value()}`);
  };
  const text = (from: readonly [string, ...string[]]) => () => JSON.stringify(pick(from));
  const sentence = () => JSON.stringify(Array.from({ length: below(7) }, () => pick(WORDS)).join(" "));
  if (below(3) > 0) members.push('"kind":"cart"');
  for (const name of ["wild", "wildn"]) add(name, text(TEXTS));
  add("words", sentence);
  add("price", () => pick(PRICES));
  add("third", () => pick(PRICES));
  add("big", () => pick(BIG));
  add("one", () => pick(BIG), false);
  add("color", text(COLORS));
  add("tag", () => `"t${below(12)}"`);
  add("n", () => String(below(6)));
  add("x", () => String(below(40) / 4), false);
  add("at", () => String(1_700_000_000_000 + below(40) * 86_400_000));
  add("b", () => String(below(2) === 0), false);
  add("ip", () => `"10.0.${below(3)}.${below(4)}"`);
  return `{"seq":${i}${members.map((each) => `,${each}`).join("")}}`;
}
