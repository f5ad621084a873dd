// The arithmetic subset of Painless and Lucene expressions that dashboards put into pipelines: numbers, variables, + - * / %,
// comparisons, && || !, ?:, if/else with return, and functions by name. Text in, a tree out.

export type Node =
  | { readonly kind: "number"; readonly value: number; readonly whole: boolean }
  | { readonly kind: "constant"; readonly value: boolean | null }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "unary"; readonly op: "-" | "!"; readonly item: Node }
  | { readonly kind: "binary"; readonly op: string; readonly left: Node; readonly right: Node }
  | { readonly kind: "choice"; readonly test: Node; readonly yes: Node; readonly no: Node }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Node[] };

/** The script is outside the subset; the message says where. */
export class ScriptNotRead extends Error {
  override readonly name = "ScriptNotRead";
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?[dDfFlL]?|\.\d+(?:[eE][+-]?\d+)?[dDfF]?)|([A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*)|(&&|\|\||[<>=!]=|[-+*/%()<>!?:,;{}]|\[|\]|'[^']*'))/y;

const LEVELS: readonly (readonly string[])[] = [["||"], ["&&"], ["==", "!="], ["<", "<=", ">", ">="], ["+", "-"], ["*", "/", "%"]];

/** Parses a script. Throws ScriptNotRead. */
export function parseScript(source: string): Node {
  const tokens = tokenise(source);
  const parser = new Parser(tokens);
  const node = parser.statements();
  if (!parser.done()) throw new ScriptNotRead(`[${parser.peek()}] was not expected`);
  return node;
}

function tokenise(source: string): readonly string[] {
  const text = source.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, " ").trimEnd();
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new ScriptNotRead(`can't read [${text.slice(at, at + 20)}]`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** `if (a) { return b } else { return c }`, `return x;` or a bare expression. */
  statements(): Node {
    if (this.#take("if")) return this.#branch();
    this.#take("return");
    const node = this.#expression();
    while (this.#take(";"));
    return node;
  }

  #branch(): Node {
    this.#expect("(");
    const test = this.#expression();
    this.#expect(")");
    const yes = this.#block();
    this.#take("else");
    const no = this.done() || this.peek() === "}" ? ({ kind: "constant", value: null } as const) : this.#block();
    return { kind: "choice", test, yes, no };
  }

  #block(): Node {
    if (!this.#take("{")) return this.statements();
    const node = this.statements();
    this.#expect("}");
    return node;
  }

  #expression(): Node {
    const test = this.#level(0);
    if (!this.#take("?")) return test;
    const yes = this.#expression();
    this.#expect(":");
    return { kind: "choice", test, yes, no: this.#expression() };
  }

  #level(depth: number): Node {
    const ops = LEVELS[depth];
    if (ops === undefined) return this.#unary();
    let left = this.#level(depth + 1);
    for (let op = this.peek(); op !== undefined && ops.includes(op); op = this.peek()) {
      this.#at += 1;
      left = { kind: "binary", op, left, right: this.#level(depth + 1) };
    }
    return left;
  }

  #unary(): Node {
    if (this.#take("-")) return { kind: "unary", op: "-", item: this.#unary() };
    if (this.#take("!")) return { kind: "unary", op: "!", item: this.#unary() };
    if (this.#take("+")) return this.#unary();
    return this.#primary();
  }

  #primary(): Node {
    const token = this.peek();
    if (token === undefined) throw new ScriptNotRead("it ends too early");
    this.#at += 1;
    if (token === "(") {
      const node = this.#expression();
      this.#expect(")");
      return node;
    }
    if (/^[\d.]/.test(token)) {
      return { kind: "number", value: Number(token.replace(/[dDfFlL]$/, "")), whole: /^\d+[lL]?$/.test(token) };
    }
    if (!/^[A-Za-z_]/.test(token)) throw new ScriptNotRead(`[${token}] was not expected`);
    if (token === "true" || token === "false") return { kind: "constant", value: token === "true" };
    if (token === "null") return { kind: "constant", value: null };
    if (this.#take("(")) return { kind: "call", name: token, args: this.#args() };
    if (token === "params" && this.#take("[")) return this.#subscript();
    return { kind: "variable", name: token };
  }

  #subscript(): Node {
    const name = this.peek() ?? "";
    this.#at += 1;
    this.#expect("]");
    if (!name.startsWith("'")) throw new ScriptNotRead("params[…] takes a quoted name");
    return { kind: "variable", name: `params.${name.slice(1, -1)}` };
  }

  #args(): readonly Node[] {
    const args: Node[] = [];
    if (this.#take(")")) return args;
    do args.push(this.#expression());
    while (this.#take(","));
    this.#expect(")");
    return args;
  }

  #take(token: string): boolean {
    if (this.peek() !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new ScriptNotRead(`[${token}] was expected, not [${this.peek() ?? "the end"}]`);
  }
}
