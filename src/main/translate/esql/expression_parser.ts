// ES|QL's expressions. Precedence, loosest first: OR, AND, NOT, comparison, sum, product, sign, `::`.
import type { Lexer, Token } from "./lexer.ts";
import type { Parameters } from "./parameters.ts";
import type { BinaryName, Expression, Literal } from "./tree.ts";

const COMPARISONS: readonly BinaryName[] = ["==", "!=", "<", "<=", ">", ">="];
const LITERALS: ReadonlySet<string> = new Set(["integer", "decimal", "string"]);

export class ExpressionParser {
  readonly lexer: Lexer;
  readonly #parameters: Parameters;

  constructor(lexer: Lexer, parameters: Parameters) {
    this.lexer = lexer;
    this.#parameters = parameters;
  }

  expression(): Expression {
    let left = this.#conjunction();
    while (this.takeWord("or")) left = this.#binary("or", left, this.#conjunction());
    return left;
  }

  /** True, and past it, when the next token is this word in any case. */
  takeWord(word: string): boolean {
    const token = this.lexer.peek();
    if (token.kind !== "word" || token.text.toLowerCase() !== word) return false;
    this.lexer.next();
    return true;
  }

  takeSymbol(symbol: string): boolean {
    const token = this.lexer.peek();
    if (token.kind !== "symbol" || token.text !== symbol) return false;
    this.lexer.next();
    return true;
  }

  expectSymbol(symbol: string): Token {
    const token = this.lexer.next();
    if (token.kind !== "symbol" || token.text !== symbol) throw this.unexpected(token);
    return token;
  }

  unexpected(token: Token) {
    if (token.kind === "end") return this.lexer.fault(token.at, "mismatched input '<EOF>'");
    return this.lexer.fault(token.at, `mismatched input '${this.lexer.text.slice(token.at, token.end)}'`);
  }

  string(): string {
    const token = this.lexer.next();
    if (token.kind === "parameter") {
      const value = this.#parameters.value(token, this.lexer);
      if (value.type === "keyword") return value.value;
    }
    if (token.kind !== "string") throw this.unexpected(token);
    return token.text;
  }

  /** A name with dots; undefined where none stands. */
  name(): string | undefined {
    const parts: string[] = [];
    do {
      const token = this.lexer.peek();
      const text =
        token.kind === "word" || token.kind === "quoted_name"
          ? token.text
          : token.kind === "parameter"
            ? this.#parameters.name(token)
            : null;
      if (text === null) {
        if (parts.length > 0) throw this.unexpected(token);
        return undefined;
      }
      this.lexer.next();
      parts.push(text);
    } while (this.takeSymbol("."));
    return parts.join(".");
  }

  #conjunction(): Expression {
    let left = this.#negation();
    while (this.takeWord("and")) left = this.#binary("and", left, this.#negation());
    return left;
  }

  #negation(): Expression {
    const { at } = this.lexer;
    if (!this.takeWord("not")) return this.#predicate();
    const item = this.#negation();
    return { kind: "not", item, at, end: item.end };
  }

  #predicate(): Expression {
    const left = this.#sum();
    const token = this.lexer.peek();
    const comparison = token.kind === "symbol" ? COMPARISONS.find((name) => name === token.text) : undefined;
    if (comparison !== undefined) {
      this.lexer.next();
      return this.#binary(comparison, left, this.#sum());
    }
    if (token.kind === "symbol" && token.text === ":") {
      this.lexer.next();
      const query = this.#signed();
      return { kind: "match", item: left, query, at: left.at, end: query.end };
    }
    return token.kind === "word" ? this.#wordPredicate(left) : left;
  }

  #wordPredicate(item: Expression): Expression {
    const start = this.lexer.at;
    const negated = this.takeWord("not");
    if (this.takeWord("like")) return this.#pattern("like", item, negated);
    if (this.takeWord("rlike")) return this.#pattern("rlike", item, negated);
    if (this.takeWord("in")) {
      this.expectSymbol("(");
      const list = [this.#sum()];
      while (this.takeSymbol(",")) list.push(this.#sum());
      return { kind: "in", item, list, negated, at: item.at, end: this.expectSymbol(")").end };
    }
    this.lexer.back(start);
    if (!negated && this.takeWord("is")) {
      const absent = this.takeWord("not");
      const token = this.lexer.next();
      if (token.kind !== "word" || token.text.toLowerCase() !== "null") throw this.unexpected(token);
      return { kind: "is_null", item, negated: absent, at: item.at, end: token.end };
    }
    return item;
  }

  #pattern(kind: "like" | "rlike", item: Expression, negated: boolean): Expression {
    if (!this.takeSymbol("(")) {
      const patterns = [this.string()];
      return { kind, item, patterns, negated, at: item.at, end: this.lexer.last };
    }
    const patterns = [this.string()];
    while (this.takeSymbol(",")) patterns.push(this.string());
    return { kind, item, patterns, negated, at: item.at, end: this.expectSymbol(")").end };
  }

  #sum(): Expression {
    let left = this.#product();
    for (let op = this.#operator("+", "-"); op !== null; op = this.#operator("+", "-")) left = this.#binary(op, left, this.#product());
    return left;
  }

  #product(): Expression {
    let left = this.#signed();
    for (let op = this.#operator("*", "/", "%"); op !== null; op = this.#operator("*", "/", "%")) {
      left = this.#binary(op, left, this.#signed());
    }
    return left;
  }

  #operator(...names: readonly BinaryName[]): BinaryName | null {
    return names.find((name) => this.takeSymbol(name)) ?? null;
  }

  #signed(): Expression {
    const { at } = this.lexer;
    if (this.takeSymbol("+")) return { ...this.#signed(), at };
    if (!this.takeSymbol("-")) return this.#castable();
    const item = this.#signed();
    if (item.kind === "literal") {
      const value = negated(item.value, this.lexer.text.slice(item.at, item.end));
      if (value !== null) return { kind: "literal", value, at, end: item.end };
    }
    if (item.kind === "span") return { ...item, count: -item.count, at };
    return { kind: "negative", item, at, end: item.end };
  }

  #castable(): Expression {
    let item = this.#primary();
    while (this.takeSymbol("::")) {
      const token = this.lexer.next();
      if (token.kind !== "word") throw this.unexpected(token);
      item = { kind: "cast", item, type: token.text.toLowerCase(), at: item.at, end: token.end };
    }
    return item;
  }

  #primary(): Expression {
    const token = this.lexer.peek();
    if (LITERALS.has(token.kind)) return this.#literal();
    if (token.kind === "parameter" && !this.#parameters.standsForName(token)) return this.#parameter();
    if (token.kind === "symbol" && token.text === "(") {
      this.lexer.next();
      const inner = this.expression();
      return { ...inner, at: token.at, end: this.expectSymbol(")").end };
    }
    if (token.kind === "symbol" && token.text === "[") return this.#list();
    if (token.kind === "word" && /^(null|true|false)$/i.test(token.text)) {
      this.lexer.next();
      const word = token.text.toLowerCase();
      const value: Literal = word === "null" ? { type: "null" } : { type: "boolean", value: word === "true" };
      return { kind: "literal", value, at: token.at, end: token.end };
    }
    const name = this.name();
    if (name === undefined) throw this.unexpected(token);
    if (this.lexer.peek().text === "(" && this.lexer.peek().kind === "symbol") return this.#call(name, token.at);
    return { kind: "name", name, at: token.at, end: this.lexer.last };
  }

  #parameter(): Expression {
    const token = this.lexer.next();
    return { kind: "literal", value: this.#parameters.value(token, this.lexer), at: token.at, end: token.end };
  }

  #call(name: string, at: number): Expression {
    this.lexer.next();
    const args: Expression[] = [];
    let options: ReadonlyMap<string, Literal> | null = null;
    if (this.takeSymbol("*")) return { kind: "call", name, args, star: true, options, at, end: this.expectSymbol(")").end };
    if (!this.takeSymbol(")")) {
      do {
        if (this.lexer.peek().text === "{" && this.lexer.peek().kind === "symbol") {
          options = this.#map();
        } else args.push(this.expression());
      } while (this.takeSymbol(","));
      this.expectSymbol(")");
    }
    return { kind: "call", name, args, star: false, options, at, end: this.lexer.last };
  }

  #map(): ReadonlyMap<string, Literal> {
    this.lexer.next();
    const found = new Map<string, Literal>();
    if (this.takeSymbol("}")) return found;
    do {
      const name = this.string();
      this.expectSymbol(":");
      const item = this.#signed();
      if (item.kind !== "literal") throw this.unexpected(this.lexer.peek());
      found.set(name, item.value);
    } while (this.takeSymbol(","));
    this.expectSymbol("}");
    return found;
  }

  #list(): Expression {
    const { at } = this.lexer.next();
    const items: Literal[] = [];
    do {
      const item = this.#signed();
      if (item.kind !== "literal") throw this.unexpected(this.lexer.peek());
      items.push(item.value);
    } while (this.takeSymbol(","));
    return { kind: "list", items, at, end: this.expectSymbol("]").end };
  }

  #literal(): Expression {
    const token = this.lexer.next();
    const place = { at: token.at, end: token.end };
    if (token.kind === "string") return { kind: "literal", value: { type: "keyword", value: token.text }, ...place };
    const unit = this.lexer.peek();
    if (token.kind === "integer" && unit.kind === "word" && isUnit(unit.text)) {
      this.lexer.next();
      return { kind: "span", count: Number(token.text), unit: unit.text.toLowerCase(), at: token.at, end: unit.end };
    }
    const value: Literal = token.kind === "decimal" ? { type: "double", value: Number(token.text) } : wholeLiteral(BigInt(token.text));
    return { kind: "literal", value, ...place };
  }

  #binary(op: BinaryName, left: Expression, right: Expression): Expression {
    return { kind: "binary", op, left, right, at: left.at, end: right.end };
  }
}

/** A whole number as the least type that holds it. */
export function wholeLiteral(value: bigint): Literal {
  if (value >= -(2n ** 31n) && value < 2n ** 31n) return { type: "integer", value };
  if (value >= -(2n ** 63n) && value < 2n ** 63n) return { type: "long", value };
  if (value >= 0n && value < 2n ** 64n) return { type: "unsigned_long", value };
  return { type: "double", value: Number(value) };
}

function negated(literal: Literal, text: string): Literal | null {
  switch (literal.type) {
    case "integer":
    case "long":
    case "unsigned_long":
      return wholeLiteral(-literal.value);
    case "double":
      // A whole number too large for a long is a double by now.
      return { type: "double", value: -literal.value };
    case "null":
    case "boolean":
    case "keyword":
      return text === "" ? literal : null;
  }
}

const UNITS =
  /^(millisecond|milliseconds|ms|second|seconds|sec|s|minute|minutes|min|m|hour|hours|h|day|days|d|week|weeks|w|month|months|mo|quarter|quarters|q|year|years|yr|y)$/i;

/** True for a word that makes a span of time of the number before it. */
export function isUnit(word: string): boolean {
  return UNITS.test(word);
}
