// Token filters around stemming: words with stems of their own, words kept beside their stems, and no more than so many.
import type { JsonObject } from "../../../shared/json.ts";
import { onlySettings, settingFlag, settingList, settingNumber, UnknownSetting } from "./options.ts";
import type { Part, TokenFilter } from "./stream.ts";

/** `running => run`, `a, b => c`: these stems stand, and no stemmer changes them. */
export function stemmerOverride(settings: JsonObject): TokenFilter {
  onlySettings(settings, ["rules"]);
  const rules = settingList(settings, "rules");
  if (rules === undefined) throw new UnknownSetting("rules");
  const stems = new Map<string, string>();
  for (const rule of rules) {
    const [words = "", stem = "", ...others] = rule.split("=>");
    if (stem.trim() === "" || others.length > 0 || /[\\,]/.test(stem)) throw new UnknownSetting("rules");
    for (const word of words.split(",")) {
      // The first rule of a word would stand, not the last.
      if (word.trim() === "" || word.includes("\\") || stems.has(word.trim())) throw new UnknownSetting("rules");
      stems.set(word.trim(), stem.trim());
    }
  }
  return ({ parts, trailing }) => ({ parts: parts.map((part) => overridden(part, stems)), trailing });
}

function overridden(part: Part, stems: ReadonlyMap<string, string>): Part {
  const stem = part.kept === true ? undefined : stems.get(part.term);
  return stem === undefined ? part : { ...part, term: stem, kept: true };
}

/** Each token twice: as it is, for stemmers to leave alone, then once more. */
export const twice: TokenFilter = ({ parts, trailing }) => ({
  parts: parts.flatMap((part) => [
    { ...part, kept: true },
    { ...part, step: 0, kept: false },
  ]),
  trailing,
});

/** No token twice at one place. */
export const onceAtEachPlace: TokenFilter = ({ parts, trailing }) => {
  const seen = new Set<string>();
  const left = parts.filter(({ term, step }) => {
    if (step > 0) seen.clear();
    const known = seen.has(term);
    seen.add(term);
    return !known;
  });
  return { parts: left, trailing };
};

/** The first tokens. */
export function limit(settings: JsonObject): TokenFilter {
  onlySettings(settings, ["max_token_count", "consume_all_tokens"]);
  if (settingFlag(settings, "consume_all_tokens")) throw new UnknownSetting("consume_all_tokens");
  const most = settingNumber(settings, "max_token_count", 1);
  return ({ parts, trailing }) => (parts.length > most ? { parts: parts.slice(0, most), trailing: 0 } : { parts, trailing });
}
