// ngram and edge_ngram as token filters: pieces of a token stand at its place.
import type { JsonObject } from "../../../shared/json.ts";
import { onlySettings, settingFlag, settingNumber, settingText, UnknownSetting } from "./options.ts";
import type { Part, TokenFilter } from "./stream.ts";

/** Every piece of min_gram to max_gram characters, by where it begins, then by length. */
export function gramFilter(settings: JsonObject): TokenFilter {
  return gramsFrom(settings, false);
}

/** The pieces that a token begins with. */
export function edgeGramFilter(settings: JsonObject): TokenFilter {
  return gramsFrom(settings, true);
}

function gramsFrom(settings: JsonObject, edge: boolean): TokenFilter {
  onlySettings(settings, ["min_gram", "max_gram", "preserve_original", ...(edge ? ["side"] : [])]);
  if (edge && (settingText(settings, "side") ?? "front") !== "front") throw new UnknownSetting("side");
  const least = settingNumber(settings, "min_gram", 1);
  const most = settingNumber(settings, "max_gram", 2);
  const whole = settingFlag(settings, "preserve_original");
  return ({ parts }) => {
    const out: Part[] = [];
    // A token that has no piece leaves its place empty.
    let step = 0;
    for (const part of parts) {
      step += part.step;
      for (const term of pieces(part.term, least, most, edge, whole)) {
        out.push({ ...part, term, step });
        step = 0;
      }
    }
    return { parts: out, trailing: step };
  };
}

function pieces(term: string, least: number, most: number, edge: boolean, whole: boolean): readonly string[] {
  const characters = Array.from(term);
  const count = characters.length;
  if (whole && count < least) return [term];
  const found: string[] = [];
  for (let from = 0; from < (edge ? 1 : count); from += 1) {
    for (let size = least; size <= most && from + size <= count; size += 1) found.push(characters.slice(from, from + size).join(""));
  }
  return whole && count > most ? [...found, term] : found;
}
