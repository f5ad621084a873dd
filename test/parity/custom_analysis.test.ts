// Random text through analyzers and normalizers that an index defines, ours and a real Elasticsearch's: the same terms, positions and
// offsets.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { analyzerNamed, analyzeValues, normalizerOf } from "../../src/main/elasticsearch/analysis/index.ts";
import { parseMapping } from "../../src/main/elasticsearch/mapping.ts";
import { isArray, isObject, type JsonObject, type JsonValue, member, parseJson } from "../../src/shared/json.ts";
import { type Random, seededRandom } from "../support/random.ts";

const url = process.env.PARALLAX_TEST_ELASTICSEARCH;
const index = "types-analysis";

const TOKENIZERS: Readonly<Record<string, object>> = {
  standard_5: { type: "standard", max_token_length: 5 },
  whitespace_4: { type: "whitespace", max_token_length: 4 },
  words: { type: "pattern" },
  commas: { type: "pattern", pattern: "\\s*,\\s*" },
  quoted: { type: "pattern", pattern: '"((?:\\\\"|[^"]|\\\\")+)"', group: 1 },
  camel: { type: "pattern", pattern: "(?<=[a-z])(?=[A-Z])|[\\W_]+" },
  grams_23: { type: "ngram", min_gram: 2, max_gram: 3, token_chars: ["letter", "digit"] },
  grams_any: { type: "ngram" },
  edges: { type: "edge_ngram", min_gram: 1, max_gram: 4, token_chars: ["letter", "custom"], custom_token_chars: "-_" },
  edges_any: { type: "edge_ngram", min_gram: 2, max_gram: 3 },
  paths: { type: "path_hierarchy" },
  paths_dash: { type: "path_hierarchy", delimiter: "-", replacement: "/", skip: 1 },
  groups: { type: "char_group", tokenize_on_chars: ["whitespace", "-", "\\n", "punctuation_less"].slice(0, 3) },
};
const FILTERS: Readonly<Record<string, object>> = {
  fold_both: { type: "asciifolding", preserve_original: true },
  stop_own: { type: "stop", stopwords: ["a", "the", "foo"] },
  stop_case: { type: "stop", stopwords: ["A", "Foo"], ignore_case: true },
  stem: { type: "stemmer", language: "english" },
  possessive: { type: "stemmer", language: "possessive_english" },
  singular: { type: "stemmer", language: "minimal_english" },
  long_enough: { type: "length", min: 2, max: 6 },
  cut: { type: "truncate", length: 3 },
  edge_24: { type: "edge_ngram", min_gram: 2, max_gram: 4 },
  edge_whole: { type: "edge_ngram", min_gram: 3, max_gram: 4, preserve_original: true },
  gram_23: { type: "ngram", min_gram: 2, max_gram: 3 },
  gram_whole: { type: "ngram", min_gram: 3, max_gram: 3, preserve_original: true },
  digits: { type: "pattern_replace", pattern: "(\\d)(\\w)", replacement: "$2$1" },
  first_a: { type: "pattern_replace", pattern: "a", replacement: "_", all: false },
  french: { type: "elision", articles_case: true, articles: ["l", "d", "qu"] },
  marked: { type: "keyword_marker", keywords: ["running", "ponies"] },
  stems: { type: "stemmer_override", rules: ["running => run", "ponies, foo => bar"] },
  french_stems: { type: "stemmer", language: "light_french" },
  german: { type: "stemmer", language: "light_german" },
  spanish: { type: "stemmer", language: "light_spanish" },
  italian: { type: "stemmer", language: "light_italian" },
  stop_german: { type: "stop", stopwords: ["_german_", "foo"] },
  only: { type: "keep", keep_words: ["running", "foo", "a", "b"] },
};
const PLAIN_FILTERS = [
  "lowercase",
  "uppercase",
  "asciifolding",
  "stop",
  "porter_stem",
  "trim",
  "reverse",
  "unique",
  "decimal_digit",
  "apostrophe",
  "truncate",
  "edge_ngram",
  "ngram",
  "elision",
  "german_normalization",
  "keyword_repeat",
  "remove_duplicates",
];
const CHAR_FILTERS: Readonly<Record<string, object>> = {
  smileys: { type: "mapping", mappings: [":) => _happy_", ":( => _sad_", "ph => f", "- => ", "ab => x", "abX => longer"] },
  dashes: { type: "pattern_replace", pattern: "(\\w)-(?=\\w)", replacement: "$1_" },
  shorter: { type: "pattern_replace", pattern: "[0-9]+", replacement: "#" },
  longer: { type: "pattern_replace", pattern: "[aA]", replacement: "aaa" },
};
const BUILT_IN: Readonly<Record<string, object>> = {
  standard_stop: { type: "standard", max_token_length: 6, stopwords: "_english_" },
  standard_list: { type: "standard", stopwords: ["foo", "a"] },
  stop_list: { type: "stop", stopwords: ["foo", "the"] },
  pattern_default: { type: "pattern" },
  pattern_own: { type: "pattern", pattern: "[,;_]", lowercase: false, stopwords: ["b"] },
};
const NORMALIZERS = ["lowercase", "uppercase", "asciifolding", "trim", "decimal_digit", "first_a", "french", "digits"];

const TEXTS = [
  ..."abXY019._-':,;/@#+$\\\"()[]!? \t_*",
  ..."’éÜßıİΣñЖдא日本カな한ไทย٣·Ⓜ©ᾳﬁœ",
  "😀",
  "\u0301",
  " the ",
  " running ",
  " ponies ",
  "foo",
  "Foo ",
  "l'avion ",
  "dogs' ",
  "/usr/local",
  ":)",
  "ph",
  "abX",
  " ",
];

describe("analyzers of an index", { skip: url === undefined ? "PARALLAX_TEST_ELASTICSEARCH is not set" : false }, () => {
  const random = seededRandom(20261122);
  const analyzers = { ...BUILT_IN, ...Object.fromEntries(Array.from({ length: 140 }, (_, i) => [`custom_${i}`, chain(random)])) };
  const normalizers = Object.fromEntries(
    Array.from({ length: 25 }, (_, i) => [
      `normal_${i}`,
      { type: "custom", filter: some(random, NORMALIZERS, 3), char_filter: charFilters(random) },
    ]),
  );
  let analysis: JsonObject = {};

  before(async () => {
    await send("DELETE", `/${index}`, "");
    const defined = { analyzer: analyzers, normalizer: normalizers, filter: FILTERS, tokenizer: TOKENIZERS, char_filter: CHAR_FILTERS };
    const settings = { number_of_replicas: 0, "index.max_ngram_diff": 2, analysis: defined };
    assert.equal(member(await send("PUT", `/${index}`, JSON.stringify({ settings })), "error"), undefined);
    const answer = await send("GET", `/${index}/_settings`, "");
    analysis = objectAt(answer, index, "settings", "index", "analysis");
  });
  after(() => send("DELETE", `/${index}`, ""));

  test("give the tokens of _analyze", { timeout: 240_000 }, async () => {
    const wrong: string[] = [];
    for (const [name, definition] of Object.entries(analyzers)) {
      const analyzer = analyzerNamed(name, analysis);
      assert.ok(analyzer !== undefined, `${name} is not known: ${JSON.stringify(definition)}`);
      for (let round = 0; round < 4; round += 1) {
        const values = Array.from({ length: 12 }, () => randomText(random));
        const theirs = await analyze({ analyzer: name, text: values });
        const ours = analyzeValues(analyzer, values).map(({ term, position }) => `${term}@${position}`);
        const offsets = values.flatMap((value) => analyzer.analyze(value).map(({ start, end }) => `${start}-${end}`));
        const shifted = shift(values, analyzer.analyze);
        if (theirs === null) continue;
        const differs = theirs.findIndex((token, i) => token !== `${ours[i]} ${shifted[i]}`);
        if (differs >= 0 || theirs.length !== ours.length) {
          const at = differs < 0 ? Math.min(theirs.length, ours.length) : differs;
          wrong.push(
            `${name} ${JSON.stringify(definition)}: ${theirs[at]} <> ${ours[at]} ${shifted[at]} (${offsets[at]}) of ${JSON.stringify(values)}`,
          );
          break;
        }
      }
    }
    assert.deepEqual(wrong.slice(0, 6), [], `${wrong.length} of ${Object.keys(analyzers).length} differ, seed ${random.seed}`);
  });

  test("normalise keywords as _analyze does", { timeout: 120_000 }, async () => {
    const wrong: string[] = [];
    for (const [name, definition] of Object.entries(normalizers)) {
      const mappings = parseObject(JSON.stringify({ properties: { f: { type: "keyword", normalizer: name } } }));
      const field = parseMapping(mappings, analysis).fields.get("f");
      const normalise = field === undefined ? undefined : normalizerOf(field);
      assert.ok(normalise !== undefined, name);
      const values = Array.from({ length: 40 }, () => randomText(random));
      const answer = await send("POST", `/${index}/_analyze`, JSON.stringify({ normalizer: name, text: values }));
      const tokens = member(answer, "tokens");
      const theirs = (isArray(tokens) ? tokens : []).map((token) => (isObject(token) ? member(token, "token") : null));
      values.forEach((value, i) => {
        if (normalise(value) !== theirs[i])
          wrong.push(`${JSON.stringify(definition)}: ${theirs[i]} <> ${normalise(value)} of ${JSON.stringify(value)}`);
      });
    }
    assert.deepEqual(wrong.slice(0, 6), [], `${wrong.length} differ, seed ${random.seed}`);
  });
});

/** Offsets as `_analyze` counts them over several texts: each begins one behind the end of the one before. */
function shift(
  values: readonly string[],
  analyzeOne: (text: string) => readonly { readonly start: number; readonly end: number }[],
): readonly string[] {
  let base = 0;
  return values.flatMap((value) => {
    const shown = analyzeOne(value).map(({ start, end }) => `${start + base}-${end + base}`);
    base += value.length + 1;
    return shown;
  });
}

function chain(random: Random): object {
  return {
    type: "custom",
    tokenizer: random.pick([
      "standard",
      "whitespace",
      "keyword",
      "letter",
      "lowercase",
      "ngram",
      "edge_ngram",
      ...Object.keys(TOKENIZERS),
    ] as never),
    filter: some(random, [...PLAIN_FILTERS, ...Object.keys(FILTERS)], 3),
    char_filter: charFilters(random),
  };
}

function charFilters(random: Random): readonly string[] {
  return random.next() < 0.6 ? [] : some(random, Object.keys(CHAR_FILTERS), 2);
}

function some(random: Random, names: readonly string[], most: number): readonly string[] {
  return Array.from({ length: random.below(most + 1) }, () => random.pick(names as never));
}

function randomText(random: Random): string {
  return Array.from({ length: random.below(16) }, () => random.pick(TEXTS as never)).join("");
}

async function analyze(body: object): Promise<readonly string[] | null> {
  const answer = await send("POST", `/${index}/_analyze`, JSON.stringify(body));
  const tokens = member(answer, "tokens");
  if (!isArray(tokens)) return null;
  return tokens.filter(isObject).map((token) => {
    const of = (name: string) => String(member(token, name));
    return `${of("token")}@${of("position")} ${of("start_offset")}-${of("end_offset")}`;
  });
}

async function send(method: string, path: string, body: string): Promise<JsonObject> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === "" ? {} : { body }),
  });
  return parseObject(await response.text());
}

function parseObject(text: string): JsonObject {
  const value = parseJson(text);
  return isObject(value) ? value : {};
}

function objectAt(value: JsonValue, ...path: readonly string[]): JsonObject {
  let at: JsonValue | undefined = value;
  for (const step of path) at = isObject(at) ? member(at, step) : undefined;
  return isObject(at) ? at : {};
}
