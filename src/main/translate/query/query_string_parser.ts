// Lucene's query syntax as a tree. There is no precedence: AND makes both its neighbours required, OR leaves them optional.
// Words in a row, without operators, are one text.
import { type Range, type Token, type TokenKind, tokenize, unescaped } from "./query_string_lexer.ts";

/** `field` null: the default fields. */
export type Node =
  | { readonly kind: "text"; readonly field: string | null; readonly text: string; readonly several: boolean }
  | { readonly kind: "phrase"; readonly field: string | null; readonly text: string; readonly slop: number | null }
  | { readonly kind: "prefix" | "wildcard" | "regexp"; readonly field: string | null; readonly text: string }
  /** `edits` as written after the `~`. */
  | { readonly kind: "fuzzy"; readonly field: string | null; readonly text: string; readonly edits: string }
  | { readonly kind: "range"; readonly field: string | null; readonly range: Range }
  | { readonly kind: "boost"; readonly node: Node; readonly boost: number }
  | { readonly kind: "bool"; readonly clauses: readonly Clause[] };

export type Occur = "must" | "should" | "must_not";

export interface Clause {
  readonly occur: Occur;
  readonly node: Node;
}

type Conjunction = "and" | "or" | null;
type Modifier = "required" | "prohibited" | null;

export interface Syntax {
  /** The default operator is AND. */
  readonly allByDefault: boolean;
  /** True for text that the analyzer leaves nothing of: its clause counts as not written. */
  wordless(field: string | null, text: string): boolean;
}

/** Parses query text; null where Lucene would refuse it, a bool without clauses where no word is left. */
export function parseQueryString(text: string, syntax: Syntax): Node | null {
  const tokens = tokenize(text);
  if (tokens === null) return null;
  const parser = new Parser(tokens, syntax);
  const node = parser.query(null);
  return node !== null && parser.atEnd() ? node : null;
}

const NOT_AFTER_SEVERAL: ReadonlySet<TokenKind> = new Set(["COLON", "STAR", "FUZZY", "BOOST", "AND", "OR"]);

class Parser {
  readonly #tokens: readonly Token[];
  readonly #syntax: Syntax;
  #at = 0;

  constructor(tokens: readonly Token[], syntax: Syntax) {
    this.#tokens = tokens;
    this.#syntax = syntax;
  }

  atEnd(): boolean {
    return this.#kind() === "EOF";
  }

  query(field: string | null): Node | null {
    const clauses: Clause[] = [];
    let first: Node | null = null;
    let empty = true;
    for (let i = 0; !this.atEnd() && this.#kind() !== "RPAREN"; i += 1) {
      const several = this.#several(field);
      if (several !== null) {
        empty = false;
        if (!this.#isWordless(several)) clauses.push({ occur: this.#syntax.allByDefault ? "must" : "should", node: several });
        continue;
      }
      const conjunction = i === 0 ? null : this.#conjunction();
      const modifier = this.#modifier();
      const node = this.#clause(field);
      if (node === null) return null;
      empty = false;
      if (i === 0 && modifier === null && !this.#isWordless(node)) first = node;
      this.#add(clauses, conjunction, modifier, node);
    }
    if (empty) return null;
    return clauses.length === 1 && first !== null ? first : { kind: "bool", clauses };
  }

  #kind(ahead = 0): TokenKind {
    return this.#tokens[this.#at + ahead]?.kind ?? "EOF";
  }

  #next(): Token {
    const token = this.#tokens[this.#at] ?? { kind: "EOF", text: "" };
    this.#at += 1;
    return token;
  }

  // Two terms or more in a row, unless what follows belongs to the last one.
  #several(field: string | null): Node | null {
    const goesOn = (): boolean => this.#kind() === "TERM" && !NOT_AFTER_SEVERAL.has(this.#kind(1));
    if (this.#kind() !== "TERM" || this.#kind(1) !== "TERM" || NOT_AFTER_SEVERAL.has(this.#kind(2))) return null;
    const words = [this.#next().text];
    while (goesOn()) words.push(this.#next().text);
    return { kind: "text", field, text: unescaped(words.join(" ")), several: true };
  }

  #conjunction(): Conjunction {
    const kind = this.#kind();
    if (kind !== "AND" && kind !== "OR") return null;
    this.#at += 1;
    return kind === "AND" ? "and" : "or";
  }

  #modifier(): Modifier {
    const kind = this.#kind();
    if (kind !== "PLUS" && kind !== "MINUS" && kind !== "NOT") return null;
    this.#at += 1;
    return kind === "PLUS" ? "required" : "prohibited";
  }

  #clause(outer: string | null): Node | null {
    let field = outer;
    if ((this.#kind() === "TERM" || this.#kind() === "STAR") && this.#kind(1) === "COLON") {
      field = unescaped(this.#next().text);
      this.#at += 1;
    } else if ((this.#kind() === "PREFIX" || this.#kind() === "WILDCARD") && this.#kind(1) === "COLON") {
      return null;
    }
    if (this.#kind() !== "LPAREN") return this.#term(field);
    this.#at += 1;
    const node = this.query(field);
    if (node === null || this.#kind() !== "RPAREN") return null;
    this.#at += 1;
    return this.#boosted(node);
  }

  #term(field: string | null): Node | null {
    const token = this.#next();
    const fuzzyFirst = this.#fuzzy();
    const boost = this.#boost();
    const fuzzy = fuzzyFirst ?? this.#fuzzy();
    const node = nodeOf(token, field, fuzzy);
    return node === null || boost === null ? node : { kind: "boost", node, boost };
  }

  #fuzzy(): string | null {
    return this.#kind() === "FUZZY" ? this.#next().text : null;
  }

  #boost(): number | null {
    return this.#kind() === "BOOST" ? Number(this.#next().text) : null;
  }

  #boosted(node: Node): Node {
    const boost = this.#boost();
    return boost === null ? node : { kind: "boost", node, boost };
  }

  #add(clauses: Clause[], conjunction: Conjunction, modifier: Modifier, node: Node): void {
    const last = clauses.at(-1);
    if (last !== undefined && last.occur !== "must_not") {
      if (conjunction === "and") clauses[clauses.length - 1] = { ...last, occur: "must" };
      else if (conjunction === "or" && this.#syntax.allByDefault) clauses[clauses.length - 1] = { ...last, occur: "should" };
    }
    if (!this.#isWordless(node)) clauses.push({ occur: this.#occur(conjunction, modifier), node });
  }

  #isWordless(node: Node): boolean {
    if (node.kind === "boost") return this.#isWordless(node.node);
    if (node.kind === "text" || node.kind === "phrase") return this.#syntax.wordless(node.field, node.text);
    return node.kind === "bool" && node.clauses.length === 0;
  }

  #occur(conjunction: Conjunction, modifier: Modifier): Occur {
    if (modifier === "prohibited") return "must_not";
    if (this.#syntax.allByDefault) return conjunction === "or" ? "should" : "must";
    return modifier === "required" || conjunction === "and" ? "must" : "should";
  }
}

function nodeOf(token: Token, field: string | null, fuzzy: string | null): Node | null {
  switch (token.kind) {
    case "QUOTED":
      return { kind: "phrase", field, text: unescaped(token.text), slop: fuzzy === null ? null : Number(fuzzy === "" ? 2 : fuzzy) };
    case "RANGE":
      return token.range === undefined ? null : { kind: "range", field, range: token.range };
    case "TERM":
      return fuzzy === null
        ? { kind: "text", field, text: unescaped(token.text), several: false }
        : { kind: "fuzzy", field, text: unescaped(token.text), edits: fuzzy };
    case "PREFIX":
      return { kind: "prefix", field, text: unescaped(token.text.slice(0, -1)) };
    case "STAR":
    case "WILDCARD":
      return { kind: "wildcard", field, text: token.text };
    case "REGEXP":
      return { kind: "regexp", field, text: token.text };
    default:
      return null;
  }
}
