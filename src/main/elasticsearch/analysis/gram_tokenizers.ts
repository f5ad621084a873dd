// ngram and edge_ngram as tokenizers: pieces of runs of characters of some classes.
import type { JsonObject } from "../../../shared/json.ts";
import { onlySettings, settingList, settingNumber, settingText, UnknownSetting } from "./options.ts";
import type { Part, Tokenizer } from "./stream.ts";

const SETTINGS = ["min_gram", "max_gram", "token_chars", "custom_token_chars"];

// biome-ignore lint/suspicious/noControlCharactersInRegex: Java counts the separators U+001C–U+001F as white space
const SPACE = /[\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]/;
const CLASSES: Readonly<Record<string, RegExp>> = {
  letter: /\p{L}/u,
  digit: /\p{Nd}/u,
  whitespace: SPACE,
  punctuation: /\p{P}/u,
  symbol: /\p{S}/u,
};

/** Every piece of min_gram to max_gram characters, each at a place of its own. */
export function grams(settings: JsonObject): Tokenizer {
  return gramsFrom(settings, false);
}

/** The pieces that begin a run. */
export function edgeGrams(settings: JsonObject): Tokenizer {
  return gramsFrom(settings, true);
}

function gramsFrom(settings: JsonObject, edge: boolean): Tokenizer {
  onlySettings(settings, SETTINGS);
  const least = settingNumber(settings, "min_gram", 1);
  const most = settingNumber(settings, "max_gram", 2);
  const belongs = classTest(settings);
  return (text) => {
    const parts: Part[] = [];
    for (const run of runsOf(text, belongs)) {
      for (let from = 0; from + 1 < run.length && (!edge || from === 0); from += 1) {
        for (let size = least; size <= most && from + size < run.length; size += 1) {
          const start = run[from] ?? 0;
          const end = run[from + size] ?? start;
          parts.push({ term: text.slice(start, end), step: 1, start, end });
        }
      }
    }
    return parts;
  };
}

function classTest(settings: JsonObject): (char: string) => boolean {
  const names = settingList(settings, "token_chars") ?? [];
  const custom = new Set(settingText(settings, "custom_token_chars") ?? "");
  if (names.length === 0) return () => true;
  const classes = names.map((name) => {
    if (name === "custom") return (char: string) => custom.has(char);
    const known = CLASSES[name];
    if (known === undefined) throw new UnknownSetting("token_chars");
    return (char: string) => known.test(char);
  });
  return (char) => classes.some((belongs) => belongs(char));
}

/** For each run the offsets of its characters, and its end. */
function runsOf(text: string, belongs: (char: string) => boolean): readonly (readonly number[])[] {
  const found: number[][] = [];
  let run: number[] = [];
  let at = 0;
  for (const char of text) {
    if (belongs(char)) run.push(at);
    else if (run.length > 0) {
      found.push([...run, at]);
      run = [];
    }
    at += char.length;
  }
  if (run.length > 0) found.push([...run, at]);
  return found;
}
