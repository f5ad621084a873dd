// The english analyzer: standard tokens, without a possessive 's, without stop words, stemmed.
import { porterStem } from "./porter_stem.ts";
import { standardTokens } from "./standard.ts";
import { ENGLISH_STOP_WORDS } from "./stop_words.ts";
import type { Analyzer, Token } from "./token.ts";

const POSSESSIVE = /['’＇][sS]$/;

function englishTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const token of standardTokens(text)) {
    const term = token.term.replace(POSSESSIVE, "");
    if (!ENGLISH_STOP_WORDS.has(term)) tokens.push({ ...token, term: porterStem(term) });
  }
  return tokens;
}

export const english: Analyzer = Object.freeze({
  name: "english",
  analyze: englishTokens,
  positions: (text: string) => standardTokens(text).length,
});
