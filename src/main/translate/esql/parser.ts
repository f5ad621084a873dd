// ES|QL's commands: text in, tree out. Throws RejectedRequest (parsing_exception) where Elasticsearch would.
import type { JsonValue } from "../../../shared/json.ts";
import { UnsupportedClause } from "../failure.ts";
import { ExpressionParser } from "./expression_parser.ts";
import { Lexer } from "./lexer.ts";
import { Parameters } from "./parameters.ts";
import { pointerTo } from "./pointer.ts";
import type { Command, NamedExpression, NamePattern, Place, Renaming, SortKey, Tree } from "./tree.ts";

/** Commands that are read; but for `show` they have SQL. */
export const COMMANDS: ReadonlySet<string> = new Set(
  "from row show where eval stats sort keep drop rename limit mv_expand dissect grok".split(" "),
);

/** Commands that Elasticsearch has and that have no SQL. */
export const COMMANDS_WITHOUT_SQL: ReadonlySet<string> = new Set(
  "enrich lookup inlinestats inline fork fuse rerank completion sample change_point ts set explain metrics insist_ promql mmr registered_domain uri_parts".split(
    " ",
  ),
);

/** Reads a query. `params` are the values of its `?`. */
export function parseQuery(text: string, params: JsonValue | undefined): Tree {
  const parser = new Parser(text, params);
  return { text, commands: parser.commands() };
}

class Parser {
  readonly #lexer: Lexer;
  readonly #expressions: ExpressionParser;

  constructor(text: string, params: JsonValue | undefined) {
    this.#lexer = new Lexer(text);
    this.#expressions = new ExpressionParser(this.#lexer, new Parameters(params));
  }

  commands(): readonly Command[] {
    const commands = [this.#command(true)];
    while (this.#expressions.takeSymbol("|")) commands.push(this.#command(false));
    const token = this.#lexer.peek();
    if (token.kind !== "end") throw this.#expressions.unexpected(token);
    return commands;
  }

  #command(first: boolean): Command {
    const token = this.#lexer.next();
    const name = token.kind === "word" ? token.text.toLowerCase() : "";
    const parsed = !COMMANDS.has(name) ? null : first ? this.#source(name) : this.#processing(name);
    if (parsed === null) {
      if (COMMANDS_WITHOUT_SQL.has(name))
        throw new UnsupportedClause(pointerTo({ at: token.at, end: this.#lexer.text.length }), `[${name.toUpperCase()}] has no SQL`);
      throw this.#expressions.unexpected(token);
    }
    return { ...parsed, at: token.at, end: this.#lexer.last };
  }

  #source(name: string): Unplaced | null {
    switch (name) {
      case "from":
        return this.#from();
      case "row":
        return { kind: "row", fields: this.#namedExpressions() };
      case "show":
        if (!this.#expressions.takeWord("info")) throw this.#expressions.unexpected(this.#lexer.next());
        return { kind: "show_info" };
      default:
        return null;
    }
  }

  #processing(name: string): Unplaced | null {
    switch (name) {
      case "where":
        return { kind: "where", condition: this.#expressions.expression() };
      case "eval":
        return { kind: "eval", fields: this.#namedExpressions() };
      case "stats":
        return this.#stats();
      case "sort":
        return { kind: "sort", keys: this.#list(() => this.#sortKey()) };
      case "keep":
      case "drop":
        return { kind: name, names: this.#list(() => this.#namePattern()) };
      case "rename":
        return { kind: "rename", names: this.#list(() => this.#renaming()) };
      case "limit":
        return { kind: "limit", count: this.#count() };
      case "mv_expand":
        return { kind: "mv_expand", name: this.#name() };
      case "dissect":
        return this.#dissect();
      case "grok": {
        const input = this.#expressions.expression();
        return { kind: "grok", input, patterns: this.#list(() => this.#expressions.string()) };
      }
      default:
        return null;
    }
  }

  #from(): Unplaced {
    const indices = this.#list(() => this.#lexer.index().text);
    // Older queries put METADATA in brackets.
    const bracket = this.#expressions.takeSymbol("[");
    const metadata = this.#expressions.takeWord("metadata")
      ? this.#list(() => {
          const token = this.#lexer.next();
          if (token.kind !== "word") throw this.#expressions.unexpected(token);
          return { name: token.text, at: token.at, end: token.end };
        })
      : [];
    if (bracket) this.#expressions.expectSymbol("]");
    return { kind: "from", indices: indices.flatMap((index) => index.split(",")), metadata };
  }

  #stats(): Unplaced {
    const by = (): readonly NamedExpression[] => (this.#expressions.takeWord("by") ? this.#keys() : []);
    const token = this.#lexer.peek();
    if (token.kind === "word" && token.text.toLowerCase() === "by") return { kind: "stats", aggregates: [], by: by() };
    const aggregates = this.#list(() => this.#namedExpression(true));
    return { kind: "stats", aggregates, by: by() };
  }

  #namedExpressions(): readonly NamedExpression[] {
    return this.#list(() => this.#namedExpression(false));
  }

  /** A key that is a column is called as the column, however it is written. */
  #keys(): readonly NamedExpression[] {
    return this.#namedExpressions().map((key) => (key.named || key.value.kind !== "name" ? key : { ...key, name: key.value.name }));
  }

  #namedExpression(conditional: boolean): NamedExpression {
    const { at } = this.#lexer;
    const name = this.#nameBeforeEquals();
    const value = this.#expressions.expression();
    const where = conditional && this.#expressions.takeWord("where") ? this.#expressions.expression() : null;
    const end = (where ?? value).end;
    return { name: name ?? this.#lexer.text.slice(at, end), named: name !== undefined, value, where, at, end };
  }

  #nameBeforeEquals(): string | undefined {
    const { at } = this.#lexer;
    const first = this.#lexer.peek();
    if (first.kind === "word" || first.kind === "quoted_name" || first.kind === "parameter") {
      try {
        const name = this.#expressions.name();
        if (name !== undefined && this.#expressions.takeSymbol("=")) return name;
      } catch {
        // No name after all: the expression says what is wrong with it.
      }
    }
    this.#lexer.back(at);
    return undefined;
  }

  #sortKey(): SortKey {
    const value = this.#expressions.expression();
    const descending = this.#expressions.takeWord("desc");
    if (!descending) this.#expressions.takeWord("asc");
    const nulls = this.#expressions.takeWord("nulls") ? this.#nulls() : null;
    return { value, descending, nulls, at: value.at, end: value.end };
  }

  #nulls(): "first" | "last" {
    if (this.#expressions.takeWord("first")) return "first";
    if (this.#expressions.takeWord("last")) return "last";
    throw this.#expressions.unexpected(this.#lexer.next());
  }

  #namePattern(): NamePattern {
    const { at } = this.#lexer;
    const parts: { readonly text: string; readonly source: string; readonly wild: boolean }[] = [];
    let end = at;
    do {
      const token = this.#lexer.namePart();
      if (token === null) throw this.#expressions.unexpected(this.#lexer.next());
      end = token.end;
      const quoted = token.kind === "quoted_name";
      const pieces = quoted ? [token.text] : token.text.split("*");
      parts.push({ text: token.text, source: pieces.map(escaped).join(".*"), wild: pieces.length > 1 });
    } while (this.#expressions.takeSymbol("."));
    return {
      text: parts.map(({ text }) => text).join("."),
      source: `^${parts.map(({ source }) => source).join("\\.")}$`,
      wild: parts.some(({ wild }) => wild),
      at,
      end,
    };
  }

  #renaming(): Renaming {
    const { at } = this.#lexer;
    const first = this.#name();
    const equals = this.#expressions.takeSymbol("=");
    if (!equals && !this.#expressions.takeWord("as")) throw this.#expressions.unexpected(this.#lexer.next());
    const second = this.#name();
    const end = this.#lexer.last;
    return equals ? { from: second, to: first, at, end } : { from: first, to: second, at, end };
  }

  #dissect(): Unplaced {
    const input = this.#expressions.expression();
    const pattern = this.#expressions.string();
    if (!this.#expressions.takeWord("append_separator")) return { kind: "dissect", input, pattern, separator: "" };
    this.#expressions.expectSymbol("=");
    return { kind: "dissect", input, pattern, separator: this.#expressions.string() };
  }

  #count(): number {
    const value = this.#expressions.expression();
    if (value.kind === "literal" && value.value.type === "integer" && value.value.value >= 0n) return Number(value.value.value);
    throw this.#lexer.fault(value.at, "value of [limit] must be a non negative integer");
  }

  #name(): string {
    const name = this.#expressions.name();
    if (name === undefined) throw this.#expressions.unexpected(this.#lexer.next());
    return name;
  }

  #list<T>(item: () => T): readonly T[] {
    const items = [item()];
    while (this.#expressions.takeSymbol(",")) items.push(item());
    return items;
  }
}

type WithoutPlace<T> = T extends Command ? Omit<T, keyof Place> : never;
type Unplaced = WithoutPlace<Command>;

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
