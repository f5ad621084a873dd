// KQL, the language of Kibana's search bar, as a query of the Query DSL: what KQL("…") asks of the documents.
import type { JsonObject, JsonValue } from "../../../shared/json.ts";
import { findField } from "../../elasticsearch/mapping.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";

type KqlToken =
  | { readonly kind: "word"; readonly text: string; readonly wild: boolean; readonly raw: string }
  | { readonly kind: "quoted"; readonly text: string }
  | { readonly kind: "symbol"; readonly text: string };

interface Literal {
  readonly text: string;
  readonly wild: boolean;
  readonly quoted: boolean;
}

const RANGES: Readonly<Record<string, string>> = { "<": "lt", "<=": "lte", ">": "gt", ">=": "gte" };
const TOKEN = /\s*(?:("(?:\\.|[^"\\])*")|(<=|>=|[():<>{}])|((?:\\[\s\S]|[^\s\\():<>"{}])+))/y;

/** The query that the text stands for. `pointer` is where the text stands. */
export function kqlQuery(text: string, context: Context, pointer: string): JsonValue {
  const parser = new KqlParser(tokensOf(text), text, context, pointer);
  return parser.whole();
}

function unparsable(text: string): RejectedRequest {
  return new RejectedRequest("query_shard_exception", `Failed to parse KQL query [${text}]`);
}

function tokensOf(text: string): readonly KqlToken[] {
  const tokens: KqlToken[] = [];
  const end = text.trimEnd().length;
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < end; ) {
    const match = TOKEN.exec(text);
    if (match === null) throw unparsable(text);
    const [, quoted, symbol, word = ""] = match;
    if (quoted !== undefined) tokens.push({ kind: "quoted", text: unescaped(quoted.slice(1, -1), /[\\"]/) });
    else if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol });
    else tokens.push({ kind: "word", text: unescaped(word, /[\\"():<>*{}]/), wild: /(^|[^\\])\*/.test(word), raw: word });
  }
  return tokens;
}

const CONTROLS: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r" };

function unescaped(text: string, special: RegExp): string {
  return text.replace(/\\(u[0-9a-f]{4}|and|or|not|[\s\S])/gi, (all, after: string) => {
    if (/^u[0-9a-f]{4}$/i.test(after)) return String.fromCharCode(Number.parseInt(after.slice(1), 16));
    if (after.length > 1) return after;
    return CONTROLS[after] ?? (special.test(after) ? after : all);
  });
}

class KqlParser {
  readonly #tokens: readonly KqlToken[];
  readonly #text: string;
  readonly #context: Context;
  readonly #pointer: string;
  #at = 0;

  constructor(tokens: readonly KqlToken[], text: string, context: Context, pointer: string) {
    this.#tokens = tokens;
    this.#text = text;
    this.#context = context;
    this.#pointer = pointer;
  }

  whole(): JsonValue {
    if (this.#tokens.length === 0) return { match_all: {} };
    const query = this.#query(() => this.#simple());
    if (this.#at < this.#tokens.length) throw unparsable(this.#text);
    return query;
  }

  // AND and OR bind alike, from the right.
  #query(simple: () => JsonValue): JsonValue {
    const left = simple();
    if (this.#takeWord("and")) return { bool: { must: [left, this.#query(simple)] } };
    if (this.#takeWord("or")) return { bool: { should: [left, this.#query(simple)], minimum_should_match: 1 } };
    return left;
  }

  #simple(): JsonValue {
    if (this.#takeWord("not")) return { bool: { must_not: [this.#simple()] } };
    if (this.#takeSymbol("(")) return this.#closed(() => this.#query(() => this.#simple()));
    const name = this.#literal();
    if (this.#takeSymbol(":")) return this.#ofField(name);
    const next = this.#tokens[this.#at];
    const operator = next?.kind === "symbol" ? RANGES[next.text] : undefined;
    if (operator === undefined) return anywhere(name);
    this.#at += 1;
    const { text } = this.#literal();
    return this.#overFields(name, (path) => ({ range: { [path]: { [operator]: text } } }));
  }

  #ofField(name: Literal): JsonValue {
    const next = this.#tokens[this.#at];
    if (next?.kind === "symbol" && next.text === "{") throw this.#without("nested groups in KQL have no SQL yet");
    if (!this.#takeSymbol("(")) return this.#comparison(name, this.#literal());
    const value = this.#literal();
    const after = this.#tokens[this.#at];
    // Elasticsearch 8.19 refuses a list of values, which Kibana knows.
    if (after?.kind === "word") throw this.#without("a list of values in KQL has no SQL");
    return this.#closed(() => this.#comparison(name, value));
  }

  #comparison(name: Literal, value: Literal): JsonValue {
    if (value.text === "*" && value.wild) {
      if (name.text === "*" && name.wild) return { match_all: {} };
      return this.#overFields(name, (path) => ({ exists: { field: path } }));
    }
    return this.#overFields(name, (path, type) => {
      if (value.wild && type === "keyword") return { wildcard: { [path]: { value: value.text } } };
      if (value.wild) return { query_string: { query: luceneText(value.text), fields: [path] } };
      if (type === "date") return { range: { [path]: { gte: value.text, lte: value.text } } };
      if (type === "keyword") return { term: { [path]: value.text } };
      return value.quoted ? { match_phrase: { [path]: value.text } } : { match: { [path]: value.text } };
    });
  }

  // No field of the name: nothing matches.
  #overFields(name: Literal, query: (path: string, type: string) => JsonObject): JsonValue {
    const queries = this.#fieldNames(name).map((path) => {
      const fields = this.#context.tables.flatMap(({ mapping }) => findField(mapping, path) ?? []);
      const types = new Set(fields.map(({ type }) => type));
      if (types.size > 1) throw this.#without(`[${path}] has several types`);
      const nested = fields.find((field) => field.nested !== null)?.nested ?? null;
      const found = query(path, [...types][0] ?? "keyword");
      return nested === null ? found : { nested: { path: nested, query: found, score_mode: "none" } };
    });
    const [first] = queries;
    if (first === undefined) return { match_none: {} };
    return queries.length === 1 ? first : { bool: { should: queries, minimum_should_match: 1 } };
  }

  #fieldNames({ text, wild, quoted }: Literal): readonly string[] {
    const names = new Set(this.#context.tables.flatMap(({ mapping }) => [...mapping.fields.keys(), ...mapping.aliases.keys()]));
    if (this.#context.tables.some(({ mapping }) => mapping.runtime.size > 0)) throw this.#without("runtime fields in KQL have no SQL yet");
    if (quoted || !wild) return names.has(text) ? [text] : [];
    const pattern = new RegExp(
      `^${text
        .split("*")
        .map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"))
        .join(".*")}$`,
      "s",
    );
    return [...names].filter((name) => pattern.test(name)).sort();
  }

  #literal(): Literal {
    const words: Extract<KqlToken, { kind: "word" }>[] = [];
    const first = this.#tokens[this.#at];
    if (first?.kind === "quoted") {
      this.#at += 1;
      return { text: first.text, wild: false, quoted: true };
    }
    for (;;) {
      const next = this.#tokens[this.#at];
      if (next?.kind !== "word" || isKeyword(next)) break;
      words.push(next);
      this.#at += 1;
    }
    if (words.length === 0) throw unparsable(this.#text);
    const wild = words.some((word) => word.wild);
    if (wild && words.some(({ raw }) => raw.includes("\\*"))) throw this.#without("an escaped star beside a wildcard has no SQL yet");
    return { text: words.map(({ text }) => text).join(" "), wild, quoted: false };
  }

  #closed(inner: () => JsonValue): JsonValue {
    const query = inner();
    if (!this.#takeSymbol(")")) throw unparsable(this.#text);
    return query;
  }

  #takeWord(word: string): boolean {
    const next = this.#tokens[this.#at];
    if (next?.kind !== "word" || next.raw.toLowerCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  #takeSymbol(symbol: string): boolean {
    const next = this.#tokens[this.#at];
    if (next?.kind !== "symbol" || next.text !== symbol) return false;
    this.#at += 1;
    return true;
  }

  #without(reason: string): UnsupportedClause {
    return new UnsupportedClause(this.#pointer, reason);
  }
}

const isKeyword = ({ raw }: Extract<KqlToken, { kind: "word" }>): boolean => /^(and|or|not)$/i.test(raw);

function anywhere({ text, wild, quoted }: Literal): JsonValue {
  if (text === "*" && wild) return { match_all: {} };
  if (wild) return { query_string: { query: luceneText(text) } };
  return { multi_match: { query: text, type: quoted ? "phrase" : "best_fields", lenient: true } };
}

/** The text as Lucene's query parser reads it back: all but `*` escaped. */
function luceneText(text: string): string {
  return text.replace(/[\\+\-!():^[\]"{}~?|&/]/g, "\\$&").replaceAll(" ", "\\ ");
}
