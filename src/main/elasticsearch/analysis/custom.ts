// The analyzers and normalizers that an index defines itself: `settings.index.analysis` → Analyzer.
import { isObject, type JsonObject, jsonObject, member } from "../../../shared/json.ts";
import { CHAR_FILTERS, type CharFilter } from "./char_filters.ts";
import { javaPattern } from "./java_pattern.ts";
import { lowercase } from "./lowercase.ts";
import { onlySettings, settingFlag, settingList, settingNumber, settingText, UnknownSetting } from "./options.ts";
import { keywordAnalyzer, simple, simpleTokens, whitespace } from "./simple.ts";
import { standardTokens, standardWords } from "./standard.ts";
import { changing, keeping, placed, type Stream, type TokenFilter, type Tokenizer } from "./stream.ts";
import type { Analyzer, Token } from "./token.ts";
import { PREBUILT, stopWords, TOKEN_FILTERS } from "./token_filters.ts";
import { between, TOKENIZERS } from "./tokenizers.ts";

const NO_SETTINGS: JsonObject = jsonObject([]);

/** The analyzer that the settings define by that name; undefined where they don't, or where it has a part that we lack. */
export function definedAnalyzer(analysis: JsonObject, name: string): Analyzer | undefined {
  const definition = definitionOf(analysis, "analyzer", name);
  return definition === undefined ? undefined : known(() => analyzerFrom(analysis, name, definition));
}

/** What a normalizer of the settings makes of a keyword; undefined as above. */
export function definedNormalizer(analysis: JsonObject, name: string): ((text: string) => string) | undefined {
  const definition = definitionOf(analysis, "normalizer", name);
  if (definition === undefined) return undefined;
  return known(() => {
    onlySettings(definition, ["filter", "char_filter"]);
    const parts = chain(analysis, definition, (text) => [{ term: text, step: 1, start: 0, end: text.length }]);
    if (!parts.allNormalize) throw new UnknownSetting("filter");
    return parts.normalize;
  });
}

function known<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof UnknownSetting) return undefined;
    throw error;
  }
}

/** The settings of one part of the analysis; undefined where it has none of that name. */
export function definitionOf(analysis: JsonObject, kind: string, name: string): JsonObject | undefined {
  const all = member(analysis, kind);
  const definition = isObject(all) ? member(all, name) : undefined;
  return isObject(definition) ? definition : undefined;
}

function analyzerFrom(analysis: JsonObject, name: string, definition: JsonObject): Analyzer {
  switch (settingText(definition, "type") ?? "custom") {
    case "custom": {
      onlySettings(definition, ["tokenizer", "filter", "char_filter"]);
      const tokenizer = settingText(definition, "tokenizer") ?? "";
      const parts = chain(analysis, definition, tokenizerOf(analysis, tokenizer));
      return { ...analyzer(name, parts.stream, parts.correct, parts.normalize), stacks: parts.stacks };
    }
    case "standard": {
      onlySettings(definition, ["max_token_length", "stopwords"]);
      const most = settingNumber(definition, "max_token_length", 255);
      const cut = (text: string) => (most === 255 ? standardTokens(text) : standardWords(text, most).map(lowered));
      return filtered(name, cut, [stopping(definition, "_none_")]);
    }
    case "stop":
      onlySettings(definition, ["stopwords"]);
      return filtered(name, simpleTokens, [stopping(definition, "_english_")]);
    case "pattern":
      return patternAnalyzer(name, definition);
    case "simple":
      return plain(simple, definition);
    case "whitespace":
      return plain(whitespace, definition);
    case "keyword":
      return plain(keywordAnalyzer, definition);
    default:
      throw new UnknownSetting("type");
  }
}

function plain(of: Analyzer, definition: JsonObject): Analyzer {
  onlySettings(definition, []);
  return of;
}

function lowered(token: Token): Token {
  return { ...token, term: lowercase(token.term) };
}

function stopping(definition: JsonObject, otherwise: string): TokenFilter {
  const words = stopWords(settingList(definition, "stopwords") ?? [otherwise]);
  return keeping(({ term }) => !words.has(term));
}

/** Tokens in lower case, filtered. */
function filtered(name: string, tokens: (text: string) => readonly Token[], filters: readonly TokenFilter[]): Analyzer {
  const stream = (text: string) =>
    throughFilters({ parts: tokens(text).map(({ term, start, end }) => ({ term, step: 1, start, end })), trailing: 0 }, filters);
  return analyzer(name, stream, () => (offset) => offset, lowercase);
}

function patternAnalyzer(name: string, definition: JsonObject): Analyzer {
  onlySettings(definition, ["pattern", "flags", "lowercase", "stopwords"]);
  if ((settingText(definition, "flags") ?? "") !== "") throw new UnknownSetting("flags");
  const regexp = javaPattern(settingText(definition, "pattern") ?? "\\W+");
  if (regexp === undefined) throw new UnknownSetting("pattern");
  const lowers = settingFlag(definition, "lowercase", true);
  const filters = [...(lowers ? [changing(lowercase)] : []), stopping(definition, "_none_")];
  const stream = (text: string) => throughFilters({ parts: between(text, regexp), trailing: 0 }, filters);
  return analyzer(name, stream, () => (offset) => offset, lowers ? lowercase : (text) => text);
}

interface Chain {
  readonly stream: (text: string) => Stream;
  /** Offsets in what the tokenizer saw → in the text. */
  readonly correct: (text: string) => (offset: number) => number;
  readonly normalize: (text: string) => string;
  readonly allNormalize: boolean;
  readonly stacks: boolean;
}

function chain(analysis: JsonObject, definition: JsonObject, tokenizer: Tokenizer): Chain {
  const charFilters = (settingList(definition, "char_filter") ?? []).map((name) => charFilterOf(analysis, name));
  const filters = (settingList(definition, "filter") ?? []).map((name) => tokenFilterOf(analysis, name));
  const before = (text: string) => charFilters.reduce((changed, filter) => filter(changed).text, text);
  const all = filters.map(({ filter }) => filter);
  const normalizing = filters.flatMap(({ filter, normalizes }) => (normalizes ? [filter] : []));
  return {
    stream: (text) => throughFilters({ parts: tokenizer(before(text)), trailing: 0 }, all),
    correct: (text) => corrected(text, charFilters),
    normalize(text) {
      const changed = before(text);
      const part = { term: changed, step: 1, start: 0, end: changed.length };
      return throughFilters({ parts: [part], trailing: 0 }, normalizing).parts[0]?.term ?? changed;
    },
    stacks: filters.some((filter) => filter.stacks),
    allNormalize: filters.every(({ normalizes }) => normalizes),
  };
}

function corrected(text: string, charFilters: readonly CharFilter[]): (offset: number) => number {
  let changed = text;
  let correct = (offset: number): number => offset;
  for (const filter of charFilters) {
    const outer = correct;
    const result = filter(changed);
    changed = result.text;
    correct = (offset) => outer(result.correct(offset));
  }
  return correct;
}

function throughFilters(stream: Stream, filters: readonly TokenFilter[]): Stream {
  return filters.reduce((each, filter) => filter(each), stream);
}

function tokenizerOf(analysis: JsonObject, name: string): Tokenizer {
  const { type, settings } = partOf(analysis, "tokenizer", name, NO_SETTINGS);
  const make = TOKENIZERS.get(type);
  if (make === undefined) throw new UnknownSetting("tokenizer");
  return make(settings);
}

interface NamedFilter {
  readonly filter: TokenFilter;
  readonly normalizes: boolean;
  readonly stacks: boolean;
}

function tokenFilterOf(analysis: JsonObject, name: string): NamedFilter {
  const { type, settings } = partOf(analysis, "filter", name, PREBUILT.get(name) ?? NO_SETTINGS);
  const kind = TOKEN_FILTERS.get(type);
  if (kind === undefined) throw new UnknownSetting("filter");
  return { filter: kind.make(settings), normalizes: kind.normalizes, stacks: kind.stacks || settingFlag(settings, "preserve_original") };
}

function charFilterOf(analysis: JsonObject, name: string): CharFilter {
  const { type, settings } = partOf(analysis, "char_filter", name, NO_SETTINGS);
  const make = CHAR_FILTERS.get(type);
  if (make === undefined) throw new UnknownSetting("char_filter");
  return make(settings);
}

function partOf(
  analysis: JsonObject,
  kind: string,
  name: string,
  prebuilt: JsonObject,
): { readonly type: string; readonly settings: JsonObject } {
  const settings = definitionOf(analysis, kind, name);
  return settings === undefined ? { type: name, settings: prebuilt } : { type: settingText(settings, "type") ?? "", settings };
}

function analyzer(
  name: string,
  stream: (text: string) => Stream,
  correct: (text: string) => (offset: number) => number,
  normalize: (text: string) => string,
): Analyzer {
  // positions() is asked of the text that was just analysed.
  let last = { text: "", stream: stream("") };
  const of = (text: string) => {
    if (last.text !== text) last = { text, stream: stream(text) };
    return last.stream;
  };
  return Object.freeze({
    name,
    analyze(text: string) {
      const moved = correct(text);
      return placed(of(text)).map((token) => ({ ...token, start: moved(token.start), end: moved(token.end) }));
    },
    positions: (text: string, tokens: readonly Token[]) => (tokens.at(-1)?.position ?? -1) + 1 + of(text).trailing,
    normalize,
  });
}
