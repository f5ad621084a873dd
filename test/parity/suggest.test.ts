// Suggestions of misspelt words by random options, on both engines, over one shard, three, and two indices.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type JsonObject, type JsonValue, jsonObject, member, printJson } from "../../src/shared/json.ts";
import { seededRandom } from "../support/random.ts";
import { connectEngines, differences, type Loaded, load, runBoth, send } from "../support/two_engines.ts";

const engines = connectEngines("parity_suggest");
const skip = engines === null ? "needs a real Elasticsearch (PARALLAX_TEST_ELASTICSEARCH) and ClickHouse" : false;
const random = seededRandom(20261123);
const some = <T>(chance: number, value: () => T): T | undefined => (random.next() < chance ? value() : undefined);

const LETTERS = ["a", "e", "i", "o", "r", "s", "t", "l", "n", "é", "😀"] as const;
const STEMS = ["house", "mouse", "horse", "search", "shard", "index", "query", "stone", "store", "score", "río", "a", "ab"] as const;

/** A word with so many random changes. */
function changed(word: string, changes: number): string {
  let letters = [...word];
  for (let i = 0; i < changes; i += 1) {
    const at = random.below(letters.length + 1);
    const kind = random.below(4);
    if (kind === 0) letters = letters.toSpliced(at, 0, random.pick(LETTERS));
    else if (kind === 1) letters = letters.toSpliced(at, 1);
    else if (kind === 2) letters = letters.toSpliced(at, 1, random.pick(LETTERS));
    else letters = [...letters.slice(0, at), ...letters.slice(at, at + 2).reverse(), ...letters.slice(at + 2)];
  }
  return letters.join("");
}

const word = (): string => changed(random.pick(STEMS), random.below(4));
const text = (most: number): string => Array.from({ length: 1 + random.below(most) }, word).join(" ");
const MAPPINGS: JsonObject = {
  properties: { text: { type: "text" }, english: { type: "text", analyzer: "english" }, name: { type: "keyword" } },
};
const documents = (count: number): readonly string[] =>
  Array.from({ length: count }, () => {
    const words = text(8);
    return JSON.stringify({ text: words, english: words, name: word() });
  });

function options(): JsonObject {
  const chosen: readonly (readonly [string, JsonValue | undefined])[] = [
    ["field", random.pick(["text", "text", "text", "english", "name"])],
    ["size", some(0.5, () => 1 + random.below(12))],
    ["shard_size", some(0.2, () => 1 + random.below(20))],
    ["suggest_mode", some(0.7, () => random.pick(["missing", "popular", "always"]))],
    ["sort", some(0.3, () => random.pick(["score", "frequency"]))],
    ["max_edits", some(0.3, () => 1 + random.below(2))],
    ["prefix_length", some(0.4, () => random.below(4))],
    ["min_word_length", some(0.4, () => 1 + random.below(6))],
    ["max_inspections", some(0.2, () => 1 + random.below(4))],
    ["max_term_freq", some(0.6, () => random.pick([0.5, 1, 100, 0.02]))],
    ["min_doc_freq", some(0.3, () => random.pick([0.01, 2, 5, 0.05]))],
    ["accuracy", some(0.2, () => random.pick([0, 0.6, 0.8]))],
    ["string_distance", some(0.4, () => random.pick(["internal", "damerau_levenshtein", "levenshtein", "jaro_winkler"]))],
  ];
  return jsonObject(chosen.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

function request(): JsonObject {
  const suggest: JsonObject = {
    ...(random.next() < 0.5 ? { text: text(3) } : {}),
    second: { text: text(2), term: options() },
    first: { text: text(4), term: options() },
  };
  const chance = random.next();
  if (chance < 0.3) return { suggest };
  if (chance < 0.4) return { suggest, aggs: {} };
  if (chance < 0.6) return { suggest, query: { term: { name: "nobody" } }, sort: ["name"] };
  return { suggest, size: 3, query: { exists: { field: "name" } }, aggs: { n: { terms: { field: "name", size: 3 } } } };
}

const REFUSED: readonly JsonObject[] = [
  { a: { text: "x", foo: {} } },
  { a: { text: "x" } },
  { a: { text: "x", term: {} } },
  { a: { term: { field: "text" } } },
  { a: { text: "x", term: { field: "nothing" } } },
  { a: { text: "x", term: { field: "text", foo: 1 } } },
  { a: { text: "x", term: { field: "text", max_edits: 3 } } },
  { a: { text: "x", term: { field: "text", suggest_mode: "seldom" } } },
  { a: { text: "x", term: { field: "text", string_distance: "far" } } },
  { a: { text: "x", term: { field: "text", size: 0 } } },
  { a: { text: "x", term: { field: "text", accuracy: 2 } } },
  { a: { text: "x", term: { field: "text", max_term_freq: 1.5 } } },
  { a: { text: "x", bar: "y", term: { field: "text" } } },
  { a: 5 },
];

describe(`suggestions on both engines (seed ${random.seed})`, { skip }, () => {
  const loaded: Loaded[] = [];
  before(async () => {
    if (engines === null) return;
    loaded.push(await load(engines, { name: "suggest-1", mappings: MAPPINGS, documents: documents(300), shards: 1 }));
    loaded.push(await load(engines, { name: "suggest-3", mappings: MAPPINGS, documents: documents(900), shards: 3 }));
  });
  after(async () => {
    if (engines !== null) for (const { table } of loaded) await send(engines, "DELETE", `/${table.index}`);
  });
  for (const [name, from, to] of [["one shard", 0, 1] as const, ["three shards", 1, 2] as const, ["two indices", 0, 2] as const]) {
    test(`25 requests over ${name}`, async () => {
      for (let i = 0; i < 25; i += 1) {
        const body = request();
        const { elasticsearch, translation, answer } = await runBoth(loaded.slice(from, to), body);
        assert.equal(translation.kind, "translated", `${printJson(body)}\n${printJson(JSON.parse(JSON.stringify(translation)))}`);
        const found = differences(member(elasticsearch, "suggest"), answer?.body.suggest);
        assert.deepEqual(found, [], printJson(body));
        assert.deepEqual(differences(totalOf(elasticsearch), totalOf(answer?.body ?? {})), [], printJson(body));
      }
    });
  }
  test("refuses what Elasticsearch refuses", async () => {
    for (const suggest of REFUSED) {
      const { elasticsearch, translation } = await runBoth(loaded.slice(0, 1), { suggest });
      assert.equal(
        translation.kind === "rejected" ? translation.error.errorType : translation.kind,
        rootType(elasticsearch),
        printJson(suggest),
      );
    }
  });
});

function totalOf(answer: JsonObject): JsonValue | undefined {
  const hits = member(answer, "hits");
  return typeof hits === "object" && hits !== null && !Array.isArray(hits) ? { ...hits, hits: [] } : undefined;
}

function rootType(answer: JsonObject): string {
  const [, type = ""] = /"root_cause":\[\{"type":"([^"]+)"/.exec(printJson(answer)) ?? [];
  return type;
}
