// ES|QL's tokens. The parser asks for one at a time, since what stands after FROM or KEEP is read by other rules than an
// expression: index patterns and names with wildcards.
import { RejectedRequest } from "../failure.ts";
import type { Place } from "./tree.ts";

export type Token = Place &
  (
    | { readonly kind: "word" | "quoted_name" | "string" | "parameter"; readonly text: string }
    | { readonly kind: "integer" | "decimal"; readonly text: string }
    | { readonly kind: "symbol"; readonly text: string }
    | { readonly kind: "end"; readonly text: "" }
  );

const SPACE = /(?:\s+|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/)*/y;
const WORD = /[A-Za-z_@][A-Za-z0-9_]*/y;
const DECIMAL = /(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+/y;
const INTEGER = /[0-9]+/y;
const QUOTED_NAME = /`((?:[^`]|``)*)`/y;
const RAW_STRING = /"""([\s\S]*?)"""("?"?)/y;
const STRING = /"((?:\\["\\nrt]|[^"\\\r\n])*)"/y;
const PARAMETER = /\?\??(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+)?/y;
const SYMBOL = /::|==|!=|<=|>=|=~|[-+*/%<>=|,.()[\]:{}]/y;
const INDEX = /[^\s"=|,[\]/:]+(?:::?[^\s"=|,[\]/:]+)?/y;
const PATTERN = /[A-Za-z_*@][A-Za-z0-9_*]*/y;

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

export class Lexer {
  readonly text: string;
  /** End of the token that was read last, and not only looked at. */
  last = 0;
  #at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Offset of the next token. */
  get at(): number {
    this.#take(SPACE);
    return this.#at;
  }

  /** Goes back to an offset. */
  back(at: number): void {
    this.#at = at;
  }

  next(): Token {
    const at = this.at;
    const token = this.#read(at);
    this.last = this.#at;
    return Object.freeze({ ...token, at, end: this.#at });
  }

  peek(): Token {
    const { last } = this;
    const token = this.next();
    this.#at = token.at;
    this.last = last;
    return token;
  }

  /** An index pattern of FROM, quoted or not. */
  index(): Token {
    const at = this.at;
    if (this.text[at] === '"') return this.next();
    const match = this.#take(INDEX);
    if (match === null) throw this.fault(at, `mismatched input '${this.peek().text}' expecting an index`);
    this.last = this.#at;
    return { kind: "string", text: match[0], at, end: this.#at };
  }

  /** A part of a name in KEEP, DROP and RENAME; null where none stands. */
  namePart(): Token | null {
    const at = this.at;
    if (this.text[at] === "`" || this.text[at] === "?") return this.next();
    const match = this.#take(PATTERN);
    if (match === null) return null;
    this.last = this.#at;
    return { kind: "word", text: match[0], at, end: this.#at };
  }

  /** What Elasticsearch throws where the text is no ES|QL. */
  fault(at: number, reason: string): RejectedRequest {
    return new RejectedRequest("parsing_exception", `${placeText(this.text, at)}: ${reason}`);
  }

  #read(at: number) {
    if (at >= this.text.length) return { kind: "end", text: "" } as const;
    const raw = this.#take(RAW_STRING);
    if (raw !== null) return { kind: "string", text: `${raw[1] ?? ""}${raw[2] ?? ""}` } as const;
    const quoted = this.#take(STRING);
    if (quoted !== null) return { kind: "string", text: unescaped(quoted[1] ?? "") } as const;
    const name = this.#take(QUOTED_NAME);
    if (name !== null) return { kind: "quoted_name", text: (name[1] ?? "").replaceAll("``", "`") } as const;
    const word = this.#take(WORD);
    if (word !== null) return { kind: "word", text: word[0] } as const;
    const decimal = this.#take(DECIMAL);
    if (decimal !== null) return { kind: "decimal", text: decimal[0] } as const;
    const integer = this.#take(INTEGER);
    if (integer !== null) return { kind: "integer", text: integer[0] } as const;
    const parameter = this.#take(PARAMETER);
    if (parameter !== null) return { kind: "parameter", text: parameter[0] } as const;
    const symbol = this.#take(SYMBOL);
    if (symbol !== null) return { kind: "symbol", text: symbol[0] } as const;
    throw this.fault(at, `token recognition error at: '${this.text[at] ?? ""}'`);
  }

  #take(rule: RegExp): RegExpExecArray | null {
    rule.lastIndex = this.#at;
    const match = rule.exec(this.text);
    if (match !== null) this.#at = rule.lastIndex;
    return match;
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => ESCAPES[char] ?? char);
}

/** `line 1:8`, as Elasticsearch names a place in the query. */
export function placeText(text: string, at: number): string {
  const before = text.slice(0, at);
  const line = before.split("\n").length;
  return `line ${line}:${at - before.lastIndexOf("\n")}`;
}
