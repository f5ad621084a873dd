// The token filters of an index's own analyzers, by Elasticsearch's name. Throws UnknownSetting.
import { type JsonObject, jsonObject } from "../../../shared/json.ts";
import { foldToAscii } from "./ascii_folding.ts";
import { minimalEnglish, withoutPossessive } from "./english.ts";
import { edgeGramFilter, gramFilter } from "./gram_filters.ts";
import { javaPattern, javaReplacement } from "./java_pattern.ts";
import { lightFrench } from "./light_french.ts";
import { lightGerman, lightItalian, lightSpanish, normaliseGerman } from "./light_stemmers.ts";
import { lowercase, uppercase } from "./lowercase.ts";
import { onlySettings, settingFlag, settingList, settingNumber, settingText, UnknownSetting } from "./options.ts";
import { porterStem } from "./porter_stem.ts";
import { limit, onceAtEachPlace, stemmerOverride, twice } from "./stem_filters.ts";
import { STOP_WORD_LISTS } from "./stop_words.ts";
import { changing, keeping, type Part, type TokenFilter } from "./stream.ts";

interface FilterKind {
  readonly make: (settings: JsonObject) => TokenFilter;
  /** It also changes what is only normalised: keywords, and the pieces of a pattern. */
  readonly normalizes: boolean;
  /** It makes several tokens of one. */
  readonly stacks: boolean;
}

const kind = (make: FilterKind["make"], normalizes = false, stacks = false): FilterKind => ({ make, normalizes, stacks });

export const TOKEN_FILTERS: ReadonlyMap<string, FilterKind> = new Map([
  ["lowercase", kind(plain(changing(lowercase)), true)],
  ["uppercase", kind(plain(changing(uppercase)), true)],
  ["asciifolding", kind(asciifolding, true)],
  ["trim", kind(plain(changing(trimmed)), true)],
  ["decimal_digit", kind(plain(changing(decimalDigits)), true)],
  ["elision", kind(elision, true)],
  ["pattern_replace", kind(patternReplace, true)],
  ["apostrophe", kind(plain(changing((term) => term.replace(/['’][\s\S]*$/, ""))))],
  ["stop", kind(stop)],
  ["keep", kind(keep)],
  ["length", kind(length)],
  ["truncate", kind(truncate)],
  ["unique", kind(unique)],
  ["reverse", kind(plain(changing((term) => Array.from(term).toReversed().join(""))))],
  ["keyword_marker", kind(keywordMarker)],
  ["porter_stem", kind(plain(changing(stemmed)))],
  ["stemmer", kind(stemmer)],
  ["stemmer_override", kind(stemmerOverride)],
  ["german_normalization", kind(plain(changing(normaliseGerman)), true)],
  ["keyword_repeat", kind(plain(twice), false, true)],
  ["remove_duplicates", kind(plain(onceAtEachPlace))],
  ["limit", kind(limit)],
  ["ngram", kind(gramFilter, false, true)],
  ["edge_ngram", kind(edgeGramFilter, false, true)],
]);

/** Settings of those filters that mean something else where an analyzer names them without defining them. */
export const PREBUILT: ReadonlyMap<string, JsonObject> = new Map([
  ["edge_ngram", jsonObject([["max_gram", "1"]])],
  ["porter_stem", jsonObject([])],
]);

function plain(filter: TokenFilter): (settings: JsonObject) => TokenFilter {
  return (settings) => {
    onlySettings(settings, []);
    return filter;
  };
}

function asciifolding(settings: JsonObject): TokenFilter {
  onlySettings(settings, ["preserve_original"]);
  if (!settingFlag(settings, "preserve_original")) return changing(foldToAscii);
  return ({ parts, trailing }) => ({ parts: parts.flatMap(foldedAndOriginal), trailing });
}

function foldedAndOriginal(part: Part): readonly Part[] {
  const term = foldToAscii(part.term);
  return term === part.term
    ? [part]
    : [
        { ...part, term },
        { ...part, step: 0 },
      ];
}

function trimmed(term: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Java counts the separators U+001C–U+001F as white space
  return term.replace(/^[\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+/, "").replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the same
    /[\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+$/,
    "",
  );
}

// Digits of a script stand in tens, the first one being zero.
function decimalDigits(term: string): string {
  return term.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let first = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
    return String((code - first) % 10);
  });
}

const FRENCH_ARTICLES = "l m t qu n s j d c jusqu quoiqu lorsqu puisqu".split(" ");

function elision(settings: JsonObject): TokenFilter {
  onlySettings(settings, ["articles", "articles_case"]);
  const own = settingList(settings, "articles");
  const folds = own === undefined || settingFlag(settings, "articles_case");
  const articles = new Set((own ?? FRENCH_ARTICLES).map((each) => (folds ? lowercase(each) : each)));
  return changing((term) => {
    const at = term.search(/['’]/);
    if (at < 0) return term;
    const article = term.slice(0, at);
    return articles.has(folds ? lowercase(article) : article) ? term.slice(at + 1) : term;
  });
}

function patternReplace(settings: JsonObject): TokenFilter {
  onlySettings(settings, ["pattern", "replacement", "all", "flags"]);
  if ((settingText(settings, "flags") ?? "") !== "") throw new UnknownSetting("flags");
  const regexp = javaPattern(settingText(settings, "pattern") ?? "");
  const replacement = javaReplacement(settingText(settings, "replacement") ?? "");
  if (regexp === undefined || replacement === undefined) throw new UnknownSetting("pattern");
  const all = settingFlag(settings, "all", true);
  return changing((term) => {
    let out = "";
    let from = 0;
    for (const match of term.matchAll(regexp)) {
      out += term.slice(from, match.index) + replacement(match);
      from = match.index + match[0].length;
      if (!all) break;
    }
    return out + term.slice(from);
  });
}

/** The words that a `stopwords` setting means. Throws UnknownSetting on lists of other languages. */
export function stopWords(words: readonly string[]): ReadonlySet<string> {
  return new Set(
    words.flatMap((word) => {
      const list = STOP_WORD_LISTS.get(word);
      if (list === undefined && /^_.+_$/.test(word)) throw new UnknownSetting("stopwords");
      return list === undefined ? [word] : [...list];
    }),
  );
}

function stop(settings: JsonObject): TokenFilter {
  onlySettings(settings, ["stopwords", "ignore_case"]);
  const words = stopWords(settingList(settings, "stopwords") ?? ["_english_"]);
  if (!settingFlag(settings, "ignore_case")) return keeping(({ term }) => !words.has(term));
  const folded = new Set([...words].map(lowercase));
  return keeping(({ term }) => !folded.has(lowercase(term)));
}

function keep(settings: JsonObject): TokenFilter {
  onlySettings(settings, ["keep_words", "keep_words_case"]);
  const words = settingList(settings, "keep_words");
  if (words === undefined || settingFlag(settings, "keep_words_case")) throw new UnknownSetting("keep_words");
  const kept = new Set(words);
  return keeping(({ term }) => kept.has(term));
}

function length(settings: JsonObject): TokenFilter {
  onlySettings(settings, ["min", "max"]);
  const least = settingNumber(settings, "min", 0);
  const most = settingNumber(settings, "max", 2 ** 31 - 1);
  return keeping(({ term }) => term.length >= least && term.length <= most);
}

function truncate(settings: JsonObject): TokenFilter {
  onlySettings(settings, ["length"]);
  const most = settingNumber(settings, "length", 10);
  return changing((term, { kept }) => (kept === true ? term : term.slice(0, most)));
}

function unique(settings: JsonObject): TokenFilter {
  onlySettings(settings, ["only_on_same_position"]);
  if (settingFlag(settings, "only_on_same_position")) throw new UnknownSetting("only_on_same_position");
  return (stream) => {
    const seen = new Set<string>();
    return keeping(({ term }) => !seen.has(term) && seen.add(term).has(term))(stream);
  };
}

function keywordMarker(settings: JsonObject): TokenFilter {
  onlySettings(settings, ["keywords", "ignore_case"]);
  const words = settingList(settings, "keywords");
  if (words === undefined || settingFlag(settings, "ignore_case")) throw new UnknownSetting("keywords");
  const kept = new Set(words);
  return ({ parts, trailing }) => ({ parts: parts.map((part) => (kept.has(part.term) ? { ...part, kept: true } : part)), trailing });
}

function stemmed(term: string, { kept }: Part): string {
  return kept === true ? term : porterStem(term);
}

const STEMMERS: ReadonlyMap<string, (term: string) => string> = new Map([
  ["minimal_english", minimalEnglish],
  ["light_french", lightFrench],
  ["light_german", lightGerman],
  ["light_spanish", lightSpanish],
  ["light_italian", lightItalian],
]);

function stemmer(settings: JsonObject): TokenFilter {
  onlySettings(settings, ["language", "name"]);
  const language = (settingText(settings, "language") ?? settingText(settings, "name") ?? "porter").toLowerCase();
  if (language === "english" || language === "porter") return changing(stemmed);
  if (language === "possessive_english") return changing(withoutPossessive);
  const stem = STEMMERS.get(language);
  if (stem !== undefined) return changing((term, { kept }) => (kept === true ? term : stem(term)));
  throw new UnknownSetting("language");
}
