// Lucene's query syntax as tokens, by the rules of its own lexer: the longest match wins, `AND` alone is an operator and
// inside a word it is not, numbers are terms, `^` and ranges switch to lexers of their own.

export type TokenKind =
  | "AND"
  | "OR"
  | "NOT"
  | "PLUS"
  | "MINUS"
  | "LPAREN"
  | "RPAREN"
  | "COLON"
  | "STAR"
  | "QUOTED"
  | "TERM"
  | "FUZZY"
  | "PREFIX"
  | "WILDCARD"
  | "REGEXP"
  | "BOOST"
  | "RANGE"
  | "EOF";

export interface Token {
  readonly kind: TokenKind;
  /** As written, escapes kept; quotes, slashes, `^` and `~` removed. */
  readonly text: string;
  readonly range?: Range;
}

export interface Range {
  readonly from: string;
  readonly to: string;
  readonly fromInclusive: boolean;
  readonly toInclusive: boolean;
}

const START = String.raw`(?:[^\s\u3000+\-!():^\[\]"{}~*?\\/]|\\.)`;
const CHAR = String.raw`(?:[^\s\u3000!():^\[\]"{}~*?\\/]|\\.)`;

// In the order of Lucene's grammar: of equally long matches the first wins.
const RULES: readonly (readonly [TokenKind, RegExp])[] = [
  ["AND", /AND|&&/suy],
  ["OR", /OR|\|\|/suy],
  ["NOT", /NOT|!/suy],
  ["PLUS", /\+/suy],
  ["MINUS", /-/suy],
  ["LPAREN", /\(/suy],
  ["RPAREN", /\)/suy],
  ["COLON", /:/suy],
  ["STAR", /\*/suy],
  ["BOOST", /\^[0-9]+(?:\.[0-9]+)?/suy],
  ["QUOTED", /"(?:[^"\\]|\\.)*"/suy],
  ["TERM", new RegExp(`${START}${CHAR}*`, "suy")],
  ["FUZZY", /~(?:[0-9]+(?:\.[0-9]+)?)?/suy],
  ["PREFIX", new RegExp(String.raw`${START}${CHAR}*\*`, "suy")],
  ["WILDCARD", new RegExp(`(?:${START}|[*?])(?:${CHAR}|[*?])*`, "suy")],
  ["REGEXP", /\/(?:[^/\\]|\\.)*\//suy],
  ["RANGE", /[[{]\s*(?:"(?:[^"\\]|\\.)*"|[^\s\]}]+)\s+TO\s+(?:"(?:[^"\\]|\\.)*"|[^\s\]}]+)\s*[\]}]/suy],
];

const BARE_OPERATOR = /[+\-!][\s\u3000]+/suy;
const WHITESPACE = /[\s\u3000]+/suy;

/** The tokens, with EOF at the end; null where the text is not in the language. */
export function tokenize(text: string): readonly Token[] | null {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const space = matchAt(WHITESPACE, text, at);
    if (space > 0) {
      at += space;
      continue;
    }
    const bare = matchAt(BARE_OPERATOR, text, at);
    const [kind, length] = longest(text, at);
    if (kind === undefined) return null;
    if (bare > length) tokens.push({ kind: "TERM", text: `\\${text[at] ?? ""}` });
    else tokens.push(tokenOf(kind, text.slice(at, at + length)));
    at += Math.max(bare, length);
  }
  return [...tokens, { kind: "EOF", text: "" }];
}

function longest(text: string, at: number): readonly [TokenKind | undefined, number] {
  let best: TokenKind | undefined;
  let most = 0;
  for (const [kind, rule] of RULES) {
    const length = matchAt(rule, text, at);
    if (length > most) [best, most] = [kind, length];
  }
  return [best, most];
}

function matchAt(rule: RegExp, text: string, at: number): number {
  rule.lastIndex = at;
  return rule.exec(text)?.[0].length ?? 0;
}

function tokenOf(kind: TokenKind, image: string): Token {
  if (kind === "QUOTED" || kind === "REGEXP") return { kind, text: image.slice(1, -1) };
  if (kind === "BOOST" || kind === "FUZZY") return { kind, text: image.slice(1) };
  return kind === "RANGE" ? { kind, text: image, range: rangeOf(image) } : { kind, text: image };
}

function rangeOf(image: string): Range {
  const inner = image.slice(1, -1).trim();
  const [, from = "", to = ""] = /^("(?:[^"\\]|\\.)*"|\S+)\s+TO\s+(.*)$/su.exec(inner) ?? [];
  return { from: bound(from), to: bound(to), fromInclusive: image.startsWith("["), toInclusive: image.endsWith("]") };
}

function bound(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
}

/** The text without its escapes: `\(` → `(`, `\u0041` → `A`. */
export function unescaped(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\(.)/gsu, (_, hex: string | undefined, char: string) =>
    hex === undefined ? char : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
