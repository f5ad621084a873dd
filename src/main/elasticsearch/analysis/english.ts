// The english analyzer: standard tokens, without a possessive 's, without stop words, stemmed.
import { lowercase } from "./lowercase.ts";
import { porterStem } from "./porter_stem.ts";
import { standardTokens } from "./standard.ts";
import { ENGLISH_STOP_WORDS } from "./stop_words.ts";
import type { Analyzer, Token } from "./token.ts";

const POSSESSIVE = /['’＇][sS]$/;

/** Without the possessive 's at its end. */
export function withoutPossessive(term: string): string {
  return term.replace(POSSESSIVE, "");
}

/** The singular, by the endings alone: Lucene's EnglishMinimalStemmer. */
export function minimalEnglish(term: string): string {
  const [fourth, third, second] = [term.at(-4), term.at(-3), term.at(-2)];
  if (term.length < 3 || !term.endsWith("s") || second === "u" || second === "s") return term;
  if (second === "e") {
    if (term.length > 3 && third === "i" && fourth !== "a" && fourth !== "e") return `${term.slice(0, -3)}y`;
    if (third !== undefined && "iaoe".includes(third)) return term;
  }
  return term.slice(0, -1);
}

function englishTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const token of standardTokens(text)) {
    const term = withoutPossessive(token.term);
    if (!ENGLISH_STOP_WORDS.has(term)) tokens.push({ ...token, term: porterStem(term) });
  }
  return tokens;
}

export const english: Analyzer = Object.freeze({
  name: "english",
  analyze: englishTokens,
  positions: (text: string) => standardTokens(text).length,
  normalize: lowercase,
});
