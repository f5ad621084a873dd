// The filter language's grammar, mitmproxy's: operators and words, `!` before `&` before `|`, and things that merely stand
// beside each other are all demanded, last of all. A word runs to the next space, quote, parenthesis or tilde.
//   filter = or { or }    or = and { "|" and }    and = not { "&" not }    not = "!" not | "(" filter ")" | "~" name [text] | text
import type { FilterError } from "../types.ts";
import type { Operator } from "./operator.ts";

export interface Token {
  readonly position: number;
  readonly length: number;
}

export type Expression =
  | { readonly kind: "all"; readonly of: readonly Expression[] }
  | { readonly kind: "any"; readonly of: readonly Expression[] }
  | { readonly kind: "not"; readonly of: Expression }
  | { readonly kind: "test"; readonly operator: Operator; readonly argument: string; readonly token: Token };

/** Thrown inside the parser only. */
class Stop extends Error {
  readonly error: FilterError;
  constructor(error: FilterError) {
    super(error.message);
    this.error = error;
  }
}

export type ParseResult = { readonly ok: true; readonly expression: Expression } | { readonly ok: false; readonly error: FilterError };

const DEEPEST = 100;

/** Parses a filter that is not blank. `operators` by name, `bare` for words. */
export function parseFilter(text: string, operators: ReadonlyMap<string, Operator>, bare: Operator): ParseResult {
  try {
    const parser = new Parser(text, operators, bare);
    return { ok: true, expression: parser.filter() };
  } catch (error) {
    if (error instanceof Stop) return { ok: false, error: error.error };
    throw error;
  }
}

class Parser {
  readonly #text: string;
  readonly #operators: ReadonlyMap<string, Operator>;
  readonly #bare: Operator;
  #at = 0;
  #depth = 0;

  constructor(text: string, operators: ReadonlyMap<string, Operator>, bare: Operator) {
    this.#text = text;
    this.#operators = operators;
    this.#bare = bare;
  }

  filter(): Expression {
    const expression = this.#beside();
    if (this.#at < this.#text.length) throw this.#stop(this.#at, 1, "This closing parenthesis has no opening one.");
    return expression;
  }

  #beside(): Expression {
    const parts: Expression[] = [];
    do {
      parts.push(this.#or());
      this.#skipSpace();
    } while (this.#at < this.#text.length && this.#peek() !== ")");
    return join("all", parts);
  }

  #or(): Expression {
    const parts = [this.#and()];
    while (this.#takes("|")) parts.push(this.#and());
    return join("any", parts);
  }

  #and(): Expression {
    const parts = [this.#not()];
    while (this.#takes("&")) parts.push(this.#not());
    return join("all", parts);
  }

  #not(): Expression {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw this.#stop(this.#at, 1, `More than ${DEEPEST} parentheses and exclamation marks in each other.`);
    try {
      return this.#takes("!") ? { kind: "not", of: this.#not() } : this.#atom();
    } finally {
      this.#depth -= 1;
    }
  }

  #atom(): Expression {
    this.#skipSpace();
    const start = this.#at;
    const next = this.#peek();
    if (next === "(") return this.#parentheses();
    if (next === "~") return this.#operator();
    if (next === "" || next === ")" || next === "&" || next === "|") {
      const what = next === "" ? "The filter ends here" : `"${next}" can't stand here`;
      throw this.#stop(start, 1, `${what}: a word, a quoted text, ~operator or ( is missing.`);
    }
    const argument = this.#argument();
    return { kind: "test", operator: this.#bare, argument, token: { position: start, length: this.#at - start } };
  }

  #parentheses(): Expression {
    const start = this.#at;
    this.#at += 1;
    const inner = this.#beside();
    if (!this.#takes(")")) throw this.#stop(start, 1, "This parenthesis is never closed.");
    return inner;
  }

  #operator(): Expression {
    const start = this.#at;
    const name = /^~([a-z_]*)/i.exec(this.#text.slice(start))?.[1] ?? "";
    this.#at += name.length + 1;
    const operator = this.#operators.get(name.toLowerCase());
    if (operator === undefined) throw this.#stop(start, name.length + 1, this.#unknown(name));
    let argument = "";
    if (operator.argument !== "") {
      this.#skipSpace();
      const next = this.#peek();
      if (next === "" || "()~".includes(next)) {
        throw this.#stop(start, name.length + 1, `~${name} needs ${operator.argument} after it: ${operator.meaning}.`);
      }
      argument = this.#argument();
    }
    return { kind: "test", operator, argument, token: { position: start, length: this.#at - start } };
  }

  #argument(): string {
    const quote = this.#peek();
    if (quote === '"' || quote === "'") return this.#quoted(quote);
    const word = /^[^\s()~'"]+/.exec(this.#text.slice(this.#at))?.[0] ?? "";
    this.#at += word.length;
    return word;
  }

  // A backslash keeps the quote that follows it; before anything else it belongs to the pattern.
  #quoted(quote: string): string {
    const start = this.#at;
    let value = "";
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const char = this.#peek();
      if (char === quote) {
        this.#at += 1;
        return value;
      }
      if (char === "\\" && this.#text[this.#at + 1] === quote) this.#at += 1;
      else if (char === "\\") {
        value += char;
        this.#at += 1;
      }
      value += this.#peek();
    }
    throw this.#stop(start, this.#at - start, "This quote is never closed.");
  }

  #unknown(name: string): string {
    const names = [...this.#operators.keys()];
    const near = names.filter((known) => name !== "" && (known.startsWith(name) || name.startsWith(known)));
    const list = (near.length > 0 ? near : names).map((known) => `~${known}`).join(" ");
    return `There is no operator ~${name}. ${near.length > 0 ? "Near it" : "There are"}: ${list}.`;
  }

  #takes(symbol: string): boolean {
    this.#skipSpace();
    if (this.#peek() !== symbol) return false;
    this.#at += 1;
    return true;
  }

  #peek(): string {
    return this.#text[this.#at] ?? "";
  }

  #skipSpace(): void {
    while (/\s/.test(this.#peek())) this.#at += 1;
  }

  #stop(position: number, length: number, message: string): Stop {
    return new Stop({ position, length, message });
  }
}

function join(kind: "all" | "any", of: readonly Expression[]): Expression {
  const only = of[0];
  return of.length === 1 && only !== undefined ? only : { kind, of };
}
