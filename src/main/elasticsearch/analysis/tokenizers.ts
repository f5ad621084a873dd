// The tokenizers of an index's own analyzers, by Elasticsearch's name: settings → text to tokens. Throws UnknownSetting.
import type { JsonObject } from "../../../shared/json.ts";
import { edgeGrams, grams } from "./gram_tokenizers.ts";
import { javaPattern } from "./java_pattern.ts";
import { lowercase } from "./lowercase.ts";
import { onlySettings, settingFlag, settingList, settingNumber, settingText, UnknownSetting } from "./options.ts";
import { runs } from "./simple.ts";
import { standardWords } from "./standard.ts";
import type { Part, Tokenizer } from "./stream.ts";
import type { Token } from "./token.ts";

/** Longer tokens are cut. */
const MAX_TOKEN = 255;

// biome-ignore lint/suspicious/noControlCharactersInRegex: Java counts the separators U+001C–U+001F as white space
const SPACE = /[\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]/;

const dense = (tokens: readonly Token[]): readonly Part[] => tokens.map(({ term, start, end }) => ({ term, step: 1, start, end }));
const same = (term: string): string => term;

export const TOKENIZERS: ReadonlyMap<string, (settings: JsonObject) => Tokenizer> = new Map([
  ["standard", standard],
  ["whitespace", whitespace],
  ["keyword", keyword],
  ["letter", () => (text: string) => dense(runs(text, /\p{L}/u, MAX_TOKEN, same))],
  ["lowercase", () => (text: string) => dense(runs(text, /\p{L}/u, MAX_TOKEN, lowercase))],
  ["pattern", pattern],
  ["char_group", charGroup],
  ["path_hierarchy", pathHierarchy],
  ["ngram", grams],
  ["edge_ngram", edgeGrams],
]);

function standard(settings: JsonObject): Tokenizer {
  onlySettings(settings, ["max_token_length"]);
  const most = settingNumber(settings, "max_token_length", MAX_TOKEN);
  return (text) => dense(standardWords(text, most));
}

function whitespace(settings: JsonObject): Tokenizer {
  onlySettings(settings, ["max_token_length"]);
  const most = settingNumber(settings, "max_token_length", MAX_TOKEN);
  return (text) => dense(runs(text, (char) => !SPACE.test(char), most, same));
}

function keyword(settings: JsonObject): Tokenizer {
  onlySettings(settings, ["buffer_size"]);
  return (text) => [{ term: text, step: 1, start: 0, end: text.length }];
}

// Group -1 is what stands between matches.
function pattern(settings: JsonObject): Tokenizer {
  onlySettings(settings, ["pattern", "flags", "group"]);
  if ((settingText(settings, "flags") ?? "") !== "") throw new UnknownSetting("flags");
  const regexp = javaPattern(settingText(settings, "pattern") ?? "\\W+");
  if (regexp === undefined) throw new UnknownSetting("pattern");
  const group = settingNumber(settings, "group", -1);
  return group < 0 ? (text) => between(text, regexp) : (text) => ofGroup(text, regexp, group);
}

/** What stands between matches. */
export function between(text: string, regexp: RegExp): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  const add = (start: number, end: number) => {
    if (end > start) parts.push({ term: text.slice(start, end), step: 1, start, end });
  };
  for (const match of text.matchAll(regexp)) {
    add(from, match.index);
    from = match.index + match[0].length;
  }
  add(from, text.length);
  return parts;
}

function ofGroup(text: string, regexp: RegExp, group: number): readonly Part[] {
  const indexed = new RegExp(regexp.source, `${regexp.flags}d`);
  return [...text.matchAll(indexed)].flatMap((match) => {
    const [start, end] = match.indices?.[group] ?? [0, 0];
    return end > start ? [{ term: text.slice(start, end), step: 1, start, end }] : [];
  });
}

const GROUPS: Readonly<Record<string, RegExp>> = {
  whitespace: SPACE,
  letter: /\p{L}/u,
  digit: /\p{Nd}/u,
};
const ESCAPES: Readonly<Record<string, string>> = { "\\n": "\n", "\\t": "\t", "\\r": "\r", "\\f": "\f", "\\\\": "\\" };

function charGroup(settings: JsonObject): Tokenizer {
  onlySettings(settings, ["tokenize_on_chars", "max_token_length"]);
  const groups: RegExp[] = [];
  const characters = new Set<string>();
  for (const each of settingList(settings, "tokenize_on_chars") ?? []) {
    const named = GROUPS[each];
    if (named !== undefined) groups.push(named);
    else if (each.length === 1) characters.add(each);
    else if (ESCAPES[each] !== undefined) characters.add(ESCAPES[each]);
    else throw new UnknownSetting("tokenize_on_chars");
  }
  const most = settingNumber(settings, "max_token_length", MAX_TOKEN);
  return (text) => dense(runs(text, (char) => !characters.has(char) && !groups.some((group) => group.test(char)), most, same));
}

// `/a/b/c` is /a, /a/b, /a/b/c, one after the other.
function pathHierarchy(settings: JsonObject): Tokenizer {
  onlySettings(settings, ["delimiter", "replacement", "skip", "reverse", "buffer_size"]);
  if (settingFlag(settings, "reverse")) throw new UnknownSetting("reverse");
  const delimiter = settingText(settings, "delimiter") ?? "/";
  const replacement = settingText(settings, "replacement") ?? delimiter;
  if (delimiter.length !== 1 || replacement.length !== 1) throw new UnknownSetting("delimiter");
  const skip = settingNumber(settings, "skip", 0);
  return (text) => hierarchy(text, delimiter, replacement, skip);
}

function hierarchy(text: string, delimiter: string, replacement: string, skip: number): readonly Part[] {
  let start = 0;
  for (let skipped = 0; skipped < skip; skipped += 1) {
    const next = text.indexOf(delimiter, start + (text.charAt(start) === delimiter ? 1 : 0));
    if (next < 0) return [];
    start = next;
  }
  const parts: Part[] = [];
  const add = (end: number) => {
    if (end > start) parts.push({ term: text.slice(start, end).replaceAll(delimiter, () => replacement), step: 1, start, end });
  };
  for (let at = text.indexOf(delimiter, start + 1); at >= 0; at = text.indexOf(delimiter, at + 1)) add(at);
  add(text.length);
  return parts;
}
