// Golden tokens, taken from a real Elasticsearch; test/parity/analysis.test.ts compares far more of them with a live one.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { analyzerNamed, analyzeValues } from "../../../../src/main/elasticsearch/analysis/index.ts";
import { lowercase } from "../../../../src/main/elasticsearch/analysis/lowercase.ts";
import { standard } from "../../../../src/main/elasticsearch/analysis/standard.ts";

const GOLDEN: readonly (readonly [text: string, terms: readonly string[]])[] = [
  ["", []],
  ["The quick-brown FOX", ["the", "quick", "brown", "fox"]],
  ["it's 3,000 items", ["it's", "3,000", "items"]],
  ["foo.bar. 1.2.3 a.1 1.a a..b", ["foo.bar", "1.2.3", "a", "1", "1", "a", "a", "b"]],
  ["user@example.com:80", ["user", "example.com", "80"]],
  ["http://a.b/c?d=e", ["http", "a.b", "c", "d", "e"]],
  ["FOO_baz _x_ _ __ a._b 1_000", ["foo_baz", "_x_", "a", "_b", "1_000"]],
  ["2026-11-22T01:53:34.000Z", ["2026", "11", "22t01", "53", "34.000z"]],
  ["'quoted' a'b'c O’Brien", ["quoted", "a'b'c", "o’brien"]],
  ["a:b 1:2 3;4 a;b", ["a:b", "1", "2", "3;4", "a", "b"]],
  ["naïve Ünïcode e\u0301", ["naïve", "ünïcode", "e\u0301"]],
  ["日本語かなカナ한글", ["日", "本", "語", "か", "な", "カナ", "한글"]],
  ["İstanbul ΣΑΣ", ["istanbul", "σασ"]],
  ["😀 ok 👍🏽👩‍💻 🇫🇷🇩 #️⃣", ["😀", "ok", "👍🏽", "👩‍💻", "🇫🇷", "#️⃣"]],
  ["🏽\ufe0f 👍🏽\ufe0f", ["🏽", "👍🏽\ufe0f"]],
  ["ภาษาไทย x", ["ภาษาไทย", "x"]],
  ["א\"א א' ב", ['א"א', "א'", "ב"]],
  ["a\u00adb soft", ["a\u00adb", "soft"]],
];

describe("the standard analyzer", () => {
  test("cuts text as Lucene's standard tokenizer does", () => {
    for (const [text, terms] of GOLDEN) {
      assert.deepEqual(
        standard.analyze(text).map((token) => token.term),
        terms,
        text,
      );
    }
  });

  test("counts offsets in UTF-16 units of the text as it was", () => {
    assert.deepEqual(standard.analyze("A 😀İ b"), [
      { term: "a", position: 0, start: 0, end: 1 },
      { term: "😀", position: 1, start: 2, end: 4 },
      { term: "i", position: 2, start: 4, end: 5 },
      { term: "b", position: 3, start: 6, end: 7 },
    ]);
  });

  test("cuts a token after 255 units, and never a surrogate pair", () => {
    const lengths = (text: string): readonly number[] => standard.analyze(text).map((token) => token.term.length);
    assert.deepEqual(lengths("a".repeat(600)), [255, 255, 90]);
    assert.deepEqual(lengths("é".repeat(256)), [255, 1]);
    assert.deepEqual(lengths(`a${"\u{1d7ce}".repeat(128)}`), [255, 2]);
  });

  test("reads the same from text with and without a character beyond ASCII", () => {
    for (const [text] of GOLDEN) {
      const plain = text.replace(/[^ -~]/g, " ");
      assert.deepEqual(standard.analyze(plain), standard.analyze(`${plain}\n\u00a0`), plain);
    }
  });
});

describe("analyzers", () => {
  test("leave a gap of 100 positions between the values of a field", () => {
    const tokens = analyzeValues(standard, ["a b", "", "c"]);
    assert.deepEqual(
      tokens.map(({ term, position }) => [term, position]),
      [
        ["a", 0],
        ["b", 1],
        ["c", 202],
      ],
    );
  });

  test("go by the names that mappings use", () => {
    const terms = (name: string, text: string): readonly string[] | undefined =>
      analyzerNamed(name)
        ?.analyze(text)
        .map((token) => token.term);
    assert.deepEqual(terms("whitespace", " Foo-Bar\tx\u00a0y "), ["Foo-Bar", "x\u00a0y"]);
    assert.deepEqual(terms("keyword", "Foo Bar"), ["Foo Bar"]);
    assert.deepEqual(terms("simple", "Foo2Bar's"), ["foo", "bar", "s"]);
    assert.deepEqual(terms("stop", "The fox and THE dog"), ["fox", "dog"]);
    assert.equal(analyzerNamed("icu_analyzer"), undefined);
  });

  test("keep the positions of removed stop words", () => {
    const stop = analyzerNamed("stop");
    assert.deepEqual(
      stop?.analyze("the fox is a dog").map((token) => token.position),
      [1, 4],
    );
    assert.equal(stop?.positions("fox the", stop.analyze("fox the")), 2);
  });

  test("lower-case one code point at a time", () => {
    assert.equal(lowercase("İΣΑΣ ǅ 𐐀 ẞ"), "iσασ ǆ 𐐨 ß");
  });
});
