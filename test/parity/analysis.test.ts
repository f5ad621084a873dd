// Random text through our analyzers and a real Elasticsearch's `_analyze`: the same terms, positions and offsets.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { analyzerNamed, analyzeValues } from "../../src/main/elasticsearch/analysis/index.ts";
import { isArray, isObject, type JsonValue, member, parseJson } from "../../src/shared/json.ts";
import { type Random, seededRandom } from "../support/random.ts";

const url = process.env.PARALLAX_TEST_ELASTICSEARCH;

const ASCII = [..."abXY019._-':,;/@#+$\\\"()[]~!? \t_*"];
const UNICODE = [
  ...ASCII,
  ..."’éÜßıİΣñЖдא״׳日本語カナかな한글ไทยะ٣·‧ℹⓂ©",
  ..."😀👍🏽🇦🇫\u200d\ufe0f\ufe0e\u20e3\u00a0\u00ad\u0301\u3030\u30fc\u202f",
  "\u{20000}",
  "\u{1d7ce}",
  "\u{e0067}",
  "\u{e007f}",
];
const ENGLISH =
  "the running runs ran easily fairly dogs dog's ponies caresses cats relational conditional hopefulness electricity adjustable formality triplicate and not is of university universal generalizations oscillators happy sky".split(
    " ",
  );

const LANGUAGES: readonly string[] = ["french", "german", "spanish", "italian"];
const ENDINGS =
  "e en er ern em es est st s n t eses ces as os es a o i ie he chi ghi ia io ión éßt uen aeu oe ue ß ñ ä ö ü è ê ñu ò ei ern´s".split(" ");
const FRENCH_ENDINGS =
  "aux eaux eux x s issement issant ement ivement ficatrice ficateur catrice cateur atrice ateur trice ième teuse teur euse ère ères ive folle molle nnelle nnel ète ètes ique esse inage isation ualisation isateur ation ition ie ier ée ll".split(
    " ",
  );
const SYLLABLES = "ba ce di fo gu ha kla mä nö pü quí rré sche tú ße l z ü aue oe ae ué yen que".split(" ");
const STOPPED = "der die das und nicht los las que para está il la été jusqu'à avions même d'abord dell'amica l'Uomo un'altra è Über".split(
  " ",
);

/** Words of syllables and endings, so that every rule of a stemmer is met. */
function inflected(random: Random, name: string): string {
  const syllable = (list: readonly string[]): string => list[random.below(list.length)] ?? "";
  const word = (): string => {
    if (random.next() < 0.2) return syllable(STOPPED);
    const made =
      Array.from({ length: 1 + random.below(3) }, () => syllable(SYLLABLES)).join("") +
      syllable(name === "french" && random.next() < 0.7 ? FRENCH_ENDINGS : ENDINGS);
    return random.next() < 0.1 ? made.toUpperCase() : name === "italian" && random.next() < 0.1 ? `dell'${made}` : made;
  };
  return Array.from({ length: 1 + random.below(12) }, word).join(" ");
}

describe("analyzers", { skip: url === undefined ? "PARALLAX_TEST_ELASTICSEARCH is not set" : false }, () => {
  for (const name of ["standard", "whitespace", "keyword", "stop", "simple", "english", ...LANGUAGES]) {
    test(`${name} gives the tokens of _analyze`, { timeout: 120_000 }, async () => {
      const random = seededRandom(7);
      const analyzer = analyzerNamed(name);
      assert.ok(analyzer !== undefined, name);
      const texts = [...Array.from({ length: 1200 }, () => randomText(random, name)), ...longTexts(random)];
      for (let from = 0; from < texts.length; from += 100) {
        const values = texts.slice(from, from + 100);
        const theirs = await analyze(name, values);
        let offset = 0;
        const ours: string[] = [];
        let position = 0;
        for (const value of values) {
          const tokens = analyzer.analyze(value);
          for (const token of tokens) ours.push(`${token.term} ${token.position + position} ${token.start + offset} ${token.end + offset}`);
          position += analyzer.positions(value, tokens) + 100;
          offset += value.length + 1;
        }
        assert.deepEqual(ours, theirs, `seed ${random.seed}, from ${from}`);
        assert.equal(analyzeValues(analyzer, values).length, ours.length);
      }
    });
  }
});

function randomText(random: Random, name: string): string {
  if (LANGUAGES.includes(name)) return inflected(random, name);
  const alphabet = name === "english" ? [...ENGLISH, " ", " ", "-", "’"] : random.next() < 0.4 ? ASCII : UNICODE;
  const join = name === "english" ? " " : "";
  return Array.from({ length: 1 + random.below(14) }, () => alphabet[random.below(alphabet.length)] ?? "").join(join);
}

function longTexts(random: Random): readonly string[] {
  const alphabet = [..."aaaaaaaaaaaaaaab1éé", "\u{1d7ce}", "\u0301"];
  return Array.from({ length: 60 }, () =>
    Array.from({ length: 200 + random.below(400) }, () => alphabet[random.below(alphabet.length)] ?? "").join(""),
  );
}

async function analyze(analyzer: string, text: readonly string[]): Promise<readonly string[]> {
  const response = await fetch(`${url}/_analyze`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ analyzer, text }),
  });
  const answer: JsonValue = parseJson(await response.text());
  const tokens = isObject(answer) ? member(answer, "tokens") : undefined;
  assert.ok(isArray(tokens), JSON.stringify(answer));
  return tokens.map((token) => {
    assert.ok(isObject(token));
    return ["token", "position", "start_offset", "end_offset"].map((key) => String(member(token, key))).join(" ");
  });
}
