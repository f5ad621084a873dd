// The expressions of painless, by precedence.
import type { Token } from "./tokens.ts";
import { type Expression, ScriptNotRead } from "./tree.ts";

const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!=", "===", "!=="],
  ["<", "<=", ">", ">=", "instanceof"],
  ["=~", "==~"],
  ["<<", ">>", ">>>"],
  ["+", "-"],
  ["*", "/", "%"],
];
const ASSIGNMENTS = new Set(["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", ">>>="]);
const PRIMITIVES = new Set(["def", "boolean", "byte", "short", "char", "int", "long", "float", "double"]);
const CAST_TYPES = new Set([...PRIMITIVES, "String", "Integer", "Long", "Float", "Double", "Boolean", "Number", "List", "Map", "Object"]);

/** Reads expressions from tokens; statements build on it. */
export class ExpressionParser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** The next token's text, for messages. */
  text(): string {
    return this.#peek()?.text ?? "the end";
  }

  /** The next token if it is a name. */
  word(): string | null {
    const token = this.#peek();
    return token?.kind === "name" ? token.text : null;
  }

  is(text: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return token !== undefined && (token.kind === "op" || token.kind === "name") && token.text === text;
  }

  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.#at += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) throw new ScriptNotRead(`[${text}] was expected, not [${this.text()}]`);
  }

  name(): string {
    const word = this.word();
    if (word === null) throw new ScriptNotRead(`a name was expected, not [${this.text()}]`);
    this.#at += 1;
    return word;
  }

  /** `def x`, `String[] x`: the type, its tokens taken; null where no declaration stands. */
  declaredType(): string | null {
    const length = this.#typeLength(0);
    if (length === 0 || this.is("new") || this.#peek(length)?.kind !== "name" || this.is("instanceof", length)) return null;
    return this.#takeText(length);
  }

  /** `x in` or `def x :`: the variable's name, its tokens taken; null where it is another loop. */
  eachHead(): string | null {
    const bare = this.is("in", 1) || this.is(":", 1);
    const at = bare ? 0 : this.#typeLength(0);
    const name = this.#peek(at);
    if (name?.kind !== "name" || !(this.is("in", at + 1) || this.is(":", at + 1))) return null;
    this.#at += at + 2;
    return name.text;
  }

  expression(): Expression {
    const left = this.#choice();
    const op = this.text();
    if (this.done() || !ASSIGNMENTS.has(op) || this.#peek()?.kind !== "op") return left;
    this.#at += 1;
    return { kind: "assign", target: left, op: op === "=" ? op : op.slice(0, -1), value: this.expression() };
  }

  #choice(): Expression {
    const test = this.#level(0);
    if (this.take("?:")) return { kind: "binary", op: "?:", left: test, right: this.#choice() };
    if (!this.take("?")) return test;
    const yes = this.expression();
    this.expect(":");
    return { kind: "choice", test, yes, no: this.expression() };
  }

  #level(depth: number): Expression {
    const ops = LEVELS[depth];
    if (ops === undefined) return this.#unary();
    let left = this.#level(depth + 1);
    for (let op = ops.find((each) => this.is(each)); op !== undefined; op = ops.find((each) => this.is(each))) {
      this.#at += 1;
      left =
        op === "instanceof"
          ? { kind: "instanceof", item: left, type: this.#type() }
          : { kind: "binary", op, left, right: this.#level(depth + 1) };
    }
    return left;
  }

  #unary(): Expression {
    if (this.take("!")) return { kind: "unary", op: "!", item: this.#unary() };
    if (this.take("~")) return { kind: "unary", op: "~", item: this.#unary() };
    if (this.take("-")) return { kind: "unary", op: "-", item: this.#unary() };
    if (this.take("+")) return this.#unary();
    for (const step of ["++", "--"]) if (this.take(step)) return stepped(this.#unary(), step);
    if (this.is("(")) {
      const length = this.#typeLength(1);
      const type = length === 1 ? this.#peek(1)?.text : undefined;
      if (type !== undefined && CAST_TYPES.has(type) && this.is(")", 1 + length)) {
        this.#at += length + 2;
        return { kind: "cast", type, item: this.#unary() };
      }
    }
    const item = this.#postfix(this.#primary());
    for (const step of ["++", "--"]) if (this.take(step)) return stepped(item, step);
    return item;
  }

  #postfix(start: Expression): Expression {
    let of = start;
    for (;;) {
      if (this.is(".") || this.is("?.")) {
        const safe = this.take("?.");
        if (!safe) this.expect(".");
        const name = this.name();
        of = this.take("(") ? { kind: "call", of, name, args: this.#args(")"), safe } : { kind: "member", of, name, safe };
      } else if (this.take("[")) {
        of = { kind: "index", of, at: this.expression() };
        this.expect("]");
      } else return of;
    }
  }

  #primary(): Expression {
    const token = this.#peek();
    if (token === undefined) throw new ScriptNotRead("it ends too early");
    this.#at += 1;
    switch (token.kind) {
      case "number":
        return { kind: "number", value: token.value, type: token.type };
      case "string":
        return { kind: "string", value: token.text };
      case "regex":
        return { kind: "regex", pattern: token.text, flags: token.flags };
      case "name":
        return this.#named(token.text);
      case "op":
        return this.#operator(token.text);
    }
  }

  #operator(op: string): Expression {
    if (op === "(") {
      const item = this.expression();
      this.expect(")");
      return item;
    }
    if (op === "$" && this.take("(")) return { kind: "call", of: null, name: "$", args: this.#args(")"), safe: false };
    if (op === "[") return this.#listOrMap();
    throw new ScriptNotRead(`[${op}] was not expected`);
  }

  #named(name: string): Expression {
    if (name === "true" || name === "false") return { kind: "constant", value: name === "true" };
    if (name === "null") return { kind: "constant", value: null };
    if (name === "new") {
      const type = this.#type();
      this.expect("(");
      return { kind: "new", type, args: this.#args(")") };
    }
    if (this.is("->")) {
      this.expect("->");
      if (this.is("{")) throw new ScriptNotRead("a lambda with a block is not translated");
      return { kind: "lambda", names: [name], body: this.expression() };
    }
    if (this.take("(")) return { kind: "call", of: null, name, args: this.#args(")"), safe: false };
    return { kind: "name", name };
  }

  #listOrMap(): Expression {
    if (this.take(":")) {
      this.expect("]");
      return { kind: "map", entries: [] };
    }
    if (this.take("]")) return { kind: "list", items: [] };
    const first = this.expression();
    if (!this.take(":")) {
      const items = [first];
      while (this.take(",")) items.push(this.expression());
      this.expect("]");
      return { kind: "list", items };
    }
    const entries: (readonly [Expression, Expression])[] = [[first, this.expression()]];
    while (this.take(",")) {
      const key = this.expression();
      this.expect(":");
      entries.push([key, this.expression()]);
    }
    this.expect("]");
    return { kind: "map", entries };
  }

  #args(close: string): readonly Expression[] {
    const args: Expression[] = [];
    if (this.take(close)) return args;
    do args.push(this.expression());
    while (this.take(","));
    this.expect(close);
    return args;
  }

  #type(): string {
    const length = this.#typeLength(0);
    if (length === 0) throw new ScriptNotRead(`a type was expected, not [${this.text()}]`);
    return this.#takeText(length);
  }

  #takeText(length: number): string {
    const tokens = this.#tokens.slice(this.#at, this.#at + length);
    this.#at += length;
    return tokens.map(({ text }) => text).join("");
  }

  // How many tokens of a type stand here: a.b.C[].
  #typeLength(from: number): number {
    if (this.#peek(from)?.kind !== "name") return 0;
    let length = 1;
    while (this.is(".", from + length) && this.#peek(from + length + 1)?.kind === "name") length += 2;
    while (this.is("[", from + length) && this.is("]", from + length + 1)) length += 2;
    return length;
  }

  #peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }
}

function stepped(target: Expression, step: string): Expression {
  return { kind: "assign", target, op: step[0] ?? "+", value: { kind: "number", value: 1, type: "int" } };
}
