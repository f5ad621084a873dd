// The words of a painless script.
import { type NumberType, ScriptNotRead } from "./tree.ts";

export type Token =
  | { readonly kind: "number"; readonly text: string; readonly value: number | bigint; readonly type: NumberType }
  | { readonly kind: "string" | "name" | "op"; readonly text: string }
  | { readonly kind: "regex"; readonly text: string; readonly flags: string };

const SPACE = /(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\n]*)+/y;
const NUMBER = /0[xX][0-9a-fA-F]+[lL]?|(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?[lLfFdD]?/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const STRING = /'((?:[^'\\]|\\['\\])*)'|"((?:[^"\\]|\\["\\])*)"/y;
const REGEX = /\/((?:[^/\\\n]|\\.)+)\/([cilmsUux]*)/y;
const OPERATOR = /==~|=~|===|!==|>>>=|<<=|>>=|>>>|<<|>>|[-+*/%&|^]=|&&|\|\||[<>=!]=|\?\.|\?:|->|::|\+\+|--|\$|[-+*/%()<>!?:,;{}[\].=&|^~]/y;

/** The tokens of a script. Throws ScriptNotRead on what painless has no word for. */
export function tokenise(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  while (at < source.length) {
    if (take(SPACE) !== null) continue;
    const token = nextToken(take, tokens.at(-1));
    if (token === null) throw new ScriptNotRead(`can't read [${source.slice(at, at + 20)}]`);
    tokens.push(token);
  }
  return tokens;
}

function nextToken(take: (pattern: RegExp) => RegExpExecArray | null, before: Token | undefined): Token | null {
  const name = take(NAME);
  if (name !== null) return { kind: "name", text: name[0] };
  // After a dot a number is no number: `a.1` is no painless, `values.0` neither.
  const number = take(NUMBER);
  if (number !== null) return numberToken(number[0]);
  const string = take(STRING);
  if (string !== null) return { kind: "string", text: (string[1] ?? string[2] ?? "").replace(/\\(.)/g, "$1") };
  const regex = endsOperand(before) ? null : take(REGEX);
  if (regex !== null) return { kind: "regex", text: regex[1] ?? "", flags: regex[2] ?? "" };
  const operator = take(OPERATOR);
  return operator === null ? null : { kind: "op", text: operator[0] };
}

// After an operand a slash divides; elsewhere it begins a regular expression.
function endsOperand(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === "op") return token.text === ")" || token.text === "]";
  return token.kind !== "name" || token.text !== "return";
}

function numberToken(text: string): Token {
  const bare = /^0[xX]/.test(text) ? text.replace(/[lL]$/, "") : text.replace(/[lLfFdD]$/, "");
  const suffix = text.slice(bare.length).toLowerCase();
  if (suffix === "f") return { kind: "number", text, value: Math.fround(Number(bare)), type: "float" };
  if (suffix === "d" || /[.eE]/.test(bare.replace(/^0[xX].*/, ""))) return { kind: "number", text, value: Number(bare), type: "double" };
  const value = BigInt(bare);
  if (suffix === "l") return { kind: "number", text, value, type: "long" };
  // The sign of -2147483648 is an operator of its own.
  if (value > 2n ** 31n) throw new ScriptNotRead(`[${text}] is too large for an int`);
  return { kind: "number", text, value: Number(value), type: "int" };
}
