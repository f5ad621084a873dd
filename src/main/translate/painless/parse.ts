// Painless text in, a tree out: statements, then expressions in expression.ts.
import { ExpressionParser } from "./expression.ts";
import { tokenise } from "./tokens.ts";
import { type Expression, ScriptNotRead, type Statement } from "./tree.ts";

/** The statements of a script. Throws ScriptNotRead outside the subset. */
export function parseScript(source: string): readonly Statement[] {
  return new StatementParser(tokenise(source)).script();
}

const REFUSED = new Set(["while", "do", "try", "throw", "break", "continue"]);

class StatementParser extends ExpressionParser {
  script(): readonly Statement[] {
    const statements: Statement[] = [];
    while (!this.done()) statements.push(...this.#statement());
    return statements;
  }

  #block(): readonly Statement[] {
    if (!this.take("{")) return this.#statement();
    const statements: Statement[] = [];
    while (!this.take("}")) {
      if (this.done()) throw new ScriptNotRead("[}] was expected at the end");
      statements.push(...this.#statement());
    }
    return statements;
  }

  #statement(): readonly Statement[] {
    if (this.take(";")) return [];
    if (this.is("{")) return this.#block();
    const word = this.word();
    if (word !== null && REFUSED.has(word)) throw new ScriptNotRead(`[${word}] is not translated`);
    if (this.take("if")) return [this.#branch()];
    if (this.take("for")) return [this.#loop()];
    if (this.take("return")) {
      const value = this.is(";") || this.is("}") || this.done() ? null : this.expression();
      this.#end();
      return [{ kind: "return", value }];
    }
    const statements = this.#simple();
    this.#end();
    return statements;
  }

  #end(): void {
    if (this.take(";") || this.done() || this.is("}")) return;
    throw new ScriptNotRead(`[;] was expected before [${this.text()}]`);
  }

  #simple(): readonly Statement[] {
    const type = this.declaredType();
    if (type === null) return [{ kind: "expression", value: this.expression() }];
    const statements: Statement[] = [];
    do {
      const name = this.name();
      const value: Expression | null = this.take("=") ? this.expression() : null;
      if (this.is("(")) throw new ScriptNotRead(`the function [${name}] of the script's own is not translated`);
      statements.push({ kind: "declare", type, name, value });
    } while (this.take(","));
    return statements;
  }

  #branch(): Statement {
    this.expect("(");
    const test = this.expression();
    this.expect(")");
    const yes = this.#block();
    const no = this.take("else") ? this.#block() : [];
    return { kind: "if", test, yes, no };
  }

  #loop(): Statement {
    this.expect("(");
    const each = this.eachHead();
    if (each !== null) {
      const over = this.expression();
      this.expect(")");
      return { kind: "each", name: each, over, body: this.#block() };
    }
    const before = this.is(";") ? [] : this.#simple();
    this.expect(";");
    const test = this.is(";") ? null : this.expression();
    this.expect(";");
    const after = this.is(")") ? null : this.expression();
    this.expect(")");
    return { kind: "for", before, test, after, body: this.#block() };
  }
}
