// Fields that are more than their type: copies, analyzers and normalizers of the index. Random documents and searches on both
// engines, over one shard and three.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { UnsupportedClause } from "../../src/main/translate/failure.ts";
import { isObject, type JsonObject, member, parseJson, printJson } from "../../src/shared/json.ts";
import { type Random, seededRandom } from "../support/random.ts";
import { inBothShardings, skipWithout } from "../support/sharded_cases.ts";
import { connectEngines, differences, runBoth } from "../support/two_engines.ts";

const engines = connectEngines("types");
const DOCUMENTS = 250;

const ANALYSIS = json({
  char_filter: { and: { type: "mapping", mappings: ["& => and"] } },
  filter: { beginnings: { type: "edge_ngram", min_gram: "2", max_gram: "5" }, no_the: { type: "stop", stopwords: ["the", "a"] } },
  tokenizer: { dots: { type: "pattern", pattern: "[.\\s]+" } },
  analyzer: {
    folded: { type: "custom", tokenizer: "standard", char_filter: ["and"], filter: ["lowercase", "asciifolding", "no_the"] },
    typed: { type: "custom", tokenizer: "standard", filter: ["lowercase", "beginnings"] },
    dotted: { type: "custom", tokenizer: "dots", filter: ["lowercase"] },
    stemmed: { type: "custom", tokenizer: "whitespace", filter: ["lowercase", "porter_stem"] },
  },
  normalizer: { plain: { type: "custom", char_filter: ["and"], filter: ["lowercase", "asciifolding", "trim"] } },
});
const MAPPINGS = json({
  properties: {
    seq: { type: "integer" },
    title: {
      type: "text",
      analyzer: "folded",
      copy_to: ["all", "names"],
      fields: { typed: { type: "text", analyzer: "typed", search_analyzer: "standard" } },
    },
    host: { type: "text", analyzer: "dotted", search_analyzer: "stemmed", search_quote_analyzer: "dotted" },
    tag: { type: "keyword", normalizer: "plain", copy_to: "all", fields: { raw: { type: "keyword" } } },
    count: { type: "long", copy_to: ["all", "copied.count"] },
    at: { type: "date", copy_to: "copied.day" },
    all: { type: "text", fields: { raw: { type: "keyword", ignore_above: 12 } } },
    names: { type: "keyword", null_value: "NONE" },
    copied: { properties: { count: { type: "double" }, day: { type: "date" } } },
  },
});

const WORDS = [
  "The",
  "Café",
  "naïve",
  "R&D",
  "running",
  "dogs",
  "Dog",
  "a",
  "web.01",
  "web",
  "ÜBER",
  "straße",
  "x",
  "ab",
  "abcdef",
  " ",
] as const;
const VALUES = ["Café", "cafe", " CAFE ", "R&D", "RandD", "", "naïve", "NAIVE", "x"] as const;

function documentText(random: Random, i: number): string {
  const members: string[] = [];
  const add = (name: string, value: () => string) => {
    const roll = random.next();
    if (roll < 0.25) return;
    if (roll < 0.32) members.push(`"${name}":null`);
    else if (roll < 0.5) members.push(`"${name}":[${value()},${roll < 0.4 ? "null" : value()},${value()}]`);
    else members.push(`"${name}":${value()}`);
  };
  const text = () => JSON.stringify(Array.from({ length: 1 + random.below(5) }, () => random.pick(WORDS)).join(" "));
  add("count", () => random.pick(["1", "2.0", "9007199254740993", '"7"']));
  add("title", text);
  add("all", text);
  add("tag", () => JSON.stringify(random.pick(VALUES)));
  add("host", () => JSON.stringify(random.pick(["web.01.dogs", "db.running", "WEB 02", "dogs"])));
  add("at", () => random.pick(['"2024-05-01"', "1700000000000", '"2024-05-01T10:00:00Z"']));
  add("names", () => JSON.stringify(random.pick(VALUES)));
  return `{"seq":${i}${members.map((each) => `,${each}`).join("")}}`;
}

const FIELDS = ["title", "title.typed", "host", "tag", "tag.raw", "all", "all.raw", "names", "copied.count", "copied.day"] as const;

function query(random: Random): object {
  const field = random.pick(FIELDS);
  const words = Array.from({ length: 1 + random.below(2) }, () => random.pick(WORDS)).join(" ");
  const value = field.startsWith("copied") ? (field === "copied.day" ? "2024-05-01" : "2") : random.pick([words, random.pick(VALUES)]);
  const text = !field.startsWith("copied");
  return random.pick<() => object>([
    () => ({ match: { [field]: value } }),
    () => ({ match: { [field]: { query: value, operator: "and" } } }),
    () => ({ match_phrase: { [field]: value } }),
    () => ({ term: { [field]: value } }),
    () => ({ terms: { [field]: [value, text ? "cafe" : "1"] } }),
    () => ({ exists: { field } }),
    () => (text ? { prefix: { [field]: String(value).slice(0, 2) } } : { exists: { field } }),
    () => (text ? { wildcard: { [field]: `*${String(value).slice(0, 3)}*` } } : { exists: { field } }),
    () =>
      text
        ? {
            query_string: {
              query: `${
                String(value)
                  .trim()
                  .replace(/[^A-Za-zéïÜß]/g, "") || "x"
              }*`,
              fields: [field],
            },
          }
        : { exists: { field } },
    () => ({ range: { [field]: { gte: value } } }),
    () => ({ match: { [field]: { query: value, analyzer: "folded" } } }),
  ])();
}

function body(random: Random): JsonObject {
  const key = random.pick(["tag", "tag.raw", "all.raw", "names", "copied.count", "copied.day"] as const);
  const base = { query: query(random), track_total_hits: true };
  return random.pick<() => JsonObject>([
    () =>
      json({
        ...base,
        size: 10,
        sort: [{ [key]: random.pick(["asc", "desc"] as const) }, "seq"],
        docvalue_fields: ["tag", "names", "all.raw", "copied.*"],
      }),
    () => json({ ...base, size: 0, aggs: { t: { terms: { field: key, size: 30 } }, v: { value_count: { field: key } } } }),
    () => json({ ...base, size: 5, sort: ["seq"], fields: ["title", "tag", "host", "copied.*"] }),
  ])();
}

describe("copies and analysis of the index", {
  skip: skipWithout(engines),
}, () => {
  const random = seededRandom(20261123);
  const documents = Array.from({ length: DOCUMENTS }, (_, i) => documentText(random, i));
  const loaded = inBothShardings(engines, "types-kinds", () => ({ mappings: MAPPINGS, analysis: ANALYSIS, documents }));

  test("answer random searches alike", { timeout: 240_000 }, async () => {
    const wrong: string[] = [];
    let unsupported = 0;
    let found = 0;
    for (let i = 0; i < 150; i += 1) {
      const request = body(random);
      for (const index of loaded.values()) {
        const outcome = await runBoth([index], request).catch((error: unknown) => {
          if (error instanceof UnsupportedClause) return null;
          throw error;
        });
        if (outcome === null || outcome.translation.kind === "unsupported") {
          unsupported += 1;
          continue;
        }
        const theirs = outcome.elasticsearch;
        const refused = member(theirs, "error") !== undefined;
        if (outcome.translation.kind === "rejected") {
          if (!refused) wrong.push(`rejected ${outcome.translation.error.reason}: ${printJson(request)}`);
          continue;
        }
        const ours = outcome.answer?.body ?? {};
        const [hits, own] = [member(theirs, "hits"), member(ours, "hits")];
        const lines = differences(withoutScore(hits), withoutScore(own)).concat(
          differences(member(theirs, "aggregations"), member(ours, "aggregations"), outcome.answer?.tolerances, "/aggregations"),
        );
        if (lines.length > 0) wrong.push(`${index.table.shards}: ${lines.slice(0, 3).join("; ")} of ${printJson(request)}`);
        else found += 1;
      }
    }
    assert.deepEqual(wrong.slice(0, 8), [], `${wrong.length} wrong, ${unsupported} unsupported, ${found} alike, seed ${random.seed}`);
    assert.ok(found > unsupported * 3, `${unsupported} unsupported, ${found} alike`);
  });
});

function withoutScore(hits: unknown): JsonObject {
  const shown = json(hits);
  const list = member(shown, "hits");
  const bare = (Array.isArray(list) ? list : []).map((hit) => {
    const { _index, _score, ...rest } = json(hit);
    return rest;
  });
  return { total: member(shown, "total") ?? null, hits: bare };
}

function json(value: unknown): JsonObject {
  const parsed = parseJson(printJson(value as never));
  return isObject(parsed) ? parsed : {};
}
