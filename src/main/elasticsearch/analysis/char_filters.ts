// The char filters of an index's own analyzers, by Elasticsearch's name: what a text is before it is tokenized. Throws UnknownSetting.
import type { JsonObject } from "../../../shared/json.ts";
import { javaPattern, javaReplacement } from "./java_pattern.ts";
import { onlySettings, settingList, settingText, UnknownSetting } from "./options.ts";

export interface Filtered {
  readonly text: string;
  /** An offset in `text` → the one in the text as it was. */
  readonly correct: (offset: number) => number;
}

export type CharFilter = (text: string) => Filtered;

export const CHAR_FILTERS: ReadonlyMap<string, (settings: JsonObject) => CharFilter> = new Map([
  ["mapping", mapping],
  ["pattern_replace", patternReplace],
]);

/** Where offsets move, as Lucene's BaseCharFilter notes it: from an offset on, by how much. */
class Moves {
  readonly #offsets: number[] = [];
  readonly #differences: number[] = [];

  get last(): number {
    return this.#differences.at(-1) ?? 0;
  }

  add(offset: number, difference: number): void {
    if (this.#offsets.at(-1) === offset) this.#differences[this.#differences.length - 1] = difference;
    else {
      this.#offsets.push(offset);
      this.#differences.push(difference);
    }
  }

  correct(offset: number): number {
    let at = this.#offsets.length - 1;
    while (at >= 0 && (this.#offsets[at] ?? 0) > offset) at -= 1;
    return offset + (this.#differences[at] ?? 0);
  }
}

// The longest key that begins at each place is replaced.
function mapping(settings: JsonObject): CharFilter {
  onlySettings(settings, ["mappings"]);
  const rules = new Map((settingRules(settings) ?? []).map(readRule));
  const longest = Math.max(0, ...[...rules.keys()].map((key) => key.length));
  return (text) => {
    const moves = new Moves();
    let out = "";
    for (let at = 0; at < text.length; ) {
      const key = keyAt(rules, text, at, longest);
      if (key === undefined) {
        out += text.charAt(at);
        at += 1;
        continue;
      }
      const replacement = rules.get(key) ?? "";
      const shorter = key.length - replacement.length;
      const before = moves.last;
      if (shorter > 0) moves.add(at + key.length - shorter - before, before + shorter);
      else for (let extra = 0; extra < -shorter; extra += 1) moves.add(at + key.length - before + extra, before - extra - 1);
      out += replacement;
      at += key.length;
    }
    return { text: out, correct: (offset) => moves.correct(offset) };
  };
}

function settingRules(settings: JsonObject): readonly string[] | undefined {
  const rules = settings.mappings;
  return typeof rules === "string" ? [rules] : settingList(settings, "mappings");
}

function keyAt(rules: ReadonlyMap<string, string>, text: string, at: number, longest: number): string | undefined {
  for (let size = Math.min(longest, text.length - at); size > 0; size -= 1) {
    const key = text.slice(at, at + size);
    if (rules.has(key)) return key;
  }
  return undefined;
}

function readRule(rule: string): readonly [string, string] {
  const parts = /^(.*)\s*=>\s*(.*)\s*$/.exec(rule);
  if (parts === null) throw new UnknownSetting("mappings");
  const key = unescaped((parts[1] ?? "").trim());
  if (key === "") throw new UnknownSetting("mappings");
  return [key, unescaped((parts[2] ?? "").trim())];
}

const ESCAPED: Readonly<Record<string, string>> = { "\\": "\\", n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|([\s\S])|$)/g, (_, hex?: string, letter?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    const known = ESCAPED[letter ?? ""];
    if (known === undefined) throw new UnknownSetting("mappings");
    return known;
  });
}

function patternReplace(settings: JsonObject): CharFilter {
  onlySettings(settings, ["pattern", "replacement", "flags"]);
  if ((settingText(settings, "flags") ?? "") !== "") throw new UnknownSetting("flags");
  const regexp = javaPattern(settingText(settings, "pattern") ?? "");
  const replacement = javaReplacement(settingText(settings, "replacement") ?? "");
  if (regexp === undefined || replacement === undefined) throw new UnknownSetting("pattern");
  return (text) => {
    const moves = new Moves();
    let out = "";
    let from = 0;
    let moved = 0;
    for (const match of text.matchAll(regexp)) {
      out += text.slice(from, match.index);
      const written = replacement(match);
      const size = match[0].length;
      if (written.length < size) {
        moved += size - written.length;
        moves.add(out.length + written.length, moved);
      } else {
        for (let i = size; i < written.length; i += 1) {
          moved -= 1;
          moves.add(out.length + i, moved);
        }
      }
      out += written;
      from = match.index + size;
    }
    return { text: out + text.slice(from), correct: (offset) => moves.correct(offset) };
  };
}
